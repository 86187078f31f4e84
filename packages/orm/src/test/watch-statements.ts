import { onStatement } from "../transaction.ts";

/** Notes the statements from now on, for a report of a test that fails; gives what ends it. */
export function watchStatements(onFailed: (report: () => string | undefined) => void): () => void {
  const seen: string[] = [];
  const stop = onStatement(({ alias, sql, parameters }) => {
    const values = parameters.length === 0 ? "" : ` -- ${parameters.map(shown).join(", ")}`;
    seen.push(`${alias}: ${sql}${values}`);
  });
  onFailed(() => (seen.length === 0 ? undefined : ["Statements:", ...seen.map((line) => `  ${line}`)].join("\n")));
  return stop;
}

function shown(value: unknown): string {
  return typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? String(value));
}
