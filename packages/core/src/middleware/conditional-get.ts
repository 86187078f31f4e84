import { createHash } from "node:crypto";
import type { HttpRequest } from "../http/request.ts";
import { type BaseResponse, HttpResponse } from "../http/response.ts";
import { HttpResponseNotModified } from "../http/responses.ts";
import { evaluateConditions, parseHttpDate, type Validators } from "../utils/conditional.ts";
import type { Middleware } from "./middleware.ts";

/** What a 304 keeps of the response it stands for. Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5 */
const KEPT: readonly string[] = [
  "cache-control",
  "content-location",
  "date",
  "etag",
  "expires",
  "last-modified",
  "set-cookie",
  "vary",
];

/** The answer that a request's conditions give, or undefined where the response itself is to be sent. */
export function conditionalAnswer(
  request: HttpRequest,
  validators: Validators,
  response?: BaseResponse,
): HttpResponse | undefined {
  const status = evaluateConditions(request.method, (name) => request.header(name), validators);
  if (status === undefined) return undefined;
  const { etag, lastModified } = validators;
  const answer = status === 412 ? new HttpResponse("", { status }) : new HttpResponseNotModified();
  if (etag !== undefined) answer.headers.set("etag", etag);
  if (lastModified !== undefined) answer.headers.set("last-modified", lastModified.toUTCString());
  if (response === undefined || status === 412) return answer;
  for (const [name, value] of response.headerPairs()) {
    if (!KEPT.includes(name)) continue;
    if (name === "set-cookie") answer.headers.append(name, value);
    else answer.headers.set(name, value);
  }
  return answer;
}

/** Gives a response its tag, and answers 304 where the client has it already. */
export function conditionalResponse(request: HttpRequest, response: BaseResponse): BaseResponse {
  if (request.method !== "GET" || response.status < 200 || response.status > 299) return response;
  const { headers } = response;
  const noStore = /(?:^|[\s,])no-store\b/i.test(headers.get("cache-control") ?? "");
  if (response instanceof HttpResponse && !headers.has("etag") && !noStore && response.content.length > 0) {
    headers.set("etag", `"${createHash("md5").update(response.content).digest("hex")}"`);
  }
  const modified = parseHttpDate(headers.get("last-modified") ?? "");
  const lastModified = modified === undefined ? undefined : new Date(modified);
  return conditionalAnswer(request, { etag: headers.get("etag") ?? undefined, lastModified }, response) ?? response;
}

/**
 * Gives responses to GET an `ETag` made of their content, and answers 304 to clients that have them. It saves
 * bandwidth, not work: `condition` spares the view.
 * Source: https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.http
 */
export function conditionalGet(): Middleware {
  function conditionalGetMiddleware(next: Parameters<Middleware>[0]) {
    return async function conditionalGet(request: HttpRequest) {
      return conditionalResponse(request, await next(request));
    };
  }
  return Object.assign(conditionalGetMiddleware, { provides: ["conditionalGet"] });
}
