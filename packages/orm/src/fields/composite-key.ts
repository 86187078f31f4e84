import { describeValue } from "@tsjango/kernel/utils";
import type { Storage } from "../backends/base/operations.ts";
import { FieldValueError, ModelError } from "../exceptions.ts";
import { type DeconstructedField, Field } from "./field.ts";

/**
 * A primary key of several fields: no column of its own. The instance's `pk` is the frozen list of their values.
 * Source: https://docs.djangoproject.com/en/5.2/topics/composite-primary-key/
 */
export class CompositePrimaryKey extends Field {
  readonly kind = "compositePrimaryKey";
  /** The names of its parts: of fields, or of the columns of relations (`"bookId"`). */
  readonly names: readonly string[];
  #parts: readonly Field[] = [];

  constructor(...names: readonly string[]) {
    super({ primaryKey: true });
    this.names = Object.freeze([...names]);
  }

  override get hasColumn(): boolean {
    return false;
  }
  get storage(): Storage {
    const [first] = this.names;
    throw new ModelError(
      `${this.label} is a key of several columns (${this.names.join(", ")}), and no one value: name one of them, as F("${first}").`,
    );
  }
  /** The fields it is made of, in its order. */
  get parts(): readonly Field[] {
    return this.#parts;
  }
  override get keyFields(): readonly Field[] {
    return this.#parts;
  }

  /** Says which fields it is made of. */
  resolve(parts: readonly Field[]): this {
    this.#parts = Object.freeze([...parts]);
    return this;
  }

  /** The key of an instance; undefined where a part has no value yet. */
  override keyOf(instance: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
    const values = this.#parts.map((part) => instance[part.attribute]);
    return values.some((value) => value === undefined || value === null) ? undefined : Object.freeze(values);
  }

  /** A value as one value for each part. Throws `FieldValueError` for anything else. */
  override normalize(value: unknown): readonly unknown[] {
    if (Array.isArray(value) && value.length === this.names.length) return value;
    throw new FieldValueError(
      `${this.label} takes a list of ${this.names.length} values (${this.names.join(", ")}); found ${describeValue(value)}.`,
    );
  }

  override clone(): CompositePrimaryKey {
    return new CompositePrimaryKey(...this.names);
  }

  override deconstruct(): DeconstructedField {
    return { kind: this.kind, options: { names: [...this.names] } };
  }
}
