import { refuseForged, sendCsrfCookie } from "../../middleware/csrf.ts";
import { checkPolicy, type Policy } from "../../security/csp.ts";
import { getCsrfToken } from "../../security/csrf-token.ts";
import type { ViewFunction } from "../../urls/types.ts";
import { type ViewMarks, wrapView } from "../../urls/view-marks.ts";
import { aroundView, changingResponse } from "./around.ts";

function marked<P>(view: ViewFunction<P>, marks: ViewMarks): ViewFunction<P> {
  return wrapView(view, (request, params) => view(request, params), marks);
}

/**
 * Lets requests to a view through without CSRF token: for callers that are no browsers and bring credentials of their own.
 * Source: https://docs.djangoproject.com/en/5.2/howto/csrf/#disabling-csrf-protection-for-just-a-few-views
 */
export function csrfExempt<V extends ViewFunction<never>>(view: V): V {
  // The view itself, marked: what else its type says stays true.
  return marked(view, { csrfExempt: true }) as V;
}

/** What the middleware `csrf` does, for one view. */
export function csrfProtect<P>(view: ViewFunction<P>): ViewFunction<P> {
  return aroundView(view, async (request, _params, proceed) => {
    const response = (await refuseForged(request)) ?? (await proceed());
    sendCsrfCookie(request, response);
    return response;
  });
}

/** Sends the CSRF cookie though the page shows no form: for scripts that send the token themselves. */
export function ensureCsrfCookie<P>(view: ViewFunction<P>): ViewFunction<P> {
  return aroundView(view, async (request, _params, proceed) => {
    getCsrfToken(request);
    const response = await proceed();
    sendCsrfCookie(request, response);
    return response;
  });
}

/** No page may show this view in a frame. */
export function xframeOptionsDeny<P>(view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, (_request, { headers }) => headers.setDefault("x-frame-options", "DENY"));
}

/** Only pages of this site may show this view in a frame. */
export function xframeOptionsSameorigin<P>(view: ViewFunction<P>): ViewFunction<P> {
  return changingResponse(view, (_request, { headers }) => headers.setDefault("x-frame-options", "SAMEORIGIN"));
}

/** Any page may show this view in a frame: the middleware sets no `X-Frame-Options`. */
export function xframeOptionsExempt<P>(view: ViewFunction<P>): ViewFunction<P> {
  return marked(view, { frameOptions: false });
}

/** Has the middleware `csp` send this policy for a view, or none for null. @throws ImproperlyConfigured */
export function cspOverride<P>(policy: Policy | null, view: ViewFunction<P>): ViewFunction<P> {
  checkPolicy(policy ?? {}, "cspOverride");
  return marked(view, { csp: policy });
}

/** Has the middleware `csp` report by this policy for a view, or not at all for null. @throws ImproperlyConfigured */
export function cspReportOnlyOverride<P>(policy: Policy | null, view: ViewFunction<P>): ViewFunction<P> {
  checkPolicy(policy ?? {}, "cspReportOnlyOverride");
  return marked(view, { cspReportOnly: policy });
}
