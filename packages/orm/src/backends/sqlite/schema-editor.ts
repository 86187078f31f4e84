import {
  type ColumnDefinition,
  columnClause,
  createIndex,
  createTable,
  differences,
  quoteName,
  type SchemaEditor,
  type TableChange,
} from "../base/schema-editor.ts";

/** Statements for SQLite. What its `ALTER TABLE` cannot do is done by remaking the table, with every row kept. */
export const sqliteSchemaEditor: SchemaEditor = {
  // Dropping a table that others refer to would delete their rows; inside a transaction the pragma does nothing.
  around: { before: ["PRAGMA foreign_keys = OFF"], after: ["PRAGMA foreign_keys = ON"] },
  // The transaction is the lock: it begins as a writing one.
  lock: [],
  settle: [],
  brokenReferences: "PRAGMA foreign_key_check",
  createTable(table) {
    return [createTable(table, columnType), ...table.indexes.map((index) => createIndex(table.name, index))];
  },
  dropTable(table) {
    return [`DROP TABLE ${quoteName(table.name)}`];
  },
  alterTable(change) {
    const { from, to } = change;
    if (from.name !== to.name) {
      // Renaming natively lets the foreign keys of other tables follow.
      const rename = `ALTER TABLE ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`;
      return [rename, ...sqliteSchemaEditor.alterTable({ ...change, from: { ...from, name: to.name } })];
    }
    return canAlter(change) ? alter(change) : remake(change);
  },
};

function columnType(column: ColumnDefinition): string {
  return column.auto ? "integer PRIMARY KEY AUTOINCREMENT" : column.type;
}

/** Whether the change is only of indexes and of new columns that are null in every row. */
function canAlter({ from, to, sources, fills }: TableChange): boolean {
  if (JSON.stringify(from.checks) !== JSON.stringify(to.checks)) return false;
  const kept = to.columns.filter((column) => sources.has(column.name));
  if (JSON.stringify(kept) !== JSON.stringify(from.columns)) return false;
  const added = to.columns.filter((column) => !sources.has(column.name));
  return added.every((column) => column.null && !column.primaryKey && !fills.has(column.name));
}

function alter({ from, to, sources }: TableChange): string[] {
  const table = quoteName(to.name);
  const indexes = differences(from.indexes, to.indexes);
  const added = to.columns.filter((column) => !sources.has(column.name));
  return [
    ...indexes.removed.map((index) => `DROP INDEX ${quoteName(index.name)}`),
    ...added.map((column) => `ALTER TABLE ${table} ADD COLUMN ${columnClause(to.name, column, columnType(column))}`),
    ...indexes.added.map((index) => createIndex(to.name, index)),
  ];
}

/**
 * A new table, the rows copied column by column, the old one dropped, the new one renamed. Foreign keys must be off.
 * Source: https://www.sqlite.org/lang_altertable.html#otheralter
 */
function remake({ from, to, sources, fills }: TableChange): string[] {
  const temporary = `new__${to.name}`;
  const copied = to.columns.filter((column) => sources.has(column.name) || fills.has(column.name));
  const values = copied.map((column) => sourceOf(column, { from, to, sources, fills }));
  const names = copied.map((column) => quoteName(column.name));
  const copy =
    copied.length === 0
      ? []
      : [
          `INSERT INTO ${quoteName(temporary)} (${names.join(", ")}) ` +
            `SELECT ${values.join(", ")} FROM ${quoteName(from.name)}`,
        ];
  return [
    createTable({ ...to, name: temporary }, columnType),
    ...copy,
    ...keepSequence({ from, to }, temporary),
    `DROP TABLE ${quoteName(from.name)}`,
    `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quoteName(to.name)}`,
    ...to.indexes.map((index) => createIndex(to.name, index)),
  ];
}

/** Numbers once given to rows are not given again after a remake. */
function keepSequence({ from, to }: Pick<TableChange, "from" | "to">, temporary: string): string[] {
  if (!from.columns.some((column) => column.auto) || !to.columns.some((column) => column.auto)) return [];
  const [old, next] = [quoteLiteral(from.name), quoteLiteral(temporary)];
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${next}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${next}, seq FROM sqlite_sequence WHERE name = ${old}`,
  ];
}

function sourceOf(column: ColumnDefinition, { from, sources, fills }: TableChange): string {
  const fill = fills.get(column.name);
  const before = from.columns.find((each) => each.name === sources.get(column.name));
  if (before === undefined) return fill ?? "NULL";
  const value = rescale(before, column);
  return fill === undefined ? value : `coalesce(${value}, ${fill})`;
}

/** Decimals are integers in units of their last digit, so another number of digits means other integers. */
function rescale(from: ColumnDefinition, to: ColumnDefinition): string {
  const name = quoteName(from.name);
  const difference = (to.scale ?? 0) - (from.scale ?? 0);
  if (difference === 0) return name;
  if (difference > 0) return `cast(round(${name} * 1e${difference}) AS integer)`;
  const divided = `${name} / 1e${-difference}`;
  return to.scale === undefined && !/int/i.test(to.type) ? divided : `cast(round(${divided}) AS integer)`;
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
