import { describeValue } from "@tsjango/kernel/utils";
import { connections } from "../connections.ts";
import { QueryError } from "../exceptions.ts";
import { SqlFragment } from "../expressions/sql.ts";
import { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance } from "../models/options.ts";
import type { Query } from "../sql/query.ts";
import { compileWritten, planWritten } from "../sql/raw-rows.ts";
import { runStatement } from "../transaction.ts";
import { hydrateInSlices } from "./hydrate.ts";
import { forReading } from "./routing.ts";

/** What `raw` takes beside the statement. */
export interface RawOptions<X> {
  /** Columns that are no fields of the model, by their names: `{ extra: { total: fields.integer() } }`. */
  readonly extra?: X;
}

/**
 * The rows of a statement that was written by hand, as instances. It runs when it is awaited or iterated, each time anew.
 */
export class RawRows implements PromiseLike<ModelInstance[]>, AsyncIterable<ModelInstance> {
  readonly #query: Query;
  readonly #sql: SqlFragment<unknown>;
  readonly #extra: Readonly<Record<string, Field>>;

  /** The statement is asked where the query's rows are read. */
  constructor(query: Query, sql: unknown, options: RawOptions<unknown>) {
    const { model } = query;
    if (!(sql instanceof SqlFragment)) {
      throw new QueryError(
        `raw() takes a statement with its values apart: raw(sql\`select … where id = \${id}\`); found ${describeValue(sql)}.`,
      );
    }
    this.#query = query;
    this.#sql = sql;
    const extra = Object.entries(options.extra ?? {});
    for (const [name, field] of extra) {
      if (!(field instanceof Field)) {
        throw new QueryError(
          `raw(): extra.${name} is a kind of field, such as fields.integer(); found ${describeValue(field)}.`,
        );
      }
      if (optionsOf(model).find(name) !== undefined || name in model.prototype) {
        throw new QueryError(`raw(): ${model.name} has a field or method "${name}". Give the column another name.`);
      }
    }
    this.#extra = Object.fromEntries(extra) as Readonly<Record<string, Field>>;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting the rows is how the statement is run
  then<A = ModelInstance[], B = never>(
    onFulfilled?: ((rows: ModelInstance[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#fetch().then(onFulfilled, onRejected);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<ModelInstance, void, undefined> {
    yield* await this.#fetch();
  }

  async #fetch(): Promise<ModelInstance[]> {
    const { alias, model } = forReading(this.#query);
    const backend = connections.get(alias);
    const result = await runStatement(alias, compileWritten(backend, model, this.#sql));
    const { plan, rows } = planWritten(model, result, this.#extra);
    return (await hydrateInSlices(plan, rows, backend)) as ModelInstance[];
  }
}
