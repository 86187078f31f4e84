import { type Http404, Resolver404 } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import { escapeHtml } from "../utils/escape-html.ts";
import { debugPage } from "./page.ts";
import { requestSection } from "./sections.ts";

/** A 404 in development: what was asked for, which URL patterns were tried, or which view said so. */
export function technicalNotFoundPage(request: HttpRequest, error: Http404): HttpResponse {
  const header = `<h1>Page not found (404)</h1><p class="message">${escapeHtml(error.message)}</p>`;
  const view = request.resolverMatch?.viewName;
  const main =
    error instanceof Resolver404
      ? triedPatterns(error)
      : `<p>It was raised by ${view === undefined ? "a middleware" : `the view <code>${escapeHtml(view)}</code>`}.</p>`;
  return debugPage(`Page not found at ${request.path}`, 404, header, main + requestSection(request));
}

function triedPatterns({ tried, path }: Resolver404): string {
  if (tried.length === 0) return "<p>The project's <code>urlpatterns</code> is empty.</p>";
  const routes = tried.map((route) => `<li><code>${escapeHtml(route === "" ? '""' : route)}</code></li>`);
  return (
    `<p>These URL patterns were tried, in this order:</p><ol>${routes.join("\n")}</ol>` +
    `<p>The path <code>${escapeHtml(path.slice(1))}</code> matched none of them.</p>`
  );
}
