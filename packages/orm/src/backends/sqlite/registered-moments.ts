import type { Database } from "better-sqlite3";
import { UnreadableValue } from "./errors.ts";
import { timeZone } from "./time-zone.ts";

/** Reading and cutting of dates and times, where SQL alone is not enough. */
export function registerMoments(database: Database): void {
  database.function("tsjango_trunc", { deterministic: true }, (to: unknown, value: unknown) =>
    value === null ? null : beginning(String(to), String(value)),
  );
  database.function("tsjango_local_time", { deterministic: true }, (value: unknown, zone: unknown) =>
    value === null ? null : localTime(String(value), String(zone)),
  );
  database.function("tsjango_trunc_in", { deterministic: true }, (to: unknown, value: unknown, zone: unknown) =>
    value === null ? null : beginningIn(String(to), String(value), String(zone)),
  );
  database.function("tsjango_moment_of", { deterministic: true }, (kind: unknown, value: unknown) =>
    value === null ? null : momentOf(String(kind), String(value)),
  );
}

/** The day on which the quarter or week of a date begins, with what follows of the text at its beginning. */
function beginning(to: string, text: string): string {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (to === "quarter") date.setUTCMonth(Math.floor(date.getUTCMonth() / 3) * 3, 1);
  else date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10) + (text.length > 10 ? " 00:00:00.000000" : "");
}

/** `2026-11-21 07:03:12.345000` in UTC, as the clocks of a time zone show it. */
function localTime(text: string, zone: string): string {
  const local = textOf(timeZone(zone).localOf(secondsOf(text)));
  if (local === undefined) throw beyond(text, zone);
  return local + text.slice(WHOLE);
}

const WHOLE = "2026-11-21 07:03:12".length;
/** What is shorter than a day, in seconds. */
const CLOCK: Readonly<Record<string, number>> = { hour: 3600, minute: 60, second: 1 };

/** The moment at which the year, month … hour begins by the clocks of a time zone. */
function beginningIn(to: string, text: string, name: string): string {
  const zone = timeZone(name);
  const moment = secondsOf(text);
  const local = zone.localOf(moment);
  const unit = CLOCK[to];
  // Clocks may show an hour twice: the moment stays in the one that it is in.
  const start = unit === undefined ? zone.momentOf(beginningOf(to, local)) : moment - (((local % unit) + unit) % unit);
  const written = textOf(start);
  if (written === undefined) throw beyond(text, name);
  return `${written}.000000`;
}

/** Midnight of the day on which a year, quarter, month or week begins, or of the day itself. */
function beginningOf(to: string, local: number): number {
  const date = new Date(local * 1000);
  date.setUTCHours(0, 0, 0, 0);
  const month = date.getUTCMonth();
  if (to === "year") date.setUTCMonth(0, 1);
  else if (to === "quarter") date.setUTCMonth(Math.floor(month / 3) * 3, 1);
  else if (to === "month") date.setUTCDate(1);
  else if (to === "week") date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.getTime() / 1000;
}

function secondsOf(text: string): number {
  const seconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, WHOLE)}Z`) / 1000;
  if (Number.isNaN(seconds)) throw new UnreadableValue(`"${text}" is no moment`);
  return seconds;
}

/** Undefined outside of the years that a moment may have. */
function textOf(seconds: number): string | undefined {
  const iso = new Date(seconds * 1000).toISOString();
  if (!/^\d{4}-/.test(iso) || iso.startsWith("0000")) return undefined;
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

function beyond(text: string, zone: string): UnreadableValue {
  return new UnreadableValue(`the calendar of ${zone} is outside of the years 1 to 9999 at "${text}"`);
}

const FORMS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/,
};

/** A text as a date, time or date-time. */
function momentOf(kind: string, given: string): string {
  const text = given.trim();
  const form = FORMS[kind];
  const iso = text.replace(" ", "T");
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes("T") ? iso : `${iso}Z`;
  const moment = new Date(kind === "time" ? `2000-01-01T${text}Z` : zoned);
  if (Number.isNaN(moment.getTime()) || form?.test(text) === false)
    throw new UnreadableValue(`"${text}" is no ${kind}`);
  if (kind === "date") {
    if (moment.toISOString().slice(0, 10) !== text) throw new UnreadableValue(`"${text}" is no date`);
    return text;
  }
  if (kind === "time") return `${text.slice(0, 8).padEnd(8, ":00")}.${text.slice(9).padEnd(6, "0")}`;
  return `${moment.toISOString().replace("T", " ").slice(0, 23)}000`;
}
