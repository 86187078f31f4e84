import { inspect } from "node:util";

/** Whether an error was made for the person at the terminal: a CommandError or ServerError, which carry their exit code. */
function exitCodeOf(error: unknown): number | undefined {
  const code = (error as { exitCode?: unknown } | null | undefined)?.exitCode;
  return error instanceof Error && typeof code === "number" ? code : undefined;
}

/** What to print for an error, and what to exit with. Errors without an exit code of their own keep their stack. */
export function failure(error: unknown, options: { traceback: boolean }): { text: string; exitCode: number } {
  const exitCode = exitCodeOf(error);
  if (options.traceback || !(error instanceof Error)) return { text: inspect(error), exitCode: exitCode ?? 1 };
  const configuration = (error as { code?: unknown }).code === "improperly_configured";
  if (exitCode === undefined && !configuration) return { text: inspect(error), exitCode: 1 };
  const { cause, message } = error;
  // The application's own error is what the reader must see: with its stack.
  const text = exitCode === 3 && cause instanceof Error ? `${message}\n${inspect(cause)}` : message;
  return { text, exitCode: exitCode ?? 1 };
}
