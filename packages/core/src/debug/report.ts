import type { HttpRequest } from "../http/request.ts";
import { frameText } from "../utils/source-frame.ts";
import type { ErrorLink } from "./frames.ts";
import { recordedQueries } from "./queries.ts";

/** The error as a text, to paste where help is asked for: no header, no setting, no value of a query is in it. */
export function textReport(request: HttpRequest, chain: readonly ErrorLink[]): string {
  const errors = chain.map(({ name, message, frames, template }, index) => {
    const own = frames.find(({ source }) => source !== undefined)?.source ?? template;
    const shown = template ?? own;
    return [
      `${index === 0 ? "" : "Caused by "}${name}: ${message}`,
      ...(shown === undefined ? [] : [`${shown.file}, line ${shown.line}`, "```", frameText(shown), "```"]),
      ...frames.slice(0, 20).map(({ text }) => `  at ${text}`),
    ].join("\n");
  });
  const queries = recordedQueries().map(({ sql }) => `- \`${sql}\``);
  return [
    `# ${chain[0]?.name} at ${request.method} ${request.path}`,
    `View: ${request.resolverMatch?.viewName ?? "none"} · Node ${process.version}`,
    ...errors,
    ...(queries.length === 0 ? [] : [`Queries:\n${queries.join("\n")}`]),
  ].join("\n\n");
}
