import { setTimeout as sleep } from "node:timers/promises";
import { TransactionConflictError } from "../../exceptions.ts";
import { refuseAbandoned } from "../base/abandoned.ts";
import { isBusy } from "./errors.ts";

/**
 * The longest pause between two attempts, in ms; each is cut short at random, so that processes do not march in step. SQLite
 * knows no order: against a process that writes without a pause, those get the file that ask often. Asking takes microseconds.
 */
const LONGEST_PAUSE = 5;

/** Whether a statement failed because another process holds the file. */
export function isHeld(error: unknown): boolean {
  return error instanceof TransactionConflictError && isBusy(error.cause);
}

/**
 * Tries again while another process holds the file, for `timeout` milliseconds; the event loop goes on meanwhile. Between
 * two attempts it throws `QueryAborted` where nobody waits for it any more, unless `between` says otherwise.
 */
export async function patiently<T>(
  timeout: number,
  attempt: () => T | Promise<T>,
  between: () => void = refuseAbandoned,
): Promise<T> {
  const deadline = performance.now() + timeout;
  for (let tried = 0; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isHeld(error) || performance.now() >= deadline) throw error;
    }
    between();
    await sleep(Math.random() * Math.min(LONGEST_PAUSE, 2 ** tried));
  }
}
