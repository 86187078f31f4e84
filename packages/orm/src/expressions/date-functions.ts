import type { DatePart, TransformName, TruncName } from "../backends/base/functions.ts";
import type { InZone } from "./arithmetic.types.ts";
import { source } from "./expression.ts";
import { make } from "./make.ts";
import type { Call, Source } from "./source.types.ts";
import { timeZoneName, type TimeZoneOptions as Zone } from "./time-zone.ts";

/** The function `Name` with the options O, or with none. */
type In<O, Name extends string> = [O] extends [never] ? Name : InZone<Name>;

/**
 * A part of a date, date-time or time, as a number: `Extract("published", "year")`. A date-time is read in UTC, or in another
 * time zone: `Extract("published", "hour", { timeZone: "Europe/Prague" })`. Throws `QueryError` for a name that is no time
 * zone; a query that reads a date or time in a time zone throws `FieldError`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract
 */
export function Extract<const E extends Source, const P extends DatePart, const O extends Zone = never>(
  of: E,
  part: P,
  options?: O,
): Call<In<O, P>, [E]> {
  return transform(part, of, options);
}
/** The year of a date or date-time, in UTC or in the `timeZone`, as all parts of them. Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract */
export function ExtractYear<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "year">, [E]> {
  return transform("year", of, options);
}
/** The year that the week of a date belongs to, as ISO 8601 has it. */
export function ExtractIsoYear<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "isoYear">, [E]> {
  return transform("isoYear", of, options);
}
/** The quarter of the year, from 1 to 4. */
export function ExtractQuarter<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "quarter">, [E]> {
  return transform("quarter", of, options);
}
/** The month, from 1 to 12. */
export function ExtractMonth<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "month">, [E]> {
  return transform("month", of, options);
}
/** The week of the year, as ISO 8601 has it. */
export function ExtractWeek<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "week">, [E]> {
  return transform("week", of, options);
}
/** The day of the month. */
export function ExtractDay<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "day">, [E]> {
  return transform("day", of, options);
}
/** The day of the week, from Sunday, 1, to Saturday, 7. */
export function ExtractWeekDay<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "weekDay">, [E]> {
  return transform("weekDay", of, options);
}
/** The day of the week, from Monday, 1, to Sunday, 7. */
export function ExtractIsoWeekDay<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "isoWeekDay">, [E]> {
  return transform("isoWeekDay", of, options);
}
/** The hour of a date-time or time. */
export function ExtractHour<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "hour">, [E]> {
  return transform("hour", of, options);
}
/** The minute of a date-time or time. */
export function ExtractMinute<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "minute">, [E]> {
  return transform("minute", of, options);
}
/** The whole second of a date-time or time. */
export function ExtractSecond<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "second">, [E]> {
  return transform("second", of, options);
}

/** What a moment can be cut off behind. */
type TruncPart = "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second";
type TruncKind<P> = P extends "hour" | "minute" | "second" ? "truncTime" : "truncDay";

/**
 * A date, date-time or time at the beginning of its year, month …: `Trunc("published", "month")`. Those of a date-time are
 * of UTC, or of another time zone: `Trunc("published", "day", { timeZone: "Europe/Prague" })` is the moment at which the day
 * begins there. Where clocks skip a midnight, that is the moment at which they do; where they show it twice, the second time.
 * Hours and shorter parts keep the distance from UTC that the moment has. Throws as `Extract` does.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#trunc
 */
export function Trunc<const E extends Source, const P extends TruncPart, const O extends Zone = never>(
  of: E,
  to: P,
  options?: O,
): Call<In<O, TruncKind<P>>, [E]> {
  return transform(`trunc${to.charAt(0).toUpperCase()}${to.slice(1)}` as TruncName, of, options);
}
/** The first moment of the year, in UTC or in the `timeZone`; a date stays a date. */
export function TruncYear<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncDay">, [E]> {
  return transform("truncYear", of, options);
}
/** The first moment of the quarter. */
export function TruncQuarter<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncDay">, [E]> {
  return transform("truncQuarter", of, options);
}
/** The first moment of the month. */
export function TruncMonth<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncDay">, [E]> {
  return transform("truncMonth", of, options);
}
/** The first moment of the week's Monday. */
export function TruncWeek<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncDay">, [E]> {
  return transform("truncWeek", of, options);
}
/** The first moment of the day. */
export function TruncDay<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncDay">, [E]> {
  return transform("truncDay", of, options);
}
/** The date-time or time at the beginning of its hour. */
export function TruncHour<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncTime">, [E]> {
  return transform("truncHour", of, options);
}
/** The date-time or time at the beginning of its minute. */
export function TruncMinute<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncTime">, [E]> {
  return transform("truncMinute", of, options);
}
/** The date-time or time without what is less than a second. */
export function TruncSecond<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "truncTime">, [E]> {
  return transform("truncSecond", of, options);
}
/** The date of a date-time, in UTC or in the `timeZone`: `TruncDate("published", { timeZone: "Europe/Prague" })`. */
export function TruncDate<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "date">, [E]> {
  return transform("date", of, options);
}
/** The time of a date-time, in UTC or in the `timeZone`. */
export function TruncTime<const E extends Source, const O extends Zone = never>(
  of: E,
  options?: O,
): Call<In<O, "time">, [E]> {
  return transform("time", of, options);
}

function transform<R>(name: TransformName, of: Source, options: Zone | undefined): R {
  const timeZone = options === undefined ? undefined : timeZoneName(options.timeZone);
  return make({ kind: "transform", of: source(of, name), name, timeZone });
}
