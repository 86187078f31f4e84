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
/** Lookups of texts that are searched, or alike, in PostgreSQL. */
const SEARCHED = ["search", "trigramSimilar", "trigramWordSimilar", "trigramStrictWordSimilar"];
/** Lookups of JSON alone; `contains` is one, too, where it is given JSON that is no text. */
const JSON_LOOKUPS = ["containedBy", "hasKey", "hasKeys", "hasAnyKeys"];
/** Lookups of arrays alone. */
const ARRAYS = ["contains", "containedBy", "overlap"];
/** The place of an element, from 0: at most PostgreSQL's largest index. */
export const ARRAY_INDEX: RegExp = /^\d{1,9}$/;
/** The elements from one place up to, not including, another. */
export const ARRAY_SLICE: RegExp = /^(\d{1,9})_(\d{1,9})$/;
const CALENDAR: readonly DatePart[] = ["year", "isoYear", "quarter", "month", "week", "day", "weekDay", "isoWeekDay"];
const CLOCK: readonly DatePart[] = ["hour", "minute", "second"];

/** The lookups of a field, by how its values are kept. */
export function lookupNames(storage: Storage): readonly string[] {
  const custom = customNames(storage).lookups;
  if (storage === "boolean" || storage === "binary") return [...EVERY, ...custom];
  if (storage === "text") return [...EVERY, ...ORDERED, ...TEXT, ...SEARCHED, ...custom];
  if (storage === "searchVector") return ["exact", "search", "isnull", ...custom];
  if (storage === "array") return [...EVERY, ...ORDERED, ...ARRAYS, ...custom];
  if (storage === "json") return [...EVERY, ...ORDERED, ...TEXT, ...JSON_LOOKUPS, ...custom];
  return [...EVERY, ...ORDERED, ...custom];
}

/** The parts of a field's values, which are numbers. */
export function datePartNames(storage: Storage): readonly DatePart[] {
  if (storage === "date") return CALENDAR;
  if (storage === "dateTime") return [...CALENDAR, ...CLOCK];
  return storage === "time" ? CLOCK : [];
}

const OTHER_PARTS: Readonly<Partial<Record<Storage, readonly string[]>>> = {
  dateTime: ["date", "time"],
  array: ["len"],
  text: ["unaccent"],
};

/** What can be made of a field's values in a path. Keys of JSON and indexes of arrays can, too; they are not listed. */
export function transformNames(storage: Storage): readonly string[] {
  const own: readonly string[] = datePartNames(storage);
  return [...own, ...(OTHER_PARTS[storage] ?? []), ...customNames(storage).transforms];
}
