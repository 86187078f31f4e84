import { ColumnNode, RawNode, ValueNode } from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { type InsertOptions, insertInto } from "./insert.ts";

/** The values of each column as one parameter; undefined where the database takes no lists of one of them. */
export function listsFor(
  backend: Backend,
  fields: readonly Field[],
  rows: readonly (readonly unknown[])[],
): unknown[] | undefined {
  const { lists } = backend.operations;
  if (lists === undefined || fields.some((field) => lists.typeOf(field) === undefined)) return undefined;
  const parameters: unknown[] = [];
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as Field;
    const values: unknown[] = [];
    for (let n = 0; n < rows.length; n++) {
      const value = field.toSave((rows[n] as readonly unknown[])[index], backend);
      // A field of the program's own may make anything of a value, such as a list, which would become several rows.
      if (typeof value === "object" && value !== null && !Buffer.isBuffer(value)) return undefined;
      values.push(value);
    }
    parameters.push(lists.encode(values));
  }
  return parameters;
}

/**
 * As `compileInsert`, with one parameter for each column: the list of its values. Any number of rows has the same short
 * SQL then, which the server plans once.
 */
export function compileInsertOfLists(
  backend: Backend,
  options: Options,
  fields: readonly Field[],
  lists: readonly unknown[],
  insert: InsertOptions = {},
): CompiledStatement {
  const casts = fields.map((field, index) => {
    const end = index < fields.length - 1 ? ", " : ")";
    return `::${backend.operations.lists?.typeOf(field)}${end}`;
  });
  return backend.compileQuery({
    ...insertInto(options, insert),
    columns: fields.map((field) => ColumnNode.create(field.column)),
    values: RawNode.create(["select * from unnest(", ...casts], lists.map(ValueNode.create)),
  });
}
