import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { ArithmeticNode, CallNode } from "./arithmetic.types.ts";
import { type ArithmeticOperator, operand, source } from "./expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn, ValueIn } from "./expression.types.ts";
import { make } from "./make.ts";
import { bareCall, plainCall } from "./plain-call.ts";
import type { Call, Source, SourcePaths, SourceValue } from "./source.types.ts";

/** A number that stands for itself, or an expression that gives one. */
type Numeric = number | bigint | AnyExpression;
type Numbers<Name, E, N> = Expression<
  CallNode<Name, [SourceValue<E>, ValueIn<N>]>,
  SourcePaths<E> | PathsIn<N>,
  ConditionsIn<E> | ConditionsIn<N>
>;

/** The angle, in radians, of a cosine. Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#math-functions */
export function ACos<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("acos", of);
}
/** The angle, in radians, of a sine. */
export function ASin<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("asin", of);
}
/** The angle, in radians, of a tangent. */
export function ATan<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("atan", of);
}
/** The angle, in radians, of the point with these coordinates: `ATan2("y", F("x"))`. */
export function ATan2<const E extends Source, const N extends Numeric>(y: E, x: N): Numbers<"float", E, N> {
  return plainCall("atan2", y, x);
}
/** The cosine of an angle in radians. */
export function Cos<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("cos", of);
}
/** The cotangent of an angle in radians. */
export function Cot<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("cot", of);
}
/** Radians as degrees. */
export function Degrees<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("degrees", of);
}
/** e to the power of a number. */
export function Exp<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("exp", of);
}
/** The natural logarithm. Of 0 and less it is null on SQLite, an error on PostgreSQL. */
export function Ln<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("ln", of);
}
/** The logarithm to a base: `Log(2, "size")`. */
export function Log<const N extends Numeric, const E extends Source>(base: N, of: E): Numbers<"float", E, N> {
  return plainCall("log", of, base);
}
/** The rest of a division: `Mod("pages", 16)`, as `F("pages").mod(16)`. */
export function Mod<const E extends Source, const N extends Numeric>(of: E, by: N): Operation<E, "%", N> {
  return operation("%", of, by);
}
/** 3.14159… */
export function Pi(): Expression<number> {
  return bareCall("pi");
}
/** A number raised to a power: `Power("width", 2)`, as `F("width").pow(2)`. */
export function Power<const E extends Source, const N extends Numeric>(of: E, exponent: N): Operation<E, "^", N> {
  return operation("^", of, exponent);
}
/** Degrees as radians. */
export function Radians<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("radians", of);
}
/** A number from 0 up to, not including, 1; another one for each row. */
export function Random(): Expression<number> {
  return bareCall("random");
}
/** The sine of an angle in radians. */
export function Sin<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("sin", of);
}
/** The square root. Of less than 0 it is null on SQLite, an error on PostgreSQL. */
export function Sqrt<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("sqrt", of);
}
/** The tangent of an angle in radians. */
export function Tan<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("tan", of);
}
/** The least whole number that is not below a number. */
export function Ceil<const E extends Source>(of: E): Call<"abs", [E]> {
  return plainCall("ceil", of);
}
/** The greatest whole number that is not above a number. */
export function Floor<const E extends Source>(of: E): Call<"abs", [E]> {
  return plainCall("floor", of);
}
/** -1, 0 or 1. */
export function Sign<const E extends Source>(of: E): Call<"float", [E]> {
  return plainCall("sign", of);
}

const MOST_PLACES = 15;

/** The number rounded, half away from zero: `Round("weight", { places: 1 })`. Places below 0 are those before the point. */
export function Round<const E extends Source>(of: E, options: { readonly places?: number } = {}): Call<"abs", [E]> {
  const { places = 0 } = options;
  if (!Number.isInteger(places) || Math.abs(places) > MOST_PLACES) {
    throw new QueryError(
      `Round: places is a whole number from -${MOST_PLACES} to ${MOST_PLACES}; found ${describeValue(places)}.`,
    );
  }
  return plainCall("round", of, places);
}

type Operation<E, Op, N> = Expression<
  ArithmeticNode<SourceValue<E>, Op, ValueIn<N>>,
  SourcePaths<E> | PathsIn<N>,
  ConditionsIn<E> | ConditionsIn<N>
>;

function operation<R>(operator: ArithmeticOperator, of: Source, by: unknown): R {
  return make({ kind: "arithmetic", operator, left: source(of, operator), right: operand(by) });
}
