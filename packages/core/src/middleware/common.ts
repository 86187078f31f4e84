import { settings } from "@tsjango/kernel/conf";
import { byteLength } from "../asgi/body-rules.ts";
import { AppendSlashError, PermissionDenied } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse } from "../http/response.ts";
import { HttpResponsePermanentRedirect } from "../http/responses.ts";
import type {} from "../settings.ts";
import { getUrlResolver } from "../urls/reverse.ts";
import { viewMarks } from "../urls/view-marks.ts";
import type { Middleware } from "./middleware.ts";
import { plainMiddleware, type RingSteps } from "./plain-middleware.ts";

/** What `common` may be told. */
export interface CommonOptions {
  /** Redirect a path that only matches with "/" at its end. Default: the setting `appendSlash`. */
  readonly appendSlash?: boolean;
  /** Redirect "example.com" to "www.example.com". Default: the setting `prependWww`. */
  readonly prependWww?: boolean;
  /** Clients whose `User-Agent` one of these matches are answered with 403. Default: the setting `disallowedUserAgents`. */
  readonly disallowedUserAgents?: readonly RegExp[];
}

/** Whether the path leads nowhere, but would with "/" at its end, to a view that wants this. */
function needsSlash({ pathInfo }: HttpRequest): boolean {
  if (pathInfo.endsWith("/")) return false;
  const resolver = getUrlResolver();
  if (resolver.find(pathInfo) !== undefined) return false;
  const match = resolver.find(`${pathInfo}/`);
  return match !== undefined && viewMarks(match.view).appendSlash !== false;
}

function withSlash({ scope: { rawPath, queryString } }: HttpRequest): string {
  // Two slashes at the start would be read as a host.
  const path = rawPath.replace(/^\/\/+/, (slashes) => `/${"%2F".repeat(slashes.length - 1)}`);
  return queryString === "" ? `${path}/` : `${path}/?${queryString}`;
}

const KEEPS_METHOD: readonly string[] = ["GET", "HEAD"];
const HAS_DATA: readonly string[] = ["POST", "PUT", "PATCH", "DELETE"];

/** The address with "/"; in development, an error where the request carries data, so that forms are corrected. */
function slashAddress(request: HttpRequest): string {
  const address = withSlash(request);
  if (settings.debug && HAS_DATA.includes(request.method)) {
    throw new AppendSlashError(
      `${request.method} ${request.path}: this path matches no URL pattern, but ${request.host}${address} does. ` +
        `A redirect would make clients lose the data of a ${request.method}. Send the form to the path with "/" at its end, ` +
        "or set appendSlash: false.",
    );
  }
  return address;
}

/**
 * Sends `/books` on to `/books/` where only that one matches, keeping the query; sends on to "www." if told so; refuses
 * unwanted clients; sets `Content-Length`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.common
 */
export function common(options: CommonOptions = {}): Middleware {
  const appendsSlash = () => options.appendSlash ?? settings.appendSlash;
  function steps(): RingSteps {
    // Read once: every request passes here.
    const refused = options.disallowedUserAgents ?? settings.disallowedUserAgents;
    const prependWww = options.prependWww ?? settings.prependWww;
    return {
      before(request) {
        if (refused.length > 0 && refused.some((agent) => agent.test(request.header("user-agent") ?? ""))) {
          throw new PermissionDenied("Forbidden user agent");
        }
        if (!prependWww || request.host.startsWith("www.")) return undefined;
        const rest = appendsSlash() && needsSlash(request) ? slashAddress(request) : request.fullPath;
        return redirect(request, `${request.scheme}://www.${request.host}${rest}`);
      },
      after(request, response) {
        if (response.status === 404 && appendsSlash() && needsSlash(request)) {
          return redirect(request, slashAddress(request));
        }
        if (response instanceof HttpResponse && !response.headers.has("content-length")) {
          response.headers.setPair(["content-length", String(byteLength(response.content))]);
        }
        return response;
      },
    };
  }
  return plainMiddleware("common", steps, { provides: ["common"] });
}

function redirect(request: HttpRequest, address: string): BaseResponse {
  return new HttpResponsePermanentRedirect(address, { preserveRequest: !KEEPS_METHOD.includes(request.method) });
}
