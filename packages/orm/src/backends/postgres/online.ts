import {
  type ColumnDefinition,
  checkClause,
  columnClause,
  createIndex,
  differences,
  type IndexDefinition,
  quoteName,
  type TableChange,
} from "../base/schema-editor.ts";
import {
  afterRenaming,
  columnPairs,
  columnType,
  comments,
  foreignKeyClause,
  renaming,
  sameReference,
} from "./schema-editor.ts";

/** How many rows one batch of a fill changes. */
const BATCH = 5000;

/**
 * A change of one table in steps that never hold a lock for long: indexes are built concurrently, constraints added
 * without looking at the rows and validated afterwards, values put in by batches.
 * Source: https://www.postgresql.org/docs/18/sql-altertable.html, its notes on NOT VALID and SET NOT NULL
 */
export function alterOnline(change: TableChange): string[][] | undefined {
  const rest = afterRenaming(change);
  const { from, to, sources, fills } = rest;
  if (!isOnline(rest)) return undefined;
  const table = quoteName(to.name);
  const pairs = columnPairs(rest);
  const added = to.columns.filter((column) => !sources.has(column.name));
  const dropConstraint = (name: string) => [`ALTER TABLE ${table} DROP CONSTRAINT ${quoteName(name)}`];
  const renames = renaming(change);
  return [
    ...(renames.length > 0 ? [renames] : []),
    ...differences(from.indexes, to.indexes).removed.map(dropIndexConcurrently),
    ...differences(from.checks, to.checks).removed.map((check) => dropConstraint(check.name)),
    ...pairs.flatMap(([before, after]) =>
      before.references && !sameReference(before, after) ? [dropConstraint(before.references.name)] : [],
    ),
    ...from.columns
      .filter((column) => !sources.has(column.name))
      .map((column) => [`ALTER TABLE ${table} DROP COLUMN ${quoteName(column.name)} CASCADE`]),
    ...pairs.flatMap(([before, after]) => alterColumn(to.name, before, after, fills.get(after.name))),
    ...added.flatMap((column) => addColumn(to.name, column, fills.get(column.name))),
    ...pairs.flatMap(([before, after]) =>
      after.references && !sameReference(before, after) ? addReference(to.name, after) : [],
    ),
    ...differences(from.checks, to.checks).added.flatMap((check) =>
      addValidated(to.name, check.name, checkClause(check)),
    ),
    ...differences(from.indexes, to.indexes).added.map((index) => createIndexConcurrently(to.name, index)),
    ...comments(from, to).map((statement) => [statement]),
  ];
}

/** Whether there is a safe order: not for other types, keys and computed columns, which rewrite the table. */
function isOnline(change: TableChange): boolean {
  const { from, to, sources } = change;
  if (JSON.stringify(from.primaryKey) !== JSON.stringify(to.primaryKey)) return false;
  const kept = columnPairs(change).every(
    ([before, after]) =>
      before.type === after.type &&
      before.auto === after.auto &&
      before.primaryKey === after.primaryKey &&
      JSON.stringify(before.generated) === JSON.stringify(after.generated),
  );
  const added = to.columns.filter((column) => !sources.has(column.name));
  return kept && added.every((column) => !column.primaryKey && !column.auto && column.generated === undefined);
}

/** An index that others may go on writing beside; what is left of an attempt that was ended goes first. */
function createIndexConcurrently(table: string, index: IndexDefinition): string[] {
  const create = createIndex(table, index).replace("INDEX", "INDEX CONCURRENTLY");
  return [...dropIndexConcurrently(index), create];
}

/** Drops an index without waiting for those who use the table. */
function dropIndexConcurrently({ name }: Pick<IndexDefinition, "name">): string[] {
  // The lock that it waits for keeps nobody out.
  return ["SET lock_timeout = 0", `DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(name)}`];
}

/** A constraint that new rows obey at once, and that the old ones are looked at for without a lock against writers. */
function addValidated(table: string, name: string, clause: string): string[][] {
  const alter = `ALTER TABLE ${quoteName(table)}`;
  return [[`${alter} ADD ${clause} NOT VALID`], [`${alter} VALIDATE CONSTRAINT ${quoteName(name)}`]];
}

function addReference(table: string, column: ColumnDefinition): string[][] {
  return column.references ? addValidated(table, column.references.name, foreignKeyClause(column)) : [];
}

function addColumn(table: string, column: ColumnDefinition, fill?: string): string[][] {
  // A constant default costs nothing; a foreign key in the same statement would lock both tables.
  const { references: _references, ...plain } = column;
  const clause = columnClause(table, plain, columnType(column), fill);
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteName(column.name)}`;
  const undo = column.default === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${column.default}`;
  return [
    [
      `ALTER TABLE ${quoteName(table)} ADD COLUMN ${clause}`,
      ...(fill === undefined || fill === column.default ? [] : [undo]),
    ],
    ...addReference(table, column),
  ];
}

function alterColumn(table: string, before: ColumnDefinition, after: ColumnDefinition, fill?: string): string[][] {
  const column = quoteName(after.name);
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${column}`;
  return [
    ...(before.default !== undefined && after.default === undefined ? [[`${alter} DROP DEFAULT`]] : []),
    ...(after.default !== undefined && after.default !== before.default
      ? [[`${alter} SET DEFAULT ${after.default}`]]
      : []),
    ...(!before.null && after.null ? [[`${alter} DROP NOT NULL`]] : []),
    ...(before.null && !after.null ? setNotNull(table, after, fill) : []),
  ];
}

/** With a validated check PostgreSQL believes that there are no nulls, and does not look at all rows under the lock. */
function setNotNull(table: string, { name }: ColumnDefinition, fill?: string): string[][] {
  const [quoted, column] = [quoteName(table), quoteName(name)];
  const check = `tsjango_not_null_${name}`.slice(0, 60);
  return [
    [`ALTER TABLE ${quoted} ADD CONSTRAINT ${quoteName(check)} CHECK (${column} IS NOT NULL) NOT VALID`],
    ...(fill === undefined ? [] : [[fillInBatches(quoted, column, fill)]]),
    [`ALTER TABLE ${quoted} VALIDATE CONSTRAINT ${quoteName(check)}`],
    [
      `ALTER TABLE ${quoted} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${quoted} DROP CONSTRAINT ${quoteName(check)}`,
    ],
  ];
}

function fillInBatches(table: string, column: string, fill: string): string {
  return `DO $tsjango$ DECLARE changed integer; BEGIN LOOP
  UPDATE ${table} SET ${column} = ${fill}
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${column} IS NULL LIMIT ${BATCH}));
  GET DIAGNOSTICS changed = ROW_COUNT;
  EXIT WHEN changed = 0;
  COMMIT;
END LOOP; END $tsjango$`;
}
