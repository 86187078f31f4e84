import { TransactionManagementError } from "../exceptions.ts";
import { commitCallbacks } from "../transaction.ts";

/** What `captureOnCommit` may be told. */
export interface CaptureOnCommitOptions {
  /** Runs the captured callbacks, in order, and those that they add. Default false. */
  readonly execute?: boolean;
  /** The alias of the database. Default `"default"`. */
  readonly using?: string;
}

/**
 * Runs `body` and gives the callbacks that it handed to `onCommit`. A test's transaction is rolled back, so they never
 * run by themselves. Source: `TestCase.captureOnCommitCallbacks()`.
 * @example
 * const callbacks = await captureOnCommit(() => order.place(), { execute: true });
 * expect(callbacks).toHaveLength(1);
 */
export async function captureOnCommit(
  body: () => Promise<unknown> | unknown,
  { execute = false, using }: CaptureOnCommitOptions = {},
): Promise<(() => unknown)[]> {
  const callbacks = commitCallbacks(using === undefined ? {} : { using });
  if (callbacks === undefined) {
    throw new TransactionManagementError(
      "captureOnCommit needs a test that is rolled back; here callbacks of onCommit run at the commit. " +
        'Take the tag "transactional" off the test, or call the code without captureOnCommit.',
    );
  }
  const start = callbacks.length;
  await body();
  // A callback may add others.
  if (execute) for (let index = start; index < callbacks.length; index++) await callbacks[index]?.();
  return callbacks.slice(start);
}
