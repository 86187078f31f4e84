import type { Bind } from "../bind.ts";
import type { BlockedReport } from "./heartbeat.ts";
import type { ServeOptions } from "./settings.ts";

/** What a worker tells its supervisor. */
export type WorkerMessage =
  | { readonly type: "ready"; readonly urls: readonly string[] }
  | { readonly type: "failed"; readonly message: string; readonly exitCode: number }
  /** Something for the log. */
  | { readonly type: "says"; readonly text: string }
  /** It should be replaced, and serves until its successor is ready. */
  | { readonly type: "retire"; readonly reason: string };

/** What a supervisor tells a worker. */
export type SupervisorMessage =
  | { readonly type: "start"; readonly id: number; readonly options: ServeOptions; readonly bind: readonly Bind[] }
  /** `patient`: others serve on, so that connections without a request may wait for their next one. */
  | { readonly type: "drain"; readonly patient: boolean }
  | { readonly type: "unready" }
  | { readonly type: "stop" }
  | { readonly type: "reopenLogs" };

/** What a worker's second thread tells, past the event loop of the first. */
export type ThreadMessage = BlockedReport;

/** The number of the pipe that a worker's second thread writes to; the held addresses follow. */
export const REPORT_FD = 4;
/** The first of the sockets that a worker inherits, one for each address. */
export const FIRST_BIND_FD = 5;
