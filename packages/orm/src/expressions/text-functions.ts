import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { CallNode } from "./arithmetic.types.ts";
import { expressionOf } from "./expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn, ValueIn } from "./expression.types.ts";
import { plainCall } from "./plain-call.ts";
import type { Call, Source, SourcePaths, SourceValue } from "./source.types.ts";

/** A whole number, or an expression that gives one. */
type Whole = number | AnyExpression;
/** A text that stands for itself, or an expression that gives one. */
type Text = string | AnyExpression;

/** The result of a function of a source E and of what stands behind it. */
type CallWith<Name, E, T extends readonly unknown[]> = Expression<
  CallNode<Name, [SourceValue<E>]>,
  SourcePaths<E> | PathsIn<T[number]>,
  ConditionsIn<E> | ConditionsIn<T[number]>
>;
/** The same, null where a text behind it is. */
type TextCall<Name, E, T extends readonly unknown[]> = Expression<
  CallNode<Name, [SourceValue<E>, ...{ -readonly [I in keyof T]: ValueIn<T[I]> }]>,
  SourcePaths<E> | PathsIn<T[number]>,
  ConditionsIn<E> | ConditionsIn<T[number]>
>;

/** The first characters of a text. Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#left */
export function Left<const E extends Source, const N extends Whole>(of: E, length: N): CallWith<"text", E, [N]> {
  return plainCall("left", of, whole(length, { name: "Left", what: "length", least: 1 }));
}

/** The last characters of a text. */
export function Right<const E extends Source, const N extends Whole>(of: E, length: N): CallWith<"text", E, [N]> {
  return plainCall("right", of, whole(length, { name: "Right", what: "length", least: 1 }));
}

/** The characters of a text from a position, counted from 1; so many of them, or all. */
export function Substr<const E extends Source, const P extends Whole, const N extends Whole = never>(
  of: E,
  position: P,
  length?: N,
): CallWith<"text", E, [P, N]> {
  const from = whole(position, { name: "Substr", what: "position", least: 1 });
  if (length === undefined) return plainCall("substr", of, from);
  return plainCall("substr", of, from, whole(length, { name: "Substr", what: "length", least: 0 }));
}

/** The text without spaces at both ends. */
export function Trim<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("trim", of);
}

/** The text without spaces at its beginning. */
export function LTrim<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("ltrim", of);
}

/** The text without spaces at its end. */
export function RTrim<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("rtrim", of);
}

/** The text filled at its beginning up to a length: `LPad("name", 10, "·")`. A longer one is cut. */
export function LPad<const E extends Source, const N extends Whole, const T extends Text = " ">(
  of: E,
  length: N,
  fill: T | " " = " ",
): CallWith<"text", E, [N, T]> {
  return plainCall("lpad", of, whole(length, { name: "LPad", what: "length", least: 0 }), fill);
}

/** The text filled at its end up to a length. A longer one is cut. */
export function RPad<const E extends Source, const N extends Whole, const T extends Text = " ">(
  of: E,
  length: N,
  fill: T | " " = " ",
): CallWith<"text", E, [N, T]> {
  return plainCall("rpad", of, whole(length, { name: "RPad", what: "length", least: 0 }), fill);
}

/** The text so many times, one after the other. */
export function Repeat<const E extends Source, const N extends Whole>(of: E, times: N): CallWith<"text", E, [N]> {
  return plainCall("repeat", of, whole(times, { name: "Repeat", what: "number", least: 0 }));
}

/** The text with each occurrence of one in it replaced: `Replace("title", "colour", "color")`. */
export function Replace<const E extends Source, const T extends Text, const R extends Text = "">(
  of: E,
  text: T,
  replacement: R | "" = "",
): TextCall<"text", E, [T, R]> {
  return plainCall("replace", of, text, replacement);
}

/** The characters of a text from the last to the first. */
export function Reverse<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("reverse", of);
}

/** Where a text begins in another, counted from 1; 0 where it is not in it: `StrIndex("title", "war")`. */
export function StrIndex<const E extends Source, const T extends Text>(of: E, text: T): TextCall<"length", E, [T]> {
  return plainCall("strIndex", of, text);
}

/** The character of a code point. */
export function Chr<const E extends Source>(
  of: E,
): Expression<CallNode<"chr", [SourceValue<E>]>, SourcePaths<E>, ConditionsIn<E>> {
  return plainCall("chr", of);
}

/** The code point of a text's first character; 0 of an empty text. */
export function Ord<const E extends Source>(of: E): Call<"length", [E]> {
  return plainCall("ord", of);
}

/** The MD5 of a text in UTF-8, as hexadecimal digits. */
export function MD5<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("md5", of);
}

/** The SHA-1 of a text in UTF-8, as hexadecimal digits. On PostgreSQL it needs the extension pgcrypto. */
export function SHA1<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("sha1", of);
}

/** The SHA-224 of a text in UTF-8, as hexadecimal digits. */
export function SHA224<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("sha224", of);
}

/** The SHA-256 of a text in UTF-8, as hexadecimal digits. */
export function SHA256<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("sha256", of);
}

/** The SHA-384 of a text in UTF-8, as hexadecimal digits. */
export function SHA384<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("sha384", of);
}

/** The SHA-512 of a text in UTF-8, as hexadecimal digits. */
export function SHA512<const E extends Source>(of: E): Call<"text", [E]> {
  return plainCall("sha512", of);
}

function whole(given: unknown, { name, what, least }: { name: string; what: string; least: number }): unknown {
  if (expressionOf(given) !== undefined) return given;
  if (typeof given === "number" && Number.isInteger(given) && given >= least && given < 2 ** 31) return given;
  throw new QueryError(`${name}: the ${what} is a whole number from ${least}; found ${describeValue(given)}.`);
}
