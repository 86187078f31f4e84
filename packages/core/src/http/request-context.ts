import { type AsyncContext, currentContext } from "@tsjango/kernel/async";
import type { HttpRequest } from "./request.ts";

/** The async context of one request; its signal is made when somebody asks for it. */
export class RequestContext implements AsyncContext {
  readonly kind = "request";
  readonly request: HttpRequest;
  requestId: string | undefined;

  constructor(request: HttpRequest) {
    this.request = request;
  }

  get name(): string | undefined {
    return this.request.resolverMatch?.viewName;
  }

  get signal(): AbortSignal {
    return this.request.signal;
  }
}

/** The request that the calling code works for. */
export function currentRequest(): HttpRequest | undefined {
  const context = currentContext();
  return context instanceof RequestContext ? context.request : undefined;
}
