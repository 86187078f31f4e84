import { isAbsolute, relative } from "node:path";
import { inspect } from "node:util";
import type { Settings } from "@tsjango/kernel/conf";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse } from "../http/response.ts";
import { escapeHtml } from "../utils/escape-html.ts";
import type { SourceFrame } from "../utils/source-frame.ts";
import { editorUrl } from "./editor.ts";
import { type ErrorLink, errorChain, type StackFrame } from "./frames.ts";
import { debugPage } from "./page.ts";
import { textReport } from "./report.ts";
import { blockSection, querySection, requestSection, settingsSection } from "./sections.ts";

/** How places are shown and linked to. */
type Place = Pick<Settings, "editor" | "baseDir">;

/** What a development server does for a page: the address to post to, by the command that it runs. */
export const ACTIONS_EXTENSION = "tsjango.actions";

/**
 * An error in development: message, sources, causes, the queries, the request and the settings, secrets masked; what
 * helps, as a button. A client that takes no HTML gets the report as text.
 */
export function technicalErrorPage(
  request: HttpRequest,
  error: unknown,
  status: number,
  settings: Settings,
): HttpResponse {
  const known = error instanceof Error ? error : new Error(`A value that is no Error was thrown: ${inspect(error)}`);
  const chain = errorChain(known);
  if (!request.accepts("text/html")) {
    const headers = { "cache-control": "no-store" };
    return new HttpResponse(textReport(request, chain), { status, headers, contentType: "text/plain; charset=utf-8" });
  }
  const title = `${known.name} at ${request.path}`;
  const header =
    `<h1>${escapeHtml(title)}</h1><p class="message">${escapeHtml(known.message)}</p>` +
    `${actionButton(request, chain)}<button type="button" data-copy>Copy as text</button>`;
  const main = `${chain.map((link, index) => errorSection(link, index, settings)).join("\n")}
${querySection()}
${blockSection()}
${requestSection(request)}
${settingsSection(settings)}
<pre id="report" hidden>${escapeHtml(textReport(request, chain))}</pre>`;
  return debugPage(title, status, header, main);
}

/** A button that applies migrations, where the error asks for that and a server is there that does it. */
function actionButton(request: HttpRequest, chain: readonly ErrorLink[]): string {
  const actions = request.scope.extensions?.[ACTIONS_EXTENSION] as Readonly<Record<string, string>> | undefined;
  const wanted = chain.some(({ message }) => message.includes("tsjango migrate"));
  if (actions?.["migrate"] === undefined || !wanted) return "";
  return `<form method="post" action="${escapeHtml(actions["migrate"])}"><button>Apply migrations</button></form>`;
}

function errorSection({ name, message, frames, template, stack }: ErrorLink, index: number, settings: Place): string {
  const heading =
    index === 0 ? "" : `<h2>Caused by ${escapeHtml(name)}</h2><p class="message">${escapeHtml(message)}</p>`;
  const shown = template === undefined ? "" : source(template, settings);
  return `${heading}${shown}${frameList(frames, settings)}<details><summary>Stack as text</summary><pre>${escapeHtml(stack)}</pre></details>`;
}

/** The project's frames with their source, the first open; what lies between them by its places. */
function frameList(frames: readonly StackFrame[], settings: Place): string {
  const parts: string[] = [];
  let between: string[] = [];
  const close = () => {
    if (between.length > 0)
      parts.push(
        `<details><summary>${count(between.length)} of tsjango, packages and Node</summary><pre>${between.join("\n")}</pre></details>`,
      );
    between = [];
  };
  for (const frame of frames) {
    if (frame.source === undefined) {
      between.push(escapeHtml(frame.text));
      continue;
    }
    close();
    parts.push(source(frame.source, settings, frame.text.split(" (")[0]));
  }
  close();
  return parts.join("\n");
}

function count(frames: number): string {
  return frames === 1 ? "1 frame" : `${frames} frames`;
}

function source({ file, line, lines }: SourceFrame, { editor, baseDir }: Place, where?: string): string {
  const code = lines.map(({ number, text }) => {
    const escaped = escapeHtml(`${String(number).padStart(5)}  ${text}`);
    return number === line ? `<span class="hit">${escaped}</span>` : escaped;
  });
  const below = relative(baseDir, file);
  const place = `${below.startsWith("..") || !isAbsolute(file) ? file : below}, line ${line}`;
  const link = `<a href="${escapeHtml(editorUrl(editor, file, line))}">${escapeHtml(place)}</a>`;
  const by = where === undefined || where.includes(file) ? "" : ` in <code>${escapeHtml(where)}</code>`;
  return `<h3>${link}${by}</h3><pre>${code.join("\n")}</pre>`;
}
