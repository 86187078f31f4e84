import type { Liquid } from "liquidjs";
import { escapeHtml } from "../utils/escape-html.ts";
import { formatDate } from "./date-format.ts";
import { toHtml, toText } from "./output.ts";
import { SafeString } from "./safe-string.ts";
import { isTrue } from "./truth.ts";

type FilterFunction = (value: unknown, ...args: unknown[]) => unknown;

function lengthOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value) || value instanceof SafeString) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function items(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  return typeof value === "string" ? [...value] : [];
}

function toDate(value: unknown): Date | undefined {
  const date =
    value instanceof Date
      ? value
      : typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value)
        ? utc(value)
        : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/** A text without zone is UTC, as the values of models are. */
function utc(text: string): Date {
  return new Date(/[T ]\d\d:\d\d/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text);
}

function title(text: string): string {
  return text
    .toLowerCase()
    .replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_match, before: string, letter: string) => before + letter.toUpperCase());
}

/** Paragraphs at blank lines, line breaks at the others. */
function linebreaks(value: unknown): SafeString {
  const paragraphs = toHtml(value)
    .replace(/\r\n?/g, "\n")
    .split(/\n{2,}/);
  return new SafeString(paragraphs.map((text) => `<p>${text.replaceAll("\n", "<br>")}</p>`).join("\n\n"));
}

function truncateWords(value: unknown, count: unknown): string {
  const words = toText(value).split(/\s+/).filter(Boolean);
  const most = Number(count);
  if (!Number.isInteger(most)) return toText(value);
  return words.length <= most ? words.join(" ") : `${words.slice(0, Math.max(most, 0)).join(" ")} …`;
}

function truncateCharacters(value: unknown, count: unknown): string {
  const characters = [...toText(value)];
  const most = Number(count);
  if (!Number.isInteger(most) || characters.length <= most) return characters.join("");
  return most <= 0 ? "…" : `${characters.slice(0, most - 1).join("")}…`;
}

function pluralize(value: unknown, suffixes: unknown = "s"): string {
  const parts = toText(suffixes).split(",");
  const [singular, plural] = parts.length > 1 ? [parts[0], parts[1]] : ["", parts[0]];
  const count = typeof value === "object" && value !== null ? lengthOf(value) : Number(value);
  return (count === 1 ? singular : plural) ?? "";
}

function yesno(value: unknown, words: unknown = "yes,no,maybe"): string {
  const [yes = "", no = "", maybe = no] = toText(words).split(",");
  return value === null || value === undefined ? maybe : isTrue(value) ? yes : no;
}

function slugify(value: unknown): string {
  return toText(value)
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .toLowerCase()
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
}

/** Django's `date`; a format with "%" is one of strftime's, and LiquidJS reads it. */
function dateFilter(liquidDate: FilterFunction): FilterFunction {
  return function date(this: unknown, value, format = "N j, Y") {
    if (value === undefined || value === null || value === "") return "";
    if (toText(format).includes("%")) return liquidDate.call(this, value, format);
    const parsed = toDate(value);
    return parsed === undefined ? "" : formatDate(parsed, toText(format));
  };
}

const FILTERS: Readonly<Record<string, FilterFunction>> = {
  capfirst: (value) => toText(value).replace(/^./su, (first) => first.toUpperCase()),
  cut: (value, part) => toText(value).replaceAll(toText(part), ""),
  default: (value, other) => (isTrue(value) ? value : other),
  default_if_none: (value, other) => value ?? other,
  escape: (value) => new SafeString(toHtml(value)),
  first: (value) => items(value)[0],
  force_escape: (value) => new SafeString(escapeHtml(toText(value))),
  join: (value, separator = "") => new SafeString(items(value).map(toHtml).join(toHtml(separator))),
  last: (value) => items(value).at(-1),
  length: lengthOf,
  linebreaks,
  linebreaksbr: (value) => new SafeString(toHtml(value).replace(/\r\n?|\n/g, "<br>")),
  lower: (value) => toText(value).toLowerCase(),
  pluralize,
  safe: (value) => new SafeString(toText(value)),
  slugify,
  title: (value) => title(toText(value)),
  truncatechars: truncateCharacters,
  truncatewords: truncateWords,
  upper: (value) => toText(value).toUpperCase(),
  urlencode: (value) => encodeURIComponent(toText(value).toWellFormed()).replaceAll("%2F", "/"),
  wordcount: (value) => toText(value).split(/\s+/).filter(Boolean).length,
  yesno,
};

/**
 * Gives an engine Django's filters, over LiquidJS's of the same names.
 * Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#built-in-filter-reference
 */
export function registerFilters(liquid: Liquid): void {
  const liquidDate = liquid.filters["date"] as FilterFunction;
  for (const [name, filter] of Object.entries(FILTERS)) liquid.registerFilter(name, filter);
  liquid.registerFilter("date", dateFilter(liquidDate));
}
