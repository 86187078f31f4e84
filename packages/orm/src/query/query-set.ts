import { refuseSynchronous } from "@tsjango/kernel/async";
import { SynchronousOnlyOperation } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { connections } from "../connections.ts";
import { QueryError } from "../exceptions.ts";
import { ConditionBuilder, type ConditionNode, conditionOf } from "../expressions/condition.ts";
import { QUERY } from "../expressions/symbols.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { isSliced, type Query } from "../sql/query.ts";
import { type BulkCreateOptions, type BulkUpdateOptions, bulkCreate, bulkUpdate } from "./bulk.ts";
import {
  createRow,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
  type Values,
} from "./creation.ts";
import { deleteRows } from "./deletion.ts";
import { countRows, fetchRows, fetchRowsSync, rowsExist } from "./execute.ts";
import { firstRow, getRow, lastRow } from "./retrieval.ts";
import { stateOf } from "./state.ts";
import { updateRows } from "./writing.ts";

/** What a query set carries besides its query. */
export interface QuerySetContext {
  /** A relation whose value all rows share: `author.books` knows each book's author. */
  readonly known?: { readonly name: string; readonly instance: ModelInstance } | undefined;
  /** The rows themselves, where they are loaded already. */
  readonly loaded?: readonly ModelInstance[] | undefined;
}

/**
 * The rows of a model that meet conditions, in an order. It is a value: each method gives another one, and nothing is
 * asked before it is awaited or iterated. Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/
 */
export class QuerySet implements PromiseLike<ModelInstance[]>, AsyncIterable<ModelInstance> {
  readonly #query: Query;
  readonly #context: QuerySetContext;
  #rows: readonly ModelInstance[] | undefined;

  constructor(query: Query, context: QuerySetContext = {}) {
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
    return this.#with({});
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
  orderBy(...paths: string[]): this {
    this.#refuseSliced("orderBy");
    for (const path of paths) {
      if (typeof path !== "string") throw new QueryError(`orderBy takes paths; found ${describeValue(path)}.`);
    }
    return this.#with({ ordering: paths, reversed: false });
  }
  reverse(): this {
    this.#refuseSliced("reverse");
    return this.#with({ reversed: !this.#query.reversed });
  }
  slice(start: number, end?: number): this {
    for (const [name, value] of Object.entries({ start, end: end ?? start })) {
      if (Number.isSafeInteger(value) && value >= 0) continue;
      throw new QueryError(
        `slice(${start}, ${end}): ${name} must be a whole number from 0; found ${describeValue(value)}. ` +
          "To count from the end, use reverse() first.",
      );
    }
    const { offset, limit } = this.#query;
    const left = limit === undefined ? undefined : Math.max(limit - start, 0);
    const wanted = end === undefined ? undefined : Math.max(end - start, 0);
    const smaller = wanted === undefined ? left : Math.min(wanted, left ?? wanted);
    return this.#with({ offset: offset + start, limit: smaller });
  }
  selectRelated(...paths: string[]): this {
    return this.#with({ selectRelated: [...new Set([...this.#query.selectRelated, ...paths])] });
  }

  count(): Promise<number> {
    return this.#rows === undefined ? countRows(this.#query) : Promise.resolve(this.#rows.length);
  }
  exists(): Promise<boolean> {
    return this.#rows === undefined ? rowsExist(this.#query) : Promise.resolve(this.#rows.length > 0);
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
    return bulkCreate(this.model, rows, this.#query.alias, options);
  }
  bulkUpdate(rows: readonly unknown[], names: readonly string[], options?: BulkUpdateOptions): Promise<number> {
    return bulkUpdate(this.model, rows, names, { ...options, alias: this.#query.alias });
  }
  async update(values: Readonly<Record<string, unknown>>): Promise<number> {
    this.#refuseSliced("update");
    return updateRows(this.#query, values);
  }
  async delete(): Promise<number> {
    this.#refuseSliced("delete");
    return (await deleteRows(this.#query, this)).total;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query set is how it is run
  then<A = ModelInstance[], B = never>(
    onFulfilled?: ((rows: ModelInstance[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#fetch().then(onFulfilled, onRejected);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<ModelInstance, void, undefined> {
    yield* await this.#fetch();
  }
  /** Not in the types: what plain JavaScript runs into when it iterates without awaiting. */
  [Symbol.iterator](): Iterator<ModelInstance> {
    if (this.#rows !== undefined) return this.#rows.values();
    refuseSynchronous('You cannot iterate a QuerySet synchronously. Use "for await (… of …)", or await it first.');
    if (!connections.get(this.#query.alias).features.synchronous) {
      throw new SynchronousOnlyOperation(
        'Only SQLite can be read synchronously. Use "for await (… of …)", or await the QuerySet first.',
      );
    }
    this.#rows = this.#adopt(fetchRowsSync(this.#query));
    return this.#rows.values();
  }

  async #fetch(): Promise<ModelInstance[]> {
    this.#rows ??= this.#adopt(await fetchRows(this.#query));
    return [...this.#rows];
  }
  #adopt(rows: ModelInstance[]): ModelInstance[] {
    const { known } = this.#context;
    if (known !== undefined) for (const row of rows) stateOf(row).relations.set(known.name, known.instance);
    return rows;
  }
  #with(change: Partial<Query>): this {
    const QuerySetClass = this.constructor as new (query: Query, context: QuerySetContext) => this;
    return new QuerySetClass(Object.freeze({ ...this.#query, ...change }), { known: this.#context.known });
  }
  #where(method: string, condition: ConditionNode): this {
    this.#refuseSliced(method);
    return this.#with({ steps: [...this.#query.steps, condition] });
  }
  #refuseSliced(method: string): void {
    if (!isSliced(this.#query)) return;
    throw new QueryError(`${method}() cannot follow slice(): it would change which rows are cut out. Call it before.`);
  }
}

function allOf(conditions: readonly unknown[]): ConditionNode {
  const nodes = conditions.map(conditionOf);
  return nodes.length === 1 ? (nodes[0] as ConditionNode) : { kind: "and", children: nodes };
}
