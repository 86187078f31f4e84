import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";

/** Where the clocks stand by which a moment is read. */
export interface TimeZoneOptions {
  /** A time zone by its IANA name, such as `"Europe/Prague"` or `"UTC"`; case does not count. */
  readonly timeZone: string;
}

/** A name that both databases read in the same way: PostgreSQL takes `CET` for an abbreviation, and knows no `SystemV/…`. */
const OF_A_PLACE =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)(?:\/[\w+-]+)+$/i;
const OFFSET = /^(?:UTC|GMT)?[+-]?\d/i;

/** Names by their lower case: whoever spells one otherwise has the same SQL. */
const names = new Map<string, string>();

/** The name of a time zone, in one spelling. Throws `QueryError` for what is none. */
export function timeZoneName(given: unknown): string {
  if (typeof given !== "string") {
    throw new QueryError(`timeZone is a name, such as "Europe/Prague"; found ${describeValue(given)}.`);
  }
  const key = given.toLowerCase();
  if (names.size === 0) {
    for (const name of ["UTC", ...Intl.supportedValuesOf("timeZone")]) names.set(name.toLowerCase(), name);
  }
  const known = names.get(key);
  if (known !== undefined) return known;
  if (OF_A_PLACE.test(given) && canonical(given) !== undefined) {
    names.set(key, given);
    return given;
  }
  throw new QueryError(refusal(given));
}

/** The present name of a zone that this runtime knows. */
function canonical(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function refusal(given: string): string {
  const shown = JSON.stringify(given);
  if (OFFSET.test(given)) {
    return `timeZone: ${shown} is an offset, whose sign databases read in opposite ways. Name a place, such as "Europe/Prague".`;
  }
  const meant = canonical(given);
  if (meant !== undefined) {
    const place = OF_A_PLACE.test(meant) ? meant : "Europe/Prague";
    return `timeZone: ${shown} is an abbreviation, which databases read differently. Name a place, such as "${place}".`;
  }
  const last = `/${given.slice(given.lastIndexOf("/") + 1).toLowerCase()}`;
  const samePlace = [...names.entries()].find(([key]) => key.endsWith(last))?.[1];
  const hint = samePlace === undefined ? didYouMean(given, names.values()) : ` Did you mean "${samePlace}"?`;
  return `timeZone: there is no time zone ${shown}.${hint} Names are those of Intl.supportedValuesOf("timeZone").`;
}
