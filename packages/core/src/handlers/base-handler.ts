import { currentContext } from "@tsjango/kernel/async";
import { Resolver404 } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Handler } from "../middleware/middleware.ts";
import type {} from "../settings.ts";
import { serveStatic } from "../views/static.ts";
import { welcome } from "../views/welcome.ts";
import { exceptionResponse } from "./exception-response.ts";
import { buildMiddlewareChain } from "./middleware-chain.ts";
import type { Site } from "./site.ts";
import { refuseUnawaited, toResponse } from "./view-result.ts";

/** Finds the view of a request, calls it, and checks what it returned. */
function viewHandler({ resolver }: Site): Handler {
  return async function callView(request) {
    const match = resolver.find(request.pathInfo);
    if (match === undefined) throw new Resolver404(request.pathInfo, [...resolver.routes()]);
    request.resolverMatch = match;
    const context = currentContext();
    if (context !== undefined) context.name = match.viewName;
    const result: unknown = match.view(request, match.params);
    refuseUnawaited(result, match.viewName);
    return toResponse(await result, match.viewName);
  };
}

/** In development: static files of the apps, and a welcome page while there are no URLs. */
function developmentHandler(site: Site, next: Handler): Handler {
  const { staticUrl, installedApps } = site.settings;
  return async function development(request) {
    const { pathInfo } = request;
    if (staticUrl.startsWith("/") && pathInfo.startsWith(staticUrl)) {
      return serveStatic(request, pathInfo.slice(staticUrl.length), installedApps);
    }
    if (pathInfo === "/" && site.resolver.patterns.length === 0) return welcome();
    return next(request);
  };
}

/** The whole way from request to response: host check, middleware, view; errors answered. Never rejects. */
export function createHandler(site: Site): Handler {
  const onError = (error: unknown, request: HttpRequest) => exceptionResponse(site, error, request);
  const view = viewHandler(site);
  const innermost = site.settings.debug ? developmentHandler(site, view) : view;
  const chain = buildMiddlewareChain(site.settings.middleware, innermost, onError);
  return function handle(request) {
    try {
      // Requests for hosts that are not ours are refused before anything else sees them.
      void request.host;
    } catch (error) {
      return onError(error, request);
    }
    return chain(request);
  };
}
