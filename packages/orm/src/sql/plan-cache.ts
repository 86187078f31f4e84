import type { Backend } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { Options } from "../models/options.ts";
import { type CompiledRows, compileRows } from "./compiler.ts";
import type { Query } from "./query.ts";
import type { RowPlan } from "./rows.ts";

interface Entry {
  readonly sql: string;
  readonly plan: RowPlan;
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
  const { limit, offset } = query;
  if (compared === undefined || limit === 0) return compileRows(backend, query);
  const key = [
    ...compared.map(([field]) => field.name),
    "|",
    query.ordering?.join() ?? "default",
    query.selectRelated.join(),
    query.reversed ? "reversed" : "",
    query.fetchMode ?? "",
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
  if (query.empty || query.values || query.combination || query.attributes || query.distinct || query.carried) {
    return undefined;
  }
  if (query.ordering?.some((item) => typeof item !== "string")) return undefined;
  const options = optionsOf(query.model);
  if (options.ordering.some((item) => typeof item !== "string")) return undefined;
  const compared: (readonly [Field, unknown])[] = [];
  for (const step of query.steps) {
    if (step.kind !== "lookups") return undefined;
    for (const [path, value] of step.lookups) {
      const field = options.findField(path);
      if (field === undefined || field.storage === "json" || !isScalar(value)) return undefined;
      compared.push([field, value]);
    }
  }
  return compared;
}

function isScalar(value: unknown): boolean {
  if (typeof value === "function") return false;
  return typeof value !== "object" || value instanceof Date;
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
