import { hasMetricListeners, recordMetric } from "@tsjango/kernel/metrics";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Storage } from "../backends/base/operations.ts";
import type { Field } from "../fields/field.ts";
import { type Aggregates, compileAggregates, compileCount, compileExistence } from "./aggregation.ts";
import { Bound, type Encode, OTHER_SQL } from "./bound.ts";
import { type Assignment, type CompiledRows, compileRows, compileUpdate } from "./compiler.ts";
import type { Query } from "./query.ts";
import type { LoadPlan, NamedColumn, RowPlan } from "./rows.ts";
import { Shape } from "./shape.ts";

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
interface Planned<G, P> {
  /** Leads a shape through what is asked. */
  readonly given: (shape: Shape) => G;
  readonly compile: (given: G) => Compiled<P> | undefined;
}

/** Fills a known plan with the values of a query, or compiles the query. */
function planned<G, P>(backend: Backend, kind: string, { given, compile }: Planned<G, P>): Compiled<P> | undefined {
  const shape = new Shape(kind);
  const asked = given(shape);
  const { key, values } = shape;
  if (shape.unknown || key.length > LONGEST_KEY) return compile(asked);
  const cache = plansOf(backend);
  const plan = cache.get(key);
  if (plan === undefined) {
    return cache.seenBefore(key)
      ? keep(cache, key, compile(given(new Shape(kind, true))), values.length)
      : compile(asked);
  }
  const parameters = fill(plan, values);
  if (parameters === undefined) return compile(asked);
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
  const fits = (field: Field) => !WIDE.has(field.valueField.storage);
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

/** As `compileRows`: nothing is compiled for a query whose shape is known. */
export function planRows(backend: Backend, query: Query): CompiledRows | undefined {
  return planned<Query, RowPlan>(backend, "rows ", {
    given: (shape) => shape.query(query),
    compile: (asked) => compileRows(backend, asked),
  });
}

/** As `compileCount`. */
export function planCount(backend: Backend, query: Query): CompiledStatement | undefined {
  return planned(backend, "count ", {
    given: (shape) => shape.query(query),
    compile: (asked) => alone(compileCount(backend, asked)),
  })?.statement;
}

/** As `compileExistence`. */
export function planExistence(backend: Backend, query: Query): CompiledStatement | undefined {
  return planned(backend, "exists ", {
    given: (shape) => shape.query(query),
    compile: (asked) => alone(compileExistence(backend, asked)),
  })?.statement;
}

/** As `compileAggregates`. */
export function planAggregates(
  backend: Backend,
  query: Query,
  aggregates: Aggregates,
): ReturnType<typeof compileAggregates> {
  const found = planned<readonly [Query, Aggregates], readonly NamedColumn[]>(backend, "aggregates ", {
    given: (shape) => {
      const named = shape.list(aggregates, ([name, node]) => {
        shape.text(name);
        return [name, shape.expression(node)] as const;
      });
      return [shape.query(query), named];
    },
    compile: ([asked, named]) => {
      const compiled = compileAggregates(backend, asked, named);
      return compiled && { statement: compiled.statement, plan: compiled.columns };
    },
  });
  return found && { statement: found.statement, columns: found.plan };
}

/** As `compileUpdate`. */
export function planUpdate(
  backend: Backend,
  query: Query,
  assignments: readonly Assignment[],
  returning: readonly Field[] = [],
): CompiledStatement | undefined {
  return planned<readonly [Query, readonly Assignment[]], undefined>(backend, "update ", {
    given: (shape) => {
      shape.texts(returning.map((field) => field.name));
      const assigned = shape.list(assignments, ([field, value]) => shape.assignment(field, value));
      return [shape.query(query), assigned];
    },
    compile: ([asked, assigned]) => alone(compileUpdate(backend, asked, assigned, returning)),
  })?.statement;
}

function alone(statement: CompiledStatement | undefined): Compiled<undefined> | undefined {
  return statement && { statement, plan: undefined };
}
