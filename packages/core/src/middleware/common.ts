import { settings } from "@tsjango/kernel/conf";
import { byteLength } from "../asgi/body-rules.ts";
import { HttpResponse } from "../http/response.ts";
import { HttpResponsePermanentRedirect } from "../http/responses.ts";
import type {} from "../settings.ts";
import { getUrlResolver } from "../urls/reverse.ts";
import type { Middleware } from "./middleware.ts";

/** What `common` may be told. */
export interface CommonOptions {
  /** Redirect a path that only matches with "/" at its end. Default: the setting `appendSlash`. */
  readonly appendSlash?: boolean;
}

/**
 * Sends `/books` on to `/books/` where only that one matches, keeping the query, and sets `Content-Length`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.common
 */
export function common(options: CommonOptions = {}): Middleware {
  return function commonMiddleware(next) {
    return async function common(request) {
      const response = await next(request);
      const { pathInfo } = request;
      if (response.status === 404 && !pathInfo.endsWith("/") && (options.appendSlash ?? settings.appendSlash)) {
        const resolver = getUrlResolver();
        if (resolver.find(pathInfo) === undefined && resolver.find(`${pathInfo}/`) !== undefined) {
          const { rawPath, queryString } = request.scope;
          // Two slashes at the start would be read as a host.
          const path = rawPath.replace(/^\/\/+/, (slashes) => `/${"%2F".repeat(slashes.length - 1)}`);
          const preserveRequest = request.method !== "GET" && request.method !== "HEAD";
          const to = queryString === "" ? `${path}/` : `${path}/?${queryString}`;
          return new HttpResponsePermanentRedirect(to, { preserveRequest });
        }
      }
      if (response instanceof HttpResponse && !response.headers.has("content-length")) {
        response.headers.set("content-length", String(byteLength(response.content)));
      }
      return response;
    };
  };
}
