import type { Backend } from "../backends/base/backend.ts";
import type { ColumnDefinition } from "../backends/base/schema-editor.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { CompositePrimaryKey } from "../fields/composite-key.ts";
import type { Field } from "../fields/field.ts";
import { GeneratedField } from "../fields/generated.ts";
import { type ModelType, Options } from "../models/options.ts";
import { ddlExpression } from "../sql/ddl-expression.ts";
import type { ModelState } from "./state.ts";

/** A table whose columns are rendered: the fields of all of them, as expressions may name each. */
export interface RenderedTable {
  readonly model: ModelState;
  readonly fields: readonly Field[];
  readonly backend: Backend;
}

/** What a column has beside its type: a default, a comment, an expression that it is computed by. */
export function columnExtras(
  field: Field,
  table: RenderedTable,
): Pick<ColumnDefinition, "default" | "generated" | "comment"> {
  const { dbComment } = field.options;
  const fallback = defaultOf(field, table);
  return {
    ...(fallback !== undefined && { default: fallback }),
    ...(dbComment !== undefined && { comment: dbComment }),
    ...(field instanceof GeneratedField && {
      generated: { sql: sqlOf(field.expression, field, table), stored: field.stored },
    }),
  };
}

function defaultOf(field: Field, table: RenderedTable): string | undefined {
  const { dbDefault } = field.options;
  if (dbDefault === undefined) return undefined;
  const expression = (dbDefault as { readonly $expression?: ExpressionNode } | null)?.$expression;
  if (expression !== undefined) return `(${sqlOf(expression, field, table)})`;
  const { operations } = table.backend;
  return operations.literal(field.valueField.toSave(dbDefault, table.backend));
}

function sqlOf(node: ExpressionNode, field: Field, { model, fields, backend }: RenderedTable): string {
  return ddlExpression(backend, optionsFor(model, fields), field, node);
}

/** As much of the model as an expression of its own columns needs. */
function optionsFor({ app, name, dbTable, managed, fields: specs }: ModelState, fields: readonly Field[]): Options {
  const key = Object.values(specs).find(({ kind }) => kind === "compositePrimaryKey");
  const parts = key?.options["names"] as readonly string[] | undefined;
  return new Options({
    model: { [name]: class {} }[name] as unknown as ModelType,
    appLabel: app,
    dbTable,
    managed,
    abstract: false,
    proxyFor: undefined,
    fields,
    compositeKey: parts && new CompositePrimaryKey(...parts).bind("pk"),
    reverseRelations: [],
    ordering: [],
    indexes: [],
    constraints: [],
    verboseName: name,
  });
}
