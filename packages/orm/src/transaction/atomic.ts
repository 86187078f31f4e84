import { setTimeout as sleep } from "node:timers/promises";
import { describeValue } from "@tsjango/kernel/utils";
import { ISOLATIONS, type Isolation } from "../backends/base/connection.ts";
import { connections } from "../connections.ts";
import { DEFAULT_ALIAS } from "../constants.ts";
import { DatabaseError, TransactionConflictError, TransactionManagementError } from "../exceptions.ts";
import { Block, currentBlock, runIn } from "./block.ts";

/** The first pause before a retry, and the longest one, in ms; each is cut short at random. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 2000;

/** Which database a function of transactions is about. */
export interface UsingOptions {
  /** The alias of the database. Default `"default"`. */
  readonly using?: string | undefined;
}

/** What `atomic` may be told. */
export interface AtomicOptions extends UsingOptions {
  /** Must be the outermost block, so that what it has done is really committed when it returns. Default false. */
  readonly durable?: boolean | undefined;
  /** False: inside another block it makes no savepoint; what it throws spoils the other block. Default true. */
  readonly savepoint?: boolean | undefined;
  /** How far it is kept apart from others; of the outermost block. SQLite is always `"serializable"`. */
  readonly isolation?: Isolation | undefined;
  /** It may not write; of the outermost block. On SQLite it then runs beside a transaction that writes. */
  readonly readOnly?: boolean | undefined;
  /**
   * How often the whole body is run again when the transaction lost against another one: a serialization failure, a
   * deadlock, a database file that is locked. Of the outermost block: inside another one, that one decides. Default 0.
   */
  readonly retries?: number | undefined;
}

type Body<T> = () => Promise<T> | T;

/**
 * Runs `body` in a transaction: committed when it returns, rolled back when it throws. Inside another `atomic` it is a
 * savepoint. Everything that `body` calls and awaits is part of it; a query of a promise that outlives it throws
 * `TransactionManagementError`. Source: https://docs.djangoproject.com/en/5.2/topics/db/transactions/
 * @example
 * const order = await atomic(async () => {
 *   const order = await Order.objects.create({ customer });
 *   await Product.objects.filter({ id }).update({ stock: F("stock").minus(1) });
 *   await onCommit(() => sendMail(order));
 *   return order;
 * }, { retries: 3 });
 */
export async function atomic<T>(body: Body<T>, options: AtomicOptions = {}): Promise<T> {
  const alias = options.using ?? DEFAULT_ALIAS;
  const retries = options.retries ?? 0;
  if (!Number.isSafeInteger(retries) || retries < 0) {
    throw new TransactionManagementError(
      `atomic: retries is a whole number from 0; found ${describeValue(options.retries)}.`,
    );
  }
  if (options.isolation !== undefined && !ISOLATIONS.includes(options.isolation)) {
    throw new TransactionManagementError(
      `atomic: isolation is ${ISOLATIONS.join(", ")}; found ${describeValue(options.isolation)}.`,
    );
  }
  const outer = currentBlock(alias);
  if (outer === undefined) return outermost(alias, body, options, retries);
  checkNested(outer, options);
  return outer.turn(() => (options.savepoint === false ? joined : savepoint)(alias, outer, body), true);
}

/** What `atomicHarness` may be told. */
export interface HarnessOptions extends UsingOptions {
  /** What did not fail is left to the block around it, which there must be. Default false: it is rolled back. */
  readonly keep?: boolean | undefined;
}

/** A transaction that is always rolled back, for tests and sandboxes: code in it behaves as if it were not there. */
export async function atomicHarness(body: () => Promise<void>, options: HarnessOptions): Promise<void> {
  const alias = options.using ?? DEFAULT_ALIAS;
  const rolledBack = async () => {
    await body();
    const block = currentBlock(alias);
    if (block !== undefined && options.keep !== true) block.rollback = true;
  };
  const outer = currentBlock(alias);
  if (outer === undefined) await transaction(alias, rolledBack, {}, true);
  else await outer.turn(() => savepoint(alias, outer, rolledBack, outer.harness), true);
}

function checkNested(outer: Block, { durable, isolation, readOnly }: AtomicOptions): void {
  // Only tests stand around it: it is the outermost block of the code that is tested.
  if (outer.harness) return;
  if (durable) {
    throw new TransactionManagementError(
      "A durable atomic cannot run inside another atomic: its end would not be a commit. Call it outside.",
    );
  }
  if (isolation !== undefined || (readOnly === true && !outer.readOnly)) {
    const option = isolation === undefined ? "readOnly" : "isolation";
    throw new TransactionManagementError(
      `atomic: ${option} can be chosen for the outermost block only. Move it there.`,
    );
  }
}

async function outermost<T>(alias: string, body: Body<T>, options: AtomicOptions, retries: number): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    let done: { readonly result: T; readonly block: Block };
    try {
      done = await transaction(alias, body, options);
    } catch (error) {
      if (attempt >= retries || !isConflict(error)) throw error;
      await sleep(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
      continue;
    }
    for (const callback of done.block.callbacks) await callback();
    return done.result;
  }
}

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictError) return true;
  return error instanceof TransactionManagementError && isConflict(error.cause);
}

async function transaction<T>(
  alias: string,
  body: Body<T>,
  { isolation, readOnly = false }: AtomicOptions,
  harness = false,
): Promise<{ readonly result: T; readonly block: Block }> {
  const backend = connections.get(alias);
  const connection = await backend.connect({ readOnly });
  let broken = false;
  try {
    await connection.begin({ isolation, readOnly });
    try {
      const block = new Block({ backend, connection, harness, readOnly });
      const result = await runIn(alias, block, body);
      if (block.rollback) {
        block.callbacks.length = 0;
        await connection.rollback();
      } else {
        refuseSpoiled(block);
        await connection.commit();
      }
      return { result, block };
    } catch (error) {
      await connection.rollback().catch(() => {
        broken = true;
      });
      throw error;
    }
  } finally {
    connection.release(broken);
  }
}

async function savepoint<T>(alias: string, outer: Block, body: Body<T>, harness = false): Promise<T> {
  const { backend, connection } = outer;
  refuseSpoiled(outer);
  const block = new Block({ backend, connection, parent: outer, harness });
  const name = `tsjango_${block.depth}`;
  await connection.savepoint(name);
  try {
    const result = await runIn(alias, block, body);
    if (block.rollback) {
      block.lost(undefined);
      await connection.rollbackTo(name);
      return result;
    }
    refuseSpoiled(block);
    await connection.releaseSavepoint(name);
    block.kept();
    outer.callbacks.push(...block.callbacks);
    return result;
  } catch (error) {
    block.lost(error);
    await connection.rollbackTo(name).catch((cause: unknown) => {
      outer.failure ??= wholeIsLost(error instanceof DatabaseError ? error : cause);
    });
    throw error;
  }
}

/** Some errors end the whole transaction: what came after them would be written at once, and stay. */
function wholeIsLost(cause: unknown): TransactionManagementError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TransactionManagementError(
    `The database ended the transaction with an error in a nested atomic, so no other statement may run in it: ${reason}`,
    { cause },
  );
}

async function joined<T>(alias: string, outer: Block, body: Body<T>): Promise<T> {
  const { backend, connection } = outer;
  const block = new Block({ backend, connection, parent: outer });
  try {
    const result = await runIn(alias, block, body);
    refuseSpoiled(block);
    outer.callbacks.push(...block.callbacks);
    outer.rollback ||= block.rollback;
    return result;
  } catch (error) {
    outer.failure ??= error;
    throw error;
  } finally {
    block.kept();
  }
}

/** Throws where a block can no longer be committed. */
export function refuseSpoiled(block: Block): void {
  if (block.failure === undefined) return;
  if (block.failure instanceof TransactionManagementError) throw block.failure;
  throw new TransactionManagementError(
    "A statement in this transaction failed, so nothing of it can be committed, and no other may run in it. " +
      "Put what may fail into an atomic of its own, and catch the error around that.",
    { cause: block.failure },
  );
}
