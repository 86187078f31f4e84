import { TooManyFieldsSent } from "../exceptions.ts";

/** The most fields a query string or form may have, where nothing else is said. Django's default. */
export const MAX_FIELDS = 1000;

/**
 * A multi-value map, as query strings and forms have them: `get` gives the last value, `getAll` all of them.
 * Source: https://docs.djangoproject.com/en/5.2/ref/request-response/#querydict-objects
 * @example
 * const query = QueryDict.parse("a=1&a=2&b=");
 * query.get("a"); // "2"
 * query.getAll("a"); // ["1", "2"]
 */
export class QueryDict implements Iterable<[string, string]> {
  readonly #values = new Map<string, string[]>();

  constructor(entries: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of entries) this.append(name, value);
  }

  /**
   * Reads `application/x-www-form-urlencoded`.
   * @throws TooManyFieldsSent beyond `maxFields`.
   */
  static parse(text: string, maxFields: number = MAX_FIELDS): QueryDict {
    const dict = new QueryDict();
    if (text === "") return dict;
    let count = 0;
    for (const pair of text.split("&", maxFields + 1)) {
      if (pair === "") continue;
      if (++count > maxFields) {
        throw new TooManyFieldsSent(
          `The request has more than ${maxFields} fields. Raise the setting dataUploadMaxNumberFields if it should.`,
        );
      }
      const equals = pair.indexOf("=");
      const name = equals === -1 ? pair : pair.slice(0, equals);
      dict.append(decodeField(name), equals === -1 ? "" : decodeField(pair.slice(equals + 1)));
    }
    return dict;
  }

  /** The last value of this name, or undefined. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** All values of this name, in order. */
  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** How many names there are. */
  get size(): number {
    return this.#values.size;
  }

  append(name: string, value: string): this {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
    return this;
  }

  /** Replaces all values of this name by one, or by those of an array. */
  set(name: string, value: string | readonly string[]): this {
    this.#values.set(name, typeof value === "string" ? [value] : [...value]);
    return this;
  }

  delete(name: string): boolean {
    return this.#values.delete(name);
  }

  keys(): MapIterator<string> {
    return this.#values.keys();
  }

  /** Each name with its last value. */
  *entries(): Generator<[string, string]> {
    for (const [name, values] of this.#values) yield [name, values.at(-1) as string];
  }

  /** Each name with all its values. */
  lists(): MapIterator<[string, readonly string[]]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }

  /** A plain object without prototype: a string for a single value, an array for several. What schemas check. */
  toObject(): Record<string, string | string[]> {
    const object: Record<string, string | string[]> = Object.create(null);
    for (const [name, values] of this.#values) object[name] = values.length === 1 ? (values[0] as string) : [...values];
    return object;
  }

  /** Encoded as a query string, without "?". */
  toString(): string {
    const search = new URLSearchParams();
    for (const [name, values] of this.#values) for (const value of values) search.append(name, value);
    return search.toString();
  }
}

function decodeField(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Not UTF-8: the URL standard's decoder puts U+FFFD for it. "&" and "=" cannot be in the text as they split it.
    return new URLSearchParams(`=${text.replaceAll("=", "%3D")}`).get("") ?? "";
  }
}
