import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { logger } from "@tsjango/kernel/logging";
import type { HttpRequest } from "../../http/request.ts";
import { HttpResponseGone, HttpResponsePermanentRedirect, HttpResponseRedirect } from "../../http/responses.ts";
import { getUrlResolver, reverseIn } from "../../urls/reverse.ts";
import { View, type ViewResult } from "../view.ts";

const log = logger("tsjango.request");

/** Fills `<name>` in an address with values. @throws ImproperlyConfigured for a name that has none. */
export function fillAddress(address: string, values: object, where: string): string {
  return address.replace(/<(\w+)>/g, (_all, name: string) => {
    const value = (values as Record<string, unknown>)[name];
    if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
      return encodeURIComponent(String(value));
    }
    const known = Object.keys(values).join(", ") || "none";
    throw new ImproperlyConfigured(
      `${where}: "${address}" has <${name}>, for which there is no value. There are: ${known}.`,
    );
  });
}

/**
 * Sends clients on.
 * Source: https://docs.djangoproject.com/en/5.2/ref/class-based-views/base/#redirectview
 * @example
 * path("old/<int:id>/", RedirectView.asView({ url: "/new/<id>/", permanent: true }));
 * path("start/", RedirectView.asView({ patternName: "index", queryString: true }));
 */
export class RedirectView<P extends object = {}> extends View<P> {
  /** Where to; `<name>` in it stands for a parameter. */
  url: string | undefined = undefined;
  /** The name of the URL pattern to go to, with the same parameters. */
  patternName: string | undefined = undefined;
  /** 301, which browsers remember, instead of 302. */
  permanent = false;
  /** Whether the query goes along. */
  queryString = false;

  /** Where to; undefined answers 410. */
  getRedirectUrl(params: P): string | undefined | Promise<string | undefined> {
    const { url, patternName } = this;
    if (url === undefined && patternName === undefined) return undefined;
    const address =
      url === undefined
        ? reverseIn(getUrlResolver(), patternName as string, { ...(params as Record<string, unknown>) })
        : fillAddress(url, params, this.constructor.name);
    const query = this.request.scope.queryString;
    return this.queryString && query !== "" ? `${address}${address.includes("?") ? "&" : "?"}${query}` : address;
  }

  async get(request: HttpRequest, params: P): Promise<ViewResult> {
    const url = await this.getRedirectUrl(params);
    if (url !== undefined)
      return this.permanent ? new HttpResponsePermanentRedirect(url) : new HttpResponseRedirect(url);
    log.warn({ status: 410, method: request.method, path: request.path }, `Gone: ${request.path}`);
    return new HttpResponseGone();
  }
  head(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
  post(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
  put(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
  patch(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
  delete(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
  override options(request: HttpRequest, params: P): Promise<ViewResult> {
    return this.get(request, params);
  }
}
