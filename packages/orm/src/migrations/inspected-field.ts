import type { Vendor } from "../backends/base/backend.ts";

/** A kind of field for a column, as source: `char` with `{ maxLength: 200 }`. */
export interface FieldGuess {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The kind of an array's elements. */
  readonly base?: FieldGuess;
  /** What a reader should know of it. */
  readonly note?: string;
}

type Rule = readonly [pattern: RegExp, guess: (groups: readonly string[], vendor: Vendor) => FieldGuess];

const plain = (kind: string) => (): FieldGuess => ({ kind, options: {} });

/** From the types as databases write them, to fields. The first that fits counts. */
const RULES: readonly Rule[] = [
  [
    /^(?:character varying|varchar|character|char|nvarchar|nchar|bpchar)\((\d+)\)/,
    ([length]) => ({ kind: "char", options: { maxLength: Number(length) } }),
  ],
  [/^(?:text|clob|character varying|varchar|character|citext|name)\b/, plain("text")],
  [/^(?:smallint|int2)\b/, plain("smallInteger")],
  [/^(?:bigint|int8|bigserial)\b/, plain("bigInteger")],
  [/^(?:integer|int|int4|mediumint|tinyint|serial)\b/, plain("integer")],
  [/^bool/, plain("boolean")],
  [/^(?:double|real|float)/, plain("float")],
  [
    /^(?:numeric|decimal)\s*(?:\((\d+)\s*,\s*(\d+)\))?/,
    ([digits, places], vendor) =>
      vendor === "postgres" && digits !== undefined && Number(digits) <= 18
        ? { kind: "decimal", options: { maxDigits: Number(digits), decimalPlaces: Number(places) } }
        : { kind: "float", options: {}, note: "a decimal, read as the nearest float" },
  ],
  [/^(?:timestamp|datetime)/, plain("dateTime")],
  [/^date\b/, plain("date")],
  [/^time(?! with time zone)/, plain("time")],
  [/^interval/, plain("duration")],
  [/^uuid/, plain("uuid")],
  [/^jsonb?\b/, plain("json")],
  [/^(?:bytea|blob)/, plain("binary")],
  [/^inet/, plain("ipAddress")],
  [/^tsvector/, plain("searchVector")],
];

/** The field that fits a column's type best. */
export function guessField(type: string, vendor: Vendor): FieldGuess {
  const written = type.toLowerCase().trim();
  if (written.endsWith("[]")) {
    const base = guessField(type.trim().slice(0, -2), vendor);
    return { kind: "array", base, options: {}, ...(base.note !== undefined && { note: base.note }) };
  }
  for (const [pattern, guess] of RULES) {
    const match = pattern.exec(written);
    if (match !== null) return guess(match.slice(1), vendor);
  }
  return { kind: "text", options: {}, note: `a guess: its type is ${type === "" ? "not stated" : type}` };
}
