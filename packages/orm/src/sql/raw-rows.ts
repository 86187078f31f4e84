import type { RootOperationNode } from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { StatementResult } from "../backends/base/connection.ts";
import { QueryError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelType } from "../models/options.ts";
import { newContext, OUTERMOST } from "./begin.ts";
import type { RowPlan } from "./rows.ts";
import { compileSql } from "./sql-fragment.ts";
import { subqueries } from "./subqueries.ts";

/** A statement that was written by hand. */
export interface WrittenSql {
  readonly pieces: readonly string[];
  readonly args: readonly ExpressionNode[];
}

/** The statement, with its values as parameters. */
export function compileWritten(backend: Backend, model: ModelType, { pieces, args }: WrittenSql): CompiledStatement {
  const context = newContext(backend, optionsOf(model), OUTERMOST, subqueries);
  const { node } = compileSql(context, { kind: "sql", pieces, args, output: { kind: "text", options: {} } });
  if (context.joins.size > 0) {
    throw new QueryError(
      "raw(): an expression names a field of another table; join it in the SQL, and name its column.",
    );
  }
  return backend.compileQuery(node as RootOperationNode);
}

/** How the columns of a written statement become instances: by their names; with values that are named besides. */
export function planWritten(
  model: ModelType,
  result: StatementResult,
  extra: Readonly<Record<string, Field>>,
): { readonly plan: RowPlan; readonly rows: readonly (readonly unknown[])[] } {
  const options = optionsOf(model);
  const places = new Map(result.columns.map((column, index) => [column, index]));
  const fields = options.fields.filter((field) => places.has(field.column));
  const missing = options.pk.keyFields.filter((field) => !fields.includes(field));
  if (missing.length > 0) {
    const names = missing.map((field) => `"${field.column}"`).join(", ");
    throw new QueryError(
      `raw(): the columns have no ${names}, which says which ${options.modelName} a row is. Select it, too. ` +
        `Found: ${result.columns.join(", ")}.`,
    );
  }
  const annotations = Object.entries(extra).map(([name, output], index) => {
    const place = places.get(name);
    if (place === undefined) {
      throw new QueryError(`raw(): there is no column "${name}". Found: ${result.columns.join(", ")}.`);
    }
    return { name, output: output.bind(name), index: fields.length + index, place };
  });
  const order = [
    ...fields.map((field) => places.get(field.column) as number),
    ...annotations.map(({ place }) => place),
  ];
  return {
    plan: {
      kind: "instances",
      load: { options, fields, start: 0, related: [] },
      annotations,
      fetchMode: undefined,
      carried: undefined,
    },
    rows: result.rows.map((row) => order.map((index) => row[index])),
  };
}
