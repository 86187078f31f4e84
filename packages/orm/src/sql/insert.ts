import {
  ColumnNode,
  ColumnUpdateNode,
  InsertQueryNode,
  OnConflictNode,
  PrimitiveValueListNode,
  ReturningNode,
  TableNode,
  ValueListNode,
  ValuesNode,
} from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { expressionOf } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import type { ModelType, Options } from "../models/options.ts";
import { assignedToNew } from "./assigned.ts";
import { beginSelect, OUTERMOST } from "./begin.ts";
import { columnNode, selection } from "./nodes.ts";
import { newQuery } from "./query.ts";
import { subqueries } from "./subqueries.ts";

/** What happens to a row that a unique constraint refuses: nothing, or an update of the row that is there. */
export type Conflict =
  | { readonly action: "ignore" }
  | { readonly action: "update"; readonly fields: readonly Field[]; readonly unique: readonly Field[] };

/** What an insert does besides inserting. */
export interface InsertOptions {
  /** The columns that it gives of each row. */
  readonly returning?: readonly Field[];
  readonly conflict?: Conflict | undefined;
}

/** `insert` of rows that set the same fields. */
export function compileInsert(
  backend: Backend,
  options: Options,
  fields: readonly Field[],
  rows: readonly (readonly unknown[])[],
  insert: InsertOptions = {},
): CompiledStatement {
  const into = insertInto(options, insert);
  if (fields.length === 0) return backend.compileQuery({ ...into, defaultValues: true });
  const values = rows.map((row) =>
    row.some((value) => expressionOf(value) !== undefined)
      ? computedRow(backend, options.model, fields, row)
      : PrimitiveValueListNode.create(row.map((value, index) => fields[index]!.toSave(value, backend))),
  );
  return backend.compileQuery({
    ...into,
    columns: fields.map((field) => ColumnNode.create(field.column)),
    values: ValuesNode.create(values),
  });
}

/** The insert of no rows yet. */
export function insertInto({ dbTable }: Options, { returning = [], conflict }: InsertOptions): InsertQueryNode {
  return {
    ...InsertQueryNode.create(TableNode.create(dbTable)),
    ...(conflict !== undefined && { onConflict: conflictNode(conflict) }),
    ...(returning.length > 0 && {
      returning: ReturningNode.create(returning.map((field) => selection(ColumnNode.create(field.column)))),
    }),
  };
}

/** A row with values that the database computes. */
function computedRow(
  backend: Backend,
  model: ModelType,
  fields: readonly Field[],
  row: readonly unknown[],
): ValueListNode {
  const { context } = beginSelect(backend, newQuery(model, backend.alias), OUTERMOST, subqueries);
  return ValueListNode.create(row.map((value, index) => assignedToNew(context, fields[index] as Field, value)));
}

function conflictNode(conflict: Conflict): OnConflictNode {
  if (conflict.action === "ignore") return { ...OnConflictNode.create(), doNothing: true };
  return {
    ...OnConflictNode.create(),
    columns: conflict.unique.map((field) => ColumnNode.create(field.column)),
    updates: conflict.fields.map((field) =>
      ColumnUpdateNode.create(ColumnNode.create(field.column), columnNode("excluded", field.column)),
    ),
  };
}
