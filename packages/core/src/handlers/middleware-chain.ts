import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { MiddlewareNotUsed } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import type { Handler, Middleware, MiddlewareHandler, MiddlewareHooks } from "../middleware/middleware.ts";

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

/** The hooks of all rings, in the order in which they are called. */
export interface Hooks {
  readonly view: NonNullable<MiddlewareHooks["processView"]>[];
  readonly exception: NonNullable<MiddlewareHooks["processException"]>[];
  readonly templateResponse: NonNullable<MiddlewareHooks["processTemplateResponse"]>[];
}

/** No hooks yet: `buildMiddlewareChain` fills them, the handler of views calls them. */
export function noHooks(): Hooks {
  return { view: [], exception: [], templateResponse: [] };
}

/** Rings are made from the inside out: hooks on the way in are put in front, those on the way out behind. */
function collect(ring: MiddlewareHandler, hooks: Hooks): void {
  if (ring.processView !== undefined) hooks.view.unshift(ring.processView.bind(ring));
  if (ring.processException !== undefined) hooks.exception.push(ring.processException.bind(ring));
  if (ring.processTemplateResponse !== undefined) hooks.templateResponse.push(ring.processTemplateResponse.bind(ring));
}

/** The ring around `next`, or undefined where it threw MiddlewareNotUsed. */
function makeRing(middleware: Middleware, next: Handler, index: number): MiddlewareHandler | undefined {
  let made: unknown;
  try {
    made = middleware(next);
  } catch (error) {
    if (error instanceof MiddlewareNotUsed) return undefined;
    throw error;
  }
  if (typeof made === "function") return made as MiddlewareHandler;
  throw new ImproperlyConfigured(
    `middleware[${index}] (${middleware.name || "anonymous"}) must return a handler, (request) => …; ` +
      `found ${describeValue(made)}. A middleware with options is called in the settings: security().`,
  );
}

/** Builds the rings around `innermost`, the first of `middleware` outermost; each turns errors into responses. */
export function buildMiddlewareChain(
  middleware: readonly Middleware[],
  innermost: Handler,
  onError: ErrorHandler,
  hooks: Hooks = noHooks(),
): Handler {
  return middleware.reduceRight(
    (next, ring, index) => {
      const handler = makeRing(ring, next, index);
      if (handler === undefined) return next;
      collect(handler, hooks);
      return guarded(handler, onError);
    },
    guarded(innermost, onError),
  );
}
