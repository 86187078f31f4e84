import { settings } from "@tsjango/kernel/conf";
import type { HttpRequest } from "../http/request.ts";
import type { BaseResponse } from "../http/response.ts";
import { HttpResponseForbidden } from "../http/responses.ts";
import { exemptFromCsp } from "../security/csp.ts";
import type {} from "../settings.ts";
import { getTemplateEngine } from "../template/engine.ts";
import { escapeHtml } from "../utils/escape-html.ts";

const TEMPLATE = "403_csrf.html";

/** What to look at, for developers. */
const ADVICE = `<p>Things to look at:</p><ul>
<li>The form has <code>{% csrf_token %}</code> inside <code>&lt;form method="post"&gt;</code>, and is rendered with <code>render(request, …)</code>.</li>
<li>The browser takes cookies, and the form was not open since before a log-in: reload it.</li>
<li>A script sends the token in the header <code>X-CSRFToken</code>.</li>
<li>A form of another origin: that origin is in the setting <code>csrfTrustedOrigins</code>.</li>
</ul>`;

function page(reason: string): string {
  const told = settings.debug ? `<h2>Reason</h2><pre>${escapeHtml(reason)}</pre>${ADVICE}` : "";
  return (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>403 Forbidden</title>\n</head>\n<body>\n' +
    `<h1>Forbidden (403)</h1><p>CSRF verification failed. Request aborted.</p>${told}\n</body>\n</html>\n`
  );
}

/**
 * The answer to a request without a valid CSRF token: the setting `csrfFailureView`, else the template `403_csrf.html`,
 * else a plain page, which names the reason only with `debug` on.
 */
export async function csrfFailure(request: HttpRequest, reason: string): Promise<BaseResponse> {
  const own = settings.csrfFailureView;
  if (own !== undefined) return own(request, reason);
  const templates = getTemplateEngine();
  if (!(await templates.has(TEMPLATE))) return exemptFromCsp(new HttpResponseForbidden(page(reason)));
  return new HttpResponseForbidden(await templates.render(TEMPLATE, { request, reason: settings.debug ? reason : "" }));
}
