import type { Duration } from "../fields/duration.ts";
import type { FieldType, Kind } from "../fields/field.types.ts";
import type { NoSuchLookup, PartOf } from "../query/lookup.types.ts";
import type { Mistake } from "../query/path.types.ts";
import type { KindOf } from "./expression.types.ts";

export interface NoArithmetic<L, R> {
  "error: no arithmetic between": [L, R];
}
export interface NotAText<K> {
  "error: this takes a text, not": K;
}
export interface MixedKinds<K> {
  "error: these are of different kinds": K;
}
export interface NotACondition<K> {
  "error: this takes what is true or false, not": K;
}
export interface NotANumber<K> {
  "error: this takes a number or a duration, not": K;
}
export interface NotAMoment<K> {
  "error: this takes a date or a time, not": K;
}
export interface NoTimeZone<K> {
  "error: a time zone is of moments alone, not of a": K;
}

/** An operation of which the types are known where it is used. */
export interface ArithmeticNode<L, Op, R> {
  readonly left: L;
  readonly operator: Op;
  readonly right: R;
}
/** A function of which the type is known where it is used. */
export interface CallNode<Name, Args extends readonly unknown[]> {
  readonly call: Name;
  readonly args: Args;
}

/** The function `Name` of a moment in a time zone. */
export interface InZone<Name> {
  readonly inZone: Name;
}

/** JSON that is made of values, by their names or places. */
export interface JsonNode<T> {
  readonly json: T;
}

/** The value of `OuterRef`: the enclosing query is not known where it is written. */
export interface Outer {
  readonly outer: true;
}

interface Values {
  number: number;
  bigint: bigint;
  decimal: string;
  date: Date;
  duration: Duration;
  searchVector: string;
}

/** The kind that `+ - * / %` of numbers give; a text beside a number is a decimal. */
interface OfNumbers {
  number: { number: "number"; bigint: "bigint"; decimal: "decimal"; unknown: "decimal" };
  bigint: { number: "bigint"; bigint: "bigint"; decimal: "decimal"; unknown: "decimal" };
  decimal: { number: "decimal"; bigint: "decimal"; decimal: "decimal"; unknown: "decimal" };
  unknown: { number: "decimal"; bigint: "decimal"; decimal: "decimal" };
}
/** The kind that operations on bits give: whole numbers alone have them. */
interface OfBits {
  number: { number: "number"; bigint: "bigint" };
  bigint: { number: "bigint"; bigint: "bigint" };
}
interface Added {
  date: { duration: "date" };
  day: { duration: "date" };
  duration: { duration: "duration" };
  searchVector: { searchVector: "searchVector" };
}
interface Taken {
  date: { duration: "date"; date: "duration"; day: "duration" };
  day: { duration: "date"; date: "duration"; day: "duration" };
  duration: { duration: "duration" };
}

type At<T, L, R> = L extends keyof T ? (R extends keyof T[L] ? T[L][R] : never) : never;
type ResultKind<L, Op, R> =
  | (Op extends "^"
      ? At<OfNumbers, L, R> extends never
        ? never
        : "number"
      : Op extends "&"
        ? At<OfBits, L, R>
        : At<OfNumbers, L, R>)
  | (Op extends "+" ? At<Added, L, R> : Op extends "-" ? At<Taken, L, R> : never);
/** What is divided by zero is null. */
type NullByZero<Op, R> = Op extends "/" | "%"
  ? R extends number | bigint | string
    ? [Extract<0 | 0n, R>] extends [never]
      ? never
      : null
    : null
  : never;

/** A field's value and kind; keys by their values, durations and literals by themselves. */
type Known<U> =
  U extends FieldType<infer V, any, infer K, any, any>
    ? [NonNullable<V>, K extends "attr" ? KindOf<NonNullable<V>> : K]
    : [U, KindOf<U>];
type NullIn<U> = U extends FieldType<infer V, any, any, any, any> ? Extract<V, null> : Extract<U, null>;

/** The field that an operation on two fields or values gives. */
export type ArithmeticOf<L, Op, R> = [L] extends [Mistake]
  ? L
  : [R] extends [Mistake]
    ? R
    : [L] extends [Outer]
      ? R
      : [R] extends [Outer]
        ? L
        : Combined<Known<Exclude<L, null>>, Op, Known<Exclude<R, null>>, NullIn<L> | NullIn<R> | NullByZero<Op, R>>;

type Combined<L, Op, R, N> = L extends [infer LV, infer LK]
  ? R extends [infer RV, infer RK]
    ? [ResultKind<LK, Op, RK>] extends [never]
      ? NoArithmetic<LV, RV>
      : FieldType<Values[ResultKind<LK, Op, RK> & keyof Values] | N, true, ResultKind<LK, Op, RK> & Kind>
    : never
  : never;

/** The field that a function of fields or values T gives. */
export type CallOf<Name, T extends readonly unknown[]> = [Extract<T[number], Mistake>] extends [never]
  ? Name extends "sum" | "avg" | "abs"
    ? OfNumber<Name, T[0]>
    : Name extends "text"
      ? OfText<T, FieldType<string | NullIn<T[number]>, true, "text">>
      : Name extends "length"
        ? OfText<T, FieldType<number | NullIn<T[number]>, true, "number">>
        : Name extends "concat"
          ? OfText<T, FieldType<string, true, "text">>
          : Name extends keyof OfNames<T>
            ? OfNames<T>[Name]
            : Name extends InZone<infer N extends keyof OfNames<T>>
              ? OfMoment<KindsOf<T[0]>, OfNames<T>[N]>
              : OfOneKind<KindsOf<T[number]>, NotNull<T[number]> | AllNull<T>>
  : Extract<T[number], Mistake>;

/** Functions whose result is of one kind, whatever they are of. */
interface OfNames<T extends readonly unknown[]> {
  float: OfNumbersAlone<T, FieldType<number | NullIn<T[number]>, true, "number">>;
  arrayAgg: ListOf<T[0], null>;
  arrayAggOr: ListOf<T[0], never>;
  jsonbAgg: JsonListOf<T[0], null>;
  jsonbAggOr: JsonListOf<T[0], never>;
  bits: KindsOf<T[0]> extends infer K
    ? K extends "number" | "bigint"
      ? FieldType<Values[K] | null, true, K>
      : NotANumber<K>
    : never;
  truth: [KindsOf<T[0]>] extends ["boolean"]
    ? FieldType<boolean | null, true, "boolean">
    : NotACondition<KindsOf<T[0]>>;
  pairs: OfNumbersAlone<T, FieldType<number | null, true, "number">>;
  pairsOr: OfNumbersAlone<T, FieldType<number, true, "number">>;
  stringAgg: OfText<T, FieldType<string | null, true, "text">>;
  year: PartOfMoment<T[0], "year">;
  isoYear: PartOfMoment<T[0], "isoYear">;
  quarter: PartOfMoment<T[0], "quarter">;
  month: PartOfMoment<T[0], "month">;
  week: PartOfMoment<T[0], "week">;
  day: PartOfMoment<T[0], "day">;
  weekDay: PartOfMoment<T[0], "weekDay">;
  isoWeekDay: PartOfMoment<T[0], "isoWeekDay">;
  hour: PartOfMoment<T[0], "hour">;
  minute: PartOfMoment<T[0], "minute">;
  second: PartOfMoment<T[0], "second">;
  date: PartOfMoment<T[0], "date">;
  time: PartOfMoment<T[0], "time">;
  truncDay: Truncated<T[0], "year">;
  truncTime: Truncated<T[0], "hour">;
  as: T[0] extends FieldType<infer V, any, infer K, any, any>
    ? FieldType<V | NullIn<Exclude<T[number], T[0]>>, true, K>
    : never;
}
type ListOf<U, N> = FieldType<(Known<Exclude<U, null>>[0] | NullIn<U>)[] | N, true, "array">;
type JsonListOf<U, N> = FieldType<(InJson<Known<Exclude<U, null>>[0]> | NullIn<U>)[] | N, true, "json">;
type PartOfMoment<U, P extends string> =
  KindsOf<U> extends infer K
    ? [PartOf<K, P>] extends [never]
      ? NoPart<K, P>
      : PartOf<K, P> extends FieldType<infer V, any, infer VK, any, any>
        ? FieldType<V | NullIn<U>, true, VK>
        : never
    : never;
/** What has the part P, cut off behind such a part. */
type Truncated<U, P extends string> =
  KindsOf<U> extends infer K ? ([PartOf<K, P>] extends [never] ? NoPart<K, P> : U) : never;
/** What is wrong with a part P of values of a kind without it: a moment has other parts, any other kind has none. */
type NoPart<K, P> = K extends "date" | "day" | "time" ? NoSuchLookup<P> : NotAMoment<K>;
/** What a function in a time zone gives: of a moment F; a day or a time of the day is in none. */
type OfMoment<K, F> = [K] extends ["day" | "time"] ? NoTimeZone<K> : F;
type OfNumbersAlone<T extends readonly unknown[], F> = [KindsOf<T[number]>] extends [
  "number" | "decimal" | "bigint" | "unknown",
]
  ? F
  : NotANumber<Exclude<KindsOf<T[number]>, "number" | "decimal" | "bigint" | "unknown">>;

/** What T is as JSON: dates, decimals and 64-bit numbers are texts there. */
export type JsonOf<T> = [Extract<T[keyof T], Mistake>] extends [never]
  ? FieldType<{ [K in keyof T]: InJson<Known<Exclude<T[K], null>>[0]> | NullIn<T[K]> }, true, "json">
  : Extract<T[keyof T], Mistake>;
type InJson<V> = V extends Date | bigint ? string : V;

/** Numbers go with numbers, texts with what is written as text; anything else only with its own kind. */
type OfOneKind<K, F> = [K] extends ["number" | "bigint" | "decimal" | "unknown"]
  ? F
  : [K] extends ["text" | "uuid" | "day" | "time" | "unknown"]
    ? F
    : IsUnion<K> extends true
      ? MixedKinds<K>
      : F;
type IsUnion<K, All = K> = true extends (K extends unknown ? ([All] extends [K] ? false : true) : never) ? true : false;

type KindsOf<U> = Known<Exclude<U, null>>[1];
type OfText<T extends readonly unknown[], F> = [KindsOf<T[number]>] extends ["text" | "uuid" | "json" | "unknown"]
  ? F
  : NotAText<Exclude<KindsOf<T[number]>, "text" | "uuid" | "json" | "unknown">>;
/** A text beside values of a kind is written as one of that kind. */
type ToldBy<K> = [Exclude<K, "unknown">] extends [never] ? K : Exclude<K, "unknown">;
type OfNumber<Name, U> =
  ToldBy<KindsOf<U>> extends infer K
    ? K extends "number" | "decimal" | "bigint"
      ? Name extends "avg"
        ? FieldType<number | null, true, "number">
        : FieldType<Values[K] | NullOf<Name, U>, true, K>
      : K extends "duration"
        ? Name extends "sum" | "avg"
          ? FieldType<Duration | null, true, "duration">
          : NotANumber<K>
        : K extends "unknown"
          ? FieldType<unknown, true, "unknown">
          : NotANumber<K>
    : never;
/** The sum and the average of no rows are null. */
type NullOf<Name, U> = Name extends "abs" ? NullIn<U> : null;
type NotNull<U> =
  U extends FieldType<infer V, any, infer K, any, any> ? FieldType<Exclude<V, null>, true, K> : Exclude<U, null>;
type AllNull<T extends readonly unknown[]> = T extends readonly [infer H, ...infer Rest]
  ? [NullIn<H>] extends [never]
    ? never
    : AllNull<Rest>
  : null;
