import type { HttpRequest } from "../http/request.ts";
import { HttpResponsePermanentRedirect } from "../http/responses.ts";
import type { Middleware } from "./middleware.ts";

/** What `security` may be told. */
export interface SecurityOptions {
  /** Redirect http to https. Default false. */
  readonly sslRedirect?: boolean;
  /** Over https, have browsers refuse http for so many seconds. Default 0: the header is not sent. */
  readonly hstsSeconds?: number;
  readonly hstsIncludeSubdomains?: boolean;
  readonly hstsPreload?: boolean;
  /** Default "same-origin"; null sends none. */
  readonly referrerPolicy?: string | null;
  /** Default "same-origin"; null sends none. */
  readonly crossOriginOpenerPolicy?: string | null;
  /** Default "DENY": no page may show this one in a frame; null sends none. */
  readonly frameOptions?: "DENY" | "SAMEORIGIN" | null;
}

function hstsValue(options: SecurityOptions): string | undefined {
  if (!options.hstsSeconds) return undefined;
  const subdomains = options.hstsIncludeSubdomains === true ? "; includeSubDomains" : "";
  return `max-age=${Math.trunc(options.hstsSeconds)}${subdomains}${options.hstsPreload === true ? "; preload" : ""}`;
}

function httpsAddress(request: HttpRequest): string {
  return `https://${request.host}${request.fullPath}`;
}

/**
 * Sets the headers that make browsers careful; a header that the view set stays.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.security
 */
export function security(options: SecurityOptions = {}): Middleware {
  const headers: [string, string][] = [["x-content-type-options", "nosniff"]];
  const { referrerPolicy = "same-origin", crossOriginOpenerPolicy = "same-origin", frameOptions = "DENY" } = options;
  if (referrerPolicy !== null) headers.push(["referrer-policy", referrerPolicy]);
  if (crossOriginOpenerPolicy !== null) headers.push(["cross-origin-opener-policy", crossOriginOpenerPolicy]);
  if (frameOptions !== null) headers.push(["x-frame-options", frameOptions]);
  const hsts = hstsValue(options);
  return function securityMiddleware(next) {
    return async function security(request) {
      if (options.sslRedirect === true && !request.isSecure) {
        return new HttpResponsePermanentRedirect(httpsAddress(request));
      }
      const response = await next(request);
      if (hsts !== undefined && request.isSecure) response.headers.setDefault("strict-transport-security", hsts);
      for (const [name, value] of headers) response.headers.setDefault(name, value);
      return response;
    };
  };
}
