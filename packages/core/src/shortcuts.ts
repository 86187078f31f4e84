import type { HttpRequest } from "./http/request.ts";
import { HttpResponse, type ResponseOptions } from "./http/response.ts";
import { HttpResponsePermanentRedirect, HttpResponseRedirect, type RedirectOptions } from "./http/responses.ts";
import { getTemplateEngine } from "./template/engine.ts";

/**
 * Renders a template to text. Query sets, promises and unloaded relations in the context are awaited.
 * @throws TemplateDoesNotExist, TemplateError
 */
export function renderToString(name: string, context: object = {}): Promise<string> {
  return getTemplateEngine().render(name, context);
}

/**
 * Renders a template as a response; the template also sees `request`.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#render
 * @throws TemplateDoesNotExist, TemplateError
 * @example
 * return render(request, "blog/list.html", { books: Book.objects.all() });
 */
export async function render(
  request: HttpRequest,
  name: string,
  context: object = {},
  options: ResponseOptions = {},
): Promise<HttpResponse> {
  return new HttpResponse(await renderToString(name, { request, ...context }), options);
}

/**
 * Sends the client on to an address, for good with `permanent`.
 * @throws DisallowedRedirect for a scheme other than http, https or ftp.
 * @example
 * return redirect(reverse("blog:article", { year: 2026, slug: "x" }));
 */
export function redirect(
  to: string | URL,
  options: RedirectOptions & { permanent?: boolean } = {},
): HttpResponseRedirect {
  const { permanent, ...rest } = options;
  return permanent === true ? new HttpResponsePermanentRedirect(to, rest) : new HttpResponseRedirect(to, rest);
}
