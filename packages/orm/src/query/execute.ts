import { connections } from "../connections.ts";
import type { ModelInstance } from "../models/options.ts";
import { compileCount, compileExistence } from "../sql/compiler.ts";
import { compileRowsCached } from "../sql/plan-cache.ts";
import type { Query } from "../sql/query.ts";
import { runStatement, runStatementSync } from "../transaction.ts";
import { hydrate } from "./hydrate.ts";

/** Runs a query and makes instances of its rows. */
export async function fetchRows(query: Query): Promise<ModelInstance[]> {
  const backend = connections.get(query.alias);
  const compiled = query.limit === 0 ? undefined : compileRowsCached(backend, query);
  if (compiled === undefined) return [];
  const { rows } = await runStatement(query.alias, compiled.statement);
  return hydrate(compiled.plan, rows, backend);
}

/** The same at once; only where the database can. */
export function fetchRowsSync(query: Query): ModelInstance[] {
  const backend = connections.get(query.alias);
  const compiled = query.limit === 0 ? undefined : compileRowsCached(backend, query);
  if (compiled === undefined) return [];
  return hydrate(compiled.plan, runStatementSync(query.alias, compiled.statement).rows, backend);
}

/** How many rows a query has. */
export async function countRows(query: Query): Promise<number> {
  const statement = compileCount(connections.get(query.alias), query);
  if (statement === undefined) return 0;
  const { rows } = await runStatement(query.alias, statement);
  return Number(rows[0]?.[0]);
}

/** Whether a query has any row. */
export async function rowsExist(query: Query): Promise<boolean> {
  const statement = compileExistence(connections.get(query.alias), query);
  if (statement === undefined) return false;
  return (await runStatement(query.alias, statement)).rows.length > 0;
}
