import type { DatePart, MatchKind, Storage } from "../backends/base/operations.ts";

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

/** Lookups that are one SQL operator. */
export const OPERATORS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

const EVERY = ["exact", "in", "isnull"];
const ORDERED = [...Object.keys(OPERATORS), "range"];
const DATE_PARTS: readonly DatePart[] = ["year", "month", "day"];

/** The lookups of a field, by how its values are kept. */
export function lookupNames(storage: Storage): string[] {
  if (storage === "json") return ["isnull"];
  if (storage === "boolean") return EVERY;
  if (storage === "text") return [...EVERY, ...ORDERED, ...Object.keys(MATCHES)];
  return [...EVERY, ...ORDERED, ...datePartNames(storage)];
}

/** The parts that a field has: of dates and date-times only. */
export function datePartNames(storage: Storage): readonly DatePart[] {
  return storage === "date" || storage === "dateTime" ? DATE_PARTS : [];
}

/** The lookups of a part of a date, which is a number. */
export const NUMBER_LOOKUPS: readonly string[] = ["exact", "in", ...ORDERED];
