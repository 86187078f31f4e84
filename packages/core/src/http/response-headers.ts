import { BadHeaderError } from "../exceptions.ts";

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A response's headers, with the methods of the web's `Headers`, names in any case. It checks at once what may be
 * sent: no line breaks, no NUL, nothing beyond latin1.
 */
export class ResponseHeaders implements Iterable<[string, string]> {
  readonly #values = new Map<string, string>();
  #cookies: string[] | undefined;

  get(name: string): string | null {
    const key = known.get(name) ?? name.toLowerCase();
    if (key === "set-cookie") return this.#cookies?.join(", ") ?? null;
    return this.#values.get(key) ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  /** @throws BadHeaderError for a name or value that may not be sent. */
  set(name: string, value: string): void {
    const key = checked(name, value);
    if (key === "set-cookie") this.#cookies = [value];
    else this.#values.set(key, value);
  }

  /** Sets a header unless it is there already. */
  setDefault(name: string, value: string): void {
    if (!this.has(name)) this.set(name, value);
  }

  /** Adds to what is there, joined by a comma; `set-cookie` lines stay apart. */
  append(name: string, value: string): void {
    const key = checked(name, value);
    if (key === "set-cookie") {
      this.#cookies ??= [];
      this.#cookies.push(value);
      return;
    }
    const before = this.#values.get(key);
    this.#values.set(key, before === undefined ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    const key = name.toLowerCase();
    if (key === "set-cookie") this.#cookies = undefined;
    else this.#values.delete(key);
  }

  getSetCookie(): string[] {
    return [...(this.#cookies ?? [])];
  }

  /** All of them, names in lower case, each `set-cookie` by itself. */
  *[Symbol.iterator](): Generator<[string, string]> {
    yield* this.toPairs();
  }

  entries(): Generator<[string, string]> {
    return this[Symbol.iterator]();
  }

  /** All of them as an array, in the order in which they were first set. */
  toPairs(): [string, string][] {
    const pairs: [string, string][] = [];
    for (const pair of this.#values) pairs.push(pair);
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

function checked(name: string, value: unknown): string {
  const lower = lowerName(name);
  if (typeof value === "string" && VALUE.test(value)) return lower;
  throw new BadHeaderError(
    typeof value === "string"
      ? `The header "${name}" cannot be sent as ${JSON.stringify(value)}: line breaks, control characters and ` +
          "characters beyond latin1 are not allowed."
      : `The header "${name}" must be a string; found ${String(value)}.`,
  );
}
