import { BadHeaderError } from "../exceptions.ts";

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A header's name, in lower case, and value. */
export type HeaderPair = readonly [name: string, value: string];

/**
 * A response's headers, with the methods of the web's `Headers`, names in any case. It checks at once what may be
 * sent: no line breaks, no NUL, nothing beyond latin1.
 */
export class ResponseHeaders implements Iterable<[string, string]> {
  /** Each name once: they are few, so that a list is searched faster than a map is made. */
  readonly #pairs: HeaderPair[] = [];
  #cookies: string[] | undefined;

  #find(key: string): number {
    for (let index = 0; index < this.#pairs.length; index++) if (this.#pairs[index]?.[0] === key) return index;
    return -1;
  }

  /** As `set`, with what `headerPair` checked; not for `set-cookie`. */
  setPair(pair: HeaderPair): void {
    const index = this.#find(pair[0]);
    if (index === -1) this.#pairs.push(pair);
    else this.#pairs[index] = pair;
  }

  get(name: string): string | null {
    const key = known.get(name) ?? name.toLowerCase();
    if (key === "set-cookie") return this.#cookies?.join(", ") ?? null;
    return this.#pairs[this.#find(key)]?.[1] ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  /** @throws BadHeaderError for a name or value that may not be sent. */
  set(name: string, value: string): void {
    const pair = headerPair(name, value);
    if (pair[0] === "set-cookie") this.#cookies = [value];
    else this.setPair(pair);
  }

  /** Sets a header unless it is there already. */
  setDefault(name: string, value: string): void {
    if (!this.has(name)) this.set(name, value);
  }

  /** As `setDefault`, with what `headerPair` checked; not for `set-cookie`. */
  setDefaultPair(pair: HeaderPair): void {
    if (this.#find(pair[0]) === -1) this.#pairs.push(pair);
  }

  /** Adds to what is there, joined by a comma; `set-cookie` lines stay apart. */
  append(name: string, value: string): void {
    const pair = headerPair(name, value);
    if (pair[0] === "set-cookie") {
      this.#cookies ??= [];
      this.#cookies.push(value);
      return;
    }
    const before = this.#pairs[this.#find(pair[0])];
    this.setPair(before === undefined ? pair : [pair[0], `${before[1]}, ${value}`]);
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    if (key === "set-cookie") this.#cookies = undefined;
    else {
      const index = this.#find(key);
      if (index !== -1) this.#pairs.splice(index, 1);
    }
  }

  getSetCookie(): string[] {
    return [...(this.#cookies ?? [])];
  }

  /** All of them, names in lower case, each `set-cookie` by itself. */
  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [name, value] of this.toPairs()) yield [name, value];
  }

  entries(): Generator<[string, string]> {
    return this[Symbol.iterator]();
  }

  /** All of them as an array of its own, in the order in which they were first set. */
  toPairs(): HeaderPair[] {
    const pairs = this.#pairs.slice();
    if (this.#cookies !== undefined) for (const cookie of this.#cookies) pairs.push(["set-cookie", cookie]);
    return pairs;
  }
}

/** Names seen before, in lower case; those of a program are few. */
const known = new Map<string, string>();
const MAX_KNOWN = 500;

/** A name in lower case. Throws BadHeaderError for one that may not be sent. */
function lowerName(name: string): string {
  let lower = known.get(name);
  if (lower === undefined) {
    if (!NAME.test(name)) throw new BadHeaderError(`A header cannot be named ${JSON.stringify(name)}.`);
    lower = name.toLowerCase();
    if (known.size < MAX_KNOWN) known.set(name, lower);
  }
  return lower;
}

/** A header that may be sent, its name in lower case. Throws BadHeaderError for another. */
export function headerPair(name: string, value: string): HeaderPair {
  const lower = lowerName(name);
  const given: unknown = value;
  if (typeof given === "string" && VALUE.test(given)) return [lower, given];
  throw new BadHeaderError(
    typeof given === "string"
      ? `The header "${name}" cannot be sent as ${JSON.stringify(given)}: line breaks, control characters and ` +
          "characters beyond latin1 are not allowed."
      : `The header "${name}" must be a string; found ${String(given)}.`,
  );
}
