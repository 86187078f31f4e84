import { inspect } from "node:util";
import { HttpResponse } from "../http/response.ts";
import { exemptFromCsp } from "../security/csp.ts";
import { escapeHtml } from "../utils/escape-html.ts";

const STYLE = `
:root { color-scheme: light dark; --back: #fff; --text: #1f2933; --soft: #667; --line: #e4e7eb; --code: #f5f7fa; --hit: #ffe1dd; --head: #fdf3d7; --link: #0b63b0; }
@media (prefers-color-scheme: dark) { :root { --back: #15181d; --text: #e3e7ec; --soft: #98a2b0; --line: #2c323b; --code: #1e232a; --hit: #4a2420; --head: #2b2617; --link: #7db8f0; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: var(--text); background: var(--back); }
header { background: var(--head); border-bottom: 1px solid var(--line); padding: 1.2rem 2rem; }
main { padding: 0 2rem 2rem; max-width: 78rem; }
h1 { font-size: 1.3rem; margin: 0 0 .4rem; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem; } h3 { font-size: .95rem; margin: 1rem 0 .2rem; }
.message { font-size: 1.05rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
pre, code, td, th { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; background: var(--code); padding: .8rem; margin: .2rem 0 .6rem; }
.hit { background: var(--hit); display: inline-block; min-width: 100%; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .15rem 1.2rem .15rem 0; overflow-wrap: anywhere; } th { font-weight: 600; width: 16rem; }
td.number { text-align: right; width: 5rem; white-space: nowrap; }
a { color: var(--link); } details { margin: .3rem 0; } summary { cursor: pointer; color: var(--soft); overflow-wrap: anywhere; } .soft { color: var(--soft); }
button { font: inherit; padding: .3rem .8rem; margin: .8rem .6rem 0 0; cursor: pointer; } form { display: inline; }
footer { color: var(--soft); padding: 1rem 2rem; border-top: 1px solid var(--line); }`;

const COPY = `
document.querySelector("[data-copy]")?.addEventListener("click", async ({ currentTarget }) => {
  await navigator.clipboard.writeText(document.querySelector("#report").textContent);
  currentTarget.textContent = "Copied";
});`;

/** A page of the debug mode. */
export function debugPage(title: string, status: number, header: string, main: string): HttpResponse {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="NONE,NOARCHIVE">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${header}</header>
<main>${main}</main>
<footer>You see this page because <code>debug</code> is on in the settings. With it off, visitors get a plain page.</footer>
<script type="module">${COPY}</script>
</body>
</html>
`;
  // Its styles and script are inline: a policy of the project would take them away.
  return exemptFromCsp(new HttpResponse(html, { status, headers: { "cache-control": "no-store" } }));
}

/** Names and values, escaped. */
export function table(rows: Iterable<readonly [string, unknown]>): string {
  const cells = [...rows].map(([name, value]) => {
    const shown = typeof value === "string" ? value : inspect(value, { depth: 2 });
    return `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(shown)}</td></tr>`;
  });
  return cells.length === 0 ? '<p class="soft">None.</p>' : `<table>${cells.join("\n")}</table>`;
}
