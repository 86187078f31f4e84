/** The types that a route's converters give: `<int:year>` is a number. */
export interface Converters {
  str: string;
  int: number;
  slug: string;
  uuid: string;
  path: string;
}

/** How a part of a path becomes a value and back. */
export interface Converter<T = unknown> {
  /** A regular expression's source, without groups. */
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

/** Django's own converters. Source: https://docs.djangoproject.com/en/5.2/topics/http/urls/#path-converters */
export const converters: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ["str", text("[^/\\n\\r]+")],
  ["int", int],
  ["slug", text("[-a-zA-Z0-9_]+")],
  ["uuid", text("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")],
  ["path", text(".+")],
]);
