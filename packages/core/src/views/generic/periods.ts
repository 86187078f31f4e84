/** A stretch of the calendar that archives go by. */
export type Period = "year" | "month" | "week" | "day";

/** On which day weeks begin, and how they are counted, as `strftime` writes it: Sunday "%U", Monday "%W", ISO 8601 "%V". */
export type WeekFormat = "%U" | "%W" | "%V";

const DAY = 86_400_000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Midnight UTC of a day, or undefined where there is no such day. Months count from 1. */
export function utcDay(year: number, month: number, day: number): Date | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date
    : undefined;
}

/** "2026-11-21". */
export function isoDay(date: Date): string {
  return date.toISOString().slice(0, -14);
}

/** The same time, so many days later. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** Days since the week's first day. */
function intoWeek(date: Date, format: WeekFormat): number {
  return (date.getUTCDay() + (format === "%U" ? 0 : 6)) % 7;
}

/** The first day of the period that a date is in. */
export function startOf(period: Period, date: Date, format: WeekFormat = "%U"): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (period === "year") return utcDay(year, 1, 1) as Date;
  if (period === "month") return utcDay(year, month, 1) as Date;
  const midnight = utcDay(year, month, day) as Date;
  return period === "day" ? midnight : addDays(midnight, -intoWeek(midnight, format));
}

/** The first day after the period that begins with `start`. */
export function startOfNext(period: Period, start: Date): Date {
  if (period === "day") return addDays(start, 1);
  if (period === "week") return addDays(start, 7);
  const months = period === "year" ? 12 : 1;
  const next = new Date(start);
  next.setUTCMonth(next.getUTCMonth() + months, 1);
  return next;
}

/** A month of a URL: 1–12, or its English name, short or long; undefined for anything else. */
export function parseMonth(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = MONTHS.indexOf(text.slice(0, 3).toLowerCase());
  return index === -1 || !/^[a-z]+$/i.test(text) ? undefined : index + 1;
}

/** The first day of a week of a year, or undefined where there is no such week. */
export function startOfWeek(year: number, week: number, format: WeekFormat): Date | undefined {
  const first = utcDay(year, 1, 1);
  if (first === undefined || !Number.isInteger(week) || week > 53) return undefined;
  if (format === "%V") {
    // The week of January 4th is the first one.
    const start = addDays(startOf("week", utcDay(year, 1, 4) as Date, format), (week - 1) * 7);
    const thursday = addDays(start, 3);
    return week >= 1 && thursday.getUTCFullYear() === year ? start : undefined;
  }
  // Week 1 begins with the year's first Sunday or Monday; the days before it are week 0.
  const into = intoWeek(first, format);
  const start = addDays(first, (into === 0 ? 0 : 7 - into) + (week - 1) * 7);
  return week >= 0 && addDays(start, 6).getUTCFullYear() >= year && start.getUTCFullYear() <= year ? start : undefined;
}
