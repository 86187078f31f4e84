import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";

/** Answers a request. */
export type Handler = (request: HttpRequest) => Promise<BaseResponse>;

/**
 * A ring around the handlers within: called once at start with the next handler, gives the handler around it. What the
 * next handler throws arrives as a response, so `await next(request)` never rejects.
 * @example
 * const timing: Middleware = (next) => async (request) => {
 *   const start = performance.now();
 *   const response = await next(request);
 *   response.headers.set("server-timing", `view;dur=${performance.now() - start}`);
 *   return response;
 * };
 */
export type Middleware = (next: Handler) => Handler;
