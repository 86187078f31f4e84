import { type LogRecord, redirectLogs } from "@tsjango/kernel/logging";
import { atTestEnd } from "./at-test-end.ts";

/**
 * Gathers what is logged until the end of the test, instead of showing it; the array grows while it does.
 * @example
 * const logs = captureLogs();
 * await new Client(application, { raiseRequestException: false }).get("/crash/");
 * expect(logs[0]?.message).toBe("Internal Server Error: GET /crash/");
 */
export function captureLogs(): readonly LogRecord[] {
  const logs: LogRecord[] = [];
  atTestEnd(
    "captureLogs",
    redirectLogs((record) => logs.push(record)),
  );
  return logs;
}
