import type { FetchMode } from "../connections.ts";
import type { NotAMoment } from "../expressions/arithmetic.types.ts";
import type { AnyExpression, ExpressionValue, FieldFrom, Ordering, Valid } from "../expressions/expression.types.ts";
import type { FilteredRelationType } from "../expressions/filtered-relation.ts";
import type { SqlFragment } from "../expressions/sql.ts";
import type { AnyField, FieldType, ForeignKeyType } from "../fields/field.types.ts";
import type { InstanceOf, PkOf, ShapeOf, Target, UserModel, UserRef } from "../models/model.types.ts";
import type { LockOptions } from "../sql/query.ts";
import type { Checked, Condition, OwnKeys } from "./condition.types.ts";
import type { Creation } from "./creation.types.ts";
import type { DatesOptions, DateTimesOptions } from "./dates.ts";
import type { Deleted } from "./deletion.ts";
import type { Load, Prefetchable, Prefetched, PrefetchType } from "./load.types.ts";
import type { FieldAt, OnePath, OneRelationOf, OrderItem, OrderPath, Path, PathValue, ROW } from "./path.types.ts";
import type { RawOptions } from "./raw.ts";
import type { CreateNames, UpdateInput } from "./write.types.ts";

/** Carries the annotations of a query set; no value has it. */
export declare const ANNOTATIONS: unique symbol;
/** Carries the custom query methods of a query set; no value has it. */
export declare const QUERIES: unique symbol;

/** The custom query methods of a model class. */
export type QueriesOf<C> = C extends UserRef
  ? QueriesOf<UserModel>
  : C extends { readonly objects: { readonly [QUERIES]: infer X } }
    ? X
    : {};

/** What a query method of the model gives when it is called on rows R. */
type Rebase<M, R, A, X, T> = T extends { readonly [ROW]: infer R2; readonly [ANNOTATIONS]: infer A2 }
  ? [M] extends [R2]
    ? QuerySet<M, R, A & A2, X>
    : [R2] extends [M]
      ? QuerySet<M, R & R2, A & A2, X>
      : T
  : T;
/** The query methods X, on rows R. */
export type Queries<M, R, A, X> = {
  [K in keyof X]: X[K] extends (...args: infer P) => infer T ? (...args: P) => Rebase<M, R, A, X, T> : never;
};

/** The rows of M that meet conditions, with the custom query methods X. R: the rows. A: annotations. */
export type QuerySet<M, R = M, A = {}, X = {}> = QuerySetType<M, R, A, X> & Queries<M, R, A, X>;

/** A query set of a model class, with its custom query methods: `function recent(books: QuerySetOf<typeof Book>)`. */
export type QuerySetOf<C> = QuerySet<InstanceOf<C>, InstanceOf<C>, {}, QueriesOf<C>>;

export interface NameTaken<K> {
  "error: the model has a field or method of this name": K;
}

/** Named expressions, each checked; a name that the model has itself is refused. */
export type Named<M, A, E> = {
  [K in keyof E]: K extends keyof M ? NameTaken<K> : Valid<ShapeOf<M>, A & Siblings<ShapeOf<M>, A, E>, E[K]>;
};
/** Named expressions as fields, for the paths that follow. */
export type Annotated<S, A, E> = { -readonly [K in keyof E]: FieldFrom<S, A & Siblings<S, A, E>, E[K]> };

/** The expressions E of one call as fields, for those that stand behind; what has such a name already is read as what it is. */
export type Siblings<S, A, E> = {
  -readonly [K in keyof E as K extends keyof S | keyof A ? never : K]: FieldFrom<S, A & Siblings<S, A, E>, E[K]>;
};

type AllValues<S, A> = {
  [K in keyof S | keyof A as K extends keyof A ? K : K extends "pk" ? never : ValueName<S, K>]: PathValue<
    S,
    A,
    K & string
  >;
};
type ValueName<S, K> = K extends keyof S ? (S[K] extends AnyField ? K : never) : never;
type Tuple<S, A, T> = { -readonly [I in keyof T]: PathValue<S, A, T[I] & string> };

type FieldNames<S> = { [K in keyof S & string]: S[K] extends AnyField ? K : never }[keyof S & string];
/** The names of M's fields that have a column. */
export type ColumnOf<M> = ColumnNames<ShapeOf<M>, keyof ShapeOf<M> & string>;
type ColumnNames<S, K extends keyof S> = {
  [N in K]: S[N] extends AnyField | ForeignKeyType<any, any, any> ? N : never;
}[K];
/** The attributes of the fields P: a foreign key's are its own and its key's. */
type AttributesOf<S, P extends string> =
  | P
  | `${P}Id`
  | (P extends `${infer H}Id` ? (H extends keyof S ? H : never) : never);
type PkNames<S> =
  | { [K in keyof S]: S[K] extends FieldType<any, any, any, true, any> ? K : never }[keyof S]
  | "pk"
  | "id";
/** A path of fields behind a relation. */
type Deep = `${string}__${string}`;
type HeadOf<P extends string> = P extends `${infer H}__${string}` ? H : never;
type TailOf<P extends string, H extends string> = P extends `${H}__${infer T}` ? T : never;
/** The rows R of M with the fields P alone; of related rows that are loaded, those behind their path. */
export type OnlyOf<M, R, P extends string> = [Extract<P, Deep>] extends [never] ? Only<M, R, P> : OnlyAlong<M, R, P>;
/** The same where related rows are among them. */
export type OnlyAlong<M, R, P extends string> = Omit<Only<M, R, Exclude<P, Deep> | HeadOf<P>>, HeadOf<P>> & {
  [H in HeadOf<P> & keyof R]: OnlyOf<RelatedTo<M, H>, NonNullable<R[H]>, TailOf<P, H & string>> | Extract<R[H], null>;
};
/** The same where no related rows are among them. */
export type Only<M, R, P extends string> = Omit<
  R,
  Exclude<ColumnOf<M>, AttributesOf<ShapeOf<M>, P> | PkNames<ShapeOf<M>>>
>;
/** The rows R of M without the fields P; related rows that are loaded without those behind their path. */
export type DeferredOf<M, R, P extends string> = [Extract<P, Deep>] extends [never]
  ? Deferred<M, R, P>
  : DeferredAlong<M, R, P>;
/** The same where related rows are among them. */
export type DeferredAlong<M, R, P extends string> = Omit<Deferred<M, R, Exclude<P, Deep>>, HeadOf<P>> & {
  [H in HeadOf<P> & keyof R]:
    | DeferredOf<RelatedTo<M, H>, NonNullable<R[H]>, TailOf<P, H & string>>
    | Extract<R[H], null>;
};
/** The same where no related rows are among them. */
export type Deferred<M, R, P extends string> = Omit<
  R,
  Exclude<AttributesOf<ShapeOf<M>, P> & ColumnOf<M>, PkNames<ShapeOf<M>>>
>;
type RelatedTo<M, H> = Target<ShapeOf<M>[H & keyof ShapeOf<M>]>;
/** The fields of the related rows that the rows R of M have loaded, by their paths. */
type LoadedPath<M, R> = {
  [K in OneRelationOf<M> & keyof R]: R[K] extends { readonly pk: unknown } | null
    ? `${K & string}__${ColumnOf<RelatedTo<M, K>> | LoadedPath<RelatedTo<M, K>, NonNullable<R[K]>>}`
    : never;
}[OneRelationOf<M> & keyof R];

/** The rows of a statement that was written by hand: awaitable and async-iterable. */
export interface RawRowsType<R> extends PromiseLike<R[]>, AsyncIterable<R> {}

/** P where it leads to a moment of the kinds K. */
type MomentPath<M, A, P extends string, K> =
  FieldAt<ShapeOf<M>, A, P> extends FieldType<any, any, infer Kind, any, any>
    ? Kind extends K
      ? P
      : NotAMoment<Kind>
    : never;

/** Other query sets with the same rows. */
interface SameRows<R> {
  readonly [ROW]: R;
}

/** M: the model. R: the rows. A: annotations. X: custom query methods. */
export interface QueryMethods<M, R, A, X> {
  readonly [ROW]: R;
  readonly [ANNOTATIONS]: A;
  readonly [QUERIES]: X;
  /** All rows. */
  all(): QuerySet<M, R, A, X>;
  /** No rows, without asking the database. */
  none(): QuerySet<M, R, A, X>;
  /** A condition to keep in a variable or return from a function. */
  q<const W extends Checked<M, {}, W>>(condition: W & OwnKeys<M>): Condition<M>;
  /** The rows that meet all conditions: lookups, `Q(…)`. */
  filter<
    const W extends Checked<M, A, W>,
    const W2 extends Checked<M, A, W2> = {},
    const W3 extends Checked<M, A, W3> = {},
  >(condition?: W & OwnKeys<M> & { [K in keyof A]?: unknown }, second?: W2, ...rest: W3[]): QuerySet<M, R, A, X>;
  /** The rows that do not meet all conditions. */
  exclude<
    const W extends Checked<M, A, W>,
    const W2 extends Checked<M, A, W2> = {},
    const W3 extends Checked<M, A, W3> = {},
  >(condition?: W & OwnKeys<M> & { [K in keyof A]?: unknown }, second?: W2, ...rest: W3[]): QuerySet<M, R, A, X>;
  /** In this order; a leading `-` means descending, `"?"` at random, nothing no order. */
  orderBy<const P extends string>(...paths: OrderPath<M, A, P>[]): QuerySet<M, R, A, X>;
  orderBy<const T extends readonly (string | AnyExpression | Ordering<unknown>)[]>(
    ...paths: { [I in keyof T]: OrderItem<M, A, T[I]> }
  ): QuerySet<M, R, A, X>;
  /** In the opposite order. */
  reverse(): QuerySet<M, R, A, X>;
  /** Without rows that are equal to another; with fields, the first row of each of their values (PostgreSQL). */
  distinct<const P extends string = never>(...paths: Path<M, A, P>[]): QuerySet<M, R, A, X>;
  /** The rows from `start` up to, not including, `end`. */
  slice(start: number, end?: number): QuerySet<M, R, A, X>;
  /** Loads relations to one row in the same query, so that they read synchronously. */
  selectRelated<const P extends string>(
    ...paths: ([OnePath<M, P>] extends [never] ? OneRelationOf<M> : P)[]
  ): QuerySet<M, R & Load<M, P>, A, X>;
  /** Loads relations with one query each, so that they read synchronously. */
  prefetchRelated<const P extends string>(...paths: Prefetchable<M, P>[]): QuerySet<M, R & Load<M, P>, A, X>;
  prefetchRelated<const T extends readonly (string | PrefetchType<any, any, any>)[]>(
    ...paths: { [I in keyof T]: Prefetchable<M, T[I]> }
  ): QuerySet<M, R & Prefetched<ShapeOf<M>, T[number]>, A, X>;
  /**
   * Loads these fields alone; the others cannot be read. Of related rows that `selectRelated` has loaded before, those
   * behind their path: `selectRelated("author").only("title", "author__name")`.
   */
  only<const P extends ColumnOf<M> | LoadedPath<M, R>>(...fields: P[]): QuerySet<M, OnlyOf<M, R, P>, A, X>;
  /** Loads all fields but these, which cannot be read; of related rows as `only`. */
  defer<const P extends ColumnOf<M> | LoadedPath<M, R>>(...fields: P[]): QuerySet<M, DeferredOf<M, R, P>, A, X>;
  /** Rows as objects of the values at these paths; of all fields and annotations where none is named. */
  values(): QuerySet<M, AllValues<ShapeOf<M>, A>, A, X>;
  values<const P extends string>(
    ...paths: Path<M, A, P>[]
  ): QuerySet<M, { [K in P]: PathValue<ShapeOf<M>, A, K> }, A, X>;
  /** Rows as the values at one path. */
  valuesList<const P extends string>(
    path: Path<M, A, P>,
    options: { readonly flat: true },
  ): QuerySet<M, PathValue<ShapeOf<M>, A, P>, A, X>;
  /** Rows as lists of the values at these paths, which have the paths as names, too: `row.title` is `row[0]`. */
  valuesList<const T extends readonly string[] & { [I in keyof T]: Path<M, A, T[I] & string> }>(
    ...given: [...T, { readonly named: true }]
  ): QuerySet<M, Tuple<ShapeOf<M>, A, T> & { readonly [K in T[number]]: PathValue<ShapeOf<M>, A, K> }, A, X>;
  /** Rows as lists of the values at these paths. */
  valuesList<const T extends readonly string[]>(
    ...paths: { [I in keyof T]: Path<M, A, T[I] & string> }
  ): QuerySet<M, Tuple<ShapeOf<M>, A, T>, A, X>;
  /** Adds computed values to the rows, by names that conditions, orders and values may use. */
  annotate<const E extends Named<M, A, E>>(
    expressions: E,
  ): QuerySet<
    M,
    R & {
      -readonly [K in keyof E as E[K] extends FilteredRelationType<any, any> ? never : K]: ExpressionValue<
        ShapeOf<M>,
        A & Siblings<ShapeOf<M>, A, E>,
        E[K]
      >;
    },
    A & Annotated<ShapeOf<M>, A, E>,
    X
  >;
  /** Names computed values without adding them to the rows. */
  alias<const E extends Named<M, A, E>>(expressions: E): QuerySet<M, R, A & Annotated<ShapeOf<M>, A, E>, X>;
  /** Computes values over all rows. `NoInfer`: taking the values apart must not decide what E is. */
  aggregate<const E extends { [K in keyof E]: Valid<ShapeOf<M>, A & Siblings<ShapeOf<M>, A, E>, E[K]> }>(
    expressions: E,
  ): Promise<{
    -readonly [K in keyof NoInfer<E>]: ExpressionValue<
      ShapeOf<M>,
      A & Siblings<ShapeOf<M>, A, NoInfer<E>>,
      NoInfer<E>[K]
    >;
  }>;
  /** The first days of the years, quarters, months or weeks in which there are rows, or the days; each once, in order. */
  dates<const P extends string>(
    path: Path<M, A, P> & MomentPath<M, A, P, "date" | "day">,
    kind: "year" | "quarter" | "month" | "week" | "day",
    options?: DatesOptions,
  ): QuerySet<M, string, A, X>;
  /** The first moments, in UTC or the `timeZone`, of the years, months … seconds in which there are rows; each once, in order. */
  datetimes<const P extends string>(
    path: Path<M, A, P> & MomentPath<M, A, P, "date">,
    kind: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second",
    options?: DateTimesOptions,
  ): QuerySet<M, Date, A, X>;
  /**
   * The rows of a statement that was written by hand; values in it are parameters. Columns are fields by their names,
   * others are named by `extra`; fields without a column are not loaded.
   */
  raw<const E extends Readonly<Record<string, AnyField>> = {}>(
    sql: SqlFragment<unknown>,
    options?: RawOptions<E>,
  ): RawRowsType<M & { -readonly [K in keyof E]: E[K] extends FieldType<infer V, any, any, any, any> ? V : never }>;
  /** The rows of another database, by its alias in the settings. */
  using(alias: string): QuerySet<M, R, A, X>;
  /**
   * Locks the rows until the end of the transaction: others wait for it before they write them. On PostgreSQL it throws
   * outside of `atomic`; SQLite locks the whole database in a transaction that writes, and needs none of this.
   */
  selectForUpdate(
    options?: Omit<LockOptions, "of"> & {
      /** Which rows: `"self"`, and relations that `selectRelated` loads. */
      readonly of?: readonly ("self" | OneRelationOf<M> | `${OneRelationOf<M>}__${string}`)[];
    },
  ): QuerySet<M, R, A, X>;
  /** The rows of this query set and of the others, equal ones once; with `all` as often as there are. */
  union(...others: [...SameRows<R>[], { readonly all: boolean }]): QuerySet<M, R, A, X>;
  union(...others: SameRows<R>[]): QuerySet<M, R, A, X>;
  /** The rows that are in all of them. */
  intersection(...others: SameRows<R>[]): QuerySet<M, R, A, X>;
  /** The rows that are in none of the others. */
  difference(...others: SameRows<R>[]): QuerySet<M, R, A, X>;
  /** How relations that were not loaded are loaded when they are awaited. */
  fetchMode(mode: FetchMode): QuerySet<M, R, A, X>;
  /** The only row; throws the model's `DoesNotExist` or `MultipleObjectsReturned`. */
  get<
    const W extends Checked<M, A, W>,
    const W2 extends Checked<M, A, W2> = {},
    const W3 extends Checked<M, A, W3> = {},
  >(condition?: W & OwnKeys<M> & { [K in keyof A]?: unknown }, second?: W2, ...rest: W3[]): Promise<R>;
  first(): Promise<R | null>;
  last(): Promise<R | null>;
  /** The greatest row by these fields, or by the model's `getLatestBy`; throws `DoesNotExist` where there is none. */
  latest<const P extends string>(...paths: OrderPath<M, A, P>[]): Promise<R>;
  /** The least row by these fields, or by the model's `getLatestBy`; throws `DoesNotExist` where there is none. */
  earliest<const P extends string>(...paths: OrderPath<M, A, P>[]): Promise<R>;
  /** The rows by their key. */
  inBulk(keys?: readonly PkOf<M>[]): Promise<Map<PkOf<M>, R>>;
  /** The rows by another unique field. */
  inBulk<const P extends FieldNames<ShapeOf<M>>>(
    keys: readonly PathValue<ShapeOf<M>, {}, P>[],
    options: { readonly fieldName: P },
  ): Promise<Map<PathValue<ShapeOf<M>, {}, P>, R>>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  /** Whether this row is among them. */
  contains(row: M): Promise<boolean>;
  /** Reads the rows a chunk at a time, and keeps none. */
  iterator(options?: { readonly chunkSize?: number }): AsyncIterable<R>;
  /** How the database would run the query. */
  explain(options?: { readonly format?: string; readonly analyze?: boolean }): Promise<string>;
  /** Sets values in all rows with one statement; gives how many there were. */
  update<const V extends UpdateInput<ShapeOf<M>, A, V>>(
    values: V & { [K in CreateNames<ShapeOf<M>>]?: unknown },
  ): Promise<number>;
}

/** The rows of a model that meet conditions: awaitable and async-iterable. */
export interface QuerySetType<M, R = M, A = {}, X = {}>
  extends QueryMethods<M, R, A, X>,
    Creation<M>,
    PromiseLike<R[]>,
    AsyncIterable<R> {
  /** Deletes all rows, and what `onDelete` says; gives how many went. */
  delete(options?: { readonly perModel?: false }): Promise<number>;
  /** Deletes all rows; gives the numbers by model, too. */
  delete(options: { readonly perModel: true }): Promise<Deleted>;
}

/** Structural: what a paginator, serializer or template needs of a query set. */
export interface QuerySetLike<T> extends PromiseLike<T[]>, AsyncIterable<T> {
  count(): Promise<number>;
  slice(start: number, end?: number): QuerySetLike<T>;
  first(): Promise<T | null>;
}
