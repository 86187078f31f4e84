import { refuseSynchronous } from "@tsjango/kernel/async";
import type { CompiledStatement } from "../backends/base/backend.ts";
import type { StatementResult } from "../backends/base/connection.ts";
import { connections } from "../connections.ts";
import { DatabaseError, TransactionManagementError } from "../exceptions.ts";
import { refuseSpoiled } from "./atomic.ts";
import { currentBlock, outlived } from "./block.ts";

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

/** The one door to the database: in the current transaction, or on the pool. */
export async function runStatement(alias: string, statement: CompiledStatement): Promise<StatementResult> {
  const block = currentBlock(alias);
  const { sql, parameters } = statement;
  if (block === undefined) {
    announce(alias, statement);
    return timed(alias, statement, () => connections.get(alias).execute(sql, parameters, statement));
  }
  return block.turn(
    async (host) => {
      refuseSpoiled(block);
      announce(alias, statement);
      try {
        return await timed(alias, statement, () => block.connection.execute(sql, parameters, statement));
      } catch (error) {
        // PostgreSQL ends the transaction at such an error; elsewhere it must not go on with half of what was meant.
        if (error instanceof DatabaseError) {
          block.failure ??= error;
          host.failure ??= error;
        }
        throw error;
      }
    },
    !/^select\b/i.test(sql),
  );
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
  const start = performance.now();
  try {
    return target.executeSync(statement.sql, statement.parameters, statement);
  } finally {
    for (const listener of settledListeners) listener({ ...statement, alias }, performance.now() - start);
  }
}

/** Runs a statement, and tells who wants to know how long it took. */
function timed(
  alias: string,
  statement: CompiledStatement,
  run: () => Promise<StatementResult>,
): Promise<StatementResult> {
  if (settledListeners.size === 0) return run();
  const start = performance.now();
  return run().finally(() => {
    const milliseconds = performance.now() - start;
    for (const listener of settledListeners) listener({ ...statement, alias }, milliseconds);
  });
}

function announce(alias: string, statement: CompiledStatement): void {
  for (const listener of listeners) listener({ ...statement, alias });
}
