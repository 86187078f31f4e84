import type { CheckMessage } from "@tsjango/kernel/checks";
import type { Settings } from "@tsjango/kernel/conf";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import type { TemplateResponse } from "../template/template-response.ts";
import type { ResolverMatch } from "../urls/resolver-match.ts";

/** Answers a request. */
export type Handler = (request: HttpRequest) => Promise<BaseResponse>;

/** What is there, or will be. */
export type Answer<T> = T | Promise<T>;

/** A handler that makes a promise only where something is waited for. */
export type DirectHandler = (request: HttpRequest) => Answer<BaseResponse>;

/** What a middleware does close to the view, inside all rings. Source: Django's "other middleware hooks". */
export interface MiddlewareHooks {
  /** Called when the view is chosen, before it runs, the outermost middleware first. A response is the answer. */
  processView?(request: HttpRequest, match: ResolverMatch): Answer<BaseResponse | undefined | void>;
  /** Called with what a view threw, the innermost middleware first. A response is the answer. */
  processException?(request: HttpRequest, error: unknown): Answer<BaseResponse | undefined | void>;
  /** Called with a TemplateResponse before it is rendered, the innermost middleware first; gives it or another one. */
  processTemplateResponse?(request: HttpRequest, response: TemplateResponse): Answer<TemplateResponse>;
}

/** What a middleware makes: a handler, with hooks if it has some. */
export interface MiddlewareHandler extends MiddlewareHooks {
  (request: HttpRequest): Promise<BaseResponse>;
}

/**
 * A ring around the handlers within: called once at start with the next handler, gives the handler around it. What the
 * next handler throws arrives as a response, so `await next(request)` never rejects. It may throw MiddlewareNotUsed to be left out.
 * @example
 * const timing: Middleware = (next) => async (request) => {
 *   const start = performance.now();
 *   const response = await next(request);
 *   response.headers.set("server-timing", `view;dur=${performance.now() - start}`);
 *   return response;
 * };
 */
export interface Middleware {
  (next: Handler): MiddlewareHandler;
  /** What it gives the site, for system checks that miss it: "security", "csrf", "frameOptions". */
  readonly provides?: readonly string[];
  /** Takes the next handler as it is, without a promise around what it answers at once; `plainMiddleware` makes such. */
  readonly direct?: (next: DirectHandler) => DirectHandler & MiddlewareHooks;
  /** System checks of its options, as `check` runs them; those for `check --deploy` under `deployment`. */
  readonly checks?: (settings: Settings) => Iterable<CheckMessage>;
  readonly deploymentChecks?: (settings: Settings) => Iterable<CheckMessage>;
}
