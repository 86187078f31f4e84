import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import type { Handler, Middleware } from "../middleware/middleware.ts";

/** Turns what a handler threw into a response. */
export type ErrorHandler = (error: unknown, request: HttpRequest) => Promise<BaseResponse>;

/** A handler that answers errors instead of throwing them. */
function guarded(handler: Handler, onError: ErrorHandler): Handler {
  return async function guardedHandler(request) {
    try {
      return await handler(request);
    } catch (error) {
      return onError(error, request);
    }
  };
}

/** Builds the rings around `innermost`, the first of `middleware` outermost; each turns errors into responses. */
export function buildMiddlewareChain(
  middleware: readonly Middleware[],
  innermost: Handler,
  onError: ErrorHandler,
): Handler {
  return middleware.reduceRight(
    (next, ring, index) => {
      const handler: unknown = ring(next);
      if (typeof handler !== "function") {
        throw new ImproperlyConfigured(
          `middleware[${index}] (${ring.name || "anonymous"}) must return a handler, (request) => …; ` +
            `found ${describeValue(handler)}. A middleware with options is called in the settings: security().`,
        );
      }
      return guarded(handler as Handler, onError);
    },
    guarded(innermost, onError),
  );
}
