import type { Database } from "better-sqlite3";
import { casefold } from "./casefold.ts";
import { UnreadableValue } from "./errors.ts";
import { registerJson } from "./registered-json.ts";
import { registerMoments } from "./registered-moments.ts";
import { registerNumbers } from "./registered-numbers.ts";
import { registerTexts } from "./registered-texts.ts";

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;
const MICROSECONDS = 1_000_000n;

/**
 * Gives a database the functions that it lacks. None of them is used in a check or an index: other clients
 * lack them. Whole numbers are given as bigint, as a number is a float to SQLite: half of 1.0 is 0.5, of 1 it is 0.
 */
export function registerFunctions(database: Database): void {
  const text = (name: string, make: (value: string) => unknown) =>
    database.function(name, { deterministic: true }, (value: unknown) => (value === null ? null : make(String(value))));
  const whole = (name: string, make: (...values: bigint[]) => bigint | null) =>
    database.function(name, { deterministic: true, safeIntegers: true, varargs: true }, (...values: unknown[]) =>
      values.includes(null) ? null : make(...values.map((value) => BigInt(value as bigint))),
    );

  database.function("tsjango_casefold", { deterministic: true }, casefold);
  text("tsjango_lower", (value) => value.toLowerCase());
  text("tsjango_upper", (value) => value.toUpperCase());
  database.function("tsjango_regexp", { deterministic: true }, regexp);
  database.function("tsjango_date_part", { deterministic: true }, (part: unknown, value: unknown) =>
    value === null ? null : BigInt(datePart(String(part), String(value))),
  );
  for (const [name, sign] of [
    ["tsjango_greatest", 1],
    ["tsjango_least", -1],
  ] as const) {
    database.function(name, { deterministic: true, safeIntegers: true, varargs: true }, (...values: unknown[]) =>
      extreme(values, sign),
    );
  }
  whole("tsjango_bit_xor", (a, b) => a ^ b);
  registerJson(database);
  registerTexts(database);
  registerNumbers(database);
  registerMoments(database);
  database.function("tsjango_mod", { deterministic: true }, (a: unknown, b: unknown) =>
    a === null || b === null || Number(b) === 0 ? null : Number(a) % Number(b),
  );
  whole("tsjango_decimal_multiply", (a, b) => inRange(a * b));
  whole("tsjango_decimal_shift", (value, shift) =>
    inRange(shift >= 0n ? value * 10n ** shift : rounded(value, 10n ** -shift)),
  );
  whole("tsjango_decimal_divide", (a, b, shift) => {
    if (b === 0n) return null;
    const [above, below] = shift >= 0n ? [a * 10n ** shift, b] : [a, b * 10n ** -shift];
    return inRange(below < 0n ? rounded(-above, -below) : rounded(above, below));
  });
  database.function("tsjango_time_between", { deterministic: true, safeIntegers: true }, (a: unknown, b: unknown) =>
    a === null || b === null ? null : microseconds(String(a)) - microseconds(String(b)),
  );
  database.function("tsjango_time_shift", { deterministic: true, safeIntegers: true }, (time: unknown, by: unknown) =>
    time === null || by === null ? null : momentText(microseconds(String(time)) + BigInt(by as bigint)),
  );
}

function inRange(value: bigint): bigint {
  if (value >= LEAST && value <= GREATEST) return value;
  throw new UnreadableValue("decimal out of range: SQLite computes with at most 18 digits");
}

/** Half away from zero, as PostgreSQL's `round` of a numeric. */
function rounded(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return value >= 0n ? (value + half) / divisor : -((-value + half) / divisor);
}

const patterns = new Map<string, RegExp>();
const MOST_PATTERNS = 100;

function regexp(pattern: unknown, value: unknown, ignoreCase: unknown): bigint | null {
  if (pattern === null || value === null) return null;
  const key = `${ignoreCase}${pattern}`;
  let compiled = patterns.get(key);
  if (compiled === undefined) {
    compiled = new RegExp(String(pattern), Number(ignoreCase) === 1 ? "iu" : "u");
    if (patterns.size >= MOST_PATTERNS) patterns.clear();
    patterns.set(key, compiled);
  }
  return compiled.test(String(value)) ? 1n : 0n;
}

function extreme(values: readonly unknown[], sign: 1 | -1): unknown {
  let found: unknown = null;
  for (const value of values) {
    if (value === null) continue;
    const better =
      found === null || (sign === 1 ? (value as number) > (found as number) : (value as number) < (found as number));
    if (better) found = value;
  }
  return found;
}

const DAY = 86_400_000;

function datePart(part: string, text: string): number {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const day = date.getUTCDay();
  if (part === "weekDay") return day + 1;
  if (part === "isoWeekDay") return day === 0 ? 7 : day;
  if (part === "quarter") return Math.floor(date.getUTCMonth() / 3) + 1;
  // The week of a date is that of its Thursday.
  const thursday = new Date(date.getTime() + (4 - (day === 0 ? 7 : day)) * DAY);
  if (part === "isoYear") return thursday.getUTCFullYear();
  const first = new Date(thursday);
  first.setUTCMonth(0, 1);
  return Math.floor((thursday.getTime() - first.getTime()) / DAY / 7) + 1;
}

/** `2026-11-21` or `2026-11-21 07:03:12.345000` as microseconds since 1970. */
function microseconds(text: string): bigint {
  const seconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19) || "00:00:00"}Z`) / 1000;
  return BigInt(seconds) * MICROSECONDS + BigInt(text.slice(20).padEnd(6, "0") || 0);
}

function momentText(value: bigint): string {
  const rest = ((value % MICROSECONDS) + MICROSECONDS) % MICROSECONDS;
  const seconds = Number((value - rest) / MICROSECONDS);
  const text = new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19);
  return `${text}.${String(rest).padStart(6, "0")}`;
}
