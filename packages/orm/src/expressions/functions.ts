import type { Duration } from "../fields/duration.ts";
import type { CallNode } from "./arithmetic.types.ts";
import { type FunctionName, operand, source } from "./expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn, ValueIn } from "./expression.types.ts";
import { make } from "./make.ts";
import type { Call, Source, SourcePaths, SourceValue } from "./source.types.ts";

/** The text in lower case. */
export function Lower<const E extends Source>(of: E): Call<"text", [E]> {
  return call("lower", [of]);
}

/** The text in upper case. */
export function Upper<const E extends Source>(of: E): Call<"text", [E]> {
  return call("upper", [of]);
}

/** How many characters a text has. */
export function Length<const E extends Source>(of: E): Call<"length", [E]> {
  return call("length", [of]);
}

/** The texts, one after the other: `Concat("first", Value(" "), "last")`; null counts as empty. */
export function Concat<const T extends readonly [Source, ...Source[]]>(
  ...of: T
): Expression<
  CallNode<"concat", { [I in keyof T]: SourceValue<T[I]> }>,
  SourcePaths<T[number]>,
  ConditionsIn<T[number]>
> {
  return call("concat", of);
}

/** The number without its sign. */
export function Abs<const E extends Source>(of: E): Call<"abs", [E]> {
  return call("abs", [of]);
}

/**
 * The first of a source and what follows that is not null: `Coalesce("nickname", F("name"), "?")`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#coalesce
 */
export function Coalesce<const E extends Source, const T extends readonly [unknown, ...unknown[]]>(
  of: E,
  ...others: T
): Expression<
  CallNode<"coalesce", [SourceValue<E>, ...{ -readonly [I in keyof T]: ValueIn<T[I]> }]>,
  SourcePaths<E> | PathsIn<T[number]>,
  ConditionsIn<E> | ConditionsIn<T[number]>
> {
  return make({ kind: "function", name: "coalesce", args: [source(of, "Coalesce"), ...others.map(operand)] });
}

/** What is compared: paths and expressions; numbers and moments stand for themselves, texts in `Value`. */
type Compared = Source | number | bigint | Date | Duration;

/**
 * The greatest of several; null only where all are null: `Greatest("pages", F("author__books__pages"), 100)`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#greatest
 */
export function Greatest<const T extends readonly [Compared, Compared, ...Compared[]]>(...of: T): Call<"extreme", T> {
  return extreme("greatest", of);
}

/**
 * The least of several; null only where all are null: `Least("price", F("offer"), "wholesale")`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#least
 */
export function Least<const T extends readonly [Compared, Compared, ...Compared[]]>(...of: T): Call<"extreme", T> {
  return extreme("least", of);
}

function extreme<R>(name: "greatest" | "least", of: readonly Compared[]): R {
  const args = of.map((each) => (typeof each === "string" ? source(each, name) : operand(each)));
  return make({ kind: "function", name, args });
}

/** The first, but null where both are equal. */
export function NullIf<const E extends Source, const V>(
  of: E,
  other: V,
): Expression<SourceValue<E> | null, SourcePaths<E> | PathsIn<V>, ConditionsIn<E> | ConditionsIn<V>> {
  return make({ kind: "function", name: "nullIf", args: [source(of, "NullIf"), operand(other)] });
}

/** The present moment, by the database's clock. */
export function Now(): Expression<Date> {
  return call("now", []);
}

function call<R>(name: FunctionName, of: readonly (string | AnyExpression)[]): R {
  return make({ kind: "function", name, args: of.map((each) => source(each, name)) });
}
