import type { Ordering, Valid } from "../expressions/expression.types.ts";
import type { AnyField, FieldType, ForeignKeyType, RelatedOneType } from "../fields/field.types.ts";
import type { PkOf, ShapeOf, Target } from "../models/model.types.ts";
import type { JsonPath, PartOf } from "./lookup.types.ts";

/** Carries the rows of a query set; no value has it. */
export declare const ROW: unique symbol;

/** Marks the types that say what is wrong; no value has it. */
export declare const MISTAKE: unique symbol;

/** A type that no value has, whose name and key tell the mistake. */
export interface Mistake {
  readonly [MISTAKE]: never;
}

export interface NoSuchField<F> extends Mistake {
  "error: no such field": F;
}

/** A step that can miss its row. */
export type NullOfHop<F> = F extends ForeignKeyType<any, false, any> ? never : null;

/** The type read through path P, or never. */
export type PathValue<S, A, P extends string> =
  FieldAt<S, A, P> extends FieldType<infer V, any, any, any, any> ? V : never;

/** The field at the end of path P, null where a step can miss its row; or never. */
export type FieldAt<S, A, P extends string> = P extends keyof A
  ? A[P]
  : P extends keyof S
    ? S[P] extends AnyField
      ? S[P]
      : FieldType<PkOf<Target<S[P]>> | NullOfHop<S[P]>, true, "attr">
    : P extends `${infer H}__${infer R}`
      ? H extends keyof S
        ? S[H] extends FieldType<infer V, any, infer K, any, any>
          ? K extends "json"
            ? JsonField<unknown extends V ? unknown : JsonPath<NonNullable<V>, R>>
            : PartAt<PartOf<K, R>, V>
          : Behind<FieldAt<ShapeOf<Target<S[H]>>, {}, R>, NullOfHop<S[H]>>
        : never
      : never;

type Behind<F, N> = [N] extends [never]
  ? F
  : F extends FieldType<infer V, any, infer K, any, any>
    ? FieldType<V | N, true, K>
    : never;
/** A key may be missing. */
type JsonField<T> = [T] extends [never] ? never : FieldType<T | null, true, "json">;
type PartAt<F, V> =
  F extends FieldType<infer T, any, infer K, any, any> ? FieldType<T | Extract<V, null>, true, K> : never;

type IsPath<S, A, P extends string> = [FieldAt<S, A, P>] extends [never] ? false : true;

/** The keys of relations, such as `authorId`: told by their names, as reading their types here would be circular. */
type KeyNames<S> = {
  [K in keyof S & string]: K extends `${infer H}Id` ? (H extends keyof S ? K : never) : never;
}[keyof S & string];

/** The paths that completion offers: names, and one step further. */
export type Hint<S> = (keyof S & string) | Steps<S, Exclude<keyof S & string, KeyNames<S> | "pk" | "id">>;
type Steps<S, K extends keyof S & string> = {
  [N in K]: S[N] extends AnyField ? never : `${N}__${keyof ShapeOf<Target<S[N]>> & string}`;
}[K];
/** The same, for an order. */
export type OrderHint<S> = Hint<S> | `-${Hint<S>}`;

/** P where it is a path, else what could have been meant. */
export type Path<S, A, P extends string> = P extends unknown
  ? (IsPath<S, A, P> extends true ? P : never) | (keyof A & string) | Offered<P, Hint<S>>
  : never;
/** H, told late: a union that names a path already would keep P from being inferred from it. */
type Offered<P, H> = P extends string ? H : never;

/** P where it is a path to order by, else what could have been meant. */
export type OrderPath<S, A, P> = P extends string
  ? P extends "?"
    ? P
    :
        | (IsPath<S, A, Undashed<P>> extends true ? P : never)
        | (keyof A & string)
        | `-${keyof A & string}`
        | Offered<P, OrderHint<S>>
  : never;
/** O where it is a path, an expression or an order, else what is wrong with it. */
export type OrderItem<S, A, O> = O extends string
  ? OrderPath<S, A, O>
  : O extends Ordering<infer E>
    ? [Valid<S, A, E>] extends [E]
      ? O
      : Valid<S, A, E>
    : Valid<S, A, O>;
type Undashed<P extends string> = P extends `-${infer Q}` ? Q : P;

/** The names of relations to one row. */
export type OneNames<S> = {
  [K in keyof S & string]: S[K] extends ForeignKeyType<any, any, any> | RelatedOneType<any, any> ? K : never;
}[keyof S & string];

/** The names of all relations. */
export type RelationNames<S> = { [K in keyof S & string]: S[K] extends AnyField ? never : K }[keyof S & string];

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

/** P where every step is a relation, else never. */
export type RelationPath<S, P extends string> =
  P extends RelationNames<S>
    ? P
    : P extends `${infer H}__${infer R}`
      ? H extends RelationNames<S>
        ? [RelationPath<ShapeOf<Target<S[H & keyof S]>>, R>] extends [never]
          ? never
          : P
        : never
      : never;
