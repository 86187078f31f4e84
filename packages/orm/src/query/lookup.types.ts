import type { AnyExpression, KindOf } from "../expressions/expression.types.ts";
import type { RelationName } from "../expressions/filtered-relation.ts";
import type { AnyField, FieldType, Kind } from "../fields/field.types.ts";
import type { Lookup } from "../lookups/custom.ts";
import type { PkOf, SHAPE, ShapeOf, Target } from "../models/model.types.ts";
import type { NoSuchField, ROW } from "./path.types.ts";

export interface NoSuchLookup<L> {
  "error: no such lookup": L;
}

type Wide<V> = V extends string ? string : V extends number ? number : V;

/** What rows of one value V are. */
type OneOf<V> = V | null | readonly [V | null] | Readonly<Record<string, V | null>>;
/** A query set whose rows can stand for values V, as the right side of `in`: rows of one value, or instances by their key. */
export interface RowsOf<V> {
  readonly [ROW]: OneOf<Wide<V>> | { pk: Wide<V> };
}
/** A query set whose rows can stand for rows of M: instances of it, or rows of one value, their key. */
interface RowsLike<M> {
  readonly [ROW]: OneOf<Wide<PkOf<M>>> | { readonly [SHAPE]: ShapeOf<M> };
}

interface Equality<V> {
  exact: V;
  in: readonly (V | AnyExpression)[] | ReadonlySet<V> | RowsOf<V>;
  isnull: boolean;
}
interface Order<V> {
  gt: V;
  gte: V;
  lt: V;
  lte: V;
  range: readonly [V | AnyExpression, V | AnyExpression];
}
interface TextMatches {
  iexact: string | null;
  contains: string;
  icontains: string;
  startswith: string;
  istartswith: string;
  endswith: string;
  iendswith: string;
  regex: string;
  iregex: string;
  search: string;
  trigramSimilar: string;
  trigramWordSimilar: string;
  trigramStrictWordSimilar: string;
}
/** What is asked of the words of texts. */
interface SearchMatches {
  exact: string;
  search: string;
  isnull: boolean;
}

/** Parts of a JSON value: some of its keys, some of the values of its lists. */
type JsonPart<V> = unknown extends V
  ? unknown
  : V extends readonly (infer E)[]
    ? readonly JsonPart<E>[]
    : V extends object
      ? { readonly [K in keyof V]?: JsonPart<V[K]> }
      : V;
interface JsonMatches<V> {
  contains: JsonPart<V>;
  containedBy: unknown;
  hasKey: string;
  hasKeys: readonly string[];
  hasAnyKeys: readonly string[];
}

/**
 * Lookups of one's own, by the kind of field that has them: `declare module "tsjango/db" { interface CustomLookups {
 * text: { soundsLike: SoundsLike } } }`. They are made known by `registerLookup`.
 */
export interface CustomLookups {}
/** Transforms of one's own, by the kind of field that has them, as `CustomLookups`. */
export interface CustomTransforms {}

/** The right side of a lookup of one's own. */
type CustomValue<K, L> = K extends keyof CustomLookups
  ? L extends keyof CustomLookups[K]
    ? CustomLookups[K][L] extends Lookup<infer V>
      ? V
      : never
    : never
  : never;
/** What a transform of one's own gives. */
type CustomPart<K, R> = K extends keyof CustomTransforms
  ? R extends keyof CustomTransforms[K]
    ? CustomTransforms[K][R] extends { readonly output: infer F }
      ? F
      : never
    : never
  : never;
/** What a lookup L takes that no kind of field has by itself. */
type OtherLookup<K, L extends string> = [CustomValue<K, L>] extends [never]
  ? L extends `${infer H}__${infer R}`
    ? [CustomPart<K, H>] extends [never]
      ? NoSuchLookup<L>
      : FieldLookup<CustomPart<K, H>, R>
    : [CustomPart<K, L>] extends [never]
      ? NoSuchLookup<L>
      : Exact<CustomPart<K, L>>
  : CustomValue<K, L>;

interface ArrayMatches<V> {
  contains: V;
  containedBy: V;
  overlap: V;
}
/** What stands behind an array's name in a path: the place of an element, a slice, the number of elements. */
type ArrayPart = "len" | `${number}` | `${number}_${number}`;

/** The kind of field that an array's elements are; where only the values are known, what these are. */
type BaseOf<F> = F extends { readonly base: infer B }
  ? B
  : F extends FieldType<infer V, any, any, any, any>
    ? NonNullable<V> extends readonly (infer E)[]
      ? FieldType<E, true, KindOf<NonNullable<E>> & Kind>
      : never
    : never;
/** What stands in the array F at a path of indexes, or never. */
export type ArrayPath<F, P extends string> = P extends "len"
  ? FieldType<number | NullOf<F>, true, "number">
  : P extends `${number}_${number}`
    ? F
    : P extends `${infer H}__${infer R}`
      ? H extends `${number}`
        ? ElementPath<BaseOf<F>, R>
        : never
      : P extends `${number}`
        ? OrNull<BaseOf<F>>
        : never;
type ElementPath<F, P extends string> =
  F extends FieldType<any, any, infer K, any, any>
    ? K extends "array"
      ? ArrayPath<F, P>
      : OrNull<PartOf<K, P>>
    : never;
type OrNull<F> = F extends FieldType<infer V, any, infer K, any, any> ? FieldType<V | null, true, K> : never;
type NullOf<F> = F extends FieldType<infer V, any, any, any, any> ? Extract<V, null> : never;
/** What a lookup L behind the array F takes. */
type ArrayLookup<F, V, L extends string> = L extends keyof Lookups<V, "array">
  ? Lookups<V, "array">[L]
  : L extends ArrayPart
    ? L extends "len"
      ? number
      : L extends `${number}`
        ? Exact<BaseOf<F>>
        : V
    : L extends `${infer H}__${infer R}`
      ? H extends ArrayPart
        ? FieldLookup<H extends "len" ? NumberPart : H extends `${number}` ? BaseOf<F> : F, R>
        : OtherLookup<"array", L>
      : OtherLookup<"array", L>;
/** Lists that are compared with are not changed. */
type Compared<V, K> = K extends "array" ? Unchanged<V> : V;
type Unchanged<V> = V extends readonly (infer E)[] ? readonly Unchanged<E>[] : V;

/** The parts that a lookup may read of a value before it compares, by the value's kind. */
export interface Transforms {
  day: DayParts;
  date: DayParts & ClockParts & { date: FieldType<string, true, "day">; time: FieldType<string, true, "time"> };
  time: ClockParts;
  text: { unaccent: FieldType<string, true, "text"> };
}
type NumberPart = FieldType<number, true, "number">;
interface DayParts {
  year: NumberPart;
  isoYear: NumberPart;
  quarter: NumberPart;
  month: NumberPart;
  week: NumberPart;
  day: NumberPart;
  weekDay: NumberPart;
  isoWeekDay: NumberPart;
}
interface ClockParts {
  hour: NumberPart;
  minute: NumberPart;
  second: NumberPart;
}

/** The lookups of a field, by its kind. */
type Lookups<V, K> = K extends "boolean" | "binary"
  ? Equality<V>
  : K extends "searchVector"
    ? SearchMatches
    : K extends "array"
      ? Equality<V> & Order<NonNullable<V>> & ArrayMatches<NonNullable<V>>
      : K extends "json"
        ? Equality<V> & JsonMatches<NonNullable<V>>
        : K extends "text"
          ? Equality<V> & Order<NonNullable<V>> & TextMatches
          : K extends "attr"
            ? NonNullable<V> extends readonly unknown[]
              ? Equality<V>
              : Equality<V> & Order<NonNullable<V>> & (NonNullable<V> extends string ? TextMatches : {})
            : K extends "unknown"
              ? Equality<V> & Order<NonNullable<V>> & TextMatches
              : Equality<V> & Order<NonNullable<V>>;

/** The part R of a value of kind K, or never. */
export type PartOf<K, R> = K extends keyof Transforms
  ? R extends keyof Transforms[K]
    ? Transforms[K][R]
    : CustomPart<K, R>
  : CustomPart<K, R>;

type FieldLookup<F, L extends string> =
  F extends FieldType<infer V, any, infer K, any, any>
    ? K extends "json"
      ? unknown extends V
        ? unknown
        : JsonLookup<NonNullable<V>, L>
      : K extends "array"
        ? ArrayLookup<F, Unchanged<V>, L>
        : L extends keyof Lookups<V, K>
          ? Lookups<V, K>[L]
          : K extends keyof Transforms
            ? PartLookup<K, Transforms[K], L>
            : OtherLookup<K, L>
    : never;

type PartLookup<K, T, L extends string> = L extends keyof T
  ? Exact<T[L]>
  : L extends `${infer H}__${infer R}`
    ? H extends keyof T
      ? FieldLookup<T[H], R>
      : OtherLookup<K, L>
    : OtherLookup<K, L>;

type Exact<F> = F extends FieldType<infer V, any, infer K, any, any> ? Compared<V, K> : never;

/** The lookups inside a JSON value of type V: its keys and indexes, then comparisons. */
type JsonLookup<V, L extends string> = unknown extends V
  ? unknown
  : L extends keyof Lookups<V, JsonKind<V>>
    ? Lookups<V, JsonKind<V>>[L]
    : L extends `${infer H}__${infer R}`
      ? [JsonAt<V, H>] extends [never]
        ? NoSuchLookup<H>
        : JsonLookup<NonNullable<JsonAt<V, H>>, R>
      : [JsonAt<V, L>] extends [never]
        ? NoSuchLookup<L>
        : JsonAt<V, L>;
type JsonKind<V> = V extends string ? "text" : V extends number ? "number" : "json";
/** What stands in a JSON value at a key or an index, or never. */
type JsonAt<V, K extends string> = V extends readonly (infer E)[]
  ? K extends `${number}`
    ? E
    : never
  : K extends keyof V
    ? V[K]
    : never;
/** What stands in a JSON value at a path of keys and indexes, or never. */
export type JsonPath<V, P extends string> = unknown extends V
  ? unknown
  : P extends `${infer H}__${infer R}`
    ? [JsonAt<V, H>] extends [never]
      ? never
      : JsonPath<NonNullable<JsonAt<V, H>>, R>
    : JsonAt<V, P>;

type RelatedValue<M> = M | PkOf<M> | null;
interface RelationLookups<M> extends Partial<Order<PkOf<M>>> {
  in: readonly RelatedValue<M>[] | ReadonlySet<RelatedValue<M>> | RowsLike<M>;
  isnull: boolean;
  exact: RelatedValue<M>;
}

/** The value that the lookup path P takes, on shape S with annotations A. */
export type LookupValue<S, A, P extends string> = P extends keyof A
  ? A[P] extends RelationName<infer M>
    ? RelatedValue<M>
    : Exact<A[P]>
  : P extends keyof S
    ? S[P] extends FieldType<infer V, any, infer K, any, any>
      ? Compared<V, K>
      : RelatedValue<Target<S[P]>>
    : P extends `${infer H}__${infer R}`
      ? H extends keyof A
        ? A[H] extends RelationName<infer M>
          ? R extends keyof RelationLookups<unknown>
            ? RelationLookups<M>[R]
            : LookupValue<ShapeOf<M>, {}, R>
          : FieldLookup<A[H], R>
        : H extends keyof S
          ? S[H] extends AnyField
            ? FieldLookup<S[H], R>
            : R extends keyof RelationLookups<unknown>
              ? RelationLookups<Target<S[H]>>[R]
              : LookupValue<ShapeOf<Target<S[H]>>, {}, R>
          : NoSuchField<H>
      : NoSuchField<P>;
