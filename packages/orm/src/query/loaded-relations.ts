import type { ModelInstance } from "../models/options.ts";

type Related = ModelInstance | null;

/** The related instances of a row by name, null where there is none. As a `Map`, which would cost more than the instance; most rows have one. */
export class LoadedRelations {
  #name: string | undefined = undefined;
  #row: Related = null;
  #others: Map<string, Related> | undefined = undefined;

  get size(): number {
    return (this.#name === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  get(name: string): Related | undefined {
    return this.#name === name ? this.#row : this.#others?.get(name);
  }
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
  set(name: string, row: Related): void {
    if (this.#name === name || (this.#name === undefined && this.#others?.has(name) !== true)) {
      this.#name = name;
      this.#row = row;
    } else {
      this.#others ??= new Map();
      this.#others.set(name, row);
    }
  }
  delete(name: string): void {
    if (this.#name === name) {
      this.#name = undefined;
      this.#row = null;
    } else {
      this.#others?.delete(name);
    }
  }
  clear(): void {
    this.#name = undefined;
    this.#row = null;
    this.#others = undefined;
  }
  *[Symbol.iterator](): Generator<[string, Related], void, undefined> {
    if (this.#name !== undefined) yield [this.#name, this.#row];
    if (this.#others !== undefined) yield* this.#others;
  }
}
