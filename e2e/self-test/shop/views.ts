import { settings } from "tsjango/conf";
import { type HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse } from "tsjango/http";
import { render } from "tsjango/shortcuts";
import { Author } from "./models.ts";

export const hello = () => new HttpResponse("hello hello");
export const old = () => new HttpResponseRedirect("/hello/");
export const round = () => new HttpResponseRedirect("/round/");
export const page = (request: HttpRequest) => render(request, "page.html", { names: ["Emma", "Anne"] });
export const debug = () => new HttpResponse(String(settings.debug));
export const now = () => new HttpResponse(new Date().toISOString());
export const authors = async () => new HttpResponse(String(await Author.objects.count()));
export const unawaited = () => new JsonResponse({ authors: Author.objects.all() });

export function crash(): never {
  throw new TypeError("broken view");
}

export async function loop() {
  for (let id = 1; id <= 5; id++) await Author.objects.filter({ id }).exists();
  return new HttpResponse("done");
}
