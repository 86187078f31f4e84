import { Duration } from "./duration.ts";
import { type CommonOptions, Field, type FieldProblem } from "./field.ts";

/** Options of a date, time or date-time. */
export interface DateOptions extends CommonOptions {
  /** Set to the present at each save. */
  readonly autoNow?: boolean;
  /** Set to the present when the row is made. */
  readonly autoNowAdd?: boolean;
}

const A_DAY = 86_400_000;

/** A field that may be set to the present when it is saved; in UTC. */
abstract class StampedField extends Field {
  override preSave(adding: boolean): unknown {
    const { autoNow, autoNowAdd } = this.options as DateOptions;
    return autoNow === true || (adding && autoNowAdd === true) ? this.present(new Date()) : undefined;
  }
  override get blank(): boolean {
    return super.blank || this.#stamped;
  }
  override get editable(): boolean {
    return super.editable && !this.#stamped;
  }
  get #stamped(): boolean {
    return this.options["autoNow"] === true || this.options["autoNowAdd"] === true;
  }

  override validate(value: unknown): void {
    // It gets its value when it is saved.
    if (this.#stamped && (value === undefined || value === null)) return;
    super.validate(value);
  }

  override checks(): FieldProblem[] {
    const { autoNow, autoNowAdd, default: given } = this.options as DateOptions;
    const ways = Object.entries({ autoNow, autoNowAdd, default: given }).filter(
      ([, value]) => value !== undefined && value !== false,
    );
    if (ways.length > 1) {
      const names = ways.map(([name]) => name).join(" and ");
      return [
        { id: "fields.E160", message: `${names} exclude each other.`, hint: "Keep one of them." },
        ...super.checks(),
      ];
    }
    const now = given instanceof Date && Math.abs(Date.now() - given.getTime()) < A_DAY;
    const message = "Its default is the moment when the program started, the same for all rows.";
    const hint = "Write autoNowAdd: true, or a function: default: () => new Date().";
    return [...(now ? [{ id: "fields.W161", message, hint, level: "warning" as const }] : []), ...super.checks()];
  }

  /** The value that stands for this moment. */
  protected abstract present(now: Date): unknown;
}

/** A moment in time, as a `Date`. */
export class DateTimeField extends StampedField {
  readonly kind = "dateTime";
  readonly storage = "dateTime" as const;

  protected override present(now: Date): Date {
    return now;
  }

  protected override normalize(value: unknown): Date {
    if (value instanceof Date && !Number.isNaN(value.getTime())) {
      const year = value.getUTCFullYear();
      if (year >= 1 && year <= 9999) return value;
    }
    throw this.refuse(value, "a valid Date of the years 1 to 9999");
  }
}

/** A calendar date without a time, as a string: `"2026-11-21"`. */
export class DateField extends StampedField {
  readonly kind = "date";
  readonly storage = "date" as const;

  protected override present(now: Date): string {
    return now.toISOString().slice(0, 10);
  }

  protected override normalize(value: unknown): string {
    if (typeof value === "string" && isCalendarDate(value)) return value;
    throw this.refuse(value, 'a date as a string, such as "2026-11-21"');
  }
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/;

/** A time of the day without a date, as a string: `"07:03:12"`, `"07:03:12.345678"`. */
export class TimeField extends StampedField {
  readonly kind = "time";
  readonly storage = "time" as const;

  protected override present(now: Date): string {
    return now.toISOString().slice(11, 23);
  }

  protected override normalize(value: unknown): string {
    const match = typeof value === "string" ? TIME.exec(value) : null;
    if (match === null) throw this.refuse(value, 'a time as a string, such as "07:03:12"');
    const [, hours, minutes, seconds = "00", fraction = ""] = match;
    return `${hours}:${minutes}:${seconds}.${fraction.padEnd(6, "0")}`;
  }

  protected override restore(value: unknown): string {
    const [whole = "", fraction = ""] = String(value).split(".");
    return /[1-9]/.test(fraction) ? `${whole}.${fraction.padEnd(6, "0")}` : whole;
  }
}

/** A length of time, exact to the microsecond, as a `Duration`; at most 106,751,991 days. */
export class DurationField extends Field {
  readonly kind = "duration";
  readonly storage = "duration" as const;

  protected override normalize(value: unknown): Duration {
    if (!(value instanceof Duration)) {
      throw this.refuse(value, "a Duration, such as Duration.from({ hours: 1 })");
    }
    const total = value.toMicroseconds();
    if (BigInt.asIntN(64, total) === total) return value;
    throw this.refuse(value, "a Duration of at most 106,751,991 days");
  }
}
