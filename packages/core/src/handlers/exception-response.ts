import { logger } from "@tsjango/kernel/logging";
import { describeValue } from "@tsjango/kernel/utils";
import { technicalErrorPage, technicalNotFoundPage } from "../debug/index.ts";
import { Http404, HttpError, InvalidViewResult, RequestAborted, SuspiciousOperation } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { BaseResponse, HttpResponse } from "../http/response.ts";
import { gotRequestException } from "../signals.ts";
import { TemplateResponse } from "../template/template-response.ts";
import type { ErrorHandler } from "../urls/error-handlers.ts";
import { errorPage } from "../views/defaults.ts";
import { sendAndLog } from "./send-and-log.ts";
import type { Site } from "./site.ts";

const log = logger("tsjango.request");

/** What a test client asks for in `scope.extensions`: to be told what a view threw. */
export const EXCEPTION_EXTENSION = "tsjango.exception";

/** The answer to what a view or middleware threw: an error's own status, else 500, logged. Never throws. */
export async function exceptionResponse(site: Site, error: unknown, request: HttpRequest): Promise<BaseResponse> {
  const { debug } = site.settings;
  // Nobody is there to be answered, and nothing went wrong.
  if (isAbandoned(error, request)) return new HttpResponse("", { status: 499 });
  try {
    if (error instanceof HttpError) {
      const own = (error as { toResponse?: () => BaseResponse }).toResponse?.();
      if (own !== undefined) return own;
      if (error.status !== 404) warn(error, request);
      const response = await httpErrorPage(site, error, request);
      // The rest of a body that is too large is not read: the connection cannot be used again.
      if (error.status === 413) response.headers.set("connection", "close");
      return response;
    }
    const retryAfter = retryAfterOf(error);
    const status = retryAfter === undefined ? 500 : 503;
    const what = status === 500 ? "Internal Server Error" : "Service Unavailable";
    log.error({ error, status, ...lineOf(request) }, `${what}: ${request.method} ${request.path}`);
    tellTestClient(error, request);
    if (gotRequestException.hasReceivers()) await sendAndLog(gotRequestException, { request, error });
    const response = debug
      ? technicalErrorPage(request, error, status, site.settings)
      : await errorAnswer(site, error, status, request);
    if (retryAfter !== undefined) response.headers.set("retry-after", String(retryAfter));
    return response;
  } catch (second) {
    log.error({ error: second, ...lineOf(request) }, `The error page for ${request.method} ${request.path} failed`);
    return new HttpResponse("Internal Server Error", { status: 500, contentType: "text/plain; charset=utf-8" });
  }
}

/**
 * The seconds after which what is missing may be there again, as an error says that has a `status` of 503 and a
 * `retryAfter`: a database that restarts, a pool without a free connection.
 */
function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, retryAfter } = error as { status?: unknown; retryAfter?: unknown };
  return status === 503 && typeof retryAfter === "number" ? retryAfter : undefined;
}

function lineOf({ method, path }: HttpRequest) {
  return { method, path };
}

/** What looks like an attack goes to a channel of its own, as Django's: `tsjango.security.DisallowedHost`. */
function warn(error: HttpError, request: HttpRequest): void {
  const channel = error instanceof SuspiciousOperation ? logger(`tsjango.security.${error.name}`) : log;
  const message = `${error.name}: ${request.method} ${request.path}: ${error.message}`;
  channel.warn({ status: error.status, ...lineOf(request) }, message);
}

/** Whether a view ended because its client had gone: by the body that broke off, or by what `request.signal` stopped. */
function isAbandoned(error: unknown, request: HttpRequest): boolean {
  return error instanceof RequestAborted || (request.aborted && error instanceof Error && error.name === "AbortError");
}

async function httpErrorPage(site: Site, error: HttpError, request: HttpRequest): Promise<BaseResponse> {
  if (site.settings.debug && error instanceof Http404) return technicalNotFoundPage(request, error);
  if (site.settings.debug && error.status !== 403) {
    return technicalErrorPage(request, error, error.status, site.settings);
  }
  return errorAnswer(site, error, error.status, request);
}

/** The site's own handler of this status, else its page. */
async function errorAnswer(site: Site, error: unknown, status: number, request: HttpRequest): Promise<BaseResponse> {
  const handler = (site.resolver.errorHandlers as Partial<Record<number, ErrorHandler>>)[status];
  if (handler === undefined) return errorPage(site.templates, status, request);
  const response: unknown = await handler(request, error);
  if (response instanceof TemplateResponse) return response.render();
  if (response instanceof BaseResponse) return response;
  throw new InvalidViewResult(
    `The error handler handler${status} didn't return an HttpResponse object. It returned ${describeValue(response)} instead.`,
  );
}

/** Tells a test client what a view threw. */
export function tellTestClient(error: unknown, request: HttpRequest): void {
  const tell = request.scope.extensions?.[EXCEPTION_EXTENSION];
  if (typeof tell === "function") tell(error);
}
