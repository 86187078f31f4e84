import { isIPv4, isIPv6 } from "node:net";
import { ValidationError } from "@tsjango/kernel/exceptions";
import { compareDecimals, isDecimal } from "./decimal-text.ts";

/** Throws `ValidationError` for a value that is not valid. */
export type Validator<V> = (value: V) => void;

/** The message and code of a validator, in the place of its own. */
export interface ValidatorOptions {
  readonly message?: string;
  readonly code?: string;
}

/** What can be compared: numbers, decimals as strings, dates, durations. */
export type Comparable = number | bigint | string | Date | { valueOf(): number };
type Limit<V> = V | (() => V);
/** The type that a literal is of. */
type Widened<V> = V extends number ? number : V extends bigint ? bigint : V extends string ? string : V;

function fail(message: string, code: string, params: Readonly<Record<string, unknown>> = {}): never {
  throw new ValidationError({ message, code, params });
}

/** Less than zero, zero or more: decimals by their value, all else as JavaScript orders it. */
function compare(one: Comparable, other: Comparable): number {
  if (typeof one === "string" && typeof other === "string" && isDecimal(one) && isDecimal(other)) {
    return compareDecimals(one, other);
  }
  return one < other ? -1 : one > other ? 1 : 0;
}

function limitOf<V>(limit: Limit<V>): V {
  return typeof limit === "function" ? (limit as () => V)() : limit;
}

function shown(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Not less than `limit`, which may be a function. */
function minValue<V extends Comparable>(limit: Limit<V>, options: ValidatorOptions = {}): Validator<Widened<V>> {
  return (value) => {
    const least = limitOf(limit);
    if (compare(value as Comparable, least) >= 0) return;
    const message = options.message ?? `Ensure this value is greater than or equal to ${shown(least)}.`;
    fail(message, options.code ?? "min_value", { limit: least, value });
  };
}

/** Not more than `limit`, which may be a function. */
function maxValue<V extends Comparable>(limit: Limit<V>, options: ValidatorOptions = {}): Validator<Widened<V>> {
  return (value) => {
    const most = limitOf(limit);
    if (compare(value as Comparable, most) <= 0) return;
    const message = options.message ?? `Ensure this value is less than or equal to ${shown(most)}.`;
    fail(message, options.code ?? "max_value", { limit: most, value });
  };
}

/** A whole number of steps from `offset` (0). */
function stepValue(step: number, options: ValidatorOptions & { readonly offset?: number } = {}): Validator<number> {
  const { offset = 0 } = options;
  return (value) => {
    const steps = (value - offset) / step;
    if (Math.abs(steps - Math.round(steps)) < 1e-9) return;
    const from = offset === 0 ? "" : `, starting from ${offset}`;
    fail(
      options.message ?? `Ensure this value is a multiple of step size ${step}${from}.`,
      options.code ?? "step_size",
      {
        limit: step,
        offset,
        value,
      },
    );
  };
}

/** How many characters a text has; those outside the first plane count once, as in PostgreSQL. */
export function lengthOf(value: string | { readonly length: number }): number {
  if (typeof value !== "string") return value.length;
  let length = 0;
  for (const _character of value) length++;
  return length;
}

function characters(count: number): string {
  return `${count} character${count === 1 ? "" : "s"}`;
}

/** At least so many characters. */
function minLength(limit: number, options: ValidatorOptions = {}): Validator<string> {
  return (value) => {
    const length = lengthOf(value);
    if (length >= limit) return;
    const message = `Ensure this value has at least ${characters(limit)} (it has ${length}).`;
    fail(options.message ?? message, options.code ?? "min_length", { limit, length });
  };
}

/** At most so many characters. */
function maxLength(limit: number, options: ValidatorOptions = {}): Validator<string> {
  return (value) => {
    const length = lengthOf(value);
    if (length <= limit) return;
    const message = `Ensure this value has at most ${characters(limit)} (it has ${length}).`;
    fail(options.message ?? message, options.code ?? "max_length", { limit, length });
  };
}

/** A text that the pattern finds something in; with `inverse`, nothing. */
function regex(pattern: RegExp, options: ValidatorOptions & { readonly inverse?: boolean } = {}): Validator<string> {
  // A pattern with "g" or "y" would go on from where it last ended.
  const own = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return (value) => {
    if (own.test(value) !== (options.inverse ?? false)) return;
    fail(options.message ?? "Enter a valid value.", options.code ?? "invalid", { value });
  };
}

function check(test: (value: string) => boolean, message: string): (options?: ValidatorOptions) => Validator<string> {
  return (options = {}) =>
    (value) => {
      if (!test(value)) fail(options.message ?? message, options.code ?? "invalid", { value });
    };
}

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const QUOTED_PART = /^"([^\\"\p{Cc}]|\\[^\p{Cc}])*"$/u;
const HOST_LABEL = /^[a-z0-9\u00a1-\uffff]([a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?$/i;

/** A host of at least two labels, the last no number. */
function isDomain(host: string): boolean {
  const labels = host.replace(/\.$/, "").split(".");
  return (
    host.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => HOST_LABEL.test(label)) &&
    /\D/.test(labels.at(-1) ?? "")
  );
}

function isLocalPart(text: string): boolean {
  return LOCAL_PART.test(text) || QUOTED_PART.test(text);
}

function isEmail(value: string): boolean {
  const at = value.lastIndexOf("@");
  if (at < 1 || value.length > 320 || !isLocalPart(value.slice(0, at))) return false;
  const host = value.slice(at + 1);
  if (host === "localhost") return true;
  const literal = /^\[(.+)\]$/.exec(host)?.[1];
  return literal === undefined ? isDomain(host) : isIPv4(literal) || isIPv6(literal.replace(/^IPv6:/i, ""));
}

/** An absolute URL of these schemes: http, https, ftp and ftps. */
function url(options: ValidatorOptions & { readonly schemes?: readonly string[] } = {}): Validator<string> {
  const schemes = options.schemes ?? ["http", "https", "ftp", "ftps"];
  return check((value) => isUrl(value, schemes), "Enter a valid URL.")(options);
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  if (value.length > 2048 || /[\s\\<>"{}|^`]/.test(value)) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/?#]/i.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme)) return false;
  if (!URL.canParse(value)) return false;
  const { hostname } = new URL(value);
  const bare = hostname.replace(/^\[|\]$/g, "");
  return hostname === "localhost" || isIPv4(bare) || isIPv6(bare) || isDomain(hostname);
}

/** Whole numbers between separators: `"1,2,3"`. */
function integerList(
  options: ValidatorOptions & { readonly separator?: string; readonly allowNegative?: boolean } = {},
): Validator<string> {
  const { separator = ",", allowNegative = false } = options;
  const number = allowNegative ? /^-?\d+$/ : /^\d+$/;
  const valid = (value: string) => value.split(separator).every((part) => number.test(part));
  return check(valid, `Enter only digits separated by ${separator === "," ? "commas" : `"${separator}"`}.`)(options);
}

/** A decimal of at most so many digits, of which so many after the point. */
function decimal(maxDigits: number, decimalPlaces: number): Validator<string> {
  return (value) => {
    if (!isDecimal(value)) fail("Enter a number.", "invalid", { value });
    const [whole = "", fraction = ""] = value.replace(/^[+-]/, "").split(".");
    const digits = whole.replace(/^0+/, "").length;
    if (digits + fraction.length > maxDigits) {
      fail(`Ensure that there are no more than ${maxDigits} digits in total.`, "max_digits", { max: maxDigits, value });
    }
    if (fraction.length > decimalPlaces) {
      const message = `Ensure that there are no more than ${decimalPlaces} decimal places.`;
      fail(message, "max_decimal_places", { max: decimalPlaces, value });
    }
    if (digits > maxDigits - decimalPlaces) {
      const most = maxDigits - decimalPlaces;
      fail(`Ensure that there are no more than ${most} digits before the decimal point.`, "max_whole_digits", {
        max: most,
        value,
      });
    }
  };
}

/** A file's name that ends in one of these, whatever their case. */
function fileExtension(allowed: readonly string[], options: ValidatorOptions = {}): Validator<string> {
  const known = allowed.map((extension) => extension.toLowerCase().replace(/^\./, ""));
  return (value) => {
    const extension = /\.([^./\\]+)$/.exec(value)?.[1]?.toLowerCase() ?? "";
    if (known.includes(extension)) return;
    const message = `File extension "${extension}" is not allowed. Allowed extensions are: ${known.join(", ")}.`;
    fail(options.message ?? message, options.code ?? "invalid_extension", { extension, allowed: known, value });
  };
}

/**
 * Validators for a field's `validators`, which `fullClean` runs. Each is made by a call; your own is a function that
 * throws `ValidationError`. Source: https://docs.djangoproject.com/en/5.2/ref/validators/
 * @example
 * pages: fields.integer({ validators: [validators.minValue(1), validators.maxValue(10_000)] })
 */
export const validators = Object.freeze({
  minValue,
  maxValue,
  stepValue,
  minLength,
  maxLength,
  regex,
  /** An e-mail address. */
  email: check(isEmail, "Enter a valid email address."),
  url,
  /** Letters, digits, `-` and `_` of ASCII. */
  slug: check(
    (value) => /^[-a-zA-Z0-9_]+$/.test(value),
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
  ),
  /** Letters and digits of any script, `-` and `_`. */
  unicodeSlug: check(
    (value) => /^[-\p{L}\p{N}\p{M}_]+$/u.test(value),
    "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
  ),
  ipv4: check((value) => isIPv4(value), "Enter a valid IPv4 address."),
  ipv6: check((value) => isIPv6(value) && !value.includes("%"), "Enter a valid IPv6 address."),
  /** An address of either version. */
  ip: check((value) => isIPv4(value) || (isIPv6(value) && !value.includes("%")), "Enter a valid IPv4 or IPv6 address."),
  domainName: check(isDomain, "Enter a valid domain name."),
  integerList,
  decimal,
  fileExtension,
  noNullCharacters: check((value) => !value.includes("\0"), "Null characters are not allowed."),
});
