import { AsyncLocalStorage } from "node:async_hooks";
import type { AsgiApplication, HttpScope } from "@tsjango/core/asgi";
import type { AppConfig, WatchedStatement } from "@tsjango/kernel/apps";
import { currentContext } from "@tsjango/kernel/async";
import type { CommandOutput } from "@tsjango/kernel/management";
import { printable } from "@tsjango/kernel/utils";
import { terminalOutput } from "../terminal/output.ts";
import { placeInProject } from "./place-in-project.ts";

/** How often a query may run in one request before it is pointed out. */
const REPEATED = 3;

interface Repeated {
  count: number;
  view: string | undefined;
  place: string | undefined;
}

/** What one request did. */
class RequestNotes {
  readonly start: number = performance.now();
  status: number | undefined;
  milliseconds: number | undefined;
  queries = 0;
  queryMilliseconds = 0;
  readonly #selects = new Map<string, Repeated>();

  started({ alias, sql }: WatchedStatement, directory: string): void {
    this.queries++;
    if (!/^\s*select\b/i.test(sql)) return;
    const key = alias === "default" ? sql : `${alias}: ${sql}`;
    const seen = this.#selects.get(key);
    if (seen === undefined) this.#selects.set(key, { count: 1, view: undefined, place: undefined });
    // Where the second comes from; a stack costs too much to take for each.
    else if (++seen.count === 2) {
      seen.view = currentContext()?.name;
      seen.place = placeInProject(directory);
    }
  }

  get repeated(): [string, Repeated][] {
    return [...this.#selects].filter(([, { count }]) => count >= REPEATED);
  }
}

/** Writes a line for each request: status, time, queries and their time; and one for each query that is repeated in it. */
export function requestLog(
  application: AsgiApplication,
  installedApps: readonly AppConfig[],
  directory: string,
  output: CommandOutput = terminalOutput(),
): AsgiApplication {
  const current = new AsyncLocalStorage<RequestNotes>();
  for (const app of installedApps) {
    app.watchStatements?.({
      started: (statement) => current.getStore()?.started(statement, directory),
      settled(_statement, milliseconds) {
        const notes = current.getStore();
        if (notes !== undefined) notes.queryMilliseconds += milliseconds;
      },
    });
  }
  function write(scope: HttpScope, notes: RequestNotes): void {
    output.log(requestLine(scope, notes, output.style));
    for (const repeated of notes.repeated) output.log(output.style("yellow", repeatedLine(repeated)));
  }

  return async function logged(scope, receive, send) {
    if (scope.type !== "http") return application(scope, receive, send);
    const notes = new RequestNotes();
    let written = false;
    const end = () => {
      if (written) return;
      written = true;
      notes.milliseconds = performance.now() - notes.start;
      write(scope, notes);
    };
    try {
      await current.run(notes, () =>
        application(scope, receive, async (event) => {
          if (event.type === "http.response.start") notes.status = event.status;
          await send(event);
          if (event.type === "http.response.body" && event.moreBody !== true) end();
        }),
      );
    } finally {
      end();
    }
  };
}

type Style = CommandOutput["style"];

const COLOURS = { 2: "green", 3: "cyan", 4: "yellow", 5: "red" } as const;

/** `14:03:22 GET /books/1/ 200 12 ms, 3 queries 1.2 ms`. A client that left before its answer began is shown as 499. */
function requestLine(scope: HttpScope, notes: RequestNotes, style: Style): string {
  const status = notes.status ?? 499;
  const colour = COLOURS[Math.floor(status / 100) as keyof typeof COLOURS] ?? "dim";
  const target = printable(scope.rawPath + (scope.queryString === "" ? "" : `?${scope.queryString}`));
  const { queries, queryMilliseconds, milliseconds = 0 } = notes;
  const spent =
    queries === 0 ? "" : `, ${queries === 1 ? "1 query" : `${queries} queries`} ${precise(queryMilliseconds)} ms`;
  const time = style("dim", new Date().toTimeString().slice(0, 8));
  return `${time} ${scope.method} ${target} ${style(colour, String(status))} ${style("dim", `${precise(milliseconds)} ms${spent}`)}`;
}

function repeatedLine([sql, { count, view, place }]: [string, Repeated]): string {
  const where = [view, place].filter((part) => part !== undefined).join(", ");
  const advice = "Load related rows with selectRelated or prefetchRelated.";
  return `         The same query ${count} times${where === "" ? "" : ` in ${where}`}: ${printable(sql)} — ${advice}`;
}

function precise(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}
