import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { MiddlewareNotUsed } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { BaseResponse } from "../http/response.ts";
import type { Answer, DirectHandler, Handler, Middleware, MiddlewareHooks } from "../middleware/middleware.ts";

/** Turns what a handler threw into a response. */
export type ErrorHandler = (error: unknown, request: HttpRequest) => Promise<BaseResponse>;

/** A handler that answers errors instead of throwing them. */
function guarded(handler: DirectHandler, onError: ErrorHandler): DirectHandler {
  return function guardedHandler(request): Answer<BaseResponse> {
    try {
      const answer = handler(request);
      if (answer instanceof BaseResponse) return answer;
      return Promise.resolve(answer).catch((error: unknown) => onError(error, request));
    } catch (error) {
      return onError(error, request);
    }
  };
}

/** The same with a promise in any case, as middleware counts on it. */
function promising(handler: DirectHandler): Handler {
  return function next(request) {
    return Promise.resolve(handler(request));
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
function collect(ring: MiddlewareHooks, hooks: Hooks): void {
  if (ring.processView !== undefined) hooks.view.unshift(ring.processView.bind(ring));
  if (ring.processException !== undefined) hooks.exception.push(ring.processException.bind(ring));
  if (ring.processTemplateResponse !== undefined) hooks.templateResponse.push(ring.processTemplateResponse.bind(ring));
}

type Ring = DirectHandler & MiddlewareHooks;

/** The ring around `next`, or undefined where it threw MiddlewareNotUsed. */
function makeRing(middleware: Middleware, next: DirectHandler, index: number): Ring | undefined {
  let made: unknown;
  try {
    made = middleware.direct === undefined ? middleware(promising(next)) : middleware.direct(next);
  } catch (error) {
    if (error instanceof MiddlewareNotUsed) return undefined;
    throw error;
  }
  if (typeof made === "function") return made as Ring;
  throw new ImproperlyConfigured(
    `middleware[${index}] (${middleware.name || "anonymous"}) must return a handler, (request) => …; ` +
      `found ${describeValue(made)}. A middleware with options is called in the settings: security().`,
  );
}

/** Builds the rings around `innermost`, the first of `middleware` outermost; each turns errors into responses. */
export function buildMiddlewareChain(
  middleware: readonly Middleware[],
  innermost: DirectHandler,
  onError: ErrorHandler,
  hooks: Hooks = noHooks(),
): DirectHandler {
  return middleware.reduceRight<DirectHandler>(
    (next, ring, index) => {
      const handler = makeRing(ring, next, index);
      if (handler === undefined) return next;
      collect(handler, hooks);
      return guarded(handler, onError);
    },
    guarded(innermost, onError),
  );
}
