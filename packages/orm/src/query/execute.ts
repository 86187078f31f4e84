import { connections } from "../connections.ts";
import { TransactionManagementError } from "../exceptions.ts";
import type { ModelInstance } from "../models/options.ts";
import { type Aggregates, valueOfNothing } from "../sql/aggregation.ts";
import { compileRows } from "../sql/compiler.ts";
import { planAggregates, planCount, planExistence, planRows } from "../sql/plan-cache.ts";
import type { Query } from "../sql/query.ts";
import { inAtomicBlock, runStatement, runStatementSync, streamStatement } from "../transaction.ts";
import { hydrate, hydrateInSlices } from "./hydrate.ts";
import { forReading } from "./routing.ts";

const READ = { reads: true } as const;
/** From so many rows on, other work has its turn while they are read. */
const LARGE = 2000;

/** Runs a query and gives its rows: instances, unless it asks for values. */
export async function fetchRows<R = ModelInstance>(given: Query): Promise<R[]> {
  const query = forReading(given);
  refuseLockOutside(query);
  const backend = connections.get(query.alias);
  const compiled = planRows(backend, query);
  if (compiled === undefined) return [];
  const { rows } = await runStatement(query.alias, compiled.statement, READ);
  return (
    rows.length < LARGE ? hydrate(compiled.plan, rows, backend) : await hydrateInSlices(compiled.plan, rows, backend)
  ) as R[];
}

/** The same at once; only where the database can. */
export function fetchRowsSync<R = ModelInstance>(given: Query): R[] {
  const query = forReading(given);
  const backend = connections.get(query.alias);
  const compiled = planRows(backend, query);
  if (compiled === undefined) return [];
  return hydrate(compiled.plan, runStatementSync(query.alias, compiled.statement).rows, backend) as R[];
}

/** Gives the rows of a query in parts, each made when it is asked for. */
export async function* fetchInChunks<R = ModelInstance>(
  given: Query,
  size: number,
): AsyncGenerator<R[], void, undefined> {
  const query = forReading(given);
  refuseLockOutside(query);
  const backend = connections.get(query.alias);
  const compiled = planRows(backend, query);
  if (compiled === undefined) return;
  for await (const rows of streamStatement(query.alias, compiled.statement, size)) {
    yield hydrate(compiled.plan, rows, backend) as R[];
  }
}

/** How many rows a query has. */
export async function countRows(given: Query): Promise<number> {
  const query = forReading(given);
  const statement = planCount(connections.get(query.alias), query);
  if (statement === undefined) return 0;
  const { rows } = await runStatement(query.alias, statement, READ);
  return Number(rows[0]?.[0]);
}

/** Whether a query has any row. */
export async function rowsExist(given: Query): Promise<boolean> {
  const query = forReading(given);
  const statement = planExistence(connections.get(query.alias), query);
  if (statement === undefined) return false;
  return (await runStatement(query.alias, statement, READ)).rows.length > 0;
}

/** Aggregates of all rows, by name. */
export async function aggregateRows(given: Query, aggregates: Aggregates): Promise<Record<string, unknown>> {
  if (aggregates.length === 0) return {};
  const query = forReading(given);
  const backend = connections.get(query.alias);
  const compiled = planAggregates(backend, query, aggregates);
  if (compiled === undefined) {
    return Object.fromEntries(aggregates.map(([name, node]) => [name, valueOfNothing(node)]));
  }
  const { rows } = await runStatement(query.alias, compiled.statement, READ);
  return Object.fromEntries(
    compiled.columns.map(({ name, output, index }) => [name, output.fromDatabase(rows[0]?.[index], backend)]),
  );
}

/** How the database would run a query, in its own words. */
export async function explainRows(
  given: Query,
  options: { readonly format?: string | undefined; readonly analyze?: boolean | undefined } = {},
): Promise<string> {
  const query = forReading(given);
  const backend = connections.get(query.alias);
  const compiled = compileRows(backend, query);
  if (compiled === undefined) return "No rows: the database is not asked.";
  const prefix = backend.functions.explain(options);
  const { sql, parameters } = compiled.statement;
  const { rows } = await runStatement(query.alias, { sql: `${prefix} ${sql}`, parameters });
  return rows.map((row) => row.map(String).join(" ")).join("\n");
}

/** A lock ends with its transaction: outside of one it would lock nothing. */
function refuseLockOutside({ lock, alias }: Query): void {
  if (lock === undefined || inAtomicBlock({ using: alias }) || !connections.get(alias).features.rowLocks) return;
  throw new TransactionManagementError(
    "selectForUpdate() locks rows until the end of a transaction, and there is none here. Write atomic(async () => { … }) around it.",
  );
}
