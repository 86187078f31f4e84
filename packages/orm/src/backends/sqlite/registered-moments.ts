import type { Database } from "better-sqlite3";
import { UnreadableValue } from "./errors.ts";

/** Reading and cutting of dates and times, where SQL alone is not enough. */
export function registerMoments(database: Database): void {
  database.function("tsjango_trunc", { deterministic: true }, (to: unknown, value: unknown) =>
    value === null ? null : beginning(String(to), String(value)),
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
