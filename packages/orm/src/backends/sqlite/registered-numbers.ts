import type { Database } from "better-sqlite3";
import { UnreadableValue } from "./errors.ts";

const PLACES_OF_FLOATS = 15;

/** Rounding, reading of numbers and their spread, which SQLite lacks or does otherwise. */
export function registerNumbers(database: Database): void {
  database.function("tsjango_round", { deterministic: true }, (value: unknown, places: unknown) =>
    value === null ? null : roundFloat(Number(value), Number(places)),
  );
  database.function(
    "tsjango_round_whole",
    { deterministic: true, safeIntegers: true },
    (value: unknown, unit: unknown) =>
      value === null ? null : nearest(BigInt(value as bigint), BigInt(unit as bigint)),
  );
  database.function("tsjango_whole_of", { deterministic: true, safeIntegers: true }, (value: unknown) =>
    value === null ? null : wholeOf(value),
  );
  database.function("tsjango_float_of", { deterministic: true }, (value: unknown) =>
    value === null ? null : floatOf(String(value)),
  );
  database.function("tsjango_float_text", { deterministic: true }, (value: unknown) =>
    value === null ? null : String(value),
  );
  database.function("tsjango_decimal_of", { deterministic: true, safeIntegers: true }, (value: unknown, to: unknown) =>
    value === null ? null : scaledOf(String(value), Number(to)),
  );
  database.function(
    "tsjango_decimal_text",
    { deterministic: true, safeIntegers: true },
    (value: unknown, to: unknown) => (value === null ? null : decimalText(BigInt(value as bigint), Number(to))),
  );
  for (const [name, sample, root] of [
    ["std_dev", false, true],
    ["std_dev_sample", true, true],
    ["variance", false, false],
    ["variance_sample", true, false],
  ] as const) {
    database.aggregate<MovingSpread>(`tsjango_${name}`, {
      deterministic: true,
      start: () => new MovingSpread(),
      step: (spread, value: unknown) => (value === null ? spread : spread.add(Number(value))),
      inverse: (spread, value: unknown) => (value === null ? spread : spread.dropFirst()),
      result: (spread) => {
        const { count, squares } = spread.whole;
        const of = sample ? count - 1 : count;
        return of < 1 ? null : root ? Math.sqrt(squares / of) : squares / of;
      },
    });
  }
}

/** How many values there are, with the sum of the squares of their distances from the mean. */
interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

/** Keeps its digits where the values are large and near to each other. Source: B. P. Welford, 1962. */
function stepped({ count, mean, squares }: Spread, value: number): Spread {
  const distance = value - mean;
  const next = mean + distance / (count + 1);
  return { count: count + 1, mean: next, squares: squares + distance * (value - next) };
}

/** Source: T. F. Chan, G. H. Golub, R. J. LeVeque, 1979. */
function joined(a: Spread, b: Spread): Spread {
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const count = a.count + b.count;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squares: a.squares + b.squares + (distance * distance * a.count * b.count) / count,
  };
}

const NOTHING: Spread = { count: 0, mean: 0, squares: 0 };

/** The spread of values of which the first ones are dropped as a window moves; nothing is subtracted, which would lose digits. */
class MovingSpread {
  /** Of the values that came last, which are kept until the others are gone. */
  #last = NOTHING;
  #values: number[] = [];
  /** Of the values before those: the spread of all of them, of all but the first, and so on, from the end. */
  #before: Spread[] = [];

  get whole(): Spread {
    return joined(this.#before.at(-1) ?? NOTHING, this.#last);
  }

  add(value: number): this {
    this.#last = stepped(this.#last, value);
    this.#values.push(value);
    return this;
  }

  dropFirst(): this {
    if (this.#before.length === 0) {
      let spread = NOTHING;
      this.#before = this.#values.reverse().map((value) => {
        spread = stepped(spread, value);
        return spread;
      });
      this.#values = [];
      this.#last = NOTHING;
    }
    this.#before.pop();
    return this;
  }
}

/** Half away from zero, of the number as it is written: 2.675 to two places is 2.68. */
function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const [digits = "0", exponent = "0"] = Math.abs(value).toPrecision(PLACES_OF_FLOATS).split("e");
  const shifted = Math.round(Number(`${digits}e${Number(exponent) + places}`));
  const rounded = Number(`${shifted}e${-places}`);
  // A number too large to be shifted has no digits there.
  return Number.isFinite(rounded) ? Math.sign(value) * rounded : value;
}

function nearest(value: bigint, unit: bigint): bigint {
  const half = unit / 2n;
  const size = value < 0n ? -value : value;
  const rounded = ((size + half) / unit) * unit;
  return value < 0n ? -rounded : rounded;
}

function wholeOf(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return BigInt(roundFloat(value, 0));
  } else if (/^\s*[+-]?\d+\s*$/.test(String(value))) return BigInt(String(value).trim().replace("+", ""));
  throw new UnreadableValue(`"${String(value)}" is no whole number`);
}

function floatOf(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  throw new UnreadableValue(`"${text}" is no number`);
}

/** A number's text as a decimal with so many places, rounded half away from zero. */
function scaledOf(text: string, places: number): bigint {
  const found = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i.exec(text);
  const [, sign, whole = "", rest = "", exponent = "0"] = found ?? [];
  if (found === null || whole + rest === "") throw new UnreadableValue(`"${text}" is no number`);
  const shift = places - rest.length + Number(exponent);
  const digits = BigInt(whole + rest);
  const unit = 10n ** BigInt(Math.abs(shift));
  const size = shift >= 0 ? digits * unit : (digits + unit / 2n) / unit;
  if (size >= 10n ** 18n) throw new UnreadableValue("decimal out of range: SQLite computes with at most 18 digits");
  return sign === "-" ? -size : size;
}

function decimalText(value: bigint, places: number): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const sign = value < 0n ? "-" : "";
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
