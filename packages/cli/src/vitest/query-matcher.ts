import type { WatchedStatement } from "@tsjango/kernel/apps";
import { describeValue } from "@tsjango/kernel/utils";
import { projectUnderTest } from "./project-under-test.ts";
import type { MatcherResult } from "./response-matchers.ts";

/** The matcher behind `await expect(() => Book.objects.count()).toMakeQueries(1)`. */
export async function toMakeQueries(received: unknown, expected: number): Promise<MatcherResult> {
  if (typeof received !== "function") {
    const message = `toMakeQueries needs a function to run; found ${describeValue(received)}.`;
    return { pass: false, message: () => message };
  }
  const seen = await statementsOf(received as () => unknown);
  const pass = seen.length === expected;
  const list = seen.map((statement, index) => `\n  ${index + 1}. ${inWords(statement)}`).join("");
  return {
    pass,
    actual: seen.length,
    expected,
    message: () =>
      pass
        ? `${counted(seen.length)} made, which was not expected:${list}`
        : `Expected ${expected} ${expected === 1 ? "query" : "queries"}; ${counted(seen.length)} made${list === "" ? "." : `:${list}`}`,
  };
}

/** The statements that `run` sends. */
async function statementsOf(run: () => unknown): Promise<readonly WatchedStatement[]> {
  const seen: WatchedStatement[] = [];
  const { hooks } = await projectUnderTest();
  const stops = hooks.map(({ watchStatements }) => watchStatements?.((statement) => seen.push(statement)));
  try {
    await run();
  } finally {
    for (const stop of stops) stop?.();
  }
  return seen;
}

/** A statement as a failure shows it. */
export function inWords({ alias, sql, parameters }: WatchedStatement): string {
  const values = parameters.map((value) => (typeof value === "bigint" ? `${value}` : JSON.stringify(value)));
  const where = alias === "default" ? "" : `${alias}: `;
  return `${where}${sql}${values.length === 0 ? "" : ` -- ${values.join(", ")}`}`;
}

function counted(count: number): string {
  return count === 0 ? "none were" : count === 1 ? "1 was" : `${count} were`;
}
