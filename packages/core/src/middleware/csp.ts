import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { checkPolicy, isExemptFromCsp, type Policy, policyHeader } from "../security/csp.ts";
import { viewMarks } from "../urls/view-marks.ts";
import type { Middleware } from "./middleware.ts";

/** What `csp` is told. */
export interface CspOptions {
  /** Enforced by browsers. */
  readonly policy?: Policy;
  /** Only reported, by the policy's own `reportUri` or `reportTo`: to try a stricter one. */
  readonly reportOnly?: Policy;
}

function send(request: HttpRequest, response: BaseResponse, name: string, policy: Policy | null | undefined): void {
  if (policy === undefined || policy === null || response.headers.has(name)) return;
  const value = policyHeader(policy, request);
  if (value !== "") response.headers.set(name, value);
}

/**
 * Sends a content security policy: which scripts, styles, images … a page may load. `CSP.nonce` in it stands for the
 * nonce that templates write as `{{ csp_nonce }}`, and is left out where a page wrote none.
 * Source: https://docs.djangoproject.com/en/6.0/ref/csp/
 * @throws ImproperlyConfigured for a directive that there is not.
 * @example
 * csp({ policy: { defaultSrc: [CSP.self], scriptSrc: [CSP.self, CSP.nonce] } })
 */
export function csp(options: CspOptions): Middleware {
  const { policy, reportOnly } = options;
  if (policy === undefined && reportOnly === undefined) {
    throw new ImproperlyConfigured("csp() needs a policy: csp({ policy: { defaultSrc: [CSP.self] } }).");
  }
  checkPolicy(policy ?? {}, "csp({ policy })");
  checkPolicy(reportOnly ?? {}, "csp({ reportOnly })");
  function cspMiddleware(next: Parameters<Middleware>[0]) {
    return async function csp(request: HttpRequest) {
      const response = await next(request);
      if (isExemptFromCsp(response)) return response;
      const view = request.resolverMatch?.view;
      const marks = view === undefined ? {} : viewMarks(view);
      send(request, response, "content-security-policy", marks.csp === undefined ? policy : marks.csp);
      send(
        request,
        response,
        "content-security-policy-report-only",
        marks.cspReportOnly === undefined ? reportOnly : marks.cspReportOnly,
      );
      return response;
    };
  }
  return Object.assign(cspMiddleware, { provides: ["csp"] });
}
