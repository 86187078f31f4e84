import { randomUUID } from "node:crypto";
import { currentContext } from "@tsjango/kernel/async";
import type { HttpRequest } from "../http/request.ts";
import { currentRequest } from "../http/request-context.ts";
import type { Middleware } from "./middleware.ts";

/** What `requestId` may be told. */
export interface RequestIdOptions {
  /** The header that carries the id. Default "X-Request-ID". */
  readonly header?: string;
  /** Whether an id that the request brings is kept: only behind a proxy that sets it. Default false. */
  readonly trustIncoming?: boolean;
}

const VALID = /^[A-Za-z0-9._:/+=@-]{1,200}$/;
const ids = new WeakMap<HttpRequest, string>();

/** The id of a request; without one, of the current request. Undefined where `requestId` is not in the middleware. */
export function getRequestId(request: HttpRequest | undefined = currentRequest()): string | undefined {
  return request === undefined ? undefined : ids.get(request);
}

/** Gives each request an id, for logs, and sends it with the response. */
export function requestId(options: RequestIdOptions = {}): Middleware {
  const { header = "X-Request-ID", trustIncoming = false } = options;
  function requestIdMiddleware(next: Parameters<Middleware>[0]) {
    return async function requestId(request: HttpRequest) {
      const incoming = trustIncoming ? request.header(header) : undefined;
      const id = incoming !== undefined && VALID.test(incoming) ? incoming : randomUUID();
      ids.set(request, id);
      const context = currentContext();
      if (context !== undefined) context.requestId = id;
      const response = await next(request);
      response.headers.set(header, id);
      return response;
    };
  }
  return Object.assign(requestIdMiddleware, { provides: ["requestId"] });
}
