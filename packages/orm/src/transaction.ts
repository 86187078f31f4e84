import { AsyncLocalStorage } from "node:async_hooks";
import type { Backend, CompiledStatement } from "./backends/base/backend.ts";
import type { Connection, StatementResult } from "./backends/base/connection.ts";
import { connections } from "./connections.ts";
import { DEFAULT_ALIAS } from "./constants.ts";
import { DatabaseError, TransactionManagementError } from "./exceptions.ts";

/** One `atomic` block: a transaction, or a savepoint in one. What runs in it runs one after the other. */
interface Block {
  readonly backend: Backend;
  readonly connection: Connection;
  readonly parent: Block | undefined;
  readonly depth: number;
  readonly callbacks: (() => unknown)[];
  /** The end of what has been queued in this block. */
  tail: Promise<unknown>;
  ended: boolean;
  /** The error that spoiled the transaction, on databases where one does. */
  failure: unknown;
}

const storage = new AsyncLocalStorage<ReadonlyMap<string, Block>>();
const NONE: ReadonlyMap<string, Block> = new Map();

/** What `atomic` may be told. */
export interface AtomicOptions {
  /** The alias of the database. Default `"default"`. */
  readonly using?: string;
}

/**
 * Runs `body` in a transaction: committed when it returns, rolled back when it throws. Inside another `atomic` it is a
 * savepoint. Everything that `body` calls and awaits is part of it; a query of a promise that outlives it throws.
 * Source: https://docs.djangoproject.com/en/5.2/topics/db/transactions/
 */
export async function atomic<T>(body: () => Promise<T> | T, options: AtomicOptions = {}): Promise<T> {
  const alias = options.using ?? DEFAULT_ALIAS;
  const outer = storage.getStore()?.get(alias);
  if (outer !== undefined) return enqueue(outer, () => runSavepoint(alias, outer, body));
  const connection = await connections.get(alias).connect();
  let broken = false;
  let block: Block;
  let result: T;
  try {
    await connection.begin();
    block = newBlock(connections.get(alias), connection, undefined);
    try {
      result = await runIn(alias, block, body);
      refuseSpoiled(block);
      await connection.commit();
    } catch (error) {
      await connection.rollback().catch(() => {
        broken = true;
      });
      throw error;
    }
  } finally {
    connection.release(broken);
  }
  for (const callback of block.callbacks) await callback();
  return result;
}

async function runSavepoint<T>(alias: string, outer: Block, body: () => Promise<T> | T): Promise<T> {
  const { connection } = outer;
  const block = newBlock(outer.backend, connection, outer);
  const name = `tsjango_${block.depth}`;
  await connection.savepoint(name);
  try {
    const result = await runIn(alias, block, body);
    refuseSpoiled(block);
    await connection.releaseSavepoint(name);
    outer.callbacks.push(...block.callbacks);
    return result;
  } catch (error) {
    await connection.rollbackTo(name);
    throw error;
  }
}

function newBlock(backend: Backend, connection: Connection, parent: Block | undefined): Block {
  return {
    backend,
    connection,
    parent,
    depth: (parent?.depth ?? 0) + 1,
    callbacks: [],
    tail: Promise.resolve(),
    ended: false,
    failure: undefined,
  };
}

async function runIn<T>(alias: string, block: Block, body: () => Promise<T> | T): Promise<T> {
  const blocks = new Map(storage.getStore() ?? NONE).set(alias, block);
  try {
    return await storage.run(blocks, async () => body());
  } finally {
    block.ended = true;
    // What was started and not awaited has its turn before the end, and nothing after it.
    await block.tail;
  }
}

function refuseSpoiled(block: Block): void {
  if (block.failure === undefined) return;
  throw new TransactionManagementError(
    "A statement in this transaction failed, so nothing of it can be committed. " +
      "Put what may fail into an atomic of its own, and catch the error around that.",
    { cause: block.failure },
  );
}

/** Runs `work` when everything queued before it in the block is done. */
function enqueue<T>(block: Block, work: () => Promise<T>): Promise<T> {
  if (block.ended) return Promise.reject(outlived());
  const done = block.tail.then(work);
  block.tail = done.catch(() => {});
  return done;
}

function outlived(): TransactionManagementError {
  return new TransactionManagementError(
    "This query belongs to a transaction that has ended. Await it inside the atomic block, or start it outside.",
  );
}

/**
 * Calls `callback` when the current transaction has been committed; at once where there is none; never where it is
 * rolled back. Errors of callbacks reject the outermost `atomic`.
 */
export async function onCommit(callback: () => unknown, options: AtomicOptions = {}): Promise<void> {
  const block = storage.getStore()?.get(options.using ?? DEFAULT_ALIAS);
  if (block === undefined) await callback();
  else if (block.ended) throw outlived();
  else block.callbacks.push(callback);
}

/** Whether the calling code runs in a transaction. */
export function inAtomicBlock(options: AtomicOptions = {}): boolean {
  return storage.getStore()?.has(options.using ?? DEFAULT_ALIAS) === true;
}

/** What waits for the commit of the block that the calling code runs in; undefined outside of any. */
export function commitCallbacks(options: AtomicOptions = {}): readonly (() => unknown)[] | undefined {
  return storage.getStore()?.get(options.using ?? DEFAULT_ALIAS)?.callbacks;
}

type Listener = (statement: CompiledStatement & { readonly alias: string }) => void;
const listeners = new Set<Listener>();

/** Calls `listener` before each statement of query sets and instances; gives the function that stops it. */
export function onStatement(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The one door to the database: in the current transaction, or on the pool. */
export async function runStatement(alias: string, statement: CompiledStatement): Promise<StatementResult> {
  const block = storage.getStore()?.get(alias);
  announce(alias, statement);
  if (block === undefined) return connections.get(alias).execute(statement.sql, statement.parameters);
  return enqueue(block, async () => {
    try {
      return await block.connection.execute(statement.sql, statement.parameters);
    } catch (error) {
      if (error instanceof DatabaseError && block.backend.features.failuresAbort) block.failure = error;
      throw error;
    }
  });
}

/** The same at once, for the escape hatch of the async guard; only where `features.synchronous`. */
export function runStatementSync(alias: string, statement: CompiledStatement): StatementResult {
  const block = storage.getStore()?.get(alias);
  if (block?.ended) throw outlived();
  announce(alias, statement);
  const backend = connections.get(alias);
  const target = block === undefined ? backend : block.connection;
  if (target.executeSync === undefined) {
    throw new TransactionManagementError(`${backend.displayName} cannot run a query synchronously.`);
  }
  return target.executeSync(statement.sql, statement.parameters);
}

function announce(alias: string, statement: CompiledStatement): void {
  for (const listener of listeners) listener({ ...statement, alias });
}
