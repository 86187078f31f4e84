import type { AnyExpression, ExpressionFor, PATHS, Valid } from "../expressions/expression.types.ts";
import type { FieldType } from "../fields/field.types.ts";
import type { ShapeOf, Target } from "../models/model.types.ts";
import type { LookupValue } from "./lookup.types.ts";

/** Carries the conditions in a `Q`; no value has it. */
export declare const CONDITIONS: unique symbol;
/** Carries the model that a condition is about; no value has it. */
export declare const CONDITION_OF: unique symbol;

export interface WrongModel<M> {
  "error: this condition is for another model": M;
}

/** A combination of conditions, checked where it is used. */
export interface QType<W> {
  readonly [CONDITIONS]: W;
  and<const X>(other: X | QType<X>): QType<W | X>;
  or<const X>(other: X | QType<X>): QType<W | X>;
  xor<const X>(other: X | QType<X>): QType<W | X>;
  not(): QType<W>;
}

/** A condition on the rows of M, checked where it is made: `Book.objects.q({ … })`. */
export interface Condition<M> {
  readonly [CONDITION_OF]: M;
  and<const W extends Checked<M, {}, W>>(other: W): Condition<M>;
  or<const W extends Checked<M, {}, W>>(other: W): Condition<M>;
  xor<const W extends Checked<M, {}, W>>(other: W): Condition<M>;
  not(): Condition<M>;
}

/** The conditions of a `Q`, each value replaced by what it must be. */
export type EachOf<S, A, W> = W extends AnyExpression
  ? Valid<S, A, W>
  : W extends { readonly [CONDITION_OF]: infer Other }
    ? [S] extends [ShapeOf<Other>]
      ? W
      : WrongModel<Other>
    : W extends unknown
      ? { [K in keyof W]: Wanted<S, A, K, W[K]> }
      : never;

/** What the value V of the lookup K must be. */
type Wanted<S, A, K, V> = V extends AnyExpression
  ? ExpressionFor<S, A, V, LookupValue<S, A, K & string>, K>
  : LookupValue<S, A, K & string>;

/** Lookups that completion offers; the others type-check all the same. */
interface Offered {
  text: "icontains" | "startswith" | "iexact" | "in" | "isnull";
  number: "gt" | "gte" | "lt" | "lte" | "in" | "range";
  bigint: "gt" | "gte" | "lt" | "lte" | "in" | "range";
  decimal: "gt" | "gte" | "lt" | "lte" | "range";
  date: "gt" | "gte" | "lt" | "lte" | "range" | "year" | "isnull";
  day: "gt" | "gte" | "lt" | "lte" | "range" | "year" | "isnull";
  time: "gt" | "gte" | "lt" | "lte" | "range" | "hour" | "isnull";
  duration: "gt" | "gte" | "lt" | "lte" | "range";
  uuid: "in";
  json: "isnull";
}

type HintNames<S> = {
  [K in keyof S & string]:
    | K
    | (S[K] extends FieldType<any, any, infer Kind, any, any>
        ? `${K}__${Offered[Kind & keyof Offered]}`
        : `${K}__${keyof ShapeOf<Target<S[K]>> & string}`);
}[keyof S & string];

/** For completion: the keys that a condition may well have. */
export type OwnKeys<M> = { [K in HintNames<ShapeOf<M>>]?: unknown };

/** W with each value replaced by what it must be: a constraint on W itself, so that an error lands on the value. */
export type Checked<M, A, W> = {
  [K in keyof W]: W extends { readonly [CONDITIONS]: infer X }
    ? K extends typeof CONDITIONS
      ? EachOf<ShapeOf<M>, A, X>
      : unknown
    : W extends { readonly [CONDITION_OF]: infer Other }
      ? K extends typeof CONDITION_OF
        ? [ShapeOf<M>] extends [ShapeOf<Other>]
          ? unknown
          : WrongModel<Other>
        : unknown
      : W extends AnyExpression
        ? K extends typeof PATHS
          ? CheckedExpression<ExpressionFor<ShapeOf<M>, A, W, boolean>, W>
          : unknown
        : W[K] extends AnyExpression
          ? ExpressionFor<ShapeOf<M>, A, W[K], LookupValue<ShapeOf<M>, A, K & string>, K>
          : LookupValue<ShapeOf<M>, A, K & string>;
};

type CheckedExpression<V, W> = [V] extends [W] ? unknown : V;
