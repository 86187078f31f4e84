import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";

/**
 * Answers a request that ended in an error, in place of the site's page for its status.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/views/#customizing-error-views
 */
export type ErrorHandler = (request: HttpRequest, error: unknown) => BaseResponse | Promise<BaseResponse>;

/** The handlers of a site by status. */
export type ErrorHandlers = { readonly [Status in 400 | 403 | 404 | 500]?: ErrorHandler };

/** What a project's `urls.ts` may export beside `urlpatterns`. */
export interface ErrorHandlerExports {
  readonly handler400?: ErrorHandler;
  readonly handler403?: ErrorHandler;
  readonly handler404?: ErrorHandler;
  readonly handler500?: ErrorHandler;
}

/** The error handlers that a urlconf exports. @throws ImproperlyConfigured for one that is no function. */
export function errorHandlersOf(module: object): ErrorHandlers {
  const handlers: Partial<Record<number, ErrorHandler>> = {};
  for (const status of [400, 403, 404, 500] as const) {
    const handler = (module as Record<string, unknown>)[`handler${status}`];
    if (handler === undefined) continue;
    if (typeof handler !== "function") {
      throw new ImproperlyConfigured(
        `The export handler${status} of urls.ts must be a function, (request, error) => response; found ${describeValue(handler)}.`,
      );
    }
    handlers[status] = handler as ErrorHandler;
  }
  return handlers;
}
