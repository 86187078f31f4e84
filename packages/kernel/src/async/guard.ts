import { SynchronousOnlyOperation } from "../exceptions.ts";
import { projectPlace } from "../utils/stack-places.ts";
import { currentContext } from "./context.ts";
import { isInWorkerPool } from "./module-functions.ts";

/** The variable that turns the guard off, for development: any non-empty value counts. */
export const ALLOW_ASYNC_UNSAFE = "TSJANGO_ALLOW_ASYNC_UNSAFE";

/** Django's words. */
const UNSAFE = "You cannot call this from an async context - use a thread or syncToAsync.";

/** How many functions of `syncToAsync` run now, one in the other: they end before anything else has a turn. */
let lifted = 0;

/** Whether the guard is off for the whole process, because `TSJANGO_ALLOW_ASYNC_UNSAFE` is set. */
export function isAsyncUnsafeAllowed(): boolean {
  return Boolean(process.env[ALLOW_ASYNC_UNSAFE]);
}

/** Whether sync-only work is let through here: in a function of `syncToAsync`, or with the guard off. */
export function isSynchronousAllowed(): boolean {
  return lifted > 0 || isGuardLifted();
}

function isGuardLifted(): boolean {
  return isInWorkerPool() || isAsyncUnsafeAllowed();
}

/** Runs `body` without the guard; what it leaves behind, such as a timer, runs with it. */
export function withoutGuard<T>(body: () => T): T {
  lifted++;
  try {
    return body();
  } finally {
    lifted--;
  }
}

/** Whether `body` of `withoutGuard` runs now. */
export function isInSyncFunction(): boolean {
  return lifted > 0;
}

/**
 * The error for sync-only work: what was tried and what to write instead, Django's words, then the subject, the view and
 * the line of the project's code.
 * @param subject What it was tried on: `Book`, `Book.author`.
 */
export function synchronousOnly(message?: string, subject?: string): SynchronousOnlyOperation {
  const name = currentContext()?.name;
  const place = projectPlace();
  const where = [subject, name && `in ${name}`, place && `at ${place}`].filter(Boolean).join(", ");
  const text = message === undefined ? UNSAFE : `${message} ${UNSAFE}`;
  return new SynchronousOnlyOperation(where === "" ? text : `${text} (${where})`);
}

/**
 * Throws `SynchronousOnlyOperation` unless the guard is off, or lifted by `syncToAsync`.
 * @param message What was tried and what to write instead; the view's name and the line are added.
 */
export function refuseSynchronous(message: string, subject?: string): void {
  if (!isSynchronousAllowed()) throw synchronousOnly(message, subject);
}
