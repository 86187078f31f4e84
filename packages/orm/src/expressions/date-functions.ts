import type { DatePart, TransformName, TruncName } from "../backends/base/functions.ts";
import { source } from "./expression.ts";
import { make } from "./make.ts";
import type { Call, Source } from "./source.types.ts";

/**
 * A part of a date, date-time (in UTC) or time, as a number: `Extract("published", "year")`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract
 */
export function Extract<const E extends Source, const P extends DatePart>(of: E, part: P): Call<P, [E]> {
  return transform(part, of);
}
/** The year of a date or date-time, in UTC as all parts of them. Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract */
export function ExtractYear<const E extends Source>(of: E): Call<"year", [E]> {
  return transform("year", of);
}
/** The year that the week of a date belongs to, as ISO 8601 has it. */
export function ExtractIsoYear<const E extends Source>(of: E): Call<"isoYear", [E]> {
  return transform("isoYear", of);
}
/** The quarter of the year, from 1 to 4. */
export function ExtractQuarter<const E extends Source>(of: E): Call<"quarter", [E]> {
  return transform("quarter", of);
}
/** The month, from 1 to 12. */
export function ExtractMonth<const E extends Source>(of: E): Call<"month", [E]> {
  return transform("month", of);
}
/** The week of the year, as ISO 8601 has it. */
export function ExtractWeek<const E extends Source>(of: E): Call<"week", [E]> {
  return transform("week", of);
}
/** The day of the month. */
export function ExtractDay<const E extends Source>(of: E): Call<"day", [E]> {
  return transform("day", of);
}
/** The day of the week, from Sunday, 1, to Saturday, 7. */
export function ExtractWeekDay<const E extends Source>(of: E): Call<"weekDay", [E]> {
  return transform("weekDay", of);
}
/** The day of the week, from Monday, 1, to Sunday, 7. */
export function ExtractIsoWeekDay<const E extends Source>(of: E): Call<"isoWeekDay", [E]> {
  return transform("isoWeekDay", of);
}
/** The hour of a date-time or time. */
export function ExtractHour<const E extends Source>(of: E): Call<"hour", [E]> {
  return transform("hour", of);
}
/** The minute of a date-time or time. */
export function ExtractMinute<const E extends Source>(of: E): Call<"minute", [E]> {
  return transform("minute", of);
}
/** The whole second of a date-time or time. */
export function ExtractSecond<const E extends Source>(of: E): Call<"second", [E]> {
  return transform("second", of);
}

/** What a moment can be cut off behind. */
type TruncPart = "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute" | "second";
type TruncKind<P> = P extends "hour" | "minute" | "second" ? "truncTime" : "truncDay";

/**
 * A date, date-time or time at the beginning of its year, month …: `Trunc("published", "month")`. A date-time is in UTC.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#trunc
 */
export function Trunc<const E extends Source, const P extends TruncPart>(of: E, to: P): Call<TruncKind<P>, [E]> {
  return transform(`trunc${to.charAt(0).toUpperCase()}${to.slice(1)}` as TruncName, of);
}
/** The first moment of the year, in UTC; a date stays a date. */
export function TruncYear<const E extends Source>(of: E): Call<"truncDay", [E]> {
  return transform("truncYear", of);
}
/** The first moment of the quarter. */
export function TruncQuarter<const E extends Source>(of: E): Call<"truncDay", [E]> {
  return transform("truncQuarter", of);
}
/** The first moment of the month. */
export function TruncMonth<const E extends Source>(of: E): Call<"truncDay", [E]> {
  return transform("truncMonth", of);
}
/** The first moment of the week's Monday. */
export function TruncWeek<const E extends Source>(of: E): Call<"truncDay", [E]> {
  return transform("truncWeek", of);
}
/** The first moment of the day. */
export function TruncDay<const E extends Source>(of: E): Call<"truncDay", [E]> {
  return transform("truncDay", of);
}
/** The date-time or time at the beginning of its hour. */
export function TruncHour<const E extends Source>(of: E): Call<"truncTime", [E]> {
  return transform("truncHour", of);
}
/** The date-time or time at the beginning of its minute. */
export function TruncMinute<const E extends Source>(of: E): Call<"truncTime", [E]> {
  return transform("truncMinute", of);
}
/** The date-time or time without what is less than a second. */
export function TruncSecond<const E extends Source>(of: E): Call<"truncTime", [E]> {
  return transform("truncSecond", of);
}
/** The date of a date-time, in UTC. */
export function TruncDate<const E extends Source>(of: E): Call<"date", [E]> {
  return transform("date", of);
}
/** The time of a date-time, in UTC. */
export function TruncTime<const E extends Source>(of: E): Call<"time", [E]> {
  return transform("time", of);
}

function transform<R>(name: TransformName, of: Source): R {
  return make({ kind: "transform", of: source(of, name), name });
}
