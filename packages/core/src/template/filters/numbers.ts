import { roundDecimal } from "../decimal.ts";
import { filter, type TemplateFilter } from "../filter.ts";
import { toText } from "../output.ts";
import { SafeString } from "../safe-string.ts";
import { wholeNumber } from "./text.ts";

/** What Python's `int()` makes of a value; undefined where it refuses. */
function toInteger(value: unknown): number | undefined {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number" || typeof value === "bigint") return Math.trunc(Number(value));
  return /^\s*[+-]?\d+\s*$/.test(toText(value)) ? Number(toText(value)) : undefined;
}

function add(value: unknown, other: unknown): unknown {
  const [a, b] = [toInteger(value), toInteger(other)];
  if (a !== undefined && b !== undefined) return a + b;
  if (Array.isArray(value) && Array.isArray(other)) return [...value, ...other];
  if (value instanceof SafeString && other instanceof SafeString) return new SafeString(`${value}${other}`);
  const isText = (part: unknown) => typeof part === "string" || part instanceof SafeString;
  if (isText(value) && isText(other)) return toText(value) + toText(other);
  return typeof value === "number" && typeof other === "number" ? value + other : "";
}

const UNITS = ["KB", "MB", "GB", "TB", "PB"];

/** The size of a file, for people; the blank in it does not break. */
function fileSize(value: unknown): string {
  const bytes = toInteger(value);
  if (bytes === undefined || !Number.isFinite(bytes)) return "0\u00a0bytes";
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "-" : "";
  if (size < 1024) return `${sign}${size}\u00a0byte${size === 1 ? "" : "s"}`;
  const power = Math.min(Math.floor(Math.log2(size) / 10), UNITS.length);
  return `${sign}${roundDecimal(String(size / 1024 ** power), 1)}\u00a0${UNITS[power - 1]}`;
}

/** A number of fixed places; with a negative count, only as many as it needs. Rounds half up. */
function floatFormat(value: unknown, places: unknown): string {
  const text = toText(value).trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return "";
  const wanted = toText(places ?? -1);
  const [, count = "", suffix = ""] = /^(-?\d*)([gu]*)$/.exec(wanted) ?? [];
  if (count === "" && suffix === "") return text;
  const digits = count === "" ? -1 : Number(count);
  const isWhole = /^-?\d+(?:\.0*)?$/.test(roundDecimal(text, 60) ?? "");
  const rounded = roundDecimal(text, digits < 0 && isWhole ? 0 : Math.min(Math.abs(digits), 200));
  if (rounded === undefined) return text;
  return suffix.includes("g") ? rounded.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ",") : rounded;
}

function digitOf(value: unknown, place: unknown): unknown {
  const [number, from] = [toInteger(value), wholeNumber(place)];
  if (number === undefined || from === undefined || from < 1) return value;
  const digits = String(number);
  return from > digits.length ? 0 : Number(digits.at(-from));
}

function pluralize(value: unknown, suffixes: unknown = "s"): string {
  const parts = toText(suffixes).split(",");
  if (parts.length > 2) return "";
  const [singular, plural] = parts.length === 2 ? parts : ["", parts[0]];
  const isOne = countOf(value);
  return isOne === undefined ? "" : ((isOne ? singular : plural) ?? "");
}

/** Whether a value counts as one; undefined for what counts nothing. */
function countOf(value: unknown): boolean | undefined {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return Number(value) === 1;
  if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value) === 1;
  if (Array.isArray(value)) return value.length === 1;
  if (value instanceof Map || value instanceof Set) return value.size === 1;
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 1;
  return undefined;
}

/** Filters of numbers. */
export const numberFilters: Readonly<Record<string, TemplateFilter>> = {
  add: filter(add),
  divisibleby: filter((value, by) => Number(value) % Number(by) === 0),
  filesizeformat: filter(fileSize, { isSafe: true }),
  floatformat: filter(floatFormat, { isSafe: true }),
  get_digit: filter(digitOf),
  pluralize: filter(pluralize),
};
