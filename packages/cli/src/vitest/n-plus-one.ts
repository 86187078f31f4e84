import type { TestHooks, WatchedStatement } from "@tsjango/kernel/apps";
import { RepeatedQueries } from "../exceptions.ts";

/**
 * Runs a test and throws where it sent `limit` times or more what differs in nothing but its values. What the test throws
 * itself comes first.
 */
export async function withoutRepeats(
  hooks: readonly TestHooks[],
  limit: number,
  run: () => Promise<void>,
): Promise<void> {
  const seen = new Map<string, { count: number; readonly place: string | undefined }>();
  const listener = ({ alias, sql }: WatchedStatement) => {
    if (!/^\s*select\b/i.test(sql)) return;
    const key = alias === "default" ? sql : `${alias}: ${sql}`;
    const entry = seen.get(key);
    if (entry !== undefined) entry.count += 1;
    // Where the first of them comes from; a stack costs too much to take for each.
    else seen.set(key, { count: 1, place: placeOf(new Error().stack ?? "") });
  };
  const stops = hooks.map(({ watchStatements }) => watchStatements?.(listener));
  try {
    await run();
  } finally {
    for (const stop of stops) stop?.();
  }
  const repeated = [...seen].filter(([, { count }]) => count >= limit);
  if (repeated.length > 0) throw new RepeatedQueries(report(repeated, limit));
}

function report(repeated: readonly (readonly [string, { count: number; place: string | undefined }])[], limit: number) {
  const lines = repeated.map(([sql, { count, place }]) => `\n  ${count} times${place ? `, ${place}` : ""}: ${sql}`);
  return (
    `The same query ran again and again (${limit} times are too many):${lines.join("")}\n` +
    "Fetch the related rows with selectRelated, or all at once with a filter such as { id__in: ids }."
  );
}

/** The project's own line in a stack. */
function placeOf(stack: string): string | undefined {
  const own = stack.split("\n").find((line) => line.includes(process.cwd()) && !line.includes("node_modules"));
  return own?.trim();
}
