import { ImproperlyConfigured, ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { Http404, NoReverseMatch } from "./exceptions.ts";
import type { HttpRequest } from "./http/request.ts";
import { HttpResponse, type ResponseOptions } from "./http/response.ts";
import { HttpResponsePermanentRedirect, HttpResponseRedirect, type RedirectOptions } from "./http/responses.ts";
import { getTemplateEngine } from "./template/engine.ts";
import { getUrlResolver, reverseIn } from "./urls/reverse.ts";
import type { ReverseOptions } from "./urls/types.ts";

/**
 * Renders a template to text: of several, the first that exists. Query sets, promises and unloaded relations in the
 * context are awaited.
 * @throws TemplateDoesNotExist, TemplateError
 */
export async function renderToString(name: string | readonly string[], context: object = {}): Promise<string> {
  const engine = getTemplateEngine();
  return engine.render(await engine.select(name), context);
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
  name: string | readonly string[],
  context: object = {},
  options: ResponseOptions = {},
): Promise<HttpResponse> {
  return new HttpResponse(await renderToString(name, { request, ...context }), options);
}

/** Something with a page of its own, such as a model's instance. */
export interface HasAbsoluteUrl {
  getAbsoluteUrl(): string;
}

/** What `resolveUrl` may be told: parameters, query and fragment for the name of a URL pattern. */
export interface ResolveOptions extends ReverseOptions {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * An address: of an object, its own; of the name of a URL pattern, reversed; else as it is.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#redirect
 * @throws NoReverseMatch for a text that is neither a name nor has "/" or "." in it.
 */
export function resolveUrl(to: string | URL | HasAbsoluteUrl, options: ResolveOptions = {}): string {
  if (to instanceof URL) return to.href;
  if (typeof to === "object" && to !== null) return absoluteUrl(to);
  if (/^(?:\/|\.\.?\/|[a-z][a-z0-9+.-]*:\/\/|\?|#)/i.test(to)) return to;
  const { params, ...rest } = options;
  try {
    return reverseIn(getUrlResolver(), to, params, rest);
  } catch (error) {
    if (error instanceof NoReverseMatch && params === undefined && /[/.]/.test(to)) return to;
    throw error;
  }
}

function absoluteUrl(object: HasAbsoluteUrl): string {
  const url: unknown = typeof object.getAbsoluteUrl === "function" ? object.getAbsoluteUrl() : undefined;
  if (typeof url === "string") return url;
  throw new ImproperlyConfigured(
    `${object.constructor?.name || "The object"} must have a method getAbsoluteUrl() that gives a string; found ${describeValue(url)}.`,
  );
}

/** What `redirect` may be told. */
export interface RedirectToOptions extends RedirectOptions, ResolveOptions {
  /** 301, which browsers remember, instead of 302. */
  readonly permanent?: boolean | undefined;
}

/**
 * Sends the client on: to an address, to an object's page, or to the URL pattern of a name. `permanent` does so for good;
 * `preserveRequest` has it repeat method and body.
 * @throws DisallowedRedirect for a scheme other than http, https or ftp; NoReverseMatch
 * @example
 * return redirect(reverse("blog:article", { year: 2026, slug: "x" }));
 * return redirect("blog:article", { params: { year: 2026, slug: "x" } });
 */
export function redirect(to: string | URL | HasAbsoluteUrl, options: RedirectToOptions = {}): HttpResponseRedirect {
  const { permanent, params, query, fragment, currentApp, ...rest } = options;
  const url = resolveUrl(to, { params, query, fragment, currentApp });
  return permanent === true ? new HttpResponsePermanentRedirect(url, rest) : new HttpResponseRedirect(url, rest);
}

/** Where rows are looked for: a model, a manager, a query set. */
export type RowSource<T> =
  | { get(condition: object): Promise<T>; filter(condition: object): PromiseLike<T[]> }
  | { new (...args: never[]): T; readonly objects: object };

interface Source<T> {
  readonly model?: { readonly name: string };
  get(condition: object): Promise<T>;
  filter(condition: object): PromiseLike<T[]>;
}

function sourceOf<T>(source: RowSource<T>, shortcut: string): { rows: Source<T>; name: string } {
  const rows = typeof source === "function" ? source.objects : source;
  if (typeof (rows as Partial<Source<T>> | undefined)?.get !== "function") {
    throw new ImproperlyConfigured(
      `${shortcut} takes a model, a manager or a query set as its first argument; found ${describeValue(source)}.`,
    );
  }
  const known = rows as Source<T>;
  return { rows: known, name: typeof source === "function" ? source.name : (known.model?.name ?? "object") };
}

/**
 * The only row that meets the conditions.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#get-object-or-404
 * @throws Http404 where there is none; MultipleObjectsReturned
 * @example
 * const book = await getObjectOr404(Book.objects.selectRelated("author"), { slug });
 */
export async function getObjectOr404<T>(source: RowSource<T>, condition: object): Promise<T> {
  const { rows, name } = sourceOf(source, "getObjectOr404");
  try {
    return await rows.get(condition);
  } catch (error) {
    if (!(error instanceof ObjectDoesNotExist)) throw error;
    throw new Http404(`No ${name} matches the given query.`, { cause: error });
  }
}

/**
 * The rows that meet the conditions.
 * @throws Http404 where there is none
 */
export async function getListOr404<T>(source: RowSource<T>, condition: object): Promise<T[]> {
  const { rows, name } = sourceOf(source, "getListOr404");
  const found = await rows.filter(condition);
  if (found.length === 0) throw new Http404(`No ${name} matches the given query.`);
  return found;
}
