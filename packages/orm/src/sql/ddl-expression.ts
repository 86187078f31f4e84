import type { RootOperationNode } from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import { quoteName } from "../backends/base/schema-editor.ts";
import { ModelError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { withPlaces } from "./arithmetic.ts";
import { newContext, OUTERMOST, type SubqueryCompilers } from "./begin.ts";
import { compileExpression } from "./expression-compiler.ts";
import { selection } from "./nodes.ts";

/**
 * An expression over a table's own columns as SQL without parameters, which is what DDL takes: for generated columns and
 * defaults. `field` is the column that gets its value. Throws `ModelError` for what cannot stand there.
 */
export function ddlExpression(backend: Backend, options: Options, field: Field, node: ExpressionNode): string {
  const refuse = (what: string): never => {
    throw new ModelError(
      `The expression of ${options.modelName}.${field.name} ${what}. A column is computed of others of its own row.`,
    );
  };
  const nothing: SubqueryCompilers = {
    subquery: () => refuse("asks another query"),
    exists: () => refuse("asks another query"),
    existsBehind: () => refuse("names the rows of a relation"),
  };
  const { vendor, features, operations, functions } = backend;
  const inTable = { vendor, features, operations, functions: { ...functions, ...functions.inTable } };
  const context = newContext(inTable as Backend, options, OUTERMOST, nothing);
  const compiled = compileExpression(context, node);
  if (compiled.aggregate || compiled.window) refuse("is of several rows");
  if (context.joins.size > 0) refuse("names a column of another table");
  const { storage } = field.valueField;
  const places = (field.valueField as { decimalPlaces?: number }).decimalPlaces;
  const fitted = storage === "decimal" && places !== undefined ? withPlaces(context, compiled, places) : compiled;
  const given = fitted.output.valueField.storage;
  if (!fits(given, storage)) refuse(`gives ${given} where its column holds ${storage}`);
  const select = { kind: "SelectQueryNode", selections: [selection(fitted.node)] } as RootOperationNode;
  const { sql, parameters } = backend.compileQuery(select);
  const text = inlined(sql.replace(/^select /i, ""), parameters, { table: options.dbTable, backend });
  if (text.includes("tsjango_")) refuse("needs a function that only this program has");
  return text;
}

const NUMBERS: ReadonlySet<string> = new Set(["integer", "bigint", "real"]);

function fits(given: string, wanted: string): boolean {
  return given === wanted || (NUMBERS.has(given) && NUMBERS.has(wanted) && !(given === "real" && wanted !== "real"));
}

/** Parameters as literals; columns without their table, which DDL does not name. */
function inlined(
  sql: string,
  parameters: readonly unknown[],
  { table, backend }: { readonly table: string; readonly backend: Backend },
): string {
  const qualifier = `${quoteName(table)}.`;
  let next = 0;
  // Where parameters have numbers, a question mark is an operator.
  const questions = !/\$\d/.test(sql);
  return sql.replaceAll(/"(?:[^"]|"")*"\.?|'(?:[^']|'')*'|\?|\$(\d+)/g, (token, number?: string) => {
    if (token === qualifier) return "";
    if (number === undefined && !(questions && token === "?")) return token;
    const index = number === undefined ? next++ : Number(number) - 1;
    return backend.operations.literal(parameters[index]);
  });
}
