import { describe, expect, test } from "vitest";
import type { ColumnDefinition, TableDefinition } from "../../../src/backends/base/schema-editor.ts";
import { sqliteSchemaEditor } from "../../../src/backends/sqlite/schema-editor.ts";

const id: ColumnDefinition = { name: "id", type: "integer", null: false, primaryKey: true, auto: true };
const column = (name: string, more: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name,
  type: "text",
  null: false,
  primaryKey: false,
  auto: false,
  ...more,
});
const table = (columns: readonly ColumnDefinition[], more: Partial<TableDefinition> = {}): TableDefinition => ({
  name: "t",
  columns: [id, ...columns],
  indexes: [],
  checks: [],
  ...more,
});
const index = { name: "i", columns: [{ name: "a", descending: true }], unique: true, where: '"a" > 1' };

function alter(from: TableDefinition, to: TableDefinition, fills: Record<string, string> = {}): string[] {
  const names = new Set(from.columns.map((each) => each.name));
  const sources = new Map(to.columns.filter(({ name }) => names.has(name)).map(({ name }) => [name, name]));
  return sqliteSchemaEditor.alterTable({ from, to, sources, fills: new Map(Object.entries(fills)) });
}

describe("sqliteSchemaEditor", () => {
  test("adds a column that may be null, and indexes, without remaking the table", () => {
    const references = { name: "fk", table: "o", column: "id" };
    const to = table([column("a"), column("b", { null: true, references })], { indexes: [index] });
    expect(alter(table([column("a")]), to)).toEqual([
      'ALTER TABLE "t" ADD COLUMN "b" text NULL CONSTRAINT "fk" REFERENCES "o" ("id") DEFERRABLE INITIALLY DEFERRED',
      'CREATE UNIQUE INDEX "i" ON "t" ("a" DESC) WHERE "a" > 1',
    ]);
    expect(alter(table([column("a")], { indexes: [index] }), table([column("a")]))).toEqual(['DROP INDEX "i"']);
  });

  test("remakes the table for anything else, copying each column by name", () => {
    const from = table([column("a"), column("gone")], { indexes: [index] });
    const to = table([column("a", { type: "integer" }), column("b")], {
      indexes: [index],
      checks: [{ name: "c", sql: '"a" > 0' }],
    });
    expect(alter(from, to, { b: "'x'" })).toEqual([
      'CREATE TABLE "new__t" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "a" integer NOT NULL, "b" text NOT NULL, ' +
        'CONSTRAINT "c" CHECK ("a" > 0))',
      'INSERT INTO "new__t" ("id", "a", "b") SELECT "id", "a", \'x\' FROM "t"',
      "DELETE FROM sqlite_sequence WHERE name = 'new__t'",
      "INSERT INTO sqlite_sequence (name, seq) SELECT 'new__t', seq FROM sqlite_sequence WHERE name = 't'",
      'DROP TABLE "t"',
      "PRAGMA legacy_alter_table = ON",
      'ALTER TABLE "new__t" RENAME TO "t"',
      "PRAGMA legacy_alter_table = OFF",
      'CREATE UNIQUE INDEX "i" ON "t" ("a" DESC) WHERE "a" > 1',
    ]);
  });

  test("fills only what is null when a column may not be null any more", () => {
    const [, copy] = alter(table([column("a", { null: true })]), table([column("a")]), { a: "'x'" });
    expect(copy).toBe('INSERT INTO "new__t" ("id", "a") SELECT "id", coalesce("a", \'x\') FROM "t"');
  });

  test("quotes names, so that none can end its quotes", () => {
    expect(sqliteSchemaEditor.dropTable(table([], { name: 'a"b' }))).toEqual(['DROP TABLE "a""b"']);
  });
});
