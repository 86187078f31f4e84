import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import type { Options } from "../models/options.ts";
import { compileInsert, type InsertOptions } from "./insert.ts";

/** The SQL of inserts, by what is inserted and in how many rows. */
type Texts = Map<string, string>;

const MOST_TEXTS = 100;
/** Many rows make a long text; beyond this a text is not kept. */
const LONGEST_TEXT = 65_536;

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
  const { returning = [], conflict } = insert;
  const names = (some: readonly Field[]) => some.map((field) => field.name).join();
  const refused =
    conflict?.action === "update" ? `${names(conflict.fields)} by ${names(conflict.unique)}` : conflict?.action;
  const key = `${rows.length} ${names(fields)} gives ${names(returning)} or ${refused}`;
  const texts = textsOf(options, backend);
  const sql = texts.get(key);
  if (sql !== undefined) {
    const parameters: unknown[] = [];
    for (const row of rows) {
      for (let n = 0; n < fields.length; n++) parameters.push((fields[n] as Field).toSave(row[n], backend));
    }
    return { sql, parameters };
  }
  const statement = compileInsert(backend, options, fields, rows, insert);
  if (statement.sql.length <= LONGEST_TEXT) {
    if (texts.size >= MOST_TEXTS) texts.delete(texts.keys().next().value as string);
    texts.set(key, statement.sql);
  }
  return statement;
}
