/** Prints what a check found and sets the exit code: 0 with nothing found, 1 otherwise. */
export function report(check: string, problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  console.log(
    `${check}: ${problems.length === 0 ? "ok" : `${problems.length} problem${problems.length > 1 ? "s" : ""}`}`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
