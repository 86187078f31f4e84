import { FieldValueError, QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ReverseRelation } from "../fields/relations.ts";
import { Manager } from "../query/manager.ts";
import type { QuerySet } from "../query/query-set.ts";
import { stateOf } from "../query/state.ts";
import { lookupQuery } from "../sql/query.ts";
import { atomic } from "../transaction.ts";
import type { ModelInstance } from "./options.ts";

/** The rows that refer to one instance: `author.books`. */
export class RelatedManager extends Manager {
  readonly #relation: ReverseRelation;
  readonly #instance: ModelInstance;

  constructor(relation: ReverseRelation, instance: ModelInstance) {
    const objects = (relation.to as unknown as { objects: Manager }).objects;
    super(objects.queries, objects.querySetClass);
    this.#relation = relation;
    this.#instance = instance;
    this.bind(relation.to);
  }

  override getQuerySet(): QuerySet {
    const { via, label } = this.#relation;
    const instance = this.#instance;
    if (instance["pk"] === undefined || instance["pk"] === null) {
      throw new QueryError(`${label} can be used when the ${instance.constructor.name} has been saved. Save it first.`);
    }
    const { alias } = stateOf(instance);
    const query = { ...lookupQuery(this.model, alias, { [via]: instance }), ordering: undefined };
    return new this.querySetClass(query, { known: { name: via, instance } });
  }

  protected override defaults(): Record<string, unknown> {
    return { [this.#relation.via]: this.#instance };
  }

  /** Makes these rows refer to the instance. */
  async add(...rows: unknown[]): Promise<void> {
    await this.#all(rows).update({ [this.#relation.via]: this.#instance });
    for (const row of rows) if (isInstance(row)) row[this.#relation.via] = this.#instance;
  }

  /** Makes these rows refer to nothing; the relation must be `null: true`. */
  async remove(...rows: unknown[]): Promise<void> {
    this.#refuseRequired("remove");
    await this.getQuerySet()
      .filter({ pk__in: rows.map(keyOf) })
      .update({ [this.#relation.via]: null });
    for (const row of rows) if (isInstance(row)) row[this.#relation.via] = null;
  }

  /** Makes all rows refer to nothing; the relation must be `null: true`. */
  async clear(): Promise<void> {
    this.#refuseRequired("clear");
    await this.getQuerySet().update({ [this.#relation.via]: null });
  }

  /** Makes these rows, and no others, refer to the instance. */
  async set(rows: readonly unknown[]): Promise<void> {
    const { foreignKey, via } = this.#relation;
    const others = this.getQuerySet().exclude({ pk__in: rows.map(keyOf) });
    await atomic(async () => {
      if (foreignKey.null) await others.update({ [via]: null });
      else if (await others.exists()) this.#refuseRequired("set");
      await this.add(...rows);
    });
  }

  #all(rows: readonly unknown[]): QuerySet {
    for (const row of rows) {
      if (!isInstance(row) || Object(row) instanceof this.model) continue;
      throw new FieldValueError(
        `${this.#relation.label} takes ${this.model.name}, or its key; found an instance of ${row.constructor.name}.`,
      );
    }
    return new this.querySetClass(lookupQuery(this.model, stateOf(this.#instance).alias, { pk__in: rows.map(keyOf) }));
  }

  #refuseRequired(method: string): void {
    const { foreignKey, label } = this.#relation;
    if (foreignKey.null) return;
    throw new QueryError(
      `${label}.${method}(): ${foreignKey.label} may not be null, so a row cannot be left without one. ` +
        "Delete the rows, give them to another one, or make the field null: true.",
    );
  }
}

function isInstance(row: unknown): row is ModelInstance {
  return typeof row === "object" && row !== null;
}

function keyOf(row: unknown): unknown {
  return isInstance(row) ? row[optionsOf(row.constructor as never).pk.attribute] : row;
}
