import { synchronousOnly } from "@tsjango/kernel/async";
import { QueryError } from "../exceptions.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { type ForeignKey, ReverseRelation } from "../fields/relations.ts";
import { isMissing } from "../query/field-values.ts";
import { Manager } from "../query/manager.ts";
import type { QuerySet } from "../query/query-set.ts";
import { writeAlias } from "../query/routing.ts";
import { stateOf } from "../query/state.ts";
import { hasRouters } from "../routers.ts";
import type { Query } from "../sql/query.ts";
import type { ModelInstance, ModelType } from "./options.ts";

/** The rows on the other side of a relation of one instance: its query methods, and what `prefetchRelated` loaded. */
export abstract class RelatedManager extends Manager {
  protected readonly relation: ReverseRelation | ManyToManyField;
  protected readonly instance: ModelInstance;

  constructor(relation: ReverseRelation | ManyToManyField, instance: ModelInstance) {
    const model = relation.target;
    const objects = (model as unknown as { objects: Manager }).objects;
    super(objects.queries, objects.querySetClass);
    this.relation = relation;
    this.instance = instance;
    this.bind(model);
  }

  /** The query of the rows; the instance has a key. */
  protected abstract rows(): Query;

  /** What each row knows when it was loaded by way of this manager. */
  protected get known(): { readonly name: string; readonly instance: ModelInstance } | undefined {
    return undefined;
  }

  override getQuerySet(): QuerySet {
    this.refuseUnsaved();
    return new this.querySetClass(this.#routed(this.rows()), { known: this.known, loaded: this.loaded });
  }

  /** As loaded by `prefetchRelated`, else all rows. */
  all(): QuerySet {
    return this.getQuerySet();
  }

  /** Not in the types of a manager that may not be loaded: what plain JavaScript runs into. */
  [Symbol.iterator](): Iterator<ModelInstance> {
    return this.#loadedRows("iterated").values();
  }
  [Symbol.asyncIterator](): AsyncIterator<ModelInstance> {
    return this.getQuerySet()[Symbol.asyncIterator]();
  }
  /** How many rows `prefetchRelated` loaded. */
  get length(): number {
    return this.#loadedRows("counted").length;
  }

  /** A row that `prefetchRelated` loaded, by its place. */
  at(index: number): ModelInstance | undefined {
    return this.#loadedRows("read").at(index);
  }
  /** What a function makes of each row that `prefetchRelated` loaded. */
  map<U>(each: (row: ModelInstance, index: number) => U): U[] {
    return this.#loadedRows("mapped").map(each);
  }

  /** The database that links and rows are written to. */
  protected get alias(): string {
    return writeAlias(this.instance, undefined, this.model);
  }
  protected get loaded(): readonly ModelInstance[] | undefined {
    return stateOf(this.instance).prefetched?.get(this.relation.name);
  }

  /** What was loaded is no longer so. */
  protected forget(): void {
    stateOf(this.instance).prefetched?.delete(this.relation.name);
  }

  protected refuseUnsaved(): void {
    const model = this.instance.constructor as ModelType;
    if (!isMissing(optionsOf(model).pk.keyOf(this.instance)) && !this.#isNew(model)) return;
    throw new QueryError(`${this.relation.label} can be used when the ${model.name} has been saved. Save it first.`);
  }

  /** A key that was made up is no row's yet; links to it would be refused, and so would its rows. */
  #isNew(model: ModelType): boolean {
    return stateOf(this.instance).adding && optionsOf(model).pk.keyFields.every((field) => field.hasDefault);
  }

  /** Rows are read where routers say, else from where the instance came. */
  #routed(query: Query): Query {
    return hasRouters() ? { ...query, alias: stateOf(this.instance).alias, routed: true } : query;
  }

  #loadedRows(verb: string): readonly ModelInstance[] {
    const { loaded } = this;
    if (loaded !== undefined) return loaded;
    const { name, label } = this.relation;
    const model = this.instance.constructor.name;
    throw synchronousOnly(
      `${label} is not loaded, so it cannot be ${verb} synchronously. Await it (for (const row of await ` +
        `${model.toLowerCase()}.${name}.all())), or load it with the query: ${model}.objects.prefetchRelated("${name}").`,
      label,
    );
  }
}

/** Whether it is an instance of a model, not a key. */
export function isInstance(row: unknown): row is ModelInstance {
  return typeof row === "object" && row !== null && !Array.isArray(row) && !(row instanceof Date);
}

/** Whether the relation is many-to-many, from this side or from the other. */
export function isManyToMany(relation: ForeignKey | ReverseRelation | ManyToManyField): boolean {
  if (relation instanceof ReverseRelation) return relation.forward instanceof ManyToManyField;
  return relation instanceof ManyToManyField;
}
