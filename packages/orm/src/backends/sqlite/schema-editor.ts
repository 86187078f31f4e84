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
import { renamedTable } from "../base/table-renames.ts";

/** Statements for SQLite. What its `ALTER TABLE` cannot do is done by remaking the table, with every row kept. */
export const sqliteSchemaEditor: SchemaEditor = {
  remakes: true,
  // Dropping a table that others refer to would delete their rows; inside a transaction the pragma does nothing.
  around: { before: ["PRAGMA foreign_keys = OFF"], after: ["PRAGMA foreign_keys = ON"] },
  restore: ["PRAGMA legacy_alter_table = OFF"],
  settle: [],
  brokenReferences: "PRAGMA foreign_key_check",
  createTable(table) {
    return [createTable(table, columnType), ...table.indexes.map((index) => createIndex(table.name, index))];
  },
  dropTable(table) {
    return [`DROP TABLE ${quoteName(table.name)}`];
  },
  alterTable(change) {
    const names = new Map([...change.sources.keys()].map((name) => [name, name]));
    const rest = { ...change, from: renamedTable(change), sources: names };
    return [...renaming(change), ...(canAlter(rest) ? alter(rest) : remake(rest))];
  },
};

/** Native renames: foreign keys of other tables, triggers and views follow. */
function renaming({ from, to, sources }: TableChange): string[] {
  const table = quoteName(to.name);
  return [
    ...(from.name === to.name ? [] : [`ALTER TABLE ${quoteName(from.name)} RENAME TO ${table}`]),
    ...[...sources]
      .filter(([now, before]) => now !== before)
      .map(([now, before]) => `ALTER TABLE ${table} RENAME COLUMN ${quoteName(before)} TO ${quoteName(now)}`),
  ];
}

function columnType(column: ColumnDefinition): string {
  return column.auto ? "integer PRIMARY KEY AUTOINCREMENT" : column.type;
}

/** Whether the change is only of indexes and of new columns that SQLite can give every row. */
function canAlter({ from, to, sources, fills }: TableChange): boolean {
  if (JSON.stringify([from.checks, from.primaryKey]) !== JSON.stringify([to.checks, to.primaryKey])) return false;
  const kept = to.columns.filter((column) => sources.has(column.name));
  if (contentOf(kept) !== contentOf(from.columns)) return false;
  const added = to.columns.filter((column) => !sources.has(column.name));
  return added.every(
    (column) =>
      !column.primaryKey &&
      !fills.has(column.name) &&
      column.generated?.stored !== true &&
      (column.default === undefined
        ? column.null || column.generated !== undefined
        : isConstant(column.default) && column.references === undefined),
  );
}

/** What of columns stands in the database; neither the names of foreign keys nor comments can be asked for there. */
function contentOf(columns: readonly ColumnDefinition[]): string {
  return JSON.stringify(
    columns.map(({ comment: _comment, references, ...rest }) => ({
      ...rest,
      references: references && [references.table, references.column],
    })),
  );
}

/** `ADD COLUMN` takes no expression as a default. */
function isConstant(sql: string): boolean {
  return /^(-?[\d.]+|'(?:[^']|'')*'|NULL)$/i.test(sql);
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
function remake(change: TableChange): string[] {
  const { from, to, sources, fills } = change;
  const temporary = `new__${to.name}`;
  const copied = to.columns.filter(
    (column) => column.generated === undefined && (sources.has(column.name) || fills.has(column.name)),
  );
  const values = copied.map((column) => sourceOf(column, change));
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
    // Otherwise views and triggers that speak of the table, which is gone at this moment, make the renaming fail.
    "PRAGMA legacy_alter_table = ON",
    `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quoteName(to.name)}`,
    "PRAGMA legacy_alter_table = OFF",
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
