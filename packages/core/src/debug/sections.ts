import type { Settings } from "@tsjango/kernel/conf";
import { isSecretName, MASK, maskSecrets } from "@tsjango/kernel/utils";
import { blockReports } from "@tsjango/kernel/watch";
import { parseCookies } from "../http/cookies.ts";
import type { HttpRequest } from "../http/request.ts";
import { escapeHtml } from "../utils/escape-html.ts";
import { table } from "./page.ts";
import { recordedQueries } from "./queries.ts";

/** The request, secrets masked. A value of the query or a header shows a secret by its name; of cookies only names are shown. */
export function requestSection(request: HttpRequest): string {
  const { scope } = request;
  const cookies = [...parseCookies(request.header("cookie") ?? "").keys()].map((name) => [name, MASK] as const);
  const masked = ([name, value]: readonly [string, string]) =>
    [name, isSecretName(name) ? MASK : maskSecrets(value)] as const;
  return `<h2>Request</h2>${table([
    ["Method", scope.method],
    ["Path", scope.path],
    ["Client", request.clientAddress],
    ["View", request.resolverMatch?.viewName ?? "none was chosen"],
    ["Parameters", request.resolverMatch?.params ?? {}],
  ])}
<h3>Query</h3>${table([...new URLSearchParams(scope.queryString)].map(masked))}
<h3>Headers</h3>${table([...scope.headers].map(masked))}
<h3>Cookies</h3>${table(cookies)}`;
}

/** What the request has sent to databases, without values. */
export function querySection(): string {
  const queries = recordedQueries();
  if (queries.length === 0) return "";
  const total = queries.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = queries.map(
    ({ alias, sql, milliseconds }) =>
      `<tr><td class="number">${milliseconds.toFixed(1)} ms</td><td>${escapeHtml(alias === "default" ? sql : `${alias}: ${sql}`)}</td></tr>`,
  );
  const count = queries.length === 1 ? "1 query" : `${queries.length} queries`;
  return `<h2>Databases</h2><p class="soft">${count} in ${total.toFixed(1)} ms</p><table>${rows.join("\n")}</table>`;
}

/** What has held up the event loop since the process started. */
export function blockSection(): string {
  const reports = blockReports();
  if (reports.length === 0) return "";
  return `<h2>What held up the event loop</h2>${table(
    reports.map(({ view, place, duration, count, call, instead }) => [
      `${Math.round(duration)} ms${count > 1 ? `, ${count} times` : ""}`,
      `${call ?? "a stretch of code"}${place === undefined ? "" : ` at ${place}`}${view === undefined ? "" : ` in ${view}`}${instead === undefined ? "" : `: ${instead}`}`,
    ]),
  )}`;
}

/** The settings: apps by name, functions by kind, secrets masked. */
export function settingsSection(settings: Settings): string {
  const rows = Object.entries(settings).map(([name, value]): [string, unknown] => {
    if (name === "installedApps") return [name, settings.installedApps.map((app) => app.name)];
    return [name, maskSecrets(value, name)];
  });
  return `<details><summary>Settings</summary>${table(rows)}</details>`;
}
