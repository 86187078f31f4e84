import { inspect } from "node:util";
import type { Settings } from "@tsjango/kernel/conf";
import { type Http404, Resolver404 } from "../exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse } from "../http/response.ts";
import { exemptFromCsp } from "../security/csp.ts";
import { escapeHtml } from "../utils/escape-html.ts";
import { sourceFrame } from "./source-frame.ts";

const SECRET = /api|auth|token|key|secret|pass|signature|cookie|session|credential|database|url$/i;
const MASK = "********************";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1f2933; background: #fff; }
header { background: #fdf3d7; border-bottom: 1px solid #e6d9ac; padding: 1.2rem 2rem; }
main { padding: 0 2rem 2rem; }
h1 { font-size: 1.3rem; margin: 0 0 .4rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
.message { font-size: 1.05rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
pre, code, td, th { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; background: #f5f7fa; padding: .8rem; margin: 0; }
.hit { background: #ffd8d8; display: inline-block; min-width: 100%; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .15rem 1.2rem .15rem 0; overflow-wrap: anywhere; }
footer { color: #667; padding: 1rem 2rem; border-top: 1px solid #e4e7eb; }`;

function page(title: string, status: number, header: string, main: string): HttpResponse {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="robots" content="NONE,NOARCHIVE">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${header}</header>
<main>${main}</main>
<footer>You see this page because <code>debug</code> is on in the settings. With it off, visitors get a plain page.</footer>
</body>
</html>
`;
  // Its styles are inline: a policy of the project would take them away.
  return exemptFromCsp(new HttpResponse(html, { status }));
}

function table(rows: Iterable<readonly [string, unknown]>): string {
  const cells = [...rows].map(([name, value]) => {
    const shown = SECRET.test(name) ? MASK : typeof value === "string" ? value : inspect(value, { depth: 2 });
    return `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(shown)}</td></tr>`;
  });
  return cells.length === 0 ? "<p>None.</p>" : `<table>${cells.join("\n")}</table>`;
}

function requestTables(request: HttpRequest): string {
  const { scope } = request;
  const query = new URLSearchParams(scope.queryString);
  return `<h2>Request</h2>${table([
    ["Method", scope.method],
    ["Path", scope.path],
    ["Client", request.clientAddress],
    ["View", request.resolverMatch?.viewName ?? "none was chosen"],
    ["Parameters", request.resolverMatch?.params ?? {}],
  ])}
<h2>Query</h2>${table(query)}
<h2>Headers</h2>${table(scope.headers)}`;
}

/** Settings as they may be shown: apps by name, functions by kind, secrets masked. */
function settingRows(settings: Settings): [string, unknown][] {
  return Object.entries(settings).map(([name, value]) => {
    if (name === "installedApps") return [name, settings.installedApps.map((app) => app.name)];
    return [name, name === "custom" ? maskDeep(value) : value];
  });
}

function maskDeep(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? MASK : maskDeep(inner)]),
  );
}

/** An error in development: message, source, stack, its causes, the request and the settings, secrets masked. */
export function technicalErrorPage(
  request: HttpRequest,
  error: unknown,
  status: number,
  settings: Settings,
): HttpResponse {
  const known = error instanceof Error ? error : new Error(`A value that is no Error was thrown: ${inspect(error)}`);
  const title = `${known.name} at ${request.path}`;
  const header = `<h1>${escapeHtml(title)}</h1><p class="message">${escapeHtml(known.message)}</p>`;
  const main = `${source(known)}<h2>Stack</h2><pre>${escapeHtml(stackOf(known))}</pre>
${requestTables(request)}
<h2>Settings</h2>${table(settingRows(settings))}`;
  return page(title, status, header, main);
}

function source(error: Error): string {
  const frame = sourceFrame(error);
  if (frame === undefined) return "";
  const lines = frame.lines.map(({ number, text }) => {
    const line = escapeHtml(`${String(number).padStart(5)}  ${text}`);
    return number === frame.line ? `<span class="hit">${line}</span>` : line;
  });
  return `<h2>${escapeHtml(frame.file)}, line ${frame.line}</h2><pre>${lines.join("\n")}</pre>`;
}

function stackOf(error: Error): string {
  const parts: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    parts.push((depth === 0 ? "" : "Caused by ") + (at.stack ?? String(at)));
  }
  return parts.join("\n\n");
}

/** A 404 in development: what was asked for, and which URL patterns were tried. */
export function technicalNotFoundPage(request: HttpRequest, error: Http404): HttpResponse {
  const header = `<h1>Page not found (404)</h1><p class="message">${escapeHtml(error.message)}</p>`;
  let main = "";
  if (error instanceof Resolver404) {
    const tried = error.tried.map((route) => `<li><code>${escapeHtml(route === "" ? '""' : route)}</code></li>`);
    main =
      tried.length === 0
        ? "<p>The project's <code>urlpatterns</code> is empty.</p>"
        : `<p>These URL patterns were tried, in this order:</p><ol>${tried.join("\n")}</ol>` +
          `<p>The path <code>${escapeHtml(error.path.slice(1))}</code> matched none of them.</p>`;
  }
  return page(`Page not found at ${request.path}`, 404, header, main + requestTables(request));
}
