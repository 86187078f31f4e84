import { describeValue } from "@tsjango/kernel/utils";
import { BadMigrationError } from "../exceptions.ts";
import { Duration } from "../fields/duration.ts";

const WIDTH = 100;

/** A piece of source: text, or a list between brackets that stands on one line where it fits. */
export type Source = string | SourceList;

interface SourceList {
  readonly open: string;
  readonly items: readonly Source[];
  readonly close: string;
  /** One item a line, even where they would fit on one. */
  readonly broken?: boolean;
}

/** `open items close`. */
export function list(
  open: string,
  items: readonly Source[],
  close: string,
  options: { broken?: boolean } = {},
): Source {
  return { open, items, close, ...options };
}

/** `prefix` before whatever `source` is. */
export function prefixed(prefix: string, source: Source): Source {
  return typeof source === "string" ? prefix + source : { ...source, open: prefix + source.open };
}

/** The source of a plain value: what JSON has, and `undefined`, bigint, `Date`, `Duration`, `RegExp` and bytes. */
export function valueSource(value: unknown, what: string): Source {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return String(value);
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return arraySource(value.map((item) => valueSource(item, what)));
  if (value instanceof Date) return `new Date(${JSON.stringify(value.toISOString())})`;
  if (value instanceof Duration) return `Duration.parse(${JSON.stringify(value.toJSON())})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Uint8Array) return arraySource([...value].map(String), "Uint8Array.of(", ")");
  if (isPlainObject(value)) {
    return objectSource(Object.entries(value).map(([key, item]) => [key, valueSource(item, what)] as const));
  }
  throw new BadMigrationError(
    `${what} holds ${describeValue(value)}, which cannot be written into a migration. ` +
      "Use a plain value, or a function as the default.",
  );
}

/** `[a, b]`. */
export function arraySource(items: readonly Source[], open = "[", close = "]"): Source {
  return items.length === 0 ? open + close : list(open, items, close);
}

/** `{ key: value }`. */
export function objectSource(
  entries: readonly (readonly [string, Source])[],
  options: { broken?: boolean } = {},
): Source {
  if (entries.length === 0) return "{}";
  return list(
    "{",
    entries.map(([key, value]) => prefixed(`${keySource(key)}: `, value)),
    "}",
    options,
  );
}

/** The text of a piece of source, whose first line starts at column `indent`. */
export function render(source: Source, indent = 0): string {
  if (typeof source === "string") return source;
  const line = isBroken(source) ? undefined : inline(source);
  if (line !== undefined && indent + line.length < WIDTH) return line;
  const [only] = source.items;
  // A call with one list in it keeps the brackets together: `migration({ … })`.
  if (source.items.length === 1 && typeof only === "object" && source.open.endsWith("(")) {
    return source.open + render(only, indent) + source.close;
  }
  if (source.open.endsWith("(") && typeof source.items.at(-1) === "object") {
    const head = source.items.slice(0, -1).map(inline).join(", ");
    return `${source.open}${head}, ${render(source.items.at(-1) as Source, indent)}${source.close}`;
  }
  const margin = " ".repeat(indent + 2);
  const lines = source.items.map((item) => `${margin}${render(item, indent + 2)},\n`);
  return `${source.open}\n${lines.join("")}${" ".repeat(indent)}${source.close}`;
}

function isBroken(source: Source): boolean {
  return typeof source !== "string" && (source.broken === true || source.items.some(isBroken));
}

function inline(source: Source): string {
  if (typeof source === "string") return source;
  const space = source.open.endsWith("{") ? " " : "";
  return source.open + space + source.items.map(inline).join(", ") + space + source.close;
}

function keySource(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
