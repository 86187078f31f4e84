import type { HttpRequest } from "../http/request.ts";
import { BaseResponse } from "../http/response.ts";
import type { Answer, DirectHandler, Middleware, MiddlewareHooks } from "./middleware.ts";

/** The two steps of a ring that waits for nothing itself. */
export interface RingSteps extends MiddlewareHooks {
  /** Called on the way in; a response ends it. */
  before?(request: HttpRequest): BaseResponse | undefined;
  /** Called on the way out; gives the response or another one. */
  after(request: HttpRequest, response: BaseResponse): BaseResponse;
}

function directRing(name: string, steps: RingSteps, next: DirectHandler): DirectHandler & MiddlewareHooks {
  const { before, after, ...hooks } = steps;
  function ring(request: HttpRequest): Answer<BaseResponse> {
    const early = before?.(request);
    if (early !== undefined) return early;
    const answer = next(request);
    if (answer instanceof BaseResponse) return after(request, answer);
    return answer.then((response) => after(request, response));
  }
  return named(name, Object.assign(ring, hooks));
}

/** For stack traces and messages. */
function named<T extends object>(name: string, made: T): T {
  return Object.defineProperty(made, "name", { value: name, configurable: true });
}

/**
 * A middleware of plain steps: where the handlers within answer without a promise, so does its ring.
 * @param steps Called once at start.
 */
export function plainMiddleware(
  name: string,
  steps: () => RingSteps,
  about: Pick<Middleware, "provides" | "deploymentChecks">,
): Middleware {
  const direct = (next: DirectHandler) => directRing(name, steps(), next);
  function middleware(next: DirectHandler) {
    const ring = direct(next);
    return named(
      name,
      Object.assign(async (request: HttpRequest) => ring(request), ring),
    );
  }
  return named(`${name}Middleware`, Object.assign(middleware, about, { direct }));
}
