import type { Duration } from "../fields/duration.ts";
import type { AnyField, FieldType, Kind } from "../fields/field.types.ts";
import type { ShapeOf, Target } from "../models/model.types.ts";
import type { CONDITION_OF, CONDITIONS, EachOf, WrongModel } from "../query/condition.types.ts";
import type { LookupValue } from "../query/lookup.types.ts";
import type { FieldAt, Mistake, NoSuchField } from "../query/path.types.ts";
import type { ArithmeticNode, ArithmeticOf, CallNode, CallOf, JsonNode, JsonOf, Outer } from "./arithmetic.types.ts";
import type { FilteredRelationType, RelationName } from "./filtered-relation.ts";
import type { SqlFragment } from "./sql.ts";

/** Carries the value of an expression; no value has it. */
export declare const EXPRESSION_VALUE: unique symbol;
/** Carries the paths that an expression reads; no value has it. */
export declare const PATHS: unique symbol;
/** Carries the conditions in an expression; no value has it. */
export declare const EXPRESSION_CONDITIONS: unique symbol;

/** Carries the expression of an order; no value has it. */
export declare const ORDER_OF: unique symbol;

/** Stands for the type at a path, in the value of an expression. */
export interface OfPath<P extends string> {
  readonly ofPath: P;
}

/** Where null stands in an order. */
export interface OrderingOptions {
  /** Default: null is the greatest. */
  readonly nulls?: "first" | "last";
}

/** An expression as an order: `F("published").desc({ nulls: "last" })`. */
export interface Ordering<E> {
  readonly [ORDER_OF]: E;
}

/** What stands beside an expression in arithmetic. */
type Operand = number | bigint | string | Date | object;

/**
 * A value computed by the database: `F("price").times("1.10")`.
 * V: the value, in which `OfPath<P>` stands for the type of path P. P: the paths it reads. W: the conditions in it.
 */
export interface Expression<V, P extends string = never, W = never> {
  readonly [EXPRESSION_VALUE]: V;
  readonly [PATHS]: P;
  readonly [EXPRESSION_CONDITIONS]: W;
  plus<const E extends Operand>(other: E): Arithmetic<V, P, W, "+", E>;
  minus<const E extends Operand>(other: E): Arithmetic<V, P, W, "-", E>;
  times<const E extends Operand>(other: E): Arithmetic<V, P, W, "*", E>;
  /** Divided by; whole numbers give a whole number, as in SQL. By zero it is null on SQLite, an error on PostgreSQL. */
  div<const E extends Operand>(other: E): Arithmetic<V, P, W, "/", E>;
  /** The rest of a division. */
  mod<const E extends Operand>(other: E): Arithmetic<V, P, W, "%", E>;
  /** Raised to a power. */
  pow<const E extends Operand>(other: E): Arithmetic<V, P, W, "^", E>;
  /** The bits that are set in both. */
  bitand<const E extends Operand>(other: E): Arithmetic<V, P, W, "&", E>;
  /** The bits that are set in one of them. */
  bitor<const E extends Operand>(other: E): Arithmetic<V, P, W, "&", E>;
  /** The bits that are set in one of them alone. */
  bitxor<const E extends Operand>(other: E): Arithmetic<V, P, W, "&", E>;
  /** The bits moved to the left, by less than 64 places. */
  bitleftshift<const E extends Operand>(other: E): Arithmetic<V, P, W, "&", E>;
  /** The bits moved to the right, by less than 64 places. */
  bitrightshift<const E extends Operand>(other: E): Arithmetic<V, P, W, "&", E>;
  /** As an order, from the least to the greatest. */
  asc(options?: OrderingOptions): Ordering<Expression<V, P, W>>;
  /** As an order, from the greatest to the least. */
  desc(options?: OrderingOptions): Ordering<Expression<V, P, W>>;
  /** The opposite of a condition. */
  not(): Expression<V, P, W>;
}

type Arithmetic<V, P extends string, W, Op, E> = Expression<
  ArithmeticNode<V, Op, E extends Expression<infer X, any, any> ? X : E>,
  P | PathsIn<E>,
  W | ConditionsIn<E>
>;

/** Any expression; only for the wildcard positions of constraints and conditional types. */
export type AnyExpression = Expression<any, any, any>;

/** What may stand where an expression is computed: an expression, or a condition, which is true or false. */
export type Computed = AnyExpression | { readonly [CONDITIONS]: unknown } | { readonly [CONDITION_OF]: unknown };

/** The value that E stands for, be it an expression or a value. */
export type ValueIn<E> =
  E extends Expression<infer V, any, any>
    ? V
    : E extends number
      ? number
      : E extends bigint
        ? bigint
        : E extends string
          ? string
          : E extends boolean
            ? boolean
            : E;
/** The paths in E. */
export type PathsIn<E> = E extends Expression<any, infer P, any> ? P : never;
/** The conditions in E. */
export type ConditionsIn<E> = E extends Expression<any, any, infer W> ? W : never;

/** The field, or plain value, that V is on shape S with annotations A. */
export type Resolve<S, A, V> =
  V extends OfPath<infer P>
    ? FieldAt<S, A, P>
    : V extends ArithmeticNode<infer L, infer Op, infer R>
      ? ArithmeticOf<Resolve<S, A, L>, Op, Resolve<S, A, R>>
      : V extends CallNode<infer N, infer T>
        ? CallOf<N, { [I in keyof T]: Resolve<S, A, T[I]> }>
        : V extends JsonNode<infer T>
          ? JsonOf<{ -readonly [K in keyof T]: Resolve<S, A, T[K]> }>
          : V;

/** The kind of a plain value. */
export type KindOf<V> = V extends number
  ? "number"
  : V extends string
    ? "unknown"
    : V extends boolean
      ? "boolean"
      : V extends bigint
        ? "bigint"
        : V extends Date
          ? "date"
          : V extends null
            ? never
            : V extends Outer
              ? "unknown"
              : V extends Duration
                ? "duration"
                : "json";

type Plain<U> = U extends FieldType<infer V, any, any, any, any> ? V : U extends Outer ? unknown : U;
type KindIn<U> = U extends FieldType<any, any, infer K, any, any> ? K : KindOf<U>;
type FieldOf<U> = FieldType<Plain<U>, true, KindIn<U> & Kind>;

/** What the expression E is on shape S with annotations A, as a field. */
export type FieldFrom<S, A, E> =
  E extends Expression<infer V, any, any>
    ? FieldOf<Resolve<S, A, V>>
    : E extends FilteredRelationType<infer P, any>
      ? RelationName<RelationAt<S, P>>
      : FieldType<boolean, true, "boolean">;

/** The model at the end of a path of relations, or never. */
export type RelationAt<S, P extends string> = P extends `${infer H}__${infer R}`
  ? H extends keyof S
    ? S[H] extends AnyField
      ? never
      : RelationAt<ShapeOf<Target<S[H]>>, R>
    : never
  : P extends keyof S
    ? S[P] extends AnyField
      ? never
      : Target<S[P]>
    : never;

/** The value of the expression E on shape S with annotations A. */
export type ExpressionValue<S, A, E> = E extends Expression<infer V, any, any> ? Plain<Resolve<S, A, V>> : boolean;

type WrongPath<S, A, P extends string> = P extends unknown ? ([FieldAt<S, A, P>] extends [never] ? P : never) : never;

/** What is wrong with the conditions W, each value by what it should be; never where nothing is. */
type WrongCondition<S, A, W> = W extends AnyExpression
  ? Exclude<Valid<S, A, W>, W>
  : W extends { readonly [CONDITION_OF]: infer Other }
    ? [S] extends [ShapeOf<Other>]
      ? never
      : WrongModel<Other>
    : W extends { readonly [CONDITIONS]: infer X }
      ? WrongCondition<S, A, X>
      : {
          [K in keyof W]: W[K] extends AnyExpression
            ? ExpressionFor<S, A, W[K], LookupValue<S, A, K & string>, K> extends W[K]
              ? never
              : ExpressionFor<S, A, W[K], LookupValue<S, A, K & string>, K>
            : W[K] extends LookupValue<S, A, K & string>
              ? never
              : LookupValue<S, A, K & string>;
        }[keyof W];

/** E where it can be computed on shape S with annotations A, else what is wrong with it. */
export type Valid<S, A, E> =
  E extends Expression<infer V, infer P, infer W>
    ? [WrongPath<S, A, P>] extends [never]
      ? [W] extends [never]
        ? ValidValue<Resolve<S, A, V>, E>
        : [WrongCondition<S, A, W>] extends [never]
          ? ValidValue<Resolve<S, A, V>, E>
          : WrongCondition<S, A, W>
      : NoSuchField<WrongPath<S, A, P>>
    : E extends { readonly [CONDITIONS]: infer W }
      ? [WrongCondition<S, A, W>] extends [never]
        ? E
        : { readonly [CONDITIONS]: EachOf<S, A, W> }
      : E extends { readonly [CONDITION_OF]: infer Other }
        ? [S] extends [ShapeOf<Other>]
          ? E
          : WrongModel<Other>
        : E extends FilteredRelationType<infer P, infer W>
          ? [RelationAt<S, P>] extends [never]
            ? NoSuchField<P>
            : [WrongCondition<S, A, W>] extends [never]
              ? E
              : FilteredRelationType<P, EachOf<S, A, W>>
          : E extends SqlFragment<unknown>
            ? NoOutput
            : AnyExpression;

export interface NoOutput {
  "error: say what its values are, as with .as(fields.integer())": never;
}

type ValidValue<U, E> = [Extract<U, Mistake>] extends [never] ? E : Extract<U, Mistake>;

/** E where it can be computed and gives a T, or what goes with the field at P, a lookup or not; else what is wrong. */
export type ExpressionFor<S, A, E, T, P = ""> = [Valid<S, A, E>] extends [E]
  ? ExpressionValue<S, A, E> extends infer V
    ? unknown extends V
      ? [Extract<T, Mistake>] extends [never]
        ? E
        : T
      : [V] extends [T | null]
        ? E
        : GoesWith<FieldFrom<S, A, E>, E, T, FieldAt<S, A, Compared<P & string>>>
    : never
  : Valid<S, A, E>;

/**
 * Values of the fields F and L go with each other where both are numbers, days and moments, or of one kind; texts that
 * were written out with all that is text. E may be a query's rows.
 */
type GoesWith<F, E, T, L> = E extends T
  ? E
  : [NonNullable<T>] extends [number | bigint]
    ? [SortOf<F>] extends ["number"]
      ? E
      : Expression<T>
    : [L] extends [never]
      ? Expression<T>
      : [SortOf<F>] extends [SortOf<L>]
        ? E
        : [SortOf<L>, F] extends ["written", FieldType<string | null, any, any, any, any>]
          ? E
          : Expression<T>;
type SortOf<F> =
  F extends FieldType<infer V, any, infer K, any, any>
    ? (K extends "attr" ? KindOf<NonNullable<V>> : K) extends infer X
      ? X extends "number" | "bigint" | "decimal"
        ? "number"
        : X extends "date" | "day"
          ? "moment"
          : X extends "unknown"
            ? "written"
            : X
      : never
    : "none";
/** What stands before a lookup that compares. */
type Compared<P extends string> = P extends `${infer H}__${"exact" | "gt" | "gte" | "lt" | "lte"}` ? H : P;
