import { TransactionManagementError } from "../exceptions.ts";
import type { UsingOptions } from "./atomic.ts";
import { currentBlock, outlived } from "./block.ts";

/** What `onCommit` may be told. */
export interface OnCommitOptions extends UsingOptions {
  /** An error of the callback is reported as a warning of the process; the other callbacks run. Default false. */
  readonly robust?: boolean | undefined;
}

/**
 * Calls `callback` when the current transaction has been committed; at once where there is none; never where it is
 * rolled back. An error of a callback rejects the outermost `atomic`, unless it is robust.
 * Source: https://docs.djangoproject.com/en/5.2/topics/db/transactions/#performing-actions-after-commit
 * @example
 * await atomic(async () => {
 *   const order = await Order.objects.create({ customer });
 *   await onCommit(() => sendMail(order), { robust: true });
 * });
 */
export async function onCommit(callback: () => unknown, options: OnCommitOptions = {}): Promise<void> {
  const run = options.robust ? () => robustly(callback) : callback;
  const block = currentBlock(options.using);
  if (block === undefined) await run();
  else if (block.ended) throw outlived();
  else block.callbacks.push(run);
}

async function robustly(callback: () => unknown): Promise<void> {
  try {
    await callback();
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`A callback of onCommit failed: ${reason}`, { code: "TSJANGO_ON_COMMIT" });
  }
}

/**
 * Rolls the innermost block back when it ends, though nothing is thrown; `false` takes that back. Throws
 * `TransactionManagementError` outside of any. Source: `django.db.transaction.set_rollback`.
 */
export function setRollback(rollback: boolean, options: UsingOptions = {}): void {
  block("setRollback", options).rollback = rollback;
}

/** Whether the innermost block will be rolled back when it ends. */
export function getRollback(options: UsingOptions = {}): boolean {
  const { rollback, failure } = block("getRollback", options);
  return rollback || failure !== undefined;
}

function block(name: string, options: UsingOptions) {
  const found = currentBlock(options.using);
  if (found !== undefined && !found.ended) return found;
  throw new TransactionManagementError(`${name}() works inside an atomic block only.`);
}

/** Whether the calling code runs in a transaction. */
export function inAtomicBlock(options: UsingOptions = {}): boolean {
  return currentBlock(options.using) !== undefined;
}

/** What waits for the commit of the block that the calling code runs in; undefined outside of any. */
export function commitCallbacks(options: UsingOptions = {}): readonly (() => unknown)[] | undefined {
  return currentBlock(options.using)?.callbacks;
}
