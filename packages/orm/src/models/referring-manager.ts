import { connections } from "../connections.ts";
import { FieldValueError, QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ForeignKey, ReverseRelation } from "../fields/relations.ts";
import type { BulkCreateOptions } from "../query/bulk.ts";
import { CHUNK, chunks } from "../query/chunks.ts";
import {
  createRow,
  type GetOrCreateOptions,
  getOrCreate,
  type UpdateOrCreateOptions,
  updateOrCreate,
  type Values,
} from "../query/creation.ts";
import { identityOf, keyAsRead } from "../query/identity.ts";
import type { QuerySet } from "../query/query-set.ts";
import { stateOf } from "../query/state.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { atomic } from "../transaction.ts";
import type { ModelInstance } from "./options.ts";
import { isInstance, RelatedManager } from "./related-manager.ts";

/** The rows that refer to one instance by a foreign key: `author.books`. */
export class ReferringManager extends RelatedManager {
  declare protected readonly relation: ReverseRelation;

  protected override get known() {
    return { name: this.relation.via, instance: this.instance };
  }

  protected override rows(): Query {
    return {
      ...lookupQuery(this.model, this.alias, { [this.relation.via]: this.instance }),
      ordering: undefined,
    };
  }

  get #foreignKey(): ForeignKey {
    return this.relation.foreignKey;
  }

  #with(values: Values): Values {
    return { ...values, [this.relation.via]: this.instance };
  }

  async create(values: Values = {}): Promise<ModelInstance> {
    this.forget();
    return createRow(this.getQuerySet(), this.#with(values));
  }

  async getOrCreate(where: Values, options?: GetOrCreateOptions): Promise<[ModelInstance, boolean]> {
    this.forget();
    return getOrCreate(this.getQuerySet(), where, options, (values) => this.create(values));
  }

  async updateOrCreate(where: Values, options?: UpdateOrCreateOptions): Promise<[ModelInstance, boolean]> {
    this.forget();
    return updateOrCreate(this.getQuerySet(), where, options, (values) => this.create(values));
  }

  async bulkCreate(rows: readonly unknown[], options?: BulkCreateOptions): Promise<ModelInstance[]> {
    this.forget();
    const given = rows.map((row) => {
      if (!isInstance(row) || !((row as object) instanceof this.model)) return this.#with(row as Values);
      row[this.relation.via] = this.instance;
      return row;
    });
    return this.getQuerySet().bulkCreate(given, options);
  }

  /** Makes these rows refer to the instance. */
  async add(...rows: unknown[]): Promise<void> {
    await this.#add(rows);
  }

  async #add(rows: readonly unknown[]): Promise<void> {
    this.refuseUnsaved();
    const keys = this.#keysOf("add", rows);
    this.forget();
    await this.#write(keys, (part) => this.#all(part), this.instance);
    for (const row of rows) if (isInstance(row)) row[this.relation.via] = this.instance;
  }

  /** Makes these rows refer to nothing; the relation must be `null: true`. */
  async remove(...rows: unknown[]): Promise<void> {
    await this.#remove(rows);
  }

  async #remove(rows: readonly unknown[]): Promise<void> {
    this.#refuseRequired("remove");
    const keys = this.#keysOf("remove", rows);
    for (const row of rows) if (isInstance(row)) this.#refuseOther(row);
    this.forget();
    await this.#write(keys, (part) => this.getQuerySet().filter({ pk__in: part }), null);
    for (const row of rows) if (isInstance(row)) row[this.relation.via] = null;
  }

  /** Makes all rows refer to nothing; the relation must be `null: true`. */
  async clear(): Promise<void> {
    this.#refuseRequired("clear");
    this.forget();
    await this.getQuerySet()
      .orderBy()
      .update({ [this.relation.via]: null });
  }

  /** Makes these rows, and no others, refer to the instance; with `clear`, by taking all away first. */
  async set(rows: readonly unknown[], { clear = false }: { readonly clear?: boolean } = {}): Promise<void> {
    this.refuseUnsaved();
    const keys = this.#keysOf("set", rows);
    this.forget();
    const run = async () => {
      if (clear) await this.clear();
      const { pk } = optionsOf(this.model);
      const wanted = new Map(keys.map((key, index) => [identityOf(key), rows[index]]));
      const others: unknown[] = [];
      for (const row of await this.getQuerySet().orderBy()) {
        const key = pk.keyOf(row);
        if (!wanted.delete(identityOf(key))) others.push(key);
      }
      if (others.length > 0) await this.#remove(others);
      await this.#add([...wanted.values()]);
      for (const row of rows) if (isInstance(row)) row[this.relation.via] = this.instance;
    };
    await atomic(run, { using: this.alias, savepoint: false });
  }

  async #write(keys: readonly unknown[], rows: (part: readonly unknown[]) => QuerySet, value: unknown): Promise<void> {
    if (keys.length === 0) return;
    const run = async () => {
      for (const part of chunks(keys)) {
        await rows(part)
          .orderBy()
          .update({ [this.relation.via]: value });
      }
    };
    if (keys.length <= CHUNK) await run();
    else await atomic(run, { using: this.alias, savepoint: false });
  }

  #all(keys: readonly unknown[]): QuerySet {
    return new this.querySetClass(lookupQuery(this.model, this.alias, { pk__in: keys }));
  }

  /** The keys of rows; of instances, they must be saved ones of the right model. */
  #keysOf(method: string, rows: readonly unknown[]): unknown[] {
    const { label } = this.relation;
    const { pk } = optionsOf(this.model);
    const backend = connections.get(this.alias);
    return rows.map((row) => {
      if (row === undefined || row === null) {
        throw new FieldValueError(`${label}.${method}() takes ${this.model.name}, or its key; found ${String(row)}.`);
      }
      if (!isInstance(row)) return keyAsRead(pk, row, backend);
      if (!((row as object) instanceof this.model)) {
        throw new FieldValueError(
          `${label} takes ${this.model.name}, or its key; found an instance of ${row.constructor.name}.`,
        );
      }
      if (!stateOf(row).adding) return pk.keyOf(row);
      throw new QueryError(
        `${label}.${method}(): a ${this.model.name} has not been saved. Save it first, or make it with create().`,
      );
    });
  }

  #refuseOther(row: ModelInstance): void {
    const key = this.#foreignKey.targetField.keyOf(this.instance);
    if (identityOf(row[this.#foreignKey.attribute]) === identityOf(key)) return;
    const { DoesNotExist } = this.model as unknown as { DoesNotExist: new (message: string) => Error };
    throw new DoesNotExist(
      `${this.relation.label}.remove(): the ${this.model.name} does not refer to this ${this.instance.constructor.name}.`,
    );
  }

  #refuseRequired(method: string): void {
    if (this.#foreignKey.null) return;
    throw new QueryError(
      `${this.relation.label}.${method}(): ${this.#foreignKey.label} may not be null, so a row cannot be left without ` +
        "one. Delete the rows, give them to another one, or make the field null: true.",
    );
  }
}
