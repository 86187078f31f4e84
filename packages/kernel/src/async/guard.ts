import { SynchronousOnlyOperation } from "../exceptions.ts";
import { currentContext } from "./context.ts";

/** The variable that turns the guard off, for development: any non-empty value counts. */
export const ALLOW_ASYNC_UNSAFE = "TSJANGO_ALLOW_ASYNC_UNSAFE";

/** Whether sync-only work is let through, because `TSJANGO_ALLOW_ASYNC_UNSAFE` is set. */
export function isAsyncUnsafeAllowed(): boolean {
  return Boolean(process.env[ALLOW_ASYNC_UNSAFE]);
}

/**
 * Throws `SynchronousOnlyOperation` unless the guard is off.
 * @param message What was tried and what to write instead; the view's name is added.
 */
export function refuseSynchronous(message: string): void {
  if (isAsyncUnsafeAllowed()) return;
  const name = currentContext()?.name;
  throw new SynchronousOnlyOperation(name === undefined ? message : `${message} (in ${name})`);
}
