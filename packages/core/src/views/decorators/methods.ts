import { logger } from "@tsjango/kernel/logging";
import { HttpResponseNotAllowed } from "../../http/responses.ts";
import type { ViewFunction } from "../../urls/types.ts";
import { aroundView } from "./around.ts";

const log = logger("tsjango.request");

/**
 * Answers 405 to other methods than these.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/decorators/#allowed-http-methods
 * @example
 * path("save/", requireMethods(["GET", "POST"], save));
 */
export function requireMethods<P>(methods: readonly string[], view: ViewFunction<P>): ViewFunction<P> {
  return aroundView(view, (request, _params, proceed) => {
    if (methods.includes(request.method)) return proceed();
    log.warn(
      { status: 405, method: request.method, path: request.path },
      `Method Not Allowed (${request.method}): ${request.path}`,
    );
    return new HttpResponseNotAllowed(methods);
  });
}

/** Only GET. */
export function requireGet<P>(view: ViewFunction<P>): ViewFunction<P> {
  return requireMethods(["GET"], view);
}

/** Only POST. */
export function requirePost<P>(view: ViewFunction<P>): ViewFunction<P> {
  return requireMethods(["POST"], view);
}

/** Only GET and HEAD, which change nothing. */
export function requireSafe<P>(view: ViewFunction<P>): ViewFunction<P> {
  return requireMethods(["GET", "HEAD"], view);
}
