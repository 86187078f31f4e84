import type { AppConfig } from "@tsjango/kernel/apps";
import { type AsyncContext, currentContext } from "@tsjango/kernel/async";

/** A statement that a request sent to a database. */
export interface RecordedQuery {
  readonly alias: string;
  readonly sql: string;
  readonly milliseconds: number;
}

/** The most that are kept of one request. */
const MOST = 500;
const recorded = new WeakMap<AsyncContext, RecordedQuery[]>();
let stopRecording: (() => void) | undefined;

/** Notes from now on what each request sends to databases; values are not kept. */
export function recordQueries(installedApps: readonly AppConfig[]): void {
  stopRecording?.();
  const stops = installedApps.map((app) =>
    app.watchStatements?.({
      settled({ alias, sql }, milliseconds) {
        const context = currentContext();
        if (context === undefined) return;
        const queries = recorded.get(context) ?? [];
        recorded.set(context, queries);
        if (queries.length < MOST) queries.push({ alias, sql, milliseconds });
      },
    }),
  );
  stopRecording = () => {
    for (const stop of stops) stop?.();
  };
}

/** What the current request has sent to databases so far. */
export function recordedQueries(): readonly RecordedQuery[] {
  const context = currentContext();
  return (context && recorded.get(context)) ?? [];
}
