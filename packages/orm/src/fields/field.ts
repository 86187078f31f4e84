import { describeValue } from "@tsjango/kernel/utils";
import type { Backend } from "../backends/base/backend.ts";
import type { Storage } from "../backends/base/operations.ts";
import { FieldValueError } from "../exceptions.ts";
import type { ModelType } from "../models/options.ts";
import { snakeCase } from "./snake-case.ts";

/** The options that every field takes. */
export interface CommonOptions {
  /** Whether the column may be null. Default false. */
  readonly null?: boolean;
  /** The value where none is given, or a function that makes one. */
  readonly default?: unknown;
  readonly unique?: boolean;
  readonly primaryKey?: boolean;
  /** Whether forms accept it empty. Default false. */
  readonly blank?: boolean;
  /** Whether the column has an index. */
  readonly dbIndex?: boolean;
  /** The column's name, where it is not the field's in snake case. */
  readonly dbColumn?: string;
  /** The values it may have. */
  readonly choices?: unknown;
  readonly verboseName?: string;
  readonly helpText?: string;
  readonly [option: string]: unknown;
}

/** A field as a migration writes it. */
export interface DeconstructedField {
  /** Its name under `fields`. */
  readonly kind: string;
  /** The other model of a relation: `"blog.Author"`. */
  readonly to?: string;
  /** Only what differs from the defaults, in alphabetical order. */
  readonly options: Record<string, unknown>;
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  null: false,
  unique: false,
  primaryKey: false,
  blank: false,
  dbIndex: false,
};

/** A column of a model: what its values are, and how they go to a database and come back. */
export abstract class Field {
  /** Its name under `fields`: `"char"`. */
  abstract readonly kind: string;
  abstract readonly storage: Storage;
  readonly options: CommonOptions;
  #name: string | undefined;
  #column: string | undefined;
  #model: ModelType | undefined;

  constructor(options: CommonOptions = {}) {
    this.options = Object.freeze({ ...DEFAULTS, ...options });
  }

  /** The field's name in its model. */
  get name(): string {
    return this.#name ?? "?";
  }
  /** The column's name. */
  get column(): string {
    return this.#column ?? "?";
  }
  /** The instance property that holds the column's value; `authorId` for the relation `author`. */
  get attribute(): string {
    return this.name;
  }
  /** The model it belongs to; undefined for a field of a migration. */
  get model(): ModelType | undefined {
    return this.#model;
  }
  get null(): boolean {
    return this.options.null === true;
  }
  get primaryKey(): boolean {
    return this.options.primaryKey === true;
  }
  get unique(): boolean {
    return this.options.unique === true || this.primaryKey;
  }
  /** Whether the database gives the value. */
  get auto(): boolean {
    return false;
  }
  /** Whether the column gets an index of its own. */
  get indexed(): boolean {
    return this.options.dbIndex === true;
  }
  get hasDefault(): boolean {
    return this.options.default !== undefined;
  }
  /** The field whose values this column holds: itself, or the key a relation points to. */
  get valueField(): Field {
    return this;
  }
  /** Whether it is a column of the table. */
  get hasColumn(): boolean {
    return true;
  }
  /** The fields that a key is made of: itself, or its parts. */
  get keyFields(): readonly Field[] {
    return [this];
  }
  /** The value of an instance; of a key of several fields the list of theirs. */
  keyOf(instance: Readonly<Record<string, unknown>>): unknown {
    return instance[this.attribute];
  }
  /** `Book.title`, for messages. */
  get label(): string {
    return this.#model === undefined ? this.name : `${this.#model.name}.${this.name}`;
  }

  /** Gives it a name, and the model it is a field of. */
  bind(name: string, model?: ModelType): this {
    this.#name = name;
    this.#model = model;
    this.#column = this.options.dbColumn ?? snakeCase(this.attribute);
    return this;
  }

  /** The same field, unbound. */
  clone(): Field {
    return new (this.constructor as new (options: CommonOptions) => Field)(this.options);
  }

  /** A fresh default: a function's result, or the value. Undefined where there is none. */
  makeDefault(): unknown {
    const given = this.options.default;
    return typeof given === "function" ? (given as () => unknown)() : given;
  }

  /** The value to save in place of the instance's, such as the time; undefined to keep it. */
  preSave(_adding: boolean): unknown {
    return undefined;
  }

  /** Checks a value that is not null, and gives it in the one form its codec takes. */
  protected abstract normalize(value: unknown): unknown;

  /** A value as the driver takes it. Throws `FieldValueError` for one of another type. */
  toDatabase(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    return backend.operations.encode(this, this.normalize(value));
  }

  /** A driver's value as the model has it. */
  fromDatabase(value: unknown, backend: Backend): unknown {
    return value === null || value === undefined ? null : backend.operations.decode(this, value);
  }

  /** What a migration writes: `fieldFrom` makes an equal field of it. */
  deconstruct(): DeconstructedField {
    return { kind: this.kind, options: this.changedOptions() };
  }

  protected changedOptions(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.options)
        .filter(([name, value]) => value !== undefined && value !== this.defaultOptions()[name])
        .map(([name, value]) => [name, plainOption(name, value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  protected defaultOptions(): Readonly<Record<string, unknown>> {
    return DEFAULTS;
  }

  protected refuse(value: unknown, expected: string): FieldValueError {
    return new FieldValueError(`${this.label} takes ${expected}; found ${describeValue(value)}.`);
  }
}

/** Choices as plain data: `[["draft", "Draft"]]`, or the list of values. */
function plainOption(name: string, value: unknown): unknown {
  if (name !== "choices" || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { labels } = value as { labels?: Record<string, string> };
  return labels === undefined ? value : Object.entries(labels);
}
