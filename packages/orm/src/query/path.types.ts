import type { AnyField, FieldType, ForeignKeyType, RelatedOneType } from "../fields/field.types.ts";
import type { PkOf, ShapeOf, Target } from "../models/model.types.ts";

/** Carries the rows of a query set; no value has it. */
export declare const ROW: unique symbol;

/** Any query set, as the right side of `in`. */
export interface AnyRows {
  readonly [ROW]: unknown;
}

export interface NoSuchField<F> {
  "error: no such field": F;
}
export interface NoSuchLookup<L> {
  "error: no such lookup": L;
}

interface Equality<V> {
  exact: V;
  in: readonly V[] | AnyRows;
  isnull: boolean;
}
interface Order<V> {
  gt: V;
  gte: V;
  lt: V;
  lte: V;
  range: readonly [V, V];
}
interface TextMatches {
  iexact: string;
  contains: string;
  icontains: string;
  startswith: string;
  istartswith: string;
  endswith: string;
  iendswith: string;
}
interface DateParts {
  year: number;
  month: number;
  day: number;
}
type OfNumber = Pick<Equality<number>, "exact"> & { in: readonly number[] } & Order<number>;

/** The lookups of a field, by its kind. */
type Lookups<V, K> = K extends "json"
  ? Pick<Equality<V>, "isnull">
  : K extends "boolean"
    ? Equality<V>
    : Equality<V> &
        Order<NonNullable<V>> &
        (K extends "text" ? TextMatches : {}) &
        (K extends "date" | "day" ? DateParts : {});

type FieldLookup<F, L extends string> =
  F extends FieldType<infer V, any, infer K, any, any>
    ? L extends keyof Lookups<V, K>
      ? Lookups<V, K>[L]
      : L extends `${infer H}__${infer R}`
        ? K extends "date" | "day"
          ? H extends keyof DateParts
            ? R extends keyof OfNumber
              ? OfNumber[R]
              : NoSuchLookup<R>
            : NoSuchLookup<L>
          : NoSuchLookup<L>
        : NoSuchLookup<L>
    : never;

type RelatedValue<M> = M | PkOf<M> | null;
interface RelationLookups<M> extends Partial<Order<PkOf<M>>> {
  in: readonly RelatedValue<M>[] | AnyRows;
  isnull: boolean;
  exact: RelatedValue<M>;
}

/** The value that the lookup path P takes, on shape S with annotations A. */
export type LookupValue<S, A, P extends string> = P extends keyof A
  ? A[P]
  : P extends keyof S
    ? S[P] extends FieldType<infer V, any, infer K, any, any>
      ? K extends "json"
        ? null
        : V
      : RelatedValue<Target<S[P]>>
    : P extends `${infer H}__${infer R}`
      ? H extends keyof S
        ? S[H] extends AnyField
          ? FieldLookup<S[H], R>
          : R extends keyof RelationLookups<unknown>
            ? RelationLookups<Target<S[H]>>[R]
            : LookupValue<ShapeOf<Target<S[H]>>, {}, R>
        : NoSuchField<H>
      : NoSuchField<P>;

/** A step that can miss its row. */
type NullOfHop<F> = F extends ForeignKeyType<any, false, any> ? never : null;

/** The type read through path P, or never. */
export type PathValue<S, A, P extends string> = P extends keyof A
  ? A[P]
  : P extends keyof S
    ? S[P] extends FieldType<infer V, any, any, any, any>
      ? V
      : PkOf<Target<S[P]>> | NullOfHop<S[P]>
    : P extends `${infer H}__${infer R}`
      ? H extends keyof S
        ? S[H] extends AnyField
          ? never
          : [PathValue<ShapeOf<Target<S[H]>>, {}, R>] extends [never]
            ? never
            : PathValue<ShapeOf<Target<S[H]>>, {}, R> | NullOfHop<S[H]>
        : never
      : never;

type IsPath<S, A, P extends string> = [PathValue<S, A, P>] extends [never] ? false : true;

/** The keys of relations, such as `authorId`: told by their names, as reading their types here would be circular. */
type KeyNames<S> = {
  [K in keyof S & string]: K extends `${infer H}Id` ? (H extends keyof S ? K : never) : never;
}[keyof S & string];

/** The paths that completion offers: names, and one step further. */
export type Hint<S, A> =
  | ((keyof S | keyof A) & string)
  | {
      [K in Exclude<keyof S & string, KeyNames<S> | "pk" | "id">]: S[K] extends AnyField
        ? never
        : `${K}__${keyof ShapeOf<Target<S[K]>> & string}`;
    }[Exclude<keyof S & string, KeyNames<S> | "pk" | "id">];

/** P where it is a path to order by, else what could have been meant. */
export type OrderPath<S, A, P> = P extends `-${infer Q}`
  ? IsPath<S, A, Q> extends true
    ? P
    : `-${Hint<S, A>}`
  : P extends "?"
    ? P
    : P extends string
      ? IsPath<S, A, P> extends true
        ? P
        : Hint<S, A> | `-${Hint<S, A>}`
      : never;

/** The names of relations to one row. */
export type OneNames<S> = {
  [K in keyof S & string]: S[K] extends ForeignKeyType<any, any, any> | RelatedOneType<any, any> ? K : never;
}[keyof S & string];

/** P where every step leads to one row, else never. */
export type OnePath<S, P extends string> =
  P extends OneNames<S>
    ? P
    : P extends `${infer H}__${infer R}`
      ? H extends OneNames<S>
        ? [OnePath<ShapeOf<Target<S[H & keyof S]>>, R>] extends [never]
          ? never
          : P
        : never
      : never;
