import type { ForeignKeyType, RelatedOneType } from "../fields/field.types.ts";
import type { CreateInput, InstanceOf, PkOf, RequiredNames, Settable, ShapeOf } from "../models/model.types.ts";
import type { Checked, Condition, OwnKeys } from "./condition.types.ts";
import type { NoSuchField, OneNames, OnePath, OrderPath, ROW } from "./path.types.ts";

/** Carries the annotations of a query set; no value has it. */
export declare const ANNOTATIONS: unique symbol;
/** Carries the custom query methods of a query set; no value has it. */
export declare const QUERIES: unique symbol;

type NullIf<N> = N extends true ? null : never;
type Head<P> = P extends `${infer H}__${string}` ? H : P;
type Tail<P, H extends string> = P extends `${H}__${infer R}` ? R : never;
type Deep<C, T extends string> = [T] extends [never] ? InstanceOf<C> : InstanceOf<C> & Load<InstanceOf<C>, T>;

/** The relations P of model M, loaded, so that they read synchronously. */
export type Load<M, P extends string> = LoadOf<ShapeOf<M>, P>;
type LoadOf<S, P extends string> = {
  [H in Head<P> & keyof S & string]: S[H] extends ForeignKeyType<infer C, infer N, any>
    ? Deep<C, Tail<P, H>> | NullIf<N>
    : S[H] extends RelatedOneType<infer C, any>
      ? Deep<C, Tail<P, H>> | null
      : never;
};

/** The custom query methods of a model class. */
export type QueriesOf<C> = C extends { readonly objects: { readonly [QUERIES]: infer X } } ? X : {};

/** What a query method of the model gives when it is called on rows R. */
type Rebase<M, R, A, X, T> = T extends { readonly [ROW]: infer R2; readonly [ANNOTATIONS]: infer A2 }
  ? [M] extends [R2]
    ? QuerySetOf<M, R, A & A2, X>
    : [R2] extends [M]
      ? QuerySetOf<M, R & R2, A & A2, X>
      : T
  : T;
type Queries<M, R, A, X> = {
  [K in keyof X]: X[K] extends (...args: infer P) => infer T ? (...args: P) => Rebase<M, R, A, X, T> : never;
};

/** A query set with the custom query methods X. */
export type QuerySetOf<M, R = M, A = {}, X = {}> = QuerySetType<M, R, A, X> & Queries<M, R, A, X>;

type UpdateInput<S, V> = { [K in keyof V]: K extends keyof S ? Settable<S[K]> : NoSuchField<K> };

type Missing<S, W, D> = Exclude<RequiredNames<S>, keyof W | keyof D>;
type DefaultsArgument<S, W, Via, D> = [Missing<S, W, Record<Via & string, 1>>] extends [never]
  ? [options?: { readonly defaults?: D & UpdateInput<S, D> }]
  : [
      options: {
        readonly defaults: D &
          UpdateInput<S, D> & { [K in Missing<S, W, Record<Via & string, 1>> & keyof S]: Settable<S[K]> };
      },
    ];

/** M: the model. R: the rows. A: annotations. X: custom query methods. */
export interface QueryMethods<M, R, A, X> {
  readonly [ROW]: R;
  readonly [ANNOTATIONS]: A;
  readonly [QUERIES]: X;
  /** All rows. */
  all(): QuerySetOf<M, R, A, X>;
  /** No rows, without asking the database. */
  none(): QuerySetOf<M, R, A, X>;
  /** A condition to keep in a variable or return from a function. */
  q<const W extends Checked<ShapeOf<M>, {}, W>>(condition: W & OwnKeys<ShapeOf<M>>): Condition<M>;
  /** The rows that meet all conditions: lookups, `Q(…)`. */
  filter<
    const W extends Checked<ShapeOf<M>, A, W>,
    const W2 extends Checked<ShapeOf<M>, A, W2> = {},
    const W3 extends Checked<ShapeOf<M>, A, W3> = {},
  >(condition?: W & OwnKeys<ShapeOf<M>>, second?: W2, ...rest: W3[]): QuerySetOf<M, R, A, X>;
  /** The rows that do not meet all conditions. */
  exclude<
    const W extends Checked<ShapeOf<M>, A, W>,
    const W2 extends Checked<ShapeOf<M>, A, W2> = {},
    const W3 extends Checked<ShapeOf<M>, A, W3> = {},
  >(condition?: W & OwnKeys<ShapeOf<M>>, second?: W2, ...rest: W3[]): QuerySetOf<M, R, A, X>;
  /** In this order; a leading `-` means descending, `"?"` at random, nothing no order. */
  orderBy<const P extends string>(...paths: OrderPath<ShapeOf<M>, A, P>[]): QuerySetOf<M, R, A, X>;
  /** In the opposite order. */
  reverse(): QuerySetOf<M, R, A, X>;
  /** The rows from `start` up to, not including, `end`. */
  slice(start: number, end?: number): QuerySetOf<M, R, A, X>;
  /** Loads relations to one row in the same query, so that they read synchronously. */
  selectRelated<const P extends string>(
    ...paths: ([OnePath<ShapeOf<M>, P>] extends [never] ? OneNames<ShapeOf<M>> : P)[]
  ): QuerySetOf<M, R & Load<M, P>, A, X>;
  /** The only row; throws the model's `DoesNotExist` or `MultipleObjectsReturned`. */
  get<
    const W extends Checked<ShapeOf<M>, A, W>,
    const W2 extends Checked<ShapeOf<M>, A, W2> = {},
    const W3 extends Checked<ShapeOf<M>, A, W3> = {},
  >(condition?: W & OwnKeys<ShapeOf<M>>, second?: W2, ...rest: W3[]): Promise<R>;
  first(): Promise<R | null>;
  last(): Promise<R | null>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  /** Sets values in all rows with one statement; gives how many there were. */
  update<const V extends UpdateInput<ShapeOf<M>, V>>(
    values: V & { [K in keyof CreateInput<ShapeOf<M>>]?: unknown },
  ): Promise<number>;
}

/** The rows of a model that meet conditions: awaitable and async-iterable. */
export interface QuerySetType<M, R = M, A = {}, X = {}>
  extends QueryMethods<M, R, A, X>,
    PromiseLike<R[]>,
    AsyncIterable<R> {
  /** Deletes all rows, and what `onDelete` says; gives how many went. */
  delete(): Promise<number>;
}

/** The door to a model's rows. */
export interface ManagerType<M, X = {}, Via = never> extends QueryMethods<M, M, {}, X> {
  /** Makes a row. */
  create(values: CreateInput<ShapeOf<M>, Via>): Promise<M>;
  /** Makes rows with as few statements as there can be. */
  bulkCreate(rows: readonly CreateInput<ShapeOf<M>, Via>[]): Promise<M[]>;
  /** The row that meets the lookups, or a new one made of them and the defaults; and whether it is new. */
  getOrCreate<const W extends Checked<ShapeOf<M>, {}, W>, const D extends object = {}>(
    where: W & OwnKeys<ShapeOf<M>>,
    ...options: DefaultsArgument<ShapeOf<M>, W, Via, D>
  ): Promise<[M, boolean]>;
}

/** A manager with the query methods X. */
export type ManagerOf<M, X> = ManagerType<M, X> & Queries<M, M, {}, X>;

/** The rows that refer to one instance. */
export interface RelatedManagerType<M, X = {}, Via = never> extends ManagerType<M, X, Via> {
  /** Makes these rows refer to the instance. */
  add(...rows: (M | PkOf<M>)[]): Promise<void>;
  /** Makes these rows refer to nothing; the relation must be `null: true`. */
  remove(...rows: (M | PkOf<M>)[]): Promise<void>;
  /** Makes these rows, and no others, refer to the instance. */
  set(rows: readonly (M | PkOf<M>)[]): Promise<void>;
  /** Makes all rows refer to nothing; the relation must be `null: true`. */
  clear(): Promise<void>;
}

/** The manager of the rows of C that refer to an instance by `Via`. */
export type RelatedManagerOf<C, Via> = RelatedManagerType<InstanceOf<C>, QueriesOf<C>, Via> &
  Queries<InstanceOf<C>, InstanceOf<C>, {}, QueriesOf<C>>;

/** Structural: what a paginator, serializer or template needs of a query set. */
export interface QuerySetLike<T> extends PromiseLike<T[]>, AsyncIterable<T> {
  count(): Promise<number>;
  slice(start: number, end?: number): QuerySetLike<T>;
  first(): Promise<T | null>;
}
