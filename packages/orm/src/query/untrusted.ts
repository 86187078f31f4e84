import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { type QueryError, UntrustedInputError } from "../exceptions.ts";

/** What a user can send as a value. */
export type PlainValue = string | number | boolean | null;

/** Makes a value that a lookup takes of what a user sent; throws where it cannot. */
export type FromUser<T> = (value: never) => T;

/** Lookups that users may choose: of texts by name, others with what makes their values. */
export type Allowed = readonly string[] | Readonly<Record<string, FromUser<unknown>>>;

type ListOf<K, T> = K extends `${string}__in` ? readonly T[] : K extends `${string}__range` ? readonly [T, T] : T;

/** The condition that `untrusted` gives: any of the allowed lookups. */
export type Untrusted<A extends Allowed> = A extends readonly (infer K extends string)[]
  ? { readonly [P in K]: ListOf<P, string> }
  : { readonly [P in keyof A]: A[P] extends FromUser<infer T> ? ListOf<P, T> : never };

/** What `untrusted` is told. */
export interface UntrustedOptions<A extends Allowed> {
  readonly allow: A;
  /** What becomes of other keys. Default `"refuse"`. */
  readonly others?: "refuse" | "ignore" | undefined;
}

/** The most values in one list. */
const MOST_VALUES = 1000;

/** Keys with several values each, such as a query string. */
interface Parameters {
  keys(): Iterable<string>;
  getAll(name: string): readonly unknown[];
}

/**
 * Makes a condition of what a user sent: a query string or JSON. Only the allowed lookups, with plain values; a list
 * only where the lookup takes one (`__in`, `__range`). Lookups by name take texts; for others say what makes their
 * values: `Number` and `Boolean` are strict here, any function will do.
 * @throws UntrustedInputError naming the key, for an answer with status 400.
 * @example
 * const where = untrusted(request.GET, { allow: { title__icontains: String, pages__gte: Number } });
 * const books = await Book.objects.filter(where);
 */
export function untrusted<const A extends Allowed>(given: unknown, options: UntrustedOptions<A>): Untrusted<A> {
  const converters = new Map<string, unknown>(
    Array.isArray(options.allow)
      ? options.allow.map((name: string) => [name, onlyText] as const)
      : Object.entries(options.allow),
  );
  const condition: Record<string, unknown> = {};
  for (const [key, value] of entriesOf(given)) {
    const convert = converters.get(key);
    if (typeof convert === "function") condition[key] = valueFor(key, value, convert as (value: unknown) => unknown);
    else if (options.others !== "ignore") throw notAllowed(key, [...converters.keys()]);
  }
  return condition as Untrusted<A>;
}

function* entriesOf(given: unknown): Generator<[key: string, value: unknown]> {
  if (isParameters(given)) {
    for (const key of new Set(given.keys())) {
      const values = given.getAll(key);
      yield [key, takesList(key) ? values : values.length === 1 ? values[0] : values];
    }
    return;
  }
  const prototype: unknown = typeof given === "object" && given !== null ? Object.getPrototypeOf(given) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new UntrustedInputError(`The input must be an object of lookups; found ${describeValue(given)}.`);
  }
  for (const key of Object.keys(given as object)) yield [key, (given as Record<string, unknown>)[key]];
}

function isParameters(given: unknown): given is Parameters {
  if (typeof given !== "object" || given === null || Object.hasOwn(given, "getAll")) return false;
  return typeof (given as Parameters).getAll === "function" && typeof (given as Parameters).keys === "function";
}

function takesList(key: string): boolean {
  return key.endsWith(`${SEPARATOR}in`) || key.endsWith(`${SEPARATOR}range`);
}

function valueFor(key: string, value: unknown, convert: (value: unknown) => unknown): unknown {
  if (!takesList(key)) return single(key, value, convert);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > MOST_VALUES) {
    throw new UntrustedInputError(`"${key}" takes at most ${MOST_VALUES} values; found ${values.length}.`);
  }
  if (key.endsWith(`${SEPARATOR}range`) && values.length !== 2) {
    throw new UntrustedInputError(`"${key}" takes two values; found ${values.length}.`);
  }
  return values.map((each) => single(key, each, convert));
}

function single(key: string, value: unknown, convert: (value: unknown) => unknown): unknown {
  if (!isPlain(value)) {
    throw new UntrustedInputError(`"${key}" takes one plain value; found ${describeValue(value)}.`);
  }
  let result: unknown;
  try {
    result = (STRICT.get(convert) ?? convert)(value);
  } catch (cause) {
    if (cause instanceof UntrustedInputError) throw cause;
    throw new UntrustedInputError(`"${key}": ${(cause as Error).message}`, { cause });
  }
  if (result === undefined || (typeof result === "number" && Number.isNaN(result))) {
    throw new UntrustedInputError(`"${key}" cannot take ${describeValue(value)}.`);
  }
  return result;
}

function isPlain(value: unknown): value is PlainValue {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

/** `Number("")` is 0 and `Boolean("false")` true: what nobody means by them. */
const STRICT: ReadonlyMap<unknown, (value: unknown) => unknown> = new Map<unknown, (value: unknown) => unknown>([
  [String, onlyText],
  [
    Number,
    (value) => {
      const text = typeof value === "string" ? value.trim() : value;
      if (typeof text === "number" || (typeof text === "string" && /^[+-]?\d+(\.\d+)?$/.test(text))) {
        return Number(text);
      }
      throw new UntrustedInputError(`A number is expected; found ${describeValue(value)}.`);
    },
  ],
  [
    Boolean,
    (value) => {
      const known = BOOLEANS.get(value);
      if (known !== undefined) return known;
      throw new UntrustedInputError(`true or false is expected; found ${describeValue(value)}.`);
    },
  ],
]);

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ["true", true],
  ["1", true],
  [false, false],
  ["false", false],
  ["0", false],
]);

function onlyText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new UntrustedInputError(
    `A text is expected; found ${describeValue(value)}. For other values say in "allow" what makes them.`,
  );
}

function notAllowed(key: string, names: readonly string[]): QueryError {
  return new UntrustedInputError(
    `"${key}" is not allowed in a filter.${didYouMean(key, names)} Allowed: ${names.join(", ") || "nothing"}.`,
  );
}
