import { ImmutableQueryDict } from "../exceptions.ts";

/** A map that holds several values for a name: `get` gives the last one, `getAll` all of them. */
export class MultiValueDict<T> implements Iterable<[string, T]> {
  readonly #values = new Map<string, T[]>();
  #immutable = false;

  constructor(entries: Iterable<readonly [string, T]> = []) {
    for (const [name, value] of entries) this.append(name, value);
  }

  /** Whether it refuses changes: those of a request do; `copy()` gives one that does not. */
  get immutable(): boolean {
    return this.#immutable;
  }

  /** Makes it refuse changes from now on. */
  freeze(): this {
    this.#immutable = true;
    return this;
  }

  #change(): Map<string, T[]> {
    if (!this.#immutable) return this.#values;
    throw new ImmutableQueryDict(
      `This ${this.constructor.name} instance is immutable: it shows what a request says. Change its copy().`,
    );
  }

  /** The last value of this name, or undefined. */
  get(name: string): T | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** All values of this name, in order. */
  getAll(name: string): readonly T[] {
    return this.#values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** How many names there are. */
  get size(): number {
    return this.#values.size;
  }

  append(name: string, value: T): this {
    const all = this.#change();
    const values = all.get(name);
    if (values === undefined) all.set(name, [value]);
    else values.push(value);
    return this;
  }

  /** Replaces all values of this name by one, or by those of an array. */
  set(name: string, value: T | readonly T[]): this {
    this.#change().set(name, Array.isArray(value) ? [...(value as readonly T[])] : [value as T]);
    return this;
  }

  /** The last value of this name, which is set to `value` if there is none. */
  setDefault(name: string, value: T): T {
    const before = this.get(name);
    if (before === undefined) this.set(name, value);
    return before ?? value;
  }

  /** Adds the values of another one to those that are here. */
  update(other: MultiValueDict<T> | Iterable<readonly [string, T]>): this {
    const lists = other instanceof MultiValueDict ? other.lists() : [...other].map(([name, value]) => [name, [value]]);
    for (const [name, values] of lists as Iterable<[string, readonly T[]]>) {
      for (const value of values) this.append(name, value);
    }
    return this;
  }

  delete(name: string): boolean {
    return this.#change().delete(name);
  }

  clear(): void {
    this.#change().clear();
  }

  /** The same names and values, open to changes. */
  copy(): this {
    const copy = new (this.constructor as new () => this)();
    return copy.update(this);
  }

  keys(): MapIterator<string> {
    return this.#values.keys();
  }

  /** The last value of each name. */
  *values(): Generator<T> {
    for (const values of this.#values.values()) if (values.length > 0) yield values.at(-1) as T;
  }

  /** Each name with its last value. */
  *entries(): Generator<[string, T]> {
    for (const [name, values] of this.#values) if (values.length > 0) yield [name, values.at(-1) as T];
  }

  /** Each name with all its values. */
  lists(): MapIterator<[string, readonly T[]]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): Generator<[string, T]> {
    return this.entries();
  }

  /** A plain object without prototype: the value where there is one, an array for several. What schemas check. */
  toObject(): Record<string, T | T[]> {
    const object: Record<string, T | T[]> = Object.create(null);
    for (const [name, values] of this.#values) object[name] = values.length === 1 ? (values[0] as T) : [...values];
    return object;
  }
}
