import { join } from "node:path";
import { defineApp, setup } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import orm from "../../src/app.ts";
import { connections } from "../../src/connections.ts";
import * as migrations from "../../src/migrations/index.ts";
import { fields, type Migration, migrateAll } from "../../src/migrations/index.ts";
import { writeMigration, writeMigrationSource } from "../../src/migrations/writer.ts";
import { describeDatabases } from "../migrations/all-databases.ts";
import { actualTables } from "../migrations/databases.ts";
import { projectDirectory } from "../migrations/project.ts";
import { use } from "../support/use.ts";

const { addIndex, alterField, createModel, migration } = migrations;

/** What the app's migrations make of a database. */
async function migrated(url: string, written: readonly Migration[]) {
  const project = use(projectDirectory());
  const blog = defineApp({ name: "blog", path: join(project.path, "blog"), models: async (): Promise<object> => ({}) });
  for (const [index, each] of written.entries()) {
    writeMigration(join(blog.path, "migrations"), { ...each, app: "blog", name: `000${index + 1}_step` });
  }
  const settings = settingsDefiner([orm])({
    baseDir: project.path,
    secretKey: "for tests",
    installedApps: [blog],
    databases: { default: { url } },
  });
  await setup(settings);
  await migrateAll();
  return connections.get();
}

const first = migration({
  initial: true,
  operations: [
    createModel("Post", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        tags: fields.array(fields.char({ maxLength: 20 }), { dbDefault: ["a", 'b"'], size: 5 }),
        board: fields.array(fields.array(fields.integer()), { null: true }),
        words: fields.searchVector({ null: true }),
      },
    }),
    addIndex("Post", { name: "post_tags", fields: ["tags"], using: "gin" }),
  ],
});

test("arrays are written into migrations as in models", () => {
  const source = writeMigrationSource(first);
  expect(source).toContain(
    'tags: fields.array(fields.char({ maxLength: 20 }), { dbDefault: ["a", "b\\""], size: 5 }),',
  );
  expect(source).toContain("board: fields.array(fields.array(fields.integer()), { null: true }),");
  expect(source).toContain('addIndex("Post", { name: "post_tags", fields: ["tags"], using: "gin" }),');
});

test("extensions are installed under their names", async () => {
  const { trigramExtension, unaccentExtension, btreeGinExtension, btreeGistExtension, cryptoExtension } = migrations;
  const operations = [trigramExtension, unaccentExtension, btreeGinExtension, btreeGistExtension, cryptoExtension].map(
    (make) => make(),
  );
  const statements: string[] = [];
  const on = (vendor: "sqlite" | "postgres") =>
    ({ vendor, execute: async (sql: string) => void statements.push(sql) }) as unknown as migrations.OperationContext;
  for (const operation of operations) await operation.forwards(on("postgres"));
  await operations[0]!.backwards?.(on("postgres"));
  await operations[0]!.forwards(on("sqlite"));
  expect(statements).toEqual([
    ...["pg_trgm", "unaccent", "btree_gin", "btree_gist", "pgcrypto"].map(
      (name) => `CREATE EXTENSION IF NOT EXISTS "${name}"`,
    ),
    'DROP EXTENSION IF EXISTS "pg_trgm"',
  ]);
  expect(operations.map(({ nameFragment }) => nameFragment)).toEqual([
    "pg_trgm",
    "unaccent",
    "btree_gin",
    "btree_gist",
    "pgcrypto",
  ]);
  const source = writeMigrationSource(migration({ operations: [trigramExtension(), unaccentExtension()] }));
  expect(source).toContain("import { migration, trigramExtension, unaccentExtension } from");
  expect(source).toContain("trigramExtension(),");
});

describeDatabases("migrations of arrays", ({ vendor, open }) => {
  if (vendor === "sqlite") {
    test("are refused, naming the field and the database that has them", async () => {
      const database = use(await open());
      await expect(migrated(database.url, [first])).rejects.toThrow(
        "tags is of the kind array, which PostgreSQL alone has: SQLite has no column for it.",
      );
      await connections.closeAll();
    });
    return;
  }
  test("make and change columns, and their rows stay", async () => {
    const database = use(await open());
    const second = migration({
      dependencies: [["blog", "0001_step"]],
      operations: [
        alterField("Post", "tags", fields.array(fields.text(), { default: [] })),
        alterField("Post", "board", fields.array(fields.array(fields.bigInteger()), { null: true })),
      ],
    });
    const backend = await migrated(database.url, [first]);
    await backend.execute("INSERT INTO blog_post (board) VALUES ('{{1,2}}')");
    await connections.closeAll();
    const again = await migrated(database.url, [first, second]);
    const { rows } = await again.execute(
      "SELECT tags, board, pg_typeof(tags)::text, pg_typeof(board)::text FROM blog_post",
    );
    expect(rows).toEqual([['{a,"b\\""}', "{{1,2}}", "text[]", "bigint[]"]]);
    const [post] = await actualTables(again);
    expect(post).toMatchObject({ name: "blog_post", indexes: [{ name: "post_tags" }] });
    await connections.closeAll();
  });
});
