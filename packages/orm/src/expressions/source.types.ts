import type { CONDITIONS } from "../query/condition.types.ts";
import type { ROW } from "../query/path.types.ts";
import type { CallNode } from "./arithmetic.types.ts";
import type { AnyExpression, ConditionsIn, Expression, OfPath, PathsIn, ValueIn } from "./expression.types.ts";
import type { Frame } from "./frame.ts";

/** What functions of columns take: a path or an expression. */
export type Source = string | AnyExpression;

/** The paths that a source reads. */
export type SourcePaths<E> = E extends string ? E : PathsIn<E>;
/** The value of a source. */
export type SourceValue<E> = E extends string ? OfPath<E> : ValueIn<E>;
/** The value of E, which stands for itself or is an expression; literals stay what they are. */
export type LiteralIn<E> = E extends Expression<infer V, any, any> ? V : E;

/** The result of a function of sources T, whose type is known where it is used. */
export type Call<Name, T extends readonly unknown[]> = Expression<
  CallNode<Name, { [I in keyof T]: SourceValue<T[I]> }>,
  SourcePaths<T[number]>,
  ConditionsIn<T[number]>
>;

/** A condition in an expression: lookups, a `Q`, or an expression that is true or false. */
export type ConditionOf<W> = W | { readonly [CONDITIONS]: W };

/** What `Count` takes beside its source. */
export interface CountOptions<W> {
  /** Counts equal values once. */
  readonly distinct?: boolean;
  /** Only the rows that meet this condition. */
  readonly filter?: ConditionOf<W>;
}

/** What other aggregates take beside their source. */
export interface AggregateOptions<W, D> extends CountOptions<W> {
  /** The value of no rows, instead of null. */
  readonly default?: D;
}

/** An aggregate of the source E with the value V. */
export type Aggregate<E, V, W, D> = Expression<
  [D] extends [never] ? V | null : CallNode<"coalesce", [V, ValueIn<D>]>,
  SourcePaths<E> | PathsIn<D>,
  W | ConditionsIn<E>
>;

/** Carries the value of a branch; no value has it. */
export declare const THEN: unique symbol;
/** Carries the paths of a branch; no value has it. */
export declare const THEN_PATHS: unique symbol;
/** Carries the condition of a branch; no value has it. */
export declare const WHEN: unique symbol;

/** A branch of `Case`. */
export interface WhenType<W, V, P extends string> {
  readonly [WHEN]: W;
  readonly [THEN]: V;
  readonly [THEN_PATHS]: P;
}

/** Any branch; only for the wildcard positions of constraints. */
export type AnyWhen = WhenType<any, any, any>;

export interface NotOneValue {
  'error: give the query one value, as with values("id")': never;
}

type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;
/** The only value of a row R. */
export type OneValue<R> = R extends readonly [infer V]
  ? V
  : R extends { readonly pk: unknown; save: unknown }
    ? NotOneValue
    : R extends Date | Uint8Array | null
      ? R
      : R extends object
        ? IsUnion<keyof R> extends false
          ? R[keyof R]
          : NotOneValue
        : R;

/** The rows of a query of one value. */
export type OneValueRows<R> = [Extract<OneValue<R>, NotOneValue>] extends [never] ? { readonly [ROW]: R } : NotOneValue;

/** Any query set. */
export interface AnyRows {
  readonly [ROW]: unknown;
}

/** What a window is cut and ordered by. */
export interface WindowOptions<B, O> {
  /** Rows with equal values of these make one window. Default: all rows make one. */
  readonly partitionBy?: B | readonly B[];
  /** The order in a window: paths, with a leading `-` for descending, or orders of expressions. */
  readonly orderBy?: O | readonly O[];
  /** Which rows of the window count. Default: from its first row to those that are equal to the row itself. */
  readonly frame?: Frame;
}

/** What `StringAgg` takes beside its source. */
export interface StringAggOptions<W, D, O> extends AggregateOptions<W, D> {
  /** The order in which the texts are put together: paths, or orders of expressions. */
  readonly orderBy?: O | readonly O[];
}

/** What `Func` takes beside its arguments. */
export interface FuncOptions<F> {
  /** The kind of field that its values are: `fields.text({ null: true })` where it may be null. */
  readonly output: F;
}
