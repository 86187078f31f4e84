import type { Storage } from "../backends/base/operations.ts";
import { FieldValueError, ModelError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { EXPRESSION } from "../expressions/symbols.ts";
import type { ModelType } from "../models/options.ts";
import { expressionData, isExpression } from "./expression-data.ts";
import { type CommonOptions, type DeconstructedField, Field, type FieldProblem } from "./field.ts";
import { isPrepared, optionsOf } from "./prepared.ts";

/** Options of a generated column. */
export interface GeneratedOptions extends CommonOptions {
  /** What the database computes, of the row's own columns: `F("price").times(F("amount"))`. Plain data in a migration. */
  readonly expression: object;
  /** The kind of field that its values are. */
  readonly output: Field;
  /** Whether it is kept in the table; else it is computed at each reading, on PostgreSQL from version 18. Default true. */
  readonly stored?: boolean;
}

/**
 * A column that the database computes from others of its row; it is never written.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#generatedfield
 */
export class GeneratedField extends Field {
  readonly kind = "generated";
  #output: Field;

  constructor(options: GeneratedOptions) {
    const { output } = options as Partial<GeneratedOptions>;
    if (!(output instanceof Field)) {
      throw new ModelError("A generated field needs the kind of its values: output: fields.char(…), for example.");
    }
    super({ ...options, null: output.null, editable: false });
    this.#output = output;
  }

  override get generated(): boolean {
    return true;
  }
  get storage(): Storage {
    return this.#output.storage;
  }
  override get valueField(): Field {
    return this.#output.valueField;
  }
  get stored(): boolean {
    return this.options["stored"] !== false;
  }
  override get postgresOnly(): boolean {
    return this.#output.postgresOnly;
  }
  override get blank(): boolean {
    return true;
  }

  /** What is computed, as plain data. */
  get expression(): ExpressionNode {
    const given = this.options["expression"] as object;
    return (isExpression(given) ? given[EXPRESSION] : given) as ExpressionNode;
  }

  override bind(name: string, model?: ModelType): this {
    super.bind(name, model);
    this.#output = this.#output.clone().bind(name, model);
    return this;
  }

  protected override normalize(value: unknown): unknown {
    return value;
  }
  override toDatabase(...args: Parameters<Field["toDatabase"]>): unknown {
    return this.#output.toDatabase(...args);
  }
  override toSave(): never {
    throw new FieldValueError(`${this.label} is computed by the database and cannot be written.`);
  }
  override fromDatabase(...args: Parameters<Field["fromDatabase"]>): unknown {
    return this.#output.fromDatabase(...args);
  }
  /** Its values are the database's. */
  override validate(): void {}

  override checks(): FieldProblem[] {
    const { model } = this;
    const options = model !== undefined && isPrepared(model) ? optionsOf(model) : undefined;
    const paths = options === undefined ? [] : pathsIn(this.expression);
    const unknown = paths.filter((path) => options?.findField(path) === undefined);
    return [
      ...unknown.map((path) => ({
        id: "fields.E223",
        message: `Its expression names "${path}", which is no column of ${model?.name}.`,
        hint: `It is computed of the row's own columns: ${options?.fields.map((field) => field.name).join(", ")}.`,
      })),
      ...this.#output.checks(),
    ];
  }

  override deconstruct(): DeconstructedField {
    const { dbColumn, dbComment, dbIndex, unique } = this.options;
    const given = Object.entries({ dbColumn, dbComment, dbIndex, unique }).filter(([, value]) => value);
    const { kind, options } = this.#output.deconstruct();
    return {
      kind: this.kind,
      options: {
        ...Object.fromEntries(given),
        expression: expressionData(this.expression),
        output: { kind, options },
        stored: this.stored,
      },
    };
  }
}

/** The paths of columns that an expression names. */
function pathsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null || node instanceof Date) return [];
  const { kind, path, lookups } = node as { kind?: unknown; path?: string; lookups?: readonly [string, unknown][] };
  if (kind === "reference") return [path as string];
  if (kind === "lookups") {
    return (lookups ?? []).flatMap(([each, value]) => [each.split("__")[0] as string, ...pathsIn(value)]);
  }
  return Object.values(node).flatMap(pathsIn);
}
