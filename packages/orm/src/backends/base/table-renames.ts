import type { ColumnDefinition, IndexDefinition, TableChange, TableDefinition } from "./schema-editor.ts";

/** A table that another's foreign keys point to, and that has got other names. */
export interface MovedTable {
  readonly from: string;
  readonly to: string;
  /** Column names before → after; only those that changed. */
  readonly columns: ReadonlyMap<string, string>;
}

/** What is renamed in a change: the table, and columns that go on under another name. */
export function movedTable({ from, to, sources }: Pick<TableChange, "from" | "to" | "sources">): MovedTable {
  const columns = [...sources].flatMap(([now, before]) => (now === before ? [] : [[before, now] as const]));
  return { from: from.name, to: to.name, columns: new Map(columns) };
}

/** The table as it is when only its names have been changed, and those of the tables it refers to. */
export function renamedTable(change: TableChange): TableDefinition {
  const own = movedTable(change);
  const moves = [own, ...(change.moved ? [change.moved] : [])];
  const column = (name: string) => own.columns.get(name) ?? name;
  const text = (sql: string) => withIdentifiers(sql, column);
  return {
    ...change.from,
    name: own.to,
    columns: change.from.columns.map((each) => ({
      ...each,
      name: column(each.name),
      ...(each.references && { references: movedReference(each.references, moves) }),
      ...(each.generated && { generated: { ...each.generated, sql: text(each.generated.sql) } }),
    })),
    ...(change.from.primaryKey && {
      primaryKey: { ...change.from.primaryKey, columns: change.from.primaryKey.columns.map(column) },
    }),
    indexes: change.from.indexes.map((index) => ({
      ...index,
      columns: index.columns.map((each) => ({ ...each, name: column(each.name) })),
      ...(index.where !== undefined && { where: text(index.where) }),
    })),
    checks: change.from.checks.map((check) => ({ ...check, sql: text(check.sql) })),
  };
}

type Reference = NonNullable<ColumnDefinition["references"]>;

function movedReference(reference: Reference, moves: readonly MovedTable[]): Reference {
  const move = moves.find((each) => each.from === reference.table);
  if (move === undefined) return reference;
  return { ...reference, table: move.to, column: move.columns.get(reference.column) ?? reference.column };
}

/** SQL with its quoted identifiers given other names; what stands in quoted texts stays. */
function withIdentifiers(sql: string, rename: (name: string) => string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|"((?:[^"]|"")*)"/g, (whole, name: string | undefined) =>
    name === undefined ? whole : `"${rename(name.replaceAll('""', '"')).replaceAll('"', '""')}"`,
  );
}

/** Names that change while the thing stays: indexes or checks of the same content. */
export function renamedItems<T extends Pick<IndexDefinition, "name">>(
  from: readonly T[],
  to: readonly T[],
): [before: T, after: T][] {
  const content = ({ name: _name, ...rest }: T) => JSON.stringify(rest);
  const names = new Set(from.map((each) => each.name));
  const free = from.filter((each) => !to.some((other) => other.name === each.name));
  return to.flatMap((after): [T, T][] => {
    if (names.has(after.name)) return [];
    const index = free.findIndex((each) => content(each) === content(after));
    return index < 0 ? [] : [[free.splice(index, 1)[0] as T, after]];
  });
}
