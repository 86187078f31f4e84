import { type CommonOptions, Field } from "./field.ts";

/** Options of a date or date-time. */
export interface DateOptions extends CommonOptions {
  /** Set to the present at each save. */
  readonly autoNow?: boolean;
  /** Set to the present when the row is made. */
  readonly autoNowAdd?: boolean;
}

function stamps(options: CommonOptions, adding: boolean): boolean {
  return options["autoNow"] === true || (adding && options["autoNowAdd"] === true);
}

/** A moment in time, as a `Date`. */
export class DateTimeField extends Field {
  readonly kind = "dateTime";
  readonly storage = "dateTime" as const;

  override preSave(adding: boolean): Date | undefined {
    return stamps(this.options, adding) ? new Date() : undefined;
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
export class DateField extends Field {
  readonly kind = "date";
  readonly storage = "date" as const;

  override preSave(adding: boolean): string | undefined {
    return stamps(this.options, adding) ? new Date().toISOString().slice(0, 10) : undefined;
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
