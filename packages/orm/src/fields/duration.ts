import { inspect } from "node:util";
import { FieldValueError } from "../exceptions.ts";

/** What a duration is made of; the parts are added up. */
export interface DurationParts {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
  readonly microseconds?: number | bigint;
}

const MICROSECONDS = {
  weeks: 604_800_000_000n,
  days: 86_400_000_000n,
  hours: 3_600_000_000n,
  minutes: 60_000_000n,
  seconds: 1_000_000n,
  milliseconds: 1000n,
  microseconds: 1n,
} as const;

const DAY = MICROSECONDS.days;
const SECOND = MICROSECONDS.seconds;

const NUMBER = String.raw`([+-]?\d+(?:[.,]\d+)?)`;
const ISO = new RegExp(
  `^([+-])?P(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);
const CLOCK = /^(?:([+-]?\d+)(?:\s+days?,?)?\s+)?([+-])?(\d+):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?$/;

/**
 * A length of time, exact to the microsecond: days, and seconds and microseconds that are never below zero, as Python's
 * `timedelta` has them. Immutable; compared with `<` and `equals`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#durationfield
 * @example
 * Duration.from({ hours: 1, minutes: 30 }).toJSON(); // "PT1H30M"
 */
export class Duration {
  readonly days: number;
  /** 0 to 86,399. */
  readonly seconds: number;
  /** 0 to 999,999. */
  readonly microseconds: number;

  private constructor(total: bigint) {
    const days = floorDivide(total, DAY);
    const rest = total - days * DAY;
    this.days = Number(days);
    this.seconds = Number(rest / SECOND);
    this.microseconds = Number(rest % SECOND);
    Object.freeze(this);
  }

  /** The sum of the parts. Throws `FieldValueError` for a part that is not finite. */
  static from(parts: DurationParts): Duration {
    let total = 0n;
    for (const [unit, amount] of Object.entries(parts)) {
      const size = MICROSECONDS[unit as keyof typeof MICROSECONDS];
      if (size === undefined) {
        throw new FieldValueError(`A duration has no part "${unit}". Parts: ${Object.keys(MICROSECONDS).join(", ")}.`);
      }
      total += times(amount as number | bigint, size, unit);
    }
    return new Duration(total);
  }

  /** Of whole microseconds. */
  static fromMicroseconds(total: bigint): Duration {
    return new Duration(total);
  }

  /** Reads ISO 8601 (`"P1DT2H"`; years have 365 days, months 30) or `"1 02:00:00"`. Throws `FieldValueError` for else. */
  static parse(text: string): Duration {
    const iso = ISO.exec(text);
    if (iso !== null && /\d/.test(text) && !text.endsWith("T")) {
      const [, sign, ...parts] = iso;
      const [years, months, weeks, days, hours, minutes, seconds] = parts;
      const total =
        decimalTimes(years, 365n * DAY) +
        decimalTimes(months, 30n * DAY) +
        decimalTimes(weeks, 7n * DAY) +
        decimalTimes(days, DAY) +
        decimalTimes(hours, MICROSECONDS.hours) +
        decimalTimes(minutes, MICROSECONDS.minutes) +
        decimalTimes(seconds, SECOND);
      return new Duration(sign === "-" ? -total : total);
    }
    const clock = CLOCK.exec(text);
    if (clock !== null) {
      const [, days, sign, hours, minutes, seconds] = clock;
      const time =
        decimalTimes(hours, MICROSECONDS.hours) +
        decimalTimes(minutes, MICROSECONDS.minutes) +
        decimalTimes(seconds, SECOND);
      return new Duration(decimalTimes(days, DAY) + (sign === "-" ? -time : time));
    }
    throw new FieldValueError(`"${text}" is no duration. Write ISO 8601 ("P1DT2H30M") or "1 02:30:00".`);
  }

  /** The whole of it, exactly. */
  toMicroseconds(): bigint {
    return BigInt(this.days) * DAY + BigInt(this.seconds) * SECOND + BigInt(this.microseconds);
  }

  /** The whole of it in seconds, as near as a number is. */
  get totalSeconds(): number {
    return this.days * 86_400 + this.seconds + this.microseconds / 1e6;
  }

  plus(other: Duration): Duration {
    return new Duration(this.toMicroseconds() + other.toMicroseconds());
  }
  minus(other: Duration): Duration {
    return new Duration(this.toMicroseconds() - other.toMicroseconds());
  }
  negated(): Duration {
    return new Duration(-this.toMicroseconds());
  }
  equals(other: unknown): boolean {
    return other instanceof Duration && other.toMicroseconds() === this.toMicroseconds();
  }

  /** For `<` and `>`, in seconds. */
  valueOf(): number {
    return this.totalSeconds;
  }

  /** ISO 8601: `"P1DT2H3M4.5S"`, `"-PT1H"`. */
  toJSON(): string {
    const total = this.toMicroseconds();
    const size = total < 0n ? -total : total;
    const part = (amount: bigint, letter: string) => (amount === 0n ? "" : `${amount}${letter}`);
    const fraction = String(size % SECOND)
      .padStart(6, "0")
      .replace(/0+$/, "");
    const seconds = (size / SECOND) % 60n;
    const time =
      part((size / MICROSECONDS.hours) % 24n, "H") +
      part((size / MICROSECONDS.minutes) % 60n, "M") +
      (fraction === "" ? part(seconds, "S") : `${seconds}.${fraction}S`);
    const text = part(size / DAY, "D") + (time === "" ? "" : `T${time}`);
    return `${total < 0n ? "-" : ""}P${text === "" ? "T0S" : text}`;
  }

  toString(): string {
    return this.toJSON();
  }

  [inspect.custom](): string {
    return `Duration(${this.toJSON()})`;
  }
}

function floorDivide(total: bigint, size: bigint): bigint {
  const quotient = total / size;
  return total % size < 0n ? quotient - 1n : quotient;
}

/** `amount` units of `size` microseconds; a fraction is rounded to whole microseconds. */
function times(amount: number | bigint | undefined, size: bigint, unit: string): bigint {
  if (amount === undefined) return 0n;
  if (typeof amount === "bigint") return amount * size;
  if (typeof amount !== "number" || !Number.isFinite(amount)) {
    throw new FieldValueError(`A duration's ${unit} must be a finite number; found ${String(amount)}.`);
  }
  const whole = Math.trunc(amount);
  return BigInt(whole) * size + BigInt(Math.round((amount - whole) * Number(size)));
}

function decimalTimes(text: string | undefined, size: bigint): bigint {
  if (text === undefined) return 0n;
  const [whole = "", fraction = ""] = text.replace(",", ".").replace(/^[+-]/, "").split(".");
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * size;
  const rounded = (scaled + scale / 2n) / scale;
  return text.startsWith("-") ? -rounded : rounded;
}
