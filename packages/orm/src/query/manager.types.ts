import type {
  CreateInput,
  InstanceOf,
  OptionalNames,
  PkOf,
  RequiredNames,
  Settable,
  ShapeOf,
} from "../models/model.types.ts";
import type { Checked, OwnKeys } from "./condition.types.ts";
import type { OneRelationOf } from "./path.types.ts";
import type { Queries, QueriesOf, QueryMethods } from "./query-set.types.ts";
import type { BulkCreateOptions, CreateNames, GetOrCreateOptions, UpdateOrCreateOptions } from "./write.types.ts";

/** The door to a model's rows. */
export interface ManagerType<M, X = {}, Via = never> extends QueryMethods<M, M, {}, X> {
  /** Makes a row. */
  create(values: CreateInput<M, Via>): Promise<M>;
  /** Makes rows with as few statements as there can be. */
  bulkCreate(
    rows: readonly CreateInput<M, Via>[],
    options?: BulkCreateOptions<CreateNames<ShapeOf<M>> & string>,
  ): Promise<M[]>;
  /** Writes these fields of the rows with as few statements as there can be; gives how many rows there were. */
  bulkUpdate(
    rows: readonly M[],
    fields: readonly (CreateNames<ShapeOf<M>> & string)[],
    options?: { readonly batchSize?: number },
  ): Promise<number>;
  /** The row that meets the lookups, or a new one made of them and the defaults; and whether it is new. */
  getOrCreate<const W extends Checked<M, {}, W>, const D extends object = {}>(
    where: W & OwnKeys<M>,
    ...options: GetOrCreateOptions<ShapeOf<M>, W, Via, D>
  ): Promise<[M, boolean]>;
  /** The row that meets the lookups, with the defaults set, or a new one; and whether it is new. */
  updateOrCreate<const W extends Checked<M, {}, W>, const D extends object = {}, const C extends object = {}>(
    where: W & OwnKeys<M>,
    ...options: UpdateOrCreateOptions<ShapeOf<M>, W, Via, D, C>
  ): Promise<[M, boolean]>;
}

/** A manager with the query methods X. */
export type ManagerOf<M, X> = ManagerType<M, X> & Queries<M, M, {}, X>;

type RowOrKey<M> = M | PkOf<M>;

/** The rows that refer to one instance, or are linked with it. */
export interface RelatedManagerType<M, X = {}, Via = never> extends ManagerType<M, X, Via> {
  /** Makes these rows belong to the instance. */
  add(...rows: RowOrKey<M>[]): Promise<void>;
  /** Makes these rows belong to it no more; a foreign key must be `null: true`. */
  remove(...rows: RowOrKey<M>[]): Promise<void>;
  /** Makes these rows, and no others, belong to the instance. */
  set(rows: readonly RowOrKey<M>[]): Promise<void>;
  /** Makes no row belong to the instance; a foreign key must be `null: true`. */
  clear(): Promise<void>;
}

/** The manager of the rows of C that refer to an instance by `Via`. */
export type RelatedManagerOf<C, Via> = RelatedManagerType<InstanceOf<C>, QueriesOf<C>, Via> &
  Queries<InstanceOf<C>, InstanceOf<C>, {}, QueriesOf<C>>;

/** What a link of the model with shape S can be given beside its two ends. */
type LinkValues<M, S = ShapeOf<M>> = { [K in Exclude<RequiredNames<S>, OneRelationOf<M>>]: Settable<S[K]> } & {
  [K in OptionalNames<S> | (OneRelationOf<M> & keyof S)]?: Settable<S[K]>;
};

type AddArguments<M, D> = {} extends D
  ? RowOrKey<M>[] | [...RowOrKey<M>[], { readonly throughDefaults: D }]
  : [...RowOrKey<M>[], { readonly throughDefaults: D }];
type LinkOptions<D> = {} extends D
  ? [options?: { readonly throughDefaults?: D }]
  : [options: { readonly throughDefaults: D }];

/** The rows that are linked with one instance by rows of another model. D: what a link needs. */
export interface ThroughManagerType<M, X, D> extends QueryMethods<M, M, {}, X> {
  /** Links these rows. */
  add(...rows: AddArguments<M, D>): Promise<void>;
  /** Removes the links with these rows. */
  remove(...rows: RowOrKey<M>[]): Promise<void>;
  /** Links these rows and no others. */
  set(rows: readonly RowOrKey<M>[], ...options: LinkOptions<D>): Promise<void>;
  /** Removes all links. */
  clear(): Promise<void>;
  /** Makes a row and links it. */
  create(values: CreateInput<M>, ...options: LinkOptions<D>): Promise<M>;
}

/** The manager of the rows of C on the other side of a many-to-many relation. */
export type ManyManagerOf<C, Through> = ([Through] extends [never]
  ? RelatedManagerType<InstanceOf<C>, QueriesOf<C>>
  : ThroughManagerType<InstanceOf<C>, QueriesOf<C>, LinkValues<InstanceOf<Through>>>) &
  Queries<InstanceOf<C>, InstanceOf<C>, {}, QueriesOf<C>>;
