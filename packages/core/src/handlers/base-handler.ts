import { settings } from "@tsjango/kernel/conf";
import { describeValue } from "@tsjango/kernel/utils";
import { InvalidViewResult, Resolver404 } from "../exceptions.ts";
import { type HttpRequest, wrongEncoding } from "../http/request.ts";
import type { RequestEncoding } from "../http/request-body.ts";
import { BaseResponse } from "../http/response.ts";
import type { Answer, DirectHandler } from "../middleware/middleware.ts";
import type {} from "../settings.ts";
import { requestStarted } from "../signals.ts";
import { TemplateResponse } from "../template/template-response.ts";
import type { ResolverMatch } from "../urls/resolver-match.ts";
import { isThenable } from "../utils/is-thenable.ts";
import { toResponse } from "../views/view-result.ts";
import { welcome } from "../views/welcome.ts";
import { exceptionResponse } from "./exception-response.ts";
import { buildMiddlewareChain, type Hooks, noHooks } from "./middleware-chain.ts";
import type { Site } from "./site.ts";

/** Finds the view of a request, calls it between the hooks of the middleware, and checks what it returned. */
function viewHandler({ resolver }: Site, hooks: Hooks): DirectHandler {
  return function handleView(request) {
    const match = resolver.find(request.pathInfo);
    if (match === undefined) throw new Resolver404(request.pathInfo, [...resolver.routes()]);
    request.resolverMatch = match;
    if (hooks.exception.length > 0) return answerErrors(hooks, request, match);
    return throughHooks(hooks, request, match);
  };
}

function throughHooks(hooks: Hooks, request: HttpRequest, match: ResolverMatch): Answer<BaseResponse> {
  const early = hooks.view.length === 0 ? undefined : askViewHooks(hooks, request, match, 0);
  if (early === undefined) return callView(hooks, request, match);
  if (!(early instanceof Promise)) return rendered(hooks, request, early);
  return early.then((response) =>
    response === undefined ? callView(hooks, request, match) : rendered(hooks, request, response),
  );
}

async function answerErrors(hooks: Hooks, request: HttpRequest, match: ResolverMatch): Promise<BaseResponse> {
  try {
    return await throughHooks(hooks, request, match);
  } catch (error) {
    for (const hook of hooks.exception) {
      const response = await hook(request, error);
      if (response !== undefined) return checked(response, "processException");
    }
    throw error;
  }
}

/** What a view answers, fit for its request and rendered; no promise where the view needs none. */
function callView(hooks: Hooks, request: HttpRequest, match: ResolverMatch): Answer<BaseResponse> {
  const result: unknown = match.view(request, match.params);
  if (result instanceof Promise) return result.then((value) => prepared(value, hooks, request, match));
  return prepared(result, hooks, request, match);
}

function prepared(result: unknown, hooks: Hooks, request: HttpRequest, match: ResolverMatch): Answer<BaseResponse> {
  const response = toResponse(result, match.viewName);
  const preparing = response.prepare(request);
  if (preparing !== undefined) return preparing.then(() => rendered(hooks, request, response));
  return rendered(hooks, request, response);
}

function rendered(hooks: Hooks, request: HttpRequest, response: BaseResponse): Answer<BaseResponse> {
  return response instanceof TemplateResponse ? renderResponse(hooks, request, response) : response;
}

/** The first response that a hook gives, asked one after the other from `index` on. */
function askViewHooks(
  hooks: Hooks,
  request: HttpRequest,
  match: ResolverMatch,
  index: number,
): Answer<BaseResponse | undefined> {
  for (let at = index; at < hooks.view.length; at++) {
    const given: unknown = hooks.view[at]?.(request, match);
    if (isThenable(given)) {
      return Promise.resolve(given).then((response) =>
        response === undefined ? askViewHooks(hooks, request, match, at + 1) : checked(response, "processView"),
      );
    }
    if (given !== undefined) return checked(given, "processView");
  }
  return undefined;
}

async function renderResponse(hooks: Hooks, request: HttpRequest, response: TemplateResponse): Promise<BaseResponse> {
  let current = response;
  for (const hook of hooks.templateResponse) {
    const given: unknown = await hook(request, current);
    if (!(given instanceof TemplateResponse)) {
      throw new InvalidViewResult(
        `A middleware's processTemplateResponse must return a TemplateResponse; found ${describeValue(given)}.`,
      );
    }
    current = given;
  }
  return current.render();
}

function checked(response: unknown, hook: string): BaseResponse {
  if (response instanceof BaseResponse) return response;
  throw new InvalidViewResult(
    `A middleware's ${hook} returns a response or nothing; found ${describeValue(response)}.`,
  );
}

/** Static files, and in development a welcome page while there are no URLs. */
function siteHandler({ settings, resolver, staticFiles }: Site, next: DirectHandler): DirectHandler {
  const welcomes = settings.debug && resolver.patterns.length === 0;
  return function site(request) {
    const { pathInfo } = request;
    if (staticFiles.matches(pathInfo)) return staticFiles.serve(request);
    return welcomes && pathInfo === "/" ? welcome() : next(request);
  };
}

/** Refuses bodies that no view could read. */
function refuseEncoding(request: HttpRequest): void {
  const encoding = request.header("content-encoding")?.trim().toLowerCase();
  if (encoding === undefined || encoding === "" || encoding === "identity") return;
  if (!settings.requestEncodings.includes(encoding as RequestEncoding)) throw wrongEncoding(encoding);
}

/** What comes after such a request on its connection is not read. */
async function refused(answer: Promise<BaseResponse>): Promise<BaseResponse> {
  const response = await answer;
  response.headers.set("connection", "close");
  return response;
}

/** The whole way from request to response: host check, middleware, view; errors answered. Never rejects. */
export function createHandler(site: Site): DirectHandler {
  const onError = (error: unknown, request: HttpRequest) => exceptionResponse(site, error, request);
  const hooks = noHooks();
  const view = viewHandler(site, hooks);
  const chain = buildMiddlewareChain(site.settings.middleware, siteHandler(site, view), onError, hooks);
  return function handle(request) {
    try {
      // Requests that cannot be meant for this site are refused before anything else sees them.
      void request.host;
      refuseEncoding(request);
    } catch (error) {
      return refused(onError(error, request));
    }
    return requestStarted.hasReceivers() ? started(request) : chain(request);
  };

  async function started(request: HttpRequest): Promise<BaseResponse> {
    try {
      await requestStarted.send({ request });
    } catch (error) {
      return onError(error, request);
    }
    return chain(request);
  }
}
