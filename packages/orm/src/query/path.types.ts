import type {
  MixedKinds,
  NoArithmetic,
  NoTimeZone,
  NotACondition,
  NotAMoment,
  NotANumber,
  NotAText,
} from "../expressions/arithmetic.types.ts";
import type { Ordering, Valid } from "../expressions/expression.types.ts";
import type { RelationName } from "../expressions/filtered-relation.ts";
import type { AnyField, FieldType, ForeignKeyType, RelatedOneType } from "../fields/field.types.ts";
import type { PkOf, ShapeOf, Target } from "../models/model.types.ts";
import type { ArrayPath, JsonPath, NoSuchLookup, PartOf } from "./lookup.types.ts";

/** Carries the rows of a query set; no value has it. */
export declare const ROW: unique symbol;

export interface NoSuchField<F> {
  "error: no such field": F;
}

/** Types that no value has, whose names and keys tell the mistake. */
export type Mistake =
  | NoSuchField<unknown>
  | NoSuchLookup<unknown>
  | NoArithmetic<unknown, unknown>
  | MixedKinds<unknown>
  | NotANumber<unknown>
  | NotACondition<unknown>
  | NotAMoment<unknown>
  | NoTimeZone<unknown>
  | NotAText<unknown>;

/** A step that can miss its row. */
export type NullOfHop<F> = F extends ForeignKeyType<any, false, any> ? never : null;

/** The type read through path P, or never. */
export type PathValue<S, A, P extends string> =
  FieldAt<S, A, P> extends FieldType<infer V, any, any, any, any> ? V : never;

/** The field at the end of path P, null where a step can miss its row; or never. */
export type FieldAt<S, A, P extends string> = P extends keyof A
  ? A[P] extends RelationName<infer M>
    ? FieldType<PkOf<M> | null, true, "attr">
    : A[P]
  : P extends keyof S
    ? S[P] extends AnyField
      ? S[P]
      : FieldType<PkOf<Target<S[P]>> | NullOfHop<S[P]>, true, "attr">
    : P extends `${infer H}__${infer R}`
      ? H extends keyof S
        ? S[H] extends AnyField
          ? InField<S[H], R>
          : Behind<FieldAt<ShapeOf<Target<S[H]>>, {}, R>, NullOfHop<S[H]>>
        : H extends keyof A
          ? A[H] extends RelationName<infer M>
            ? Behind<FieldAt<ShapeOf<M>, {}, R>, null>
            : InField<A[H], R>
          : never
      : never;

/** What stands in values of the field F at a path: a part of a moment, a key of JSON, an element. */
type InField<F, R extends string> =
  F extends FieldType<infer V, any, infer K, any, any>
    ? K extends "json"
      ? JsonField<unknown extends V ? unknown : JsonPath<NonNullable<V>, R>>
      : K extends "array"
        ? ArrayPath<F, R>
        : PartAt<PartOf<K, R>, V>
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

/** The paths of M that completion offers: names, and one step further. */
export type PathOf<M> = (keyof ShapeOf<M> & string) | Steps<ShapeOf<M>>;
type Steps<S, K extends keyof S & string = Exclude<keyof S & string, KeyNames<S> | "pk" | "id">> = {
  [N in K]: S[N] extends AnyField ? never : `${N}__${keyof ShapeOf<Target<S[N]>> & string}`;
}[K];
/** The same, for an order. */
export type OrderOf<M> = PathOf<M> | `-${PathOf<M>}`;

/** P where it is a path of M with annotations A, else what could have been meant. */
export type Path<M, A, P extends string> = P extends unknown
  ? (IsPath<ShapeOf<M>, A, P> extends true ? P : never) | (keyof A & string) | Offered<P, PathOf<M>>
  : never;
/** H, told late: a union that names a path already would keep P from being inferred from it. */
type Offered<P, H> = P extends string ? H : never;

/** P where it is a path to order by, else what could have been meant. */
export type OrderPath<M, A, P> = P extends string
  ? P extends "?"
    ? P
    :
        | (IsPath<ShapeOf<M>, A, Undashed<P>> extends true ? P : never)
        | (keyof A & string)
        | `-${keyof A & string}`
        | Offered<P, OrderOf<M>>
  : never;
/** O where it is a path, an expression or an order, else what is wrong with it. */
export type OrderItem<M, A, O> = O extends string
  ? OrderPath<M, A, O>
  : O extends Ordering<infer E>
    ? [Valid<ShapeOf<M>, A, E>] extends [E]
      ? O
      : Valid<ShapeOf<M>, A, E>
    : Valid<ShapeOf<M>, A, O>;
type Undashed<P extends string> = P extends `-${infer Q}` ? Q : P;

/** The names of M's relations to one row. */
export type OneRelationOf<M> = OneNames<ShapeOf<M>, keyof ShapeOf<M> & string>;
type OneNames<S, K extends keyof S> = {
  [N in K]: S[N] extends ForeignKeyType<any, any, any> | RelatedOneType<any, any> ? N : never;
}[K];

/** The names of M's relations. */
export type RelationOf<M> = RelationNames<ShapeOf<M>, keyof ShapeOf<M> & string>;
type RelationNames<S, K extends keyof S> = { [N in K]: S[N] extends AnyField ? never : N }[K];

/** P where every step leads to one row, else never. */
export type OnePath<M, P extends string> =
  P extends OneRelationOf<M>
    ? P
    : P extends `${infer H}__${infer R}`
      ? H extends OneRelationOf<M>
        ? [OnePath<Target<ShapeOf<M>[H & keyof ShapeOf<M>]>, R>] extends [never]
          ? never
          : P
        : never
      : never;

/** P where every step is a relation, else never. */
export type RelationPath<M, P extends string> =
  P extends RelationOf<M>
    ? P
    : P extends `${infer H}__${infer R}`
      ? H extends RelationOf<M>
        ? [RelationPath<Target<ShapeOf<M>[H & keyof ShapeOf<M>]>, R>] extends [never]
          ? never
          : P
        : never
      : never;
