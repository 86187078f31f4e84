import { formatDate } from "../date-format.ts";
import { filter, type TemplateFilter } from "../filter.ts";
import { toText } from "../output.ts";

/** A date by its value: a `Date`, or a text as models give it; a text without zone is UTC. */
export function toDate(value: unknown): Date | undefined {
  const date = value instanceof Date ? value : typeof value === "string" ? readDate(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function readDate(text: string): Date | undefined {
  if (/^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text)) return new Date(`1970-01-01T${text}Z`);
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  return new Date(/[T ]\d\d:\d\d/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text);
}

const NAMED: Readonly<Record<string, string>> = {
  DATE_FORMAT: "N j, Y",
  DATETIME_FORMAT: "N j, Y, P",
  SHORT_DATE_FORMAT: "m/d/Y",
  SHORT_DATETIME_FORMAT: "m/d/Y P",
  TIME_FORMAT: "P",
  YEAR_MONTH_FORMAT: "F Y",
  MONTH_DAY_FORMAT: "F j",
};

/** A date by a format or by the name of one: `"Y-m-d"`, `"SHORT_DATE_FORMAT"`. */
export function formatDateAs(date: Date, format: string): string {
  return formatDate(date, NAMED[format] ?? format);
}

function formatted(usual: string): TemplateFilter {
  return filter((value, format) => {
    const date = toDate(value);
    return date === undefined ? "" : formatDateAs(date, toText(format) || usual);
  });
}

const MINUTE = 60_000;
const UNITS: readonly (readonly [name: string, size: number])[] = [
  ["week", 10_080 * MINUTE],
  ["day", 1440 * MINUTE],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
];

/** The months from one date to a later one, whole ones only. */
function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const isShort =
    from.getUTCDate() > to.getUTCDate() || (from.getUTCDate() === to.getUTCDate() && timeOfDay(from) > timeOfDay(to));
  return months - (isShort ? 1 : 0);
}

function timeOfDay(date: Date): number {
  return date.getTime() % 86_400_000;
}

/** `from` and so many months, on the same day of the month where there is one. */
function addMonths(from: Date, months: number): number {
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(from.getUTCDate(), last)) + timeOfDay(from);
}

/** "2 weeks, 3 days": the two largest units that follow each other, of blanks that do not break. */
function timespan(from: Date, to: Date): string {
  if (to.getTime() <= from.getTime()) return "0\u00a0minutes";
  const months = monthsBetween(from, to);
  let rest = to.getTime() - addMonths(from, months);
  const parts: [name: string, count: number][] = [
    ["year", Math.floor(months / 12)],
    ["month", months % 12],
  ];
  for (const [name, size] of UNITS) {
    parts.push([name, Math.floor(rest / size)]);
    rest %= size;
  }
  const first = parts.findIndex(([, count]) => count > 0);
  if (first === -1) return "0\u00a0minutes";
  const shown = parts.slice(first, first + 2).filter(([, count], index) => index === 0 || count > 0);
  return shown.map(([name, count]) => `${count}\u00a0${name}${count === 1 ? "" : "s"}`).join(", ");
}

/** The span between a value and another, now by default; an empty text for what is no date. */
function span(order: (value: Date, other: Date) => string): TemplateFilter {
  return filter((value, other) => {
    const [date, base] = [toDate(value), other === undefined ? new Date() : toDate(other)];
    return date === undefined || base === undefined ? "" : order(date, base);
  });
}

/** Filters of dates and times. */
export const dateFilters: Readonly<Record<string, TemplateFilter>> = {
  date: formatted("DATE_FORMAT"),
  time: formatted("TIME_FORMAT"),
  timesince: span((value, now) => timespan(value, now)),
  timeuntil: span((value, now) => timespan(now, value)),
};
