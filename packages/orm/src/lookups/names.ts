import type { DatePart, MatchKind } from "../backends/base/functions.ts";
import type { Storage } from "../backends/base/operations.ts";
import { customNames } from "./custom.ts";

/** Text lookups: what they match, and whether case counts. */
export const MATCHES: Readonly<Record<string, { readonly kind: MatchKind; readonly ignoreCase: boolean }>> = {
  iexact: { kind: "exact", ignoreCase: true },
  contains: { kind: "contains", ignoreCase: false },
  icontains: { kind: "contains", ignoreCase: true },
  startswith: { kind: "startswith", ignoreCase: false },
  istartswith: { kind: "startswith", ignoreCase: true },
  endswith: { kind: "endswith", ignoreCase: false },
  iendswith: { kind: "endswith", ignoreCase: true },
};

/** Lookups of regular expressions: whether they ignore case. */
export const REGEXES: Readonly<Record<string, boolean>> = { regex: false, iregex: true };

/** Lookups that are one SQL operator. */
export const OPERATORS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

const EVERY = ["exact", "in", "isnull"];
const ORDERED = [...Object.keys(OPERATORS), "range"];
const TEXT = [...Object.keys(MATCHES), ...Object.keys(REGEXES)];
/** Lookups of JSON alone; `contains` is one, too, where it is given JSON that is no text. */
const JSON_LOOKUPS = ["containedBy", "hasKey", "hasKeys", "hasAnyKeys"];
const CALENDAR: readonly DatePart[] = ["year", "isoYear", "quarter", "month", "week", "day", "weekDay", "isoWeekDay"];
const CLOCK: readonly DatePart[] = ["hour", "minute", "second"];

/** The lookups of a field, by how its values are kept. */
export function lookupNames(storage: Storage): readonly string[] {
  const custom = customNames(storage).lookups;
  if (storage === "boolean" || storage === "binary") return [...EVERY, ...custom];
  if (storage === "text") return [...EVERY, ...ORDERED, ...TEXT, ...custom];
  if (storage === "json") return [...EVERY, ...ORDERED, ...TEXT, ...JSON_LOOKUPS, ...custom];
  return [...EVERY, ...ORDERED, ...custom];
}

/** The parts of a field's values, which are numbers. */
export function datePartNames(storage: Storage): readonly DatePart[] {
  if (storage === "date") return CALENDAR;
  if (storage === "dateTime") return [...CALENDAR, ...CLOCK];
  return storage === "time" ? CLOCK : [];
}

/** What can be made of a field's values in a path. Keys of JSON can, too; they are not listed. */
export function transformNames(storage: Storage): readonly string[] {
  const own = storage === "dateTime" ? [...datePartNames(storage), "date", "time"] : datePartNames(storage);
  return [...own, ...customNames(storage).transforms];
}
