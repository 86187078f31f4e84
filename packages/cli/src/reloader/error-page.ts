import type { BootError, SourceFrame } from "./boot-error.ts";
import { refreshTag } from "./refresh-script.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1f2933; background: #fff; }
header { background: #fbe9e7; border-bottom: 1px solid #e7c1bb; padding: 1.2rem 2rem; } main { padding: 0 2rem 2rem; }
h1 { font-size: 1.3rem; margin: 0 0 .4rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; background: #f5f7fa; padding: .8rem; margin: 0; }
.hit { background: #ffd8d8; display: inline-block; min-width: 100%; }`;

/** The page that the development server answers with while the project does not start; with a build, it refreshes itself. */
export function errorPage(error: BootError, build: string | undefined): string {
  const then = build === undefined ? "Then reload this page." : "This page follows.";
  const title = `${error.name}: ${error.running ? "nobody caught it, and the site's process ended" : "the site did not start"}`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
<header><h1>${escapeHtml(title)}</h1><p class="message">${escapeHtml(error.message)}</p></header>
<main>${error.frame === undefined ? "" : source(error.frame)}
<h2>In the terminal</h2><pre>${escapeHtml(error.text)}</pre>
<p>Correct it and save: the site starts again by itself. ${then}</p></main>${build === undefined ? "" : refreshTag(build)}
</body>
</html>
`;
}

function source({ file, line, lines }: SourceFrame): string {
  const shown = lines.map(({ number, text }) => {
    const escaped = escapeHtml(`${String(number).padStart(5)}  ${text}`);
    return number === line ? `<span class="hit">${escaped}</span>` : escaped;
  });
  return `<h2>${escapeHtml(file)}, line ${line}</h2><pre>${shown.join("\n")}</pre>`;
}
