import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";

/** What blocked a worker's event loop. */
export interface BlockedReport {
  readonly type: "blocked";
  readonly milliseconds: number;
  /** The functions that ran, as in an error's stack; undefined where native code did not come back. */
  readonly stack?: string | undefined;
  /** What was being answered. */
  readonly requests?: readonly string[] | undefined;
}

/** What the second thread is started with. */
export interface HeartbeatData {
  /** Counts the beats of the event loop. */
  readonly beats: Int32Array;
  readonly timeout: number;
  readonly reportFd: number;
}

/** Milliseconds between two beats. */
const BEAT = 200;

/** Where the second thread finds a function of the first that names the requests in flight. */
export const REQUESTS: unique symbol = Symbol.for("tsjango.server.requests");

/**
 * Has a second thread watch over this one's event loop: where it stands still for `timeout` milliseconds, the stack that
 * blocks it is written to `reportFd` as a line of JSON, and the process is killed. Returns what ends the watch.
 */
export function startHeartbeat(timeout: number, reportFd: number, requests: () => readonly string[]): () => void {
  Object.defineProperty(globalThis, REQUESTS, { value: requests, configurable: true });
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const beat = setInterval(() => Atomics.add(beats, 0, 1), BEAT).unref();
  const workerData: HeartbeatData = { beats, timeout, reportFd };
  const thread = new Worker(join(import.meta.dirname, `heartbeat-thread${extname(import.meta.filename)}`), {
    workerData,
    name: "heartbeat",
    // It holds next to nothing.
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
  });
  thread.unref();
  return () => {
    clearInterval(beat);
    void thread.terminate();
  };
}
