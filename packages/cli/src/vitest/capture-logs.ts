import { setLog } from "@tsjango/core/handlers";
import { atTestEnd } from "./at-test-end.ts";

/** One thing that was logged. */
export interface CapturedLog {
  readonly level: "warn" | "error";
  readonly message: string;
  /** What was thrown, of an error. */
  readonly error?: unknown;
}

/**
 * Gathers what the handler logs until the end of the test, instead of showing it; the array grows while it does.
 * @example
 * const logs = captureLogs();
 * await new Client(application, { raiseRequestException: false }).get("/crash/");
 * expect(logs[0]?.message).toBe("Internal Server Error: GET /crash/");
 */
export function captureLogs(): readonly CapturedLog[] {
  const logs: CapturedLog[] = [];
  const putBack = setLog({
    warn: (message) => logs.push({ level: "warn", message }),
    error: (message, error) => logs.push({ level: "error", message, error }),
  });
  atTestEnd("captureLogs", putBack);
  return logs;
}
