import { refuseSynchronous, synchronousOnly } from "@tsjango/kernel/async";
import { describeValue, templateMethod } from "@tsjango/kernel/utils";
import { connections, type FetchMode } from "../connections.ts";
import { QueryError } from "../exceptions.ts";
import { ConditionBuilder, type ConditionNode, conditionOf } from "../expressions/condition.ts";
import { QUERY } from "../expressions/symbols.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { changedQuery, isSliced, type LockOptions, type Query } from "../sql/query.ts";
import {
  aggregatesOf,
  annotated,
  combined,
  distinct,
  latestOrder,
  lockOf,
  ordered,
  sliced,
  valued,
} from "./building.ts";
import { type BulkCreateOptions, type BulkUpdateOptions, bulkCreate, bulkUpdate } from "./bulk.ts";
import { defer, only } from "./chosen-fields.ts";
import {
  createRow,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
  type Values,
} from "./creation.ts";
import { type DatesOptions, type DateTimesOptions, datesOf } from "./dates.ts";
import { counted, type Deleted, type DeleteOptions, deleteRows } from "./deletion.ts";
import {
  aggregateRows,
  countRows,
  explainRows,
  fetchInChunks,
  fetchRows,
  fetchRowsSync,
  rowsExist,
} from "./execute.ts";
import { type Prefetch, prefetchInto } from "./prefetch.ts";
import { type RawOptions, RawRows } from "./raw.ts";
import { containsRow, firstRow, getRow, inBulk, lastRow } from "./retrieval.ts";
import { forWriting } from "./routing.ts";
import { stateOf } from "./state.ts";
import { installSyncAccess, ROWS_NOW } from "./sync-access.ts";
import { updateRows } from "./writing.ts";

/** What a query set carries besides its query. */
export interface QuerySetContext {
  /** A relation whose value all rows share: `author.books` knows each book's author. */
  readonly known?: { readonly name: string; readonly instance: ModelInstance } | undefined;
  /** The rows, where they are known already. */
  readonly loaded?: readonly ModelInstance[] | undefined;
  readonly prefetch?: readonly (string | Prefetch)[] | undefined;
}

const NO_CONTEXT: QuerySetContext = {};

function unloaded(context: QuerySetContext): QuerySetContext {
  return context === NO_CONTEXT ? context : { ...context, loaded: undefined };
}

/** The rows of one chunk of `iterator()`. */
const CHUNK = 2000;

/**
 * The rows of a model that meet conditions, in an order. It is a value: each method gives another one, and nothing is
 * asked before it is awaited or iterated. Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/
 */
export class QuerySet implements PromiseLike<ModelInstance[]>, AsyncIterable<ModelInstance> {
  readonly #query: Query;
  readonly #context: QuerySetContext;
  #rows: readonly ModelInstance[] | undefined;

  constructor(query: Query, context: QuerySetContext = NO_CONTEXT) {
    this.#query = query;
    this.#context = context;
    this.#rows = context.loaded;
  }

  get [QUERY](): Query {
    return this.#query;
  }
  /** The model whose rows these are. */
  get model(): ModelType {
    return this.#query.model;
  }

  all(): this {
    return this.#with({}, this.#context);
  }
  none(): this {
    return this.#with({ empty: true });
  }
  filter(...conditions: unknown[]): this {
    return this.#where("filter", allOf(conditions));
  }
  exclude(...conditions: unknown[]): this {
    return this.#where("exclude", { kind: "not", child: allOf(conditions) });
  }
  /** A condition to keep in a variable; checked by the types where it is made. */
  q(condition: unknown): ConditionBuilder {
    return new ConditionBuilder(conditionOf(condition));
  }
  annotate(expressions: Readonly<Record<string, unknown>>): this {
    this.#refuse("annotate");
    return this.#with(annotated(this.#query, expressions, true));
  }
  alias(expressions: Readonly<Record<string, unknown>>): this {
    this.#refuse("alias");
    return this.#with(annotated(this.#query, expressions, false));
  }
  orderBy(...items: unknown[]): this {
    this.#refuseSliced("orderBy");
    return this.#with(ordered(items));
  }
  reverse(): this {
    this.#refuseSliced("reverse");
    return this.#with({ reversed: !this.#query.reversed });
  }
  distinct(...names: string[]): this {
    this.#refuse("distinct");
    return this.#with(distinct(names));
  }
  slice(start: number, end?: number): this {
    return this.#with(sliced(this.#query, start, end));
  }
  values(...names: string[]): this {
    return this.#with(valued(this.#query, names, "object"));
  }
  valuesList(...given: unknown[]): this {
    const last = given.at(-1);
    const { flat, named } = (typeof last === "object" ? (last ?? {}) : {}) as { flat?: unknown; named?: unknown };
    const names = (typeof last === "object" ? given.slice(0, -1) : given) as string[];
    return this.#with(valued(this.#query, names, flat === true ? "flat" : named === true ? "named" : "list"));
  }
  only(...names: string[]): this {
    this.#refuseCombined("only");
    return this.#with(only(this.#query, names));
  }
  defer(...names: string[]): this {
    this.#refuseCombined("defer");
    return this.#with(defer(this.#query, names));
  }
  selectRelated(...paths: string[]): this {
    this.#refuseCombined("selectRelated");
    return this.#with({ selectRelated: [...new Set([...this.#query.selectRelated, ...paths])] });
  }
  prefetchRelated(...paths: (string | Prefetch)[]): this {
    this.#refuseCombined("prefetchRelated");
    return this.#with(
      {},
      { ...this.#context, loaded: undefined, prefetch: [...(this.#context.prefetch ?? []), ...paths] },
    );
  }
  /** The same rows, in the database that they are written to. */
  forWriting(): this {
    return this.#query.routed === true ? this.#with(forWriting(this.#query)) : this;
  }
  /** The same query set with another query, or with a part of it. */
  replaced(query: Partial<Query>): this {
    return this.#with(query);
  }
  fetchMode(mode: FetchMode): this {
    if (!["peers", "one", "raise"].includes(mode)) {
      throw new QueryError(`fetchMode takes "peers", "one" or "raise"; found ${describeValue(mode)}.`);
    }
    return this.#with({ fetchMode: mode });
  }
  dates(path: string, kind: string, options: DatesOptions = {}): this {
    this.#refuse("dates");
    return this.#with(datesOf(this.#query, "dates", { path, kind, ...options }));
  }
  datetimes(path: string, kind: string, options: DateTimesOptions = {}): this {
    this.#refuse("datetimes");
    return this.#with(datesOf(this.#query, "datetimes", { path, kind, ...options }));
  }
  raw(sql: unknown, options: RawOptions<unknown> = {}): RawRows {
    return new RawRows(this.#query, sql, options);
  }
  using(alias: string): this {
    connections.options(alias);
    return this.#with({ alias, routed: false, free: false });
  }
  selectForUpdate(options: LockOptions = {}): this {
    this.#refuseCombined("selectForUpdate");
    return this.#with({ lock: lockOf(options) });
  }
  union(...given: unknown[]): this {
    const last = given.at(-1);
    const all =
      typeof last === "object" && last !== null && !(QUERY in last) && (last as { all?: unknown }).all === true;
    return this.#combine(all ? "union all" : "union", all ? given.slice(0, -1) : given);
  }
  intersection(...others: unknown[]): this {
    return this.#combine("intersect", others);
  }
  difference(...others: unknown[]): this {
    return this.#combine("except", others);
  }

  count(): Promise<number> {
    return this.#rows === undefined ? countRows(this.#query) : Promise.resolve(this.#rows.length);
  }
  exists(): Promise<boolean> {
    return this.#rows === undefined ? rowsExist(this.#query) : Promise.resolve(this.#rows.length > 0);
  }
  contains(row: ModelInstance): Promise<boolean> {
    return containsRow(this, row);
  }
  async aggregate(expressions: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    return aggregateRows(this.#query, aggregatesOf(expressions));
  }
  get(...conditions: unknown[]): Promise<ModelInstance> {
    return getRow(conditions.length === 0 ? this : this.filter(...conditions));
  }
  first(): Promise<ModelInstance | null> {
    return firstRow(this);
  }
  last(): Promise<ModelInstance | null> {
    this.#refuseSliced("last");
    return lastRow(this);
  }
  async latest(...paths: unknown[]): Promise<ModelInstance> {
    this.#refuseSliced("latest");
    return getRow(
      this.orderBy(...latestOrder(this.#query, paths))
        .reverse()
        .slice(0, 1),
    );
  }
  async earliest(...paths: unknown[]): Promise<ModelInstance> {
    this.#refuseSliced("earliest");
    return getRow(this.orderBy(...latestOrder(this.#query, paths)).slice(0, 1));
  }
  inBulk(
    keys?: readonly unknown[],
    options: { readonly fieldName?: string } = {},
  ): Promise<Map<unknown, ModelInstance>> {
    this.#refuseSliced("inBulk");
    return inBulk(this, keys, options.fieldName);
  }
  async *iterator(options: { readonly chunkSize?: number } = {}): AsyncGenerator<ModelInstance, void, undefined> {
    const size = options.chunkSize ?? CHUNK;
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new QueryError(`iterator(): chunkSize must be a whole number from 1; found ${String(size)}.`);
    }
    for await (const rows of fetchInChunks(this.#query, size)) yield* await this.#adopt(rows);
  }
  explain(options?: { readonly format?: string; readonly analyze?: boolean }): Promise<string> {
    return explainRows(this.#query, options);
  }
  create(values?: Values): Promise<ModelInstance> {
    return createRow(this, values);
  }
  getOrCreate(where: Values, options?: GetOrCreateOptions): Promise<[ModelInstance, boolean]> {
    return getOrCreate(this, where, options);
  }
  updateOrCreate(where: Values, options?: UpdateOrCreateOptions): Promise<[ModelInstance, boolean]> {
    return updateOrCreate(this, where, options);
  }
  bulkCreate(rows: readonly unknown[], options?: BulkCreateOptions): Promise<ModelInstance[]> {
    return bulkCreate(this.model, rows, forWriting(this.#query).alias, options);
  }
  bulkUpdate(rows: readonly unknown[], names: readonly string[], options?: BulkUpdateOptions): Promise<number> {
    return bulkUpdate(this.model, rows, names, { ...options, alias: forWriting(this.#query).alias });
  }
  async update(values: Readonly<Record<string, unknown>>): Promise<number> {
    this.#refuse("update");
    return updateRows(forWriting(this.#query), values);
  }
  async delete(options?: DeleteOptions): Promise<number | Deleted> {
    this.#refuse("delete");
    return counted(await deleteRows(forWriting(this.#query), this), options);
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query set is how it is run
  then<A = ModelInstance[], B = never>(
    onFulfilled?: ((rows: ModelInstance[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const rows = this.#fetch();
    return (onFulfilled || onRejected ? rows.then(onFulfilled, onRejected) : rows) as Promise<A | B>;
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<ModelInstance, void, undefined> {
    yield* await this.#fetch();
  }
  /** Not in the types: what plain JavaScript runs into when it iterates without awaiting. */
  [Symbol.iterator](): Iterator<ModelInstance> {
    return this[ROWS_NOW]("iterate").values();
  }
  /** The rows at once: those that are loaded; others only where the async guard is off or lifted, on SQLite. */
  [ROWS_NOW](verb: string): readonly ModelInstance[] {
    if (this.#rows !== undefined) return this.#rows;
    const { alias, model } = this.#query;
    refuseSynchronous(
      `You cannot ${verb} a QuerySet synchronously. Use "for await (… of …)", or await it first.`,
      model.name,
    );
    if (!connections.get(alias).features.synchronous) {
      throw synchronousOnly(
        'Only SQLite can be read synchronously. Use "for await (… of …)", or await the QuerySet first.',
        model.name,
      );
    }
    if (this.#context.prefetch?.length) {
      throw synchronousOnly("prefetchRelated() needs queries of its own: await the QuerySet.", model.name);
    }
    this.#rows = this.#know(fetchRowsSync(this.#query));
    return this.#rows;
  }

  async #fetch(): Promise<ModelInstance[]> {
    if (this.#rows === undefined) {
      const rows = await fetchRows(this.#query);
      this.#rows = this.#context === NO_CONTEXT ? rows : await this.#adopt(rows);
    }
    return [...this.#rows];
  }
  /** Gives fresh rows what they share, and what is loaded with them. */
  async #adopt(rows: ModelInstance[]): Promise<ModelInstance[]> {
    const { prefetch = [] } = this.#context;
    this.#know(rows);
    if (prefetch.length > 0 && this.#query.values === undefined) await prefetchInto(rows, prefetch);
    return rows;
  }
  #know(rows: ModelInstance[]): ModelInstance[] {
    const { known } = this.#context;
    if (known !== undefined && this.#query.values === undefined) {
      for (const row of rows) stateOf(row).relations.set(known.name, known.instance);
    }
    return rows;
  }
  #with(change: Partial<Query>, context: QuerySetContext = unloaded(this.#context)): this {
    const QuerySetClass = this.constructor as new (query: Query, context: QuerySetContext) => this;
    return new QuerySetClass(changedQuery(this.#query, change), context);
  }
  #where(method: string, condition: ConditionNode): this {
    this.#refuse(method);
    return this.#with({ steps: [...this.#query.steps, condition] });
  }
  #combine(operator: "union" | "union all" | "intersect" | "except", others: readonly unknown[]): this {
    return this.#with(combined(this.#query, operator, others));
  }
  #refuse(method: string): void {
    this.#refuseSliced(method);
    this.#refuseCombined(method);
  }
  #refuseSliced(method: string): void {
    if (!isSliced(this.#query)) return;
    throw new QueryError(`${method}() cannot follow slice(): it would change which rows are cut out. Call it before.`);
  }
  #refuseCombined(method: string): void {
    if (this.#query.combination === undefined) return;
    throw new QueryError(`${method}() cannot follow union(), intersection() or difference(). Call it on each of them.`);
  }
}

installSyncAccess(QuerySet.prototype);
for (const name of ["all", "count", "exists", "first", "last"] as const) templateMethod(QuerySet.prototype[name]);

function allOf(conditions: readonly unknown[]): ConditionNode {
  const nodes = conditions.map(conditionOf);
  return nodes.length === 1 ? (nodes[0] as ConditionNode) : { kind: "and", children: nodes };
}
