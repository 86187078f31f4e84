import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { compileInsert, type InsertOptions } from "./insert.ts";
import { compileInsertOfLists, listsFor } from "./insert-lists.ts";
import { readsPlainly } from "./plan-cache.ts";

/** The SQL of inserts, by what is inserted and in how many rows. */
type Texts = Map<string, Pick<CompiledStatement, "sql" | "plainNumbers">>;

const MOST_TEXTS = 100;
/** Many rows make a long text; beyond this a text is not kept. */
const LONGEST_TEXT = 65_536;

/** Fewer rows than this go value by value. */
const FEW = 10;

const known = new WeakMap<Options, WeakMap<Backend, Texts>>();

function textsOf(options: Options, backend: Backend): Texts {
  let byBackend = known.get(options);
  if (byBackend === undefined) {
    byBackend = new WeakMap();
    known.set(options, byBackend);
  }
  let texts = byBackend.get(backend);
  if (texts === undefined) {
    texts = new Map();
    byBackend.set(backend, texts);
  }
  return texts;
}

/**
 * As `compileInsert` of rows without expressions: its parameters are their values, row by row, so that as many rows of the
 * same fields have the same SQL.
 */
export function planInsert(
  backend: Backend,
  options: Options,
  fields: readonly Field[],
  rows: readonly (readonly unknown[])[],
  insert: InsertOptions = {},
): CompiledStatement {
  if (fields.length === 0) return compileInsert(backend, options, fields, rows, insert);
  const texts = textsOf(options, backend);
  const lists = rows.length >= FEW ? listsFor(backend, fields, rows) : undefined;
  const key = keyOf(fields, lists === undefined ? rows.length : "lists", insert);
  const text = texts.get(key);
  if (text !== undefined) {
    return { sql: text.sql, parameters: lists ?? values(backend, fields, rows), plainNumbers: text.plainNumbers };
  }
  const compiled =
    lists === undefined
      ? compileInsert(backend, options, fields, rows, insert)
      : compileInsertOfLists(backend, options, fields, lists, insert);
  const statement = { ...compiled, plainNumbers: (insert.returning ?? []).every(readsPlainly) };
  if (statement.sql.length <= LONGEST_TEXT) {
    if (texts.size >= MOST_TEXTS) texts.delete(texts.keys().next().value as string);
    texts.set(key, { sql: statement.sql, plainNumbers: statement.plainNumbers });
  }
  return statement;
}

function keyOf(fields: readonly Field[], rows: number | "lists", { returning = [], conflict }: InsertOptions): string {
  const names = (some: readonly Field[]) => some.map((field) => field.name).join();
  const refused =
    conflict?.action === "update" ? `${names(conflict.fields)} by ${names(conflict.unique)}` : conflict?.action;
  return `${rows} ${names(fields)} gives ${names(returning)} or ${refused}`;
}

function values(backend: Backend, fields: readonly Field[], rows: readonly (readonly unknown[])[]): unknown[] {
  const parameters: unknown[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as readonly unknown[];
    for (let n = 0; n < fields.length; n++) parameters.push((fields[n] as Field).toSave(row[n], backend));
  }
  return parameters;
}
