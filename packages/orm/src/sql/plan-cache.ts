import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { Options } from "../models/options.ts";
import { compileRows } from "./compiler.ts";
import type { Query } from "./query.ts";
import type { LoadPlan } from "./select.ts";

/** Compiled rows: the statement, and how its columns become instances. */
export interface CompiledRows {
  readonly statement: CompiledStatement;
  readonly plan: LoadPlan;
}

interface Entry {
  readonly sql: string;
  readonly plan: LoadPlan;
}

const MOST_ENTRIES = 500;

/** By model as it is prepared now, and by database: another set-up starts afresh. */
const entries = new WeakMap<Options, WeakMap<Backend, Map<string, Entry>>>();

/**
 * As `compileRows`; the SQL of plain queries is kept by their shape. Plain are those that compare columns of their own
 * table with values, such as `get({ id: 1 })`: there the parameters are the values, in order.
 */
export function compileRowsCached(backend: Backend, query: Query): CompiledRows | undefined {
  const compared = plainComparisons(query);
  if (compared === undefined) return compileRows(backend, query);
  const { limit, offset } = query;
  const key = [
    ...compared.map(([field]) => field.name),
    "|",
    query.ordering?.join() ?? "default",
    query.selectRelated.join(),
    query.reversed ? "reversed" : "",
    limit === undefined ? "" : String(limit),
    offset > 0 ? "offset" : "",
  ].join(" ");
  const cache = cacheOf(optionsOf(query.model), backend);
  const entry = cache.get(key);
  if (entry === undefined) {
    const compiled = compileRows(backend, query);
    if (cache.size >= MOST_ENTRIES) cache.clear();
    if (compiled !== undefined) cache.set(key, { sql: compiled.statement.sql, plan: compiled.plan });
    return compiled;
  }
  const parameters = compared.map(([field, value]) => field.toDatabase(value, backend));
  if (offset > 0) parameters.push(offset);
  return { statement: { sql: entry.sql, parameters }, plan: entry.plan };
}

/** The columns compared and the values; undefined where there is anything else. */
function plainComparisons(query: Query): (readonly [Field, unknown])[] | undefined {
  if (query.empty) return undefined;
  const options = optionsOf(query.model);
  const compared: (readonly [Field, unknown])[] = [];
  for (const condition of query.steps) {
    if (condition.kind !== "lookups") return undefined;
    for (const [path, value] of condition.lookups) {
      const field = options.findField(path);
      if (field === undefined || field.storage === "json" || !isScalar(value)) return undefined;
      compared.push([field, value]);
    }
  }
  return compared;
}

function isScalar(value: unknown): boolean {
  return (typeof value !== "object" && typeof value !== "function") || value instanceof Date;
}

function cacheOf(options: Options, backend: Backend): Map<string, Entry> {
  let byBackend = entries.get(options);
  if (byBackend === undefined) {
    byBackend = new WeakMap();
    entries.set(options, byBackend);
  }
  let cache = byBackend.get(backend);
  if (cache === undefined) {
    cache = new Map();
    byBackend.set(backend, cache);
  }
  return cache;
}
