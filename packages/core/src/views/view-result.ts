import { InvalidViewResult } from "../exceptions.ts";
import { BaseResponse, StreamingHttpResponse } from "../http/response.ts";
import { isThenable } from "../utils/is-thenable.ts";

/** What a value is called in "It returned …". */
function describe(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value !== "object" && typeof value !== "function") return `a ${typeof value}`;
  const name = (typeof value === "function" ? "function" : value.constructor?.name) || "object";
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

function invalid(viewName: string, what: string): InvalidViewResult {
  return new InvalidViewResult(
    `The view ${viewName} didn't return an HttpResponse object. It returned ${what} instead.`,
  );
}

/** Whether what a view returned, before it is awaited, is an unawaited value rather than the view's own promise. */
export function refuseUnawaited(result: unknown, viewName: string): void {
  if (isThenable(result) && !(result instanceof Promise)) {
    const { name } = result.constructor;
    throw new InvalidViewResult(
      `The view ${viewName} didn't return an HttpResponse object. It returned an unawaited ${name} instead. ` +
        `You may need to add an "await" into your view.`,
    );
  }
}

/** A view's result as a response; a web `Response` is streamed. Throws InvalidViewResult, in Django's words. */
export function toResponse(result: unknown, viewName: string): BaseResponse {
  if (result instanceof BaseResponse) return result;
  refuseUnawaited(result, viewName);
  if (result instanceof Response) return fromWebResponse(result);
  throw invalid(viewName, describe(result));
}

function fromWebResponse(response: Response): BaseResponse {
  const body = response.body ?? [];
  const answer = new StreamingHttpResponse(body as AsyncIterable<Uint8Array>, {
    status: response.status,
    headers: response.headers,
  });
  if (!response.headers.has("content-type")) answer.headers.delete("content-type");
  return answer;
}
