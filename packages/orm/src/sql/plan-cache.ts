import { hasMetricListeners, recordMetric } from "@tsjango/kernel/metrics";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Storage } from "../backends/base/operations.ts";
import type { Field } from "../fields/field.ts";
import { type Aggregates, compileAggregates, compileCount, compileExistence } from "./aggregation.ts";
import { Bound, type Encode, OTHER_SQL } from "./bound.ts";
import { type CompiledRows, compileRows } from "./compiler.ts";
import type { Query } from "./query.ts";
import type { LoadPlan, NamedColumn, RowPlan } from "./rows.ts";
import { Shape } from "./shape.ts";
import { type Assignment, compileUpdate } from "./update.ts";

/** What is compiled: a statement, and for rows the plan to read them. */
interface Compiled<P> {
  readonly statement: CompiledStatement;
  readonly plan: P;
}

/** A statement whose parameters are made of the values of each query. */
interface Plan {
  readonly sql: string;
  /** For each parameter: which value it is made of, and how. */
  readonly places: readonly number[];
  readonly encoders: readonly Encode[];
  readonly plan: unknown;
  readonly plainNumbers: boolean;
}

/** The plans of one database: at most twice as many. What was not used for as many new ones falls out. */
const GENERATION = 500;
/** Longer keys are of queries that are put together from much: such SQL is not kept. */
const LONGEST_KEY = 4000;

/** Plans by the shape of their queries, the last used kept. A shape is let in when it is seen for the second time. */
export class PlanCache {
  #young = new Map<string, Plan>();
  #old = new Map<string, Plan>();
  #seen = new Set<string>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): Plan | undefined {
    const plan = this.#young.get(key) ?? this.#revive(key);
    if (hasMetricListeners()) {
      const attributes = { "tsjango.plan.known": plan !== undefined };
      recordMetric({ name: "tsjango.plan.lookups", kind: "counter", value: 1, unit: "{query}", attributes });
    }
    return plan;
  }

  /** Whether a key was asked for before; keys that a stranger makes up once each cannot push out the others. */
  seenBefore(key: string): boolean {
    if (this.#seen.delete(key)) return true;
    if (this.#seen.size >= GENERATION * 4) this.#seen.clear();
    this.#seen.add(key);
    return false;
  }

  #revive(key: string): Plan | undefined {
    const plan = this.#old.get(key);
    if (plan === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, plan);
    return plan;
  }

  set(key: string, plan: Plan): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, plan);
  }
}

const caches = new WeakMap<Backend, PlanCache>();

/** The plans of a database. */
export function plansOf(backend: Backend): PlanCache {
  let cache = caches.get(backend);
  if (cache === undefined) {
    cache = new PlanCache();
    caches.set(backend, cache);
  }
  return cache;
}

/** Queries whose SQL is one kind, and how they are compiled. */
interface Planned<A, P> {
  /** What their keys begin with. */
  readonly kind: string;
  /** Leads a shape through what is asked; gives it, or what the shape made of it. */
  readonly describe: (shape: Shape, asked: A) => A;
  readonly compile: (backend: Backend, asked: A) => Compiled<P> | undefined;
}

/** Fills a known plan with the values of a query, or compiles the query. */
function planned<A, P>(
  backend: Backend,
  { kind, describe, compile }: Planned<A, P>,
  asked: A,
): Compiled<P> | undefined {
  const shape = new Shape(kind);
  describe(shape, asked);
  const { key, values } = shape;
  if (shape.unknown || key.length > LONGEST_KEY) return compile(backend, asked);
  const cache = plansOf(backend);
  const plan = cache.get(key);
  if (plan === undefined) {
    return cache.seenBefore(key)
      ? keep(cache, key, compile(backend, describe(new Shape(kind, true), asked)), values.length)
      : compile(backend, asked);
  }
  const parameters = fill(plan, values);
  if (parameters === undefined) return compile(backend, asked);
  const { sql, plainNumbers } = plan;
  return { statement: { sql, parameters, plainNumbers }, plan: plan.plan as P };
}

/** The parameters of a plan; undefined where a value needs SQL of its own. */
function fill({ places, encoders }: Plan, values: readonly unknown[]): unknown[] | undefined {
  const parameters: unknown[] = [];
  for (let index = 0; index < places.length; index++) {
    const parameter = (encoders[index] as Encode)(values[places[index] as number]);
    if (parameter === OTHER_SQL) return undefined;
    parameters.push(parameter);
  }
  return parameters;
}

/**
 * Keeps what was compiled, if each parameter is made of a value of the query and each value is in a parameter: a value
 * that went into the SQL itself, or a parameter that came from elsewhere, would be wrong for the next query.
 */
function keep<P>(
  cache: PlanCache,
  key: string,
  compiled: Compiled<P> | undefined,
  values: number,
): Compiled<P> | undefined {
  if (compiled === undefined) return undefined;
  const { sql, parameters } = compiled.statement;
  const bound = parameters.filter((each) => each instanceof Bound);
  const places = bound.map((each) => each.place);
  if (bound.length === parameters.length && new Set(places).size === values) {
    cache.set(key, {
      sql,
      places,
      encoders: bound.map((each) => each.encode),
      plan: compiled.plan,
      plainNumbers: readsPlainNumbers(compiled.plan),
    });
  }
  return {
    statement: { sql, parameters: parameters.map((each) => (each instanceof Bound ? each.now : each)) },
    plan: compiled.plan,
  };
}

/** Whether no column of the rows has numbers of more digits than JavaScript's. */
function readsPlainNumbers(plan: unknown): boolean {
  if (plan === undefined) return true;
  const fits = readsPlainly;
  if (Array.isArray(plan)) return (plan as readonly NamedColumn[]).every(({ output }) => fits(output));
  const rows = plan as RowPlan;
  if (rows.kind !== "instances") return rows.columns.every(({ output }) => fits(output));
  const loaded = (load: LoadPlan): boolean =>
    load.fields.every(fits) && load.related.every((each) => loaded(each.plan));
  return (
    loaded(rows.load) &&
    rows.annotations.every(({ output }) => fits(output)) &&
    (rows.carried === undefined || fits(rows.carried.output))
  );
}

const WIDE: ReadonlySet<Storage> = new Set<Storage>(["bigint", "decimal", "duration"]);

/** Whether a field's values have no more digits than JavaScript's numbers. */
export function readsPlainly(field: Field): boolean {
  return !WIDE.has(field.valueField.storage);
}

const ROWS: Planned<Query, RowPlan> = {
  kind: "rows ",
  describe: (shape, query) => shape.query(query),
  compile: compileRows,
};

/** As `compileRows`: nothing is compiled for a query whose shape is known. */
export function planRows(backend: Backend, query: Query): CompiledRows | undefined {
  return planned(backend, ROWS, query);
}

const COUNT: Planned<Query, undefined> = {
  kind: "count ",
  describe: (shape, query) => shape.query(query),
  compile: (backend, query) => alone(compileCount(backend, query)),
};

/** As `compileCount`. */
export function planCount(backend: Backend, query: Query): CompiledStatement | undefined {
  return planned(backend, COUNT, query)?.statement;
}

const EXISTENCE: Planned<Query, undefined> = {
  kind: "exists ",
  describe: (shape, query) => shape.query(query),
  compile: (backend, query) => alone(compileExistence(backend, query)),
};

/** As `compileExistence`. */
export function planExistence(backend: Backend, query: Query): CompiledStatement | undefined {
  return planned(backend, EXISTENCE, query)?.statement;
}

const AGGREGATES: Planned<{ readonly query: Query; readonly aggregates: Aggregates }, readonly NamedColumn[]> = {
  kind: "aggregates ",
  describe: (shape, { query, aggregates }) => {
    const named = shape.list(aggregates, ([name, node]) => {
      shape.text(name);
      return [name, shape.expression(node)] as const;
    });
    return { query: shape.query(query), aggregates: named };
  },
  compile: (backend, { query, aggregates }) => {
    const compiled = compileAggregates(backend, query, aggregates);
    return compiled && { statement: compiled.statement, plan: compiled.columns };
  },
};

/** As `compileAggregates`. */
export function planAggregates(
  backend: Backend,
  query: Query,
  aggregates: Aggregates,
): ReturnType<typeof compileAggregates> {
  const found = planned(backend, AGGREGATES, { query, aggregates });
  return found && { statement: found.statement, columns: found.plan };
}

/** What an update sets, and what it gives of each row. */
interface Update {
  readonly query: Query;
  readonly assignments: readonly Assignment[];
  readonly returning: readonly Field[];
}

const UPDATE: Planned<Update, readonly NamedColumn[]> = {
  kind: "update ",
  describe: (shape, { query, assignments, returning }) => {
    shape.list(returning, (field) => shape.text(field.name));
    const assigned = shape.list(assignments, ([field, value]) => shape.assignment(field, value));
    return { query: shape.query(query), assignments: assigned, returning };
  },
  compile: (backend, { query, assignments, returning }) => {
    const statement = compileUpdate(backend, query, assignments, returning);
    const plan = returning.map((output, index) => ({ name: output.name, output, index }));
    return statement && { statement, plan };
  },
};

/** As `compileUpdate`. */
export function planUpdate(
  backend: Backend,
  query: Query,
  assignments: readonly Assignment[],
  returning: readonly Field[] = [],
): CompiledStatement | undefined {
  return planned(backend, UPDATE, { query, assignments, returning })?.statement;
}

function alone(statement: CompiledStatement | undefined): Compiled<undefined> | undefined {
  return statement && { statement, plan: undefined };
}
