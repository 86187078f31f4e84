import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse } from "../http/response.ts";
import { patchVary } from "../utils/vary.ts";
import type { Middleware } from "./middleware.ts";

/** What `cors` is told. */
export interface CorsOptions {
  /** Origins whose scripts may read responses: "https://app.example.com", an expression for a whole origin, or "*" for all. */
  readonly origins: "*" | readonly (string | RegExp)[];
  /** Whether requests carry cookies and other credentials; not with "*". Default false. */
  readonly credentials?: boolean;
  /** Default: GET, HEAD, POST, PUT, PATCH and DELETE. */
  readonly methods?: readonly string[];
  /** Request headers that scripts may send. Default: those that a preflight asks for. */
  readonly headers?: readonly string[];
  /** Response headers that scripts may read, besides the simple ones. */
  readonly exposeHeaders?: readonly string[];
  /** For how many seconds browsers keep the answer to a preflight. Default 600. */
  readonly maxAge?: number;
  /** Only these paths, such as /^\/api\//. Default: all. */
  readonly paths?: RegExp;
}

const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

function checkOptions({ origins, credentials }: CorsOptions): void {
  if (origins === "*") {
    if (credentials !== true) return;
    throw new ImproperlyConfigured(
      'cors: credentials with origins "*" would give every site the visitors\' data. Name the origins.',
    );
  }
  if (!Array.isArray(origins)) {
    throw new ImproperlyConfigured(`cors: origins is "*" or a list of origins; found ${describeValue(origins)}.`);
  }
  for (const origin of origins) {
    if (origin instanceof RegExp || (URL.canParse(origin) && new URL(origin).origin === origin)) continue;
    throw new ImproperlyConfigured(
      `cors: an origin is a scheme and a host, "https://app.example.com"; found ${describeValue(origin)}.`,
    );
  }
}

function isAllowed(origin: string, origins: readonly (string | RegExp)[]): boolean {
  return origins.some((allowed) => {
    if (typeof allowed === "string") return allowed === origin;
    // The whole origin, whatever the expression's anchors: "https://example.com.evil" is another one.
    return new RegExp(`^(?:${allowed.source})$`, allowed.flags.replace(/[gy]/g, "")).test(origin);
  });
}

/**
 * Lets scripts of other origins read responses, and answers their preflight requests.
 * Source: https://fetch.spec.whatwg.org/#http-cors-protocol
 * @throws ImproperlyConfigured for origins that are none, or "*" with credentials.
 * @example
 * cors({ origins: ["https://app.example.com"], credentials: true })
 */
export function cors(options: CorsOptions): Middleware {
  checkOptions(options);
  const { origins, credentials = false, methods = METHODS, headers, exposeHeaders = [], maxAge = 600 } = options;

  /** The headers of every answer; says whether the origin may read it. */
  function allow(request: HttpRequest, response: BaseResponse): boolean {
    const origin = request.header("origin");
    if (origins === "*") {
      if (origin === undefined) return false;
      response.headers.set("access-control-allow-origin", "*");
    } else {
      patchVary(response.headers, "Origin");
      if (origin === undefined || !isAllowed(origin, origins)) return false;
      response.headers.set("access-control-allow-origin", origin);
    }
    if (credentials) response.headers.set("access-control-allow-credentials", "true");
    return true;
  }

  function preflight(request: HttpRequest): BaseResponse {
    const response = new HttpResponse("", { status: 204 });
    response.headers.delete("content-type");
    const asked = request.header("access-control-request-headers");
    if (headers === undefined) patchVary(response.headers, "Access-Control-Request-Headers");
    if (!allow(request, response)) return response;
    response.headers.set("access-control-allow-methods", methods.join(", "));
    const allowed = headers?.join(", ") ?? asked;
    if (allowed !== undefined && allowed !== "") response.headers.set("access-control-allow-headers", allowed);
    response.headers.set("access-control-max-age", String(maxAge));
    return response;
  }

  function corsMiddleware(next: Parameters<Middleware>[0]) {
    return async function cors(request: HttpRequest) {
      if (options.paths?.test(request.path) === false) return next(request);
      if (request.method === "OPTIONS" && request.header("access-control-request-method") !== undefined) {
        return preflight(request);
      }
      const response = await next(request);
      if (allow(request, response) && exposeHeaders.length > 0) {
        response.headers.set("access-control-expose-headers", exposeHeaders.join(", "));
      }
      return response;
    };
  }
  return Object.assign(corsMiddleware, { provides: ["cors"] });
}
