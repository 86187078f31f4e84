import { ValidationError } from "@tsjango/kernel/exceptions";
import type { Backend } from "../backends/base/backend.ts";
import { FieldValueError } from "../exceptions.ts";
import { type CommonOptions, Field } from "./field.ts";
import { notJson } from "./json-value.ts";

/** What zod, valibot and arktype schemas have in common. Source: https://standardschema.dev */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly output: T } | undefined;
  };
}

/** Options of a JSON field. */
export interface JsonOptions extends CommonOptions {
  /** Checks every value that is written; what the schema makes of it is stored. */
  readonly schema?: StandardSchema<unknown>;
}

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Any value that JSON has. `null` is the database's NULL; JSON's own null can stand inside a value only.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#jsonfield
 */
export class JsonField extends Field {
  readonly kind = "json";
  readonly storage = "json" as const;

  constructor(options: JsonOptions = {}) {
    super(options);
  }

  /** A copy: no two instances share an object. */
  override makeDefault(): unknown {
    return structuredClone(super.makeDefault());
  }

  protected override normalize(value: unknown): string {
    const problem = notJson(value);
    if (problem !== undefined) throw this.refuse(value, `a value that JSON has; ${problem}`);
    return JSON.stringify(value);
  }

  override toSave(value: unknown, backend: Backend): unknown {
    if (value === null || value === undefined) return null;
    const { output, issues } = this.#parse(value);
    if (issues === undefined) return super.toSave(output, backend);
    const lines = issues.map((issue) => describeIssue(issue));
    throw new FieldValueError(`${this.label} does not fit its schema: ${lines.join("; ")}.`, {
      expected: "a value that fits its schema",
    });
  }

  override validate(value: unknown): void {
    super.validate(value);
    if (value === null || value === undefined) return;
    const { issues } = this.#parse(value);
    if (issues === undefined) return;
    throw new ValidationError(issues.map((issue) => ({ message: describeIssue(issue), code: "invalid" })));
  }

  /** What the schema makes of a value, or what it has against it. */
  #parse(value: unknown): { readonly output?: unknown; readonly issues?: readonly SchemaIssue[] } {
    const { schema } = this.options as JsonOptions;
    if (schema === undefined) return { output: value };
    const result = schema["~standard"].validate(value) as {
      readonly value?: unknown;
      readonly issues?: readonly SchemaIssue[];
    };
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new FieldValueError(
        `The schema of ${this.label} is asynchronous, and a value is checked at once when it is written. ` +
          "Take the asynchronous parts out of the schema, and check them in the model's clean().",
      );
    }
    return result.issues === undefined ? { output: result.value } : { issues: result.issues };
  }

  override toMigration(value: unknown): unknown {
    const written = super.toMigration(value);
    return written === value ? value : JSON.parse(written as string);
  }

  protected override changedOptions(): Record<string, unknown> {
    // A schema checks values in the program; the column is the same with any.
    const { schema: _schema, ...options } = super.changedOptions();
    return options;
  }
}

function describeIssue({ message, path = [] }: SchemaIssue): string {
  const where = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return where === "" ? message : `${where}: ${message}`;
}
