import { ValidationError } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import type { Backend } from "../backends/base/backend.ts";
import { FieldValueError, ModelError } from "../exceptions.ts";
import type { ModelType } from "../models/options.ts";
import { type CommonOptions, type DeconstructedField, Field, type FieldProblem } from "./field.ts";

/** Options of an array. */
export interface ArrayOptions extends CommonOptions {
  /** The kind of its elements. */
  readonly base: Field;
  /** The most elements. */
  readonly size?: number;
}

/**
 * A list of values of one kind, in PostgreSQL. A list of lists has lists of one length.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#arrayfield
 */
export class ArrayField extends Field {
  readonly kind = "array";
  readonly storage = "array" as const;
  #base: Field;

  constructor(options: ArrayOptions) {
    const { base } = options as Partial<ArrayOptions>;
    if (!(base instanceof Field)) {
      throw new ModelError(
        `An array needs the kind of its elements: fields.array(fields.char({ maxLength: 20 })); found ${describeValue(base)}.`,
      );
    }
    super(options);
    this.#base = base;
  }

  /** The kind of its elements. */
  get base(): Field {
    return this.#base;
  }
  /** The most elements; undefined for any number. */
  get size(): number | undefined {
    return this.options["size"] as number | undefined;
  }
  /** How many lists lie in each other. */
  get depth(): number {
    return this.#base instanceof ArrayField ? this.#base.depth + 1 : 1;
  }
  override get postgresOnly(): boolean {
    return true;
  }

  override bind(name: string, model?: ModelType): this {
    super.bind(name, model);
    this.#base = this.#base.clone().bind(name, model);
    return this;
  }

  /** A copy: no two instances share a list. */
  override makeDefault(): unknown {
    return copied(super.makeDefault());
  }

  protected override normalize(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw this.refuse(value, "a list");
  }

  override toDatabase(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    return backend.operations.encode(
      this,
      this.#encoded(value, (base, each) => base.toDatabase(each, backend)),
    );
  }

  override toSave(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    this.checkSize(value);
    return backend.operations.encode(
      this,
      this.#encoded(value, (base, each) => base.toSave(each, backend)),
    );
  }

  override fromDatabase(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    return this.#decoded(backend.operations.decode(this, value) as readonly unknown[], backend);
  }

  #encoded(value: unknown, encode: (base: Field, each: unknown) => unknown): unknown[] {
    const base = this.#base;
    return Array.from(this.normalize(value), (each) => {
      if (each === undefined || (each === null && !base.null)) {
        throw this.refuse(value, `no ${each === null ? "null" : "undefined"} among its elements`);
      }
      return base instanceof ArrayField ? base.#encoded(each, encode) : encode(base, each);
    });
  }

  #decoded(elements: readonly unknown[], backend: Backend): unknown[] {
    const base = this.#base;
    if (base instanceof ArrayField) return elements.map((each) => base.#decoded(each as readonly unknown[], backend));
    return elements.map((each) => base.fromDatabase(each, backend));
  }

  protected override checkSize(value: unknown): void {
    const list = this.normalize(value);
    const { size } = this;
    if (size !== undefined && list.length > size) {
      throw this.refuse(value, `at most ${size} elements, and this has ${list.length}`);
    }
    const base = this.#base;
    if (!(base instanceof ArrayField)) return;
    for (const each of list) base.checkSize(each);
    const lengths = new Set((list as readonly (readonly unknown[])[]).map((each) => each.length));
    if (lengths.size > 1 || lengths.has(0)) {
      throw this.refuse(value, "lists of one length, which are not empty: PostgreSQL keeps no others");
    }
  }

  /** Each element as its kind of field validates it. */
  protected override checkType(value: unknown): void {
    super.checkType(value);
    try {
      this.checkSize(value);
    } catch (error) {
      if (!(error instanceof FieldValueError)) throw error;
      throw new ValidationError({ message: `This field takes ${error.expected}.`, code: "invalid", params: { value } });
    }
    const issues = (value as readonly unknown[]).flatMap((each, index) => this.#issuesAt(index, each));
    if (issues.length > 0) throw new ValidationError(issues);
  }

  #issuesAt(index: number, element: unknown): { message: string; code: string }[] {
    try {
      this.#base.validate(element);
      return [];
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const message = error.message.replace("This field", "it");
      return [{ message: `Element ${index} is not valid: ${message}`, code: "item_invalid" }];
    }
  }

  override toMigration(value: unknown): unknown {
    return Array.isArray(value) ? value.map((each) => (each === null ? null : this.#base.toMigration(each))) : value;
  }

  override checks(): FieldProblem[] {
    const base = this.#base;
    const problems = base.checks().map(({ message }) => message);
    const { size } = this;
    return [
      ...(problems.length > 0
        ? [{ id: "postgres.E001", message: `The kind of its elements has errors: ${problems.join(" ")}` }]
        : []),
      ...(base.valueField !== base || base.generated || base.primaryKey || base.unique
        ? [
            {
              id: "postgres.E002",
              message: "Its elements are keys, unique, computed or refer to rows, which elements of a list cannot.",
              hint: "Name a plain kind of field, or make a manyToMany of it.",
            },
          ]
        : []),
      ...(size !== undefined && !(Number.isInteger(size) && size > 0)
        ? [
            {
              id: "postgres.E901",
              message: `size must be a whole number above zero; found ${describeValue(size)}.`,
            },
          ]
        : []),
      ...super.checks(),
    ];
  }

  override deconstruct(): DeconstructedField {
    const { kind, options } = this.#base.deconstruct();
    return { kind: this.kind, options: { base: { kind, options }, ...this.changedOptions() } };
  }

  protected override changedOptions(): Record<string, unknown> {
    const { base: _base, ...options } = super.changedOptions();
    return options;
  }
}

function copied(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copied) : value;
}
