import type {
  CreateInput,
  InstanceOf,
  OptionalNames,
  PkOf,
  RequiredNames,
  Settable,
  ShapeOf,
} from "../models/model.types.ts";
import type { Creation } from "./creation.types.ts";
import type { OneRelationOf } from "./path.types.ts";
import type { Queries, QueriesOf, QueryMethods } from "./query-set.types.ts";

/** The door to a model's rows. */
export interface ManagerType<M, X = {}, Via = never> extends QueryMethods<M, M, {}, X>, Creation<M, Via> {}

/** A manager with the query methods X. */
export type ManagerOf<M, X> = ManagerType<M, X> & Queries<M, M, {}, X>;

type RowOrKey<M> = M | PkOf<M>;

/** The rows that refer to one instance, or are linked with it. */
export interface RelatedManagerType<M, X = {}, Via = never> extends ManagerType<M, X, Via>, AsyncIterable<M> {
  /** Makes these rows belong to the instance. */
  add(...rows: RowOrKey<M>[]): Promise<void>;
  /** Makes these rows belong to it no more; a foreign key must be `null: true`. */
  remove(...rows: RowOrKey<M>[]): Promise<void>;
  /** Makes these rows, and no others, belong to the instance; with `clear`, all are first removed. */
  set(rows: readonly RowOrKey<M>[], options?: { readonly clear?: boolean }): Promise<void>;
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
type LinkOptions<D, O = unknown> = {} extends D
  ? [options?: { readonly throughDefaults?: D } & O]
  : [options: { readonly throughDefaults: D } & O];

/** The rows that are linked with one instance by rows of another model. D: what a link needs. */
export interface ThroughManagerType<M, X, D> extends QueryMethods<M, M, {}, X>, AsyncIterable<M> {
  /** Links these rows. */
  add(...rows: AddArguments<M, D>): Promise<void>;
  /** Removes the links with these rows. */
  remove(...rows: RowOrKey<M>[]): Promise<void>;
  /** Links these rows and no others. */
  set(rows: readonly RowOrKey<M>[], ...options: LinkOptions<D, { readonly clear?: boolean }>): Promise<void>;
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
