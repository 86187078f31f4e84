import { ValidationError, type ValidationIssue } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { Backend } from "../backends/base/backend.ts";
import type { Storage } from "../backends/base/operations.ts";
import { FieldValueError } from "../exceptions.ts";
import type { ModelType } from "../models/options.ts";
import { choiceLabel, choiceValues } from "./choices.ts";
import { expressionData, isExpression } from "./expression-data.ts";
import { snakeCase } from "./snake-case.ts";
import type { Validator } from "./validators.ts";

/** The options that every field takes. */
export interface CommonOptions {
  /** Whether the column may be null. Default false. */
  readonly null?: boolean;
  /** The value where none is given, or a function that makes one. */
  readonly default?: unknown;
  readonly unique?: boolean;
  /** The value that the database gives where an insert names none. */
  readonly dbDefault?: unknown;
  readonly primaryKey?: boolean;
  /** Whether forms and `fullClean` accept it empty. Default false. */
  readonly blank?: boolean;
  /** Whether forms show it. Default true. */
  readonly editable?: boolean;
  /** Whether the column has an index. */
  readonly dbIndex?: boolean;
  /** The column's name, where it is not the field's in snake case. */
  readonly dbColumn?: string;
  /** The values it may have. */
  readonly choices?: unknown;
  /** Run by `fullClean`, after the field's own. */
  readonly validators?: readonly Validator<never>[];
  /** A comment on the column, kept by the database. */
  readonly dbComment?: string;
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

/** A mistake in the declaration of a field, as the system checks report it. */
export interface FieldProblem {
  /** `fields.E120`. */
  readonly id: string;
  readonly message: string;
  readonly hint?: string;
  /** Default: an error. */
  readonly level?: "warning" | "error";
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  null: false,
  unique: false,
  primaryKey: false,
  blank: false,
  dbIndex: false,
  editable: true,
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
  /** Whether the database gives a value where an insert names none. */
  get hasDbDefault(): boolean {
    return this.options.dbDefault !== undefined;
  }
  /** Whether forms and `fullClean` accept it empty. */
  get blank(): boolean {
    return this.options.blank === true;
  }
  get editable(): boolean {
    return this.options.editable !== false;
  }
  /** What it is called in forms and messages: `publishedAt` is `published at`. */
  get verboseName(): string {
    return this.options.verboseName ?? snakeCase(this.name).replaceAll("_", " ");
  }
  /** What `validate` runs: the field's own validators, then the given ones. */
  get validators(): readonly Validator<never>[] {
    return this.options.validators ?? [];
  }
  /** Whether the database computes it from other columns: it is never written. */
  get generated(): boolean {
    return false;
  }
  /** The field whose values this column holds: itself, or the key a relation points to. */
  get valueField(): Field {
    return this;
  }
  /** Whether PostgreSQL alone has columns of its kind. */
  get postgresOnly(): boolean {
    return false;
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

  /**
   * Checks a value that is not null, and gives it in the one form its storage takes: a string for `"text"` and
   * `"decimal"`, a `Date` for `"dateTime"` … Throws what `refuse` makes.
   */
  protected abstract normalize(value: unknown): unknown;

  /** The opposite of `normalize`: the storage's form of a value as the model has it. */
  protected restore(value: unknown): unknown {
    return value;
  }

  /** Refuses what the column cannot hold, such as a text that is too long; `value` is normalized. */
  protected checkSize(_value: unknown): void {}

  /** A value as the driver takes it, to compare with. Throws `FieldValueError` for one of another type. */
  toDatabase(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    return backend.operations.encode(this, this.normalize(value));
  }

  /** A value as the driver takes it, to be written. Throws `FieldValueError` for one that the column cannot hold. */
  toSave(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    const normal = this.normalize(value);
    this.checkSize(normal);
    return backend.operations.encode(this, normal);
  }

  /** A driver's value as the model has it. */
  fromDatabase(value: unknown, backend: Backend): unknown {
    return value === null || value === undefined ? null : this.restore(backend.operations.decode(this, value));
  }

  /**
   * Checks a value as `fullClean` does: type, null, blank, choices and validators.
   * @throws ValidationError with all that is wrong.
   */
  validate(value: unknown): void {
    if (value === null || value === undefined) {
      if (this.null || this.auto || this.hasDbDefault) return;
      throw issue("This field cannot be null.", "null");
    }
    const empty = isEmpty(value);
    if (empty && this.blank) return;
    this.checkType(value);
    this.checkChoice(value);
    if (empty) throw issue("This field cannot be blank.", "blank");
    this.runValidators(value);
  }

  /** Throws `ValidationError` for a value that could not be saved. */
  protected checkType(value: unknown): void {
    try {
      this.normalize(value);
    } catch (error) {
      if (!(error instanceof FieldValueError)) throw error;
      throw issue(`This field takes ${error.expected ?? "another value"}.`, "invalid", { value });
    }
  }

  protected checkChoice(value: unknown): void {
    if (this.options.choices === undefined || choiceValues(this.options.choices).includes(value)) return;
    throw issue(`Value ${describeChoice(value)} is not a valid choice.`, "invalid_choice", { value });
  }

  protected runValidators(value: unknown): void {
    const issues: ValidationError[] = [];
    for (const validator of this.validators) {
      try {
        const result: unknown = (validator as Validator<unknown>)(value);
        if (result instanceof Promise) throw asynchronous(this, result);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        issues.push(error);
      }
    }
    if (issues.length > 0) throw new ValidationError(issues);
  }

  /** A value as a migration can write it: one of a custom field in the form of the built-in field. */
  toMigration(value: unknown): unknown {
    return isPlain(value) ? value : this.normalize(value);
  }

  /** What is wrong with the field's declaration; those of a heir follow `super.checks()`. */
  checks(): FieldProblem[] {
    const found: FieldProblem[] = [];
    if (this.primaryKey && this.null) {
      found.push({ id: "fields.E007", message: "A primary key may not be null.", hint: "Take one of the two out." });
    }
    const { validators = [], default: given, dbDefault } = this.options;
    if (!Array.isArray(validators) || validators.some((each) => typeof each !== "function")) {
      const hint = "Built-in ones are made by a call: validators.minValue(1).";
      found.push({ id: "fields.E008", message: "Its validators are not all functions.", hint });
    }
    for (const [name, value] of Object.entries({ default: given, dbDefault })) {
      const problem = this.#checkDefault(name, value);
      if (problem !== undefined) found.push(problem);
    }
    return found;
  }

  #checkDefault(name: string, value: unknown): FieldProblem | undefined {
    const given = value !== undefined && value !== null && typeof value !== "function";
    if (!given || isExpression(value)) return undefined;
    try {
      this.checkType(value);
      return undefined;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const message = `Its ${name} does not fit: ${error.message.replace("This field", "it")}`;
      return { id: "fields.E905", message };
    }
  }

  /** What a migration writes: `fieldFrom` makes an equal field of it. */
  deconstruct(): DeconstructedField {
    return { kind: this.kind, options: this.changedOptions() };
  }

  protected changedOptions(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.options)
        .filter(([name, value]) => value !== undefined && value !== this.defaultOptions()[name])
        .map(([name, value]) => [name, this.#plainOption(name, value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  #plainOption(name: string, value: unknown): unknown {
    const given = name === "default" || name === "dbDefault";
    if (given && typeof value !== "function" && !isExpression(value)) return this.toMigration(value);
    return plainOption(name, value);
  }

  protected defaultOptions(): Readonly<Record<string, unknown>> {
    return DEFAULTS;
  }

  protected refuse(value: unknown, expected: string): FieldValueError {
    return new FieldValueError(`${this.label} takes ${expected}; found ${describeValue(value)}.`, { expected });
  }
}

/** Whether a value is of the language alone, which migrations can write. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return [Object.prototype, Array.prototype, Date.prototype, Uint8Array.prototype, null].includes(prototype as null);
}

function issue(message: string, code: string, params?: ValidationIssue["params"]): ValidationError {
  return new ValidationError({ message, code, ...(params !== undefined && { params }) });
}

/** What forms give where nothing was entered. */
function isEmpty(value: unknown): boolean {
  if (value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain && Object.keys(value).length === 0;
}

function describeChoice(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}

function asynchronous(field: Field, result: Promise<unknown>): FieldValueError {
  result.catch(() => {});
  return new FieldValueError(
    `A validator of ${field.label} is asynchronous; validators of fields give their answer at once. ` +
      "Check it in the model's clean(), which may be async.",
  );
}

/** Choices as plain data: `[["draft", "Draft"]]`, or the list of values; an expression as what it is made of. */
function plainOption(name: string, value: unknown): unknown {
  if (name === "dbDefault" && isExpression(value)) return { $expression: expressionData(value) };
  if (name !== "choices" || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return choiceValues(value).map((each) => [each, choiceLabel(value, each)]);
}
