import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { Converters } from "./types.ts";

/** How a part of a path becomes a value and back. */
export interface Converter<T = unknown> {
  /** A regular expression's source, without groups that capture. */
  readonly pattern: string;
  /** The value, or undefined where the text does not fit: then the next URL pattern is tried. */
  parse(text: string): T | undefined;
  /** The text for a value, or undefined where the value does not fit. */
  format(value: unknown): string | undefined;
}

function text(pattern: string): Converter<string> {
  return {
    pattern,
    parse: (value) => value,
    format: (value) => (typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined),
  };
}

const int: Converter<number> = {
  pattern: "[0-9]+",
  parse(digits) {
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : undefined;
  },
  format(value) {
    const whole = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(whole) || typeof whole === "bigint" ? String(whole) : undefined;
  },
};

const known = new Map<string, Converter>([
  ["str", text("[^/\\n\\r]+")],
  ["int", int],
  ["slug", text("[-a-zA-Z0-9_]+")],
  ["uuid", text("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")],
  ["path", text("[^\\n\\r]+")],
]);

/** Django's own converters, and those that were registered. Source: https://docs.djangoproject.com/en/5.2/topics/http/urls/#path-converters */
export const converters: ReadonlyMap<string, Converter> = known;

/**
 * Adds a converter of your own; `declare module` tells the compiler its type. Call it before the routes that use it are made.
 * Source: https://docs.djangoproject.com/en/5.2/topics/http/urls/#registering-custom-path-converters
 * @throws ImproperlyConfigured for a name that is taken, or a pattern that is none.
 * @example
 * declare module "tsjango/urls" { interface Converters { year: number } }
 * registerConverter("year", {
 *   pattern: "[0-9]{4}",
 *   parse: (text) => Number(text),
 *   format: (value) => String(value).padStart(4, "0"),
 * }); // path("articles/<year:year>/", articles)
 */
export function registerConverter<K extends keyof Converters & string>(
  name: K,
  converter: Converter<Converters[K]>,
): void {
  const where = `registerConverter(${JSON.stringify(name)})`;
  const former = known.get(name);
  // A module that is loaded again registers the same once more.
  if (former !== undefined && former.pattern !== converter.pattern) {
    throw new ImproperlyConfigured(`${where}: there is a converter of this name already.`);
  }
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new ImproperlyConfigured(`${where}: a converter's name is letters, digits and "_".`);
  }
  let groups: number;
  try {
    groups = (new RegExp(`${converter.pattern}|`).exec("") as RegExpExecArray).length - 1;
  } catch (cause) {
    throw new ImproperlyConfigured(`${where}: the pattern is not valid: ${(cause as Error).message}`, { cause });
  }
  if (groups > 0)
    throw new ImproperlyConfigured(`${where}: the pattern has a group that captures. Write (?:…) for (…).`);
  for (const method of ["parse", "format"] as const) {
    if (typeof converter[method] === "function") continue;
    throw new ImproperlyConfigured(
      `${where} takes { pattern, parse, format }; ${method} is ${describeValue(converter[method])}.`,
    );
  }
  known.set(name, converter);
}
