import { constraintName } from "./constraint-name.ts";
import type { MovedTable } from "./table-renames.ts";

/** A column as DDL needs it: names and types only, no field. */
export interface ColumnDefinition {
  readonly name: string;
  /** The SQL type, without constraints: `varchar(200)`. */
  readonly type: string;
  readonly null: boolean;
  readonly primaryKey: boolean;
  /** Numbered by the database. */
  readonly auto: boolean;
  /** The foreign key on this column. */
  readonly references?: { readonly name: string; readonly table: string; readonly column: string };
  /** Digits behind the point of a decimal that is stored as a scaled integer. */
  readonly scale?: number;
  /** The default that the database itself gives, as SQL. */
  readonly default?: string;
  /** The expression of a column that the database computes. */
  readonly generated?: { readonly sql: string; readonly stored: boolean };
  /** What the database keeps as the column's comment, where it can. */
  readonly comment?: string;
}

/** How PostgreSQL builds an index. */
export type IndexMethod = "btree" | "gin" | "gist" | "spgist" | "brin" | "hash";

/** All ways of building one. */
export const INDEX_METHODS: readonly IndexMethod[] = ["btree", "gin", "gist", "spgist", "brin", "hash"];

/** An index, unique or not. A unique column or constraint is a unique index on both databases. */
export interface IndexDefinition {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly descending: boolean;
    /** What compares its values in the index, where it is not what the type says: `gin_trgm_ops`. */
    readonly opclass?: string;
  }[];
  /** How it is built; undefined for a B-tree. */
  readonly method?: IndexMethod;
  readonly unique: boolean;
  /** The condition of a partial index, as SQL. */
  readonly where?: string;
}

/** A named check on a table. */
export interface CheckDefinition {
  readonly name: string;
  readonly sql: string;
}

/** A whole table. */
export interface TableDefinition {
  readonly name: string;
  /** What the database keeps as the table's comment, where it can. */
  readonly comment?: string;
  /** A key of several columns. */
  readonly primaryKey?: { readonly name: string; readonly columns: readonly string[] };
  readonly columns: readonly ColumnDefinition[];
  readonly indexes: readonly IndexDefinition[];
  readonly checks: readonly CheckDefinition[];
}

/** One table before and after; the editor works out the statements between. */
export interface TableChange {
  readonly from: TableDefinition;
  readonly to: TableDefinition;
  /** For each column of `to` that continues one of `from`: that column's name. Others are new. */
  readonly sources: ReadonlyMap<string, string>;
  /** SQL literals for rows that have no value: in a new column, or null in one that may not be null any more. */
  readonly fills: ReadonlyMap<string, string>;
  /** A table that this one refers to, and that was given other names just before. */
  readonly moved?: MovedTable;
}

/** Turns tables and changes of tables into statements. It executes nothing. */
export interface SchemaEditor {
  /** Whether most changes copy the whole table, so that the changes of one migration are better made at once. */
  readonly remakes: boolean;
  /** Run before and after the transaction of a migration, on its connection. */
  readonly around: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Run at last, whatever happened: the connection is as others expect it. */
  readonly restore: readonly string[];
  /** After rows were changed, so that tables can be altered in the same transaction. */
  readonly settle: readonly string[];
  /** Gives a row for each reference to a row that does not exist, where the database itself would not refuse it. */
  readonly brokenReferences?: string;
  createTable(table: TableDefinition): string[];
  dropTable(table: TableDefinition): string[];
  alterTable(change: TableChange): string[];
  /**
   * The same in an order of small steps that never lock a table for long, each a list of statements that belong
   * together; undefined where there is no such order.
   */
  alterOnline?(change: TableChange): string[][] | undefined;
}

/** An identifier as SQL takes it literally. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `CREATE INDEX …`. */
export function createIndex(table: string, index: IndexDefinition): string {
  const columns = index.columns.map(
    ({ name, descending, opclass }) =>
      quoteName(name) + (opclass === undefined ? "" : ` ${quoteName(opclass)}`) + (descending ? " DESC" : ""),
  );
  const using = index.method === undefined ? "" : ` USING ${index.method}`;
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  const create = index.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
  return `${create} ${quoteName(index.name)} ON ${quoteName(table)}${using} (${columns.join(", ")})${where}`;
}

/** `CREATE TABLE …` alone; `column` gives the type with what the database adds for automatic numbers. */
export function createTable(table: TableDefinition, column: (column: ColumnDefinition) => string): string {
  const parts = [
    ...table.columns.map((each) => columnClause(table.name, each, column(each))),
    ...(table.primaryKey ? [primaryKeyClause(table.primaryKey)] : []),
    ...table.checks.map(checkClause),
  ];
  return `CREATE TABLE ${quoteName(table.name)} (${parts.join(", ")})`;
}

/** A column as it stands in `CREATE TABLE` and `ADD COLUMN`. */
export function columnClause(table: string, column: ColumnDefinition, type: string, fill?: string): string {
  let clause = `${quoteName(column.name)} ${type}`;
  const given = fill ?? column.default;
  if (column.generated) {
    clause += ` GENERATED ALWAYS AS (${column.generated.sql}) ${column.generated.stored ? "STORED" : "VIRTUAL"}`;
  } else if (given !== undefined) clause += ` DEFAULT ${given}`;
  clause += column.null ? " NULL" : " NOT NULL";
  if (column.primaryKey && !/PRIMARY KEY/.test(type)) {
    clause += ` CONSTRAINT ${quoteName(primaryKeyName(table, column))} PRIMARY KEY`;
  }
  if (column.references) clause += ` ${referenceClause(column.references)}`;
  return clause;
}

/** The name of a primary key's constraint. */
export function primaryKeyName(table: string, column: ColumnDefinition): string {
  return constraintName(table, [column.name], "pk");
}

/** `CONSTRAINT … PRIMARY KEY (…)`. */
export function primaryKeyClause({ name, columns }: NonNullable<TableDefinition["primaryKey"]>): string {
  return `CONSTRAINT ${quoteName(name)} PRIMARY KEY (${columns.map(quoteName).join(", ")})`;
}

/** `CONSTRAINT … REFERENCES …`, checked when the transaction commits. */
export function referenceClause(reference: NonNullable<ColumnDefinition["references"]>): string {
  const { name, table, column } = reference;
  const target = `${quoteName(table)} (${quoteName(column)})`;
  return `CONSTRAINT ${quoteName(name)} REFERENCES ${target} DEFERRABLE INITIALLY DEFERRED`;
}

/** `CONSTRAINT … CHECK (…)`. */
export function checkClause(check: CheckDefinition): string {
  return `CONSTRAINT ${quoteName(check.name)} CHECK (${check.sql})`;
}

/** What stands in one list and not, or not the same, in the other; compared by name and content. */
export function differences<T extends { readonly name: string }>(
  from: readonly T[],
  to: readonly T[],
): { removed: T[]; added: T[] } {
  const missing = (list: readonly T[], other: readonly T[]) => {
    const contents = new Set(other.map((each) => JSON.stringify(each)));
    return list.filter((each) => !contents.has(JSON.stringify(each)));
  };
  return { removed: missing(from, to), added: missing(to, from) };
}
