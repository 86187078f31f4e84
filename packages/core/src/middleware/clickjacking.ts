import type { CheckMessage } from "@tsjango/kernel/checks";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { type HeaderPair, headerPair } from "../http/response-headers.ts";
import { viewMarks } from "../urls/view-marks.ts";
import type { Middleware } from "./middleware.ts";

/** Which pages may show this site in a frame: none, or its own. */
export type FrameOptions = "DENY" | "SAMEORIGIN";

const PAIRS: Readonly<Record<FrameOptions, HeaderPair>> = {
  DENY: headerPair("x-frame-options", "DENY"),
  SAMEORIGIN: headerPair("x-frame-options", "SAMEORIGIN"),
};

/** Throws for another value. */
export function checkFrameOptions(value: unknown, where: string): void {
  if (value === "DENY" || value === "SAMEORIGIN" || value === null || value === undefined) return;
  throw new ImproperlyConfigured(`${where}: frameOptions is "DENY" or "SAMEORIGIN"; found ${describeValue(value)}.`);
}

/** Sets `X-Frame-Options` unless the view did, or is exempt. */
export function setFrameOptions(request: HttpRequest, response: BaseResponse, value: FrameOptions): void {
  const view = request.resolverMatch?.view;
  if (view !== undefined && viewMarks(view).frameOptions === false) return;
  response.headers.setDefaultPair(PAIRS[value]);
}

/** security.W019, where frames of the site itself are allowed. */
export function* frameChecks(value: FrameOptions | null): Generator<CheckMessage> {
  if (value !== "SAMEORIGIN") return;
  yield {
    level: "warning",
    id: "security.W019",
    message: 'frameOptions is "SAMEORIGIN" in deployment, not "DENY".',
    hint: "Unless pages of the site show each other in frames, leave it out.",
  };
}

/**
 * Sends `X-Frame-Options`, for sites that do not use `security`, which does so too.
 * Source: https://docs.djangoproject.com/en/5.2/ref/clickjacking/
 */
export function clickjacking(options: { readonly frameOptions?: FrameOptions } = {}): Middleware {
  const { frameOptions = "DENY" } = options;
  checkFrameOptions(frameOptions, "clickjacking");
  function clickjackingMiddleware(next: Parameters<Middleware>[0]) {
    return async function clickjacking(request: HttpRequest) {
      const response = await next(request);
      setFrameOptions(request, response, frameOptions);
      return response;
    };
  }
  return Object.assign(clickjackingMiddleware, {
    provides: ["frameOptions"],
    deploymentChecks: () => frameChecks(frameOptions),
  });
}
