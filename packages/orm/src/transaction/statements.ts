import { refuseSynchronous } from "@tsjango/kernel/async";
import type { CompiledStatement } from "../backends/base/backend.ts";
import type { Cursor, Rows, StatementOptions, StatementResult } from "../backends/base/connection.ts";
import { connections } from "../connections.ts";
import { DatabaseError, TransactionManagementError } from "../exceptions.ts";
import { refuseSpoiled } from "./atomic.ts";
import { type Block, currentBlock, outlived } from "./block.ts";
import { isObserved, observe } from "./observe.ts";

type Listener = (statement: CompiledStatement & { readonly alias: string }) => void;
const listeners = new Set<Listener>();

/** Calls `listener` before each statement of query sets and instances; gives the function that stops it. */
export function onStatement(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

type SettledListener = (statement: CompiledStatement & { readonly alias: string }, milliseconds: number) => void;
const settledListeners = new Set<SettledListener>();

/** Calls `listener` after each statement, also one that failed; gives the function that stops it. */
export function onStatementSettled(listener: SettledListener): () => void {
  settledListeners.add(listener);
  return () => void settledListeners.delete(listener);
}

const SELECT = /^\s*select\b/i;

/** The one door to the database: in the current transaction, or on the pool. */
export function runStatement(
  alias: string,
  statement: CompiledStatement,
  { reads }: Pick<StatementOptions, "reads"> = {},
): Promise<StatementResult> {
  const block = currentBlock(alias);
  const { sql, parameters, plainNumbers } = statement;
  if (block === undefined) {
    // Not async: a promise that waits for a promise costs as much as a small query.
    try {
      announce(alias, statement);
      const backend = connections.get(alias);
      // What was written by hand does not say whether it reads.
      const options = { plainNumbers, reads: reads ?? (backend.features.selectsOnlyRead && SELECT.test(sql)) };
      if (!isTimed()) return backend.execute(sql, parameters, options);
      return timed(alias, statement, () => backend.execute(sql, parameters, options));
    } catch (error) {
      return Promise.reject(error);
    }
  }
  return inTurn(block, reads ?? SELECT.test(sql), () => {
    announce(alias, statement);
    return timed(alias, statement, () => block.connection.execute(sql, parameters, { plainNumbers }));
  });
}

/** The rows of a reading statement in parts of `size`, through the same door. */
export async function* streamStatement(
  alias: string,
  statement: CompiledStatement,
  size: number,
): AsyncGenerator<Rows, void, undefined> {
  const block = currentBlock(alias);
  const { sql, parameters } = statement;
  const turn = <T>(work: () => Promise<T>): Promise<T> => (block === undefined ? work() : inTurn(block, true, work));
  const cursor: Cursor = await turn(() => {
    announce(alias, statement);
    return timed(alias, statement, () =>
      (block?.connection ?? connections.get(alias)).cursor(sql, parameters, statement),
    );
  });
  try {
    for (;;) {
      const rows = await turn(() => cursor.read(size));
      if (rows.length > 0) yield rows;
      if (rows.length < size) return;
    }
  } finally {
    // What has failed has ended its cursors, too.
    if (block === undefined) await cursor.close();
    else if (!block.ended && block.failure === undefined) await turn(() => cursor.close());
  }
}

/** Runs `work` in its turn; an error of the database spoils the block. */
function inTurn<T>(block: Block, reads: boolean, work: () => Promise<T>): Promise<T> {
  return block.turn(async (host) => {
    refuseSpoiled(block);
    try {
      return await work();
    } catch (error) {
      // PostgreSQL ends the transaction at such an error; elsewhere it must not go on with half of what was meant.
      if (error instanceof DatabaseError) {
        block.failure ??= error;
        host.failure ??= error;
      }
      throw error;
    }
  }, !reads);
}

/** The same at once, for the escape hatch of the async guard; only where `features.synchronous`. */
export function runStatementSync(alias: string, statement: CompiledStatement): StatementResult {
  refuseSynchronous("You cannot run a query synchronously. Await it.", `the database "${alias}"`);
  const block = currentBlock(alias);
  if (block?.ended) throw outlived();
  announce(alias, statement);
  const backend = connections.get(alias);
  const target = block === undefined ? backend : block.connection;
  if (target.executeSync === undefined) {
    throw new TransactionManagementError(`${backend.displayName} cannot run a query synchronously.`);
  }
  const settled = settling(alias, statement);
  try {
    const result = target.executeSync(statement.sql, statement.parameters, statement);
    settled();
    return result;
  } catch (error) {
    settled(error);
    throw error;
  }
}

/** Whether anybody wants to know how long a statement takes. */
function isTimed(): boolean {
  return settledListeners.size > 0 || isObserved();
}

/** Runs a statement, and tells who wants to know how long it took. */
function timed<T>(alias: string, statement: CompiledStatement, run: () => Promise<T>): Promise<T> {
  if (!isTimed()) return run();
  const settled = settling(alias, statement);
  return run().then(
    (result) => {
      settled();
      return result;
    },
    (error: unknown) => {
      settled(error);
      throw error;
    },
  );
}

/** Starts the clock of a statement; the function is called when it was answered, or with the error when it failed. */
function settling(alias: string, statement: CompiledStatement): (error?: unknown) => void {
  const start = performance.now();
  return (error) => {
    const milliseconds = performance.now() - start;
    for (const listener of settledListeners) listener({ ...statement, alias }, milliseconds);
    if (isObserved()) observe(alias, statement, milliseconds, error);
  };
}

function announce(alias: string, statement: CompiledStatement): void {
  if (listeners.size === 0) return;
  for (const listener of listeners) listener({ ...statement, alias });
}
