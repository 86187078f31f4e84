import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apps } from "@tsjango/kernel/apps";
import { UsageError } from "@tsjango/kernel/exceptions";
import { describe, expect, test } from "vitest";
import makemigrations from "../../src/commands/makemigrations.ts";
import migrate from "../../src/commands/migrate.ts";
import showmigrations from "../../src/commands/showmigrations.ts";
import sqlmigrate from "../../src/commands/sqlmigrate.ts";
import { startupNotices } from "../../src/commands/startup-notices.ts";
import { connections } from "../../src/connections.ts";
import { MigrationError } from "../../src/exceptions.ts";
import { ConditionBuilder } from "../../src/expressions/condition.ts";
import { DateTimeField } from "../../src/fields/dates.ts";
import { AutoField, DecimalField, IntegerField } from "../../src/fields/numbers.ts";
import { ForeignKey } from "../../src/fields/relations.ts";
import { CharField, UuidField } from "../../src/fields/text.ts";
import { migrateAll, pendingMigrations } from "../../src/migrations/index.ts";
import { currentModels } from "../../src/migrations/models-state.ts";
import type { ModelType } from "../../src/models/options.ts";
import { actualTables, expectedTables } from "../migrations/databases.ts";
import { use } from "../support/use.ts";
import { preparedModel, TestProject } from "./project.ts";

const id = () => new AutoField({ primaryKey: true });
const author = () => preparedModel("blog.Author", { id: id(), name: new CharField({ maxLength: 100 }) });

function blog(more: Parameters<typeof preparedModel>[1] = {}): readonly ModelType[] {
  const Author = author();
  const Book = preparedModel(
    "blog.Book",
    {
      id: id(),
      title: new CharField({ maxLength: 200, verboseName: "the title" }),
      author: new ForeignKey(Author, { onDelete: "cascade" }),
      price: new DecimalField({ maxDigits: 8, decimalPlaces: 2, default: "0" }),
      token: new UuidField({ default: () => "0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69" }),
      created: new DateTimeField({ autoNowAdd: true }),
      ...more,
    },
    {
      indexes: [{ fields: ["author", "-created"] }],
      constraints: [
        {
          name: "price_not_negative",
          check: new ConditionBuilder({ kind: "lookups", lookups: [["price__gte", "0"]] }),
        },
      ],
    },
  );
  // The other way round than they must be made.
  return [Book, Author];
}

const migrationsOf = (project: TestProject, app: string) => readdirSync(join(project.path, app, "migrations"));

test("from models to tables: made, written, shown, applied; then there is nothing to do", async () => {
  const project = use(new TestProject());
  await project.use({ blog: blog() });
  const made = await project.run(makemigrations);
  expect(made).toEqual({
    code: 0,
    out: [
      "Migrations for blog:",
      "  blog/migrations/0001_initial.ts",
      "    + Create model Author",
      "    + Create model Book",
      "Apply it with: tsjango migrate",
    ].join("\n"),
    err: "",
  });
  expect(readFileSync(join(project.path, "blog/migrations/0001_initial.ts"), "utf8")).toMatch(
    /token: fields\.uuid\(\),\n {8}created: fields\.dateTime\(\{ autoNowAdd: true \}\)/,
  );
  expect(await pendingMigrations()).toEqual(["blog.0001_initial"]);
  expect((await project.run(showmigrations)).out).toBe("blog\n [ ] 0001_initial");
  expect((await project.run(migrate, [], { plan: true })).out).toBe(
    "blog.0001_initial\n    Create model Author\n    Create model Book",
  );
  const applied = await project.run(migrate);
  expect(applied.out).toMatch(/^Applying blog\.0001_initial … OK \(\d+ ms\)$/);
  expect(applied.err).toBe("");

  const backend = connections.get();
  expect(await actualTables(backend)).toEqual(expectedTables(currentModels(apps).state, backend));
  expect((await project.run(showmigrations, ["blog"])).out).toBe("blog\n [X] 0001_initial");
  expect((await project.run(migrate)).out).toBe("No migrations to apply.");
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
  expect((await project.run(makemigrations, [], { check: true })).code).toBe(0);
  expect(await pendingMigrations()).toEqual([]);

  const back = await project.run(migrate, ["blog", "zero"]);
  expect(back.out).toMatch(/^Unapplying blog\.0001_initial … OK/);
  expect(await actualTables(backend)).toEqual([]);
});

test("options that neither the database nor its rows depend on make no migration", async () => {
  const project = use(new TestProject());
  const field = (options: object) => ({ state: new CharField({ maxLength: 9, ...options }) });
  await project.use({ blog: blog(field({ choices: ["a"], helpText: "old", blank: true })) });
  await project.run(makemigrations);
  await project.use({ blog: blog(field({ choices: ["a", "b"], helpText: "new", verboseName: "State" })) });
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
});

test("a new field without a value for existing rows: exit 2 with the ways out, then --default", async () => {
  const project = use(new TestProject());
  await project.use({ blog: blog() });
  await project.run(makemigrations);
  await project.run(migrate);
  await connections.get().execute("INSERT INTO blog_author (name) VALUES ('Jane')");
  await connections
    .get()
    .execute(
      "INSERT INTO blog_book (title, author_id, price, token, created) VALUES ('Emma', 1, 950, 't', '2026-01-01')",
    );

  await project.use({ blog: blog({ pages: new IntegerField() }) });
  const hinted = await project.run(migrate);
  expect(hinted.out).toBe("No migrations to apply.");
  expect(hinted.err).toBe("The models of blog have changes that no migration has yet. Run: tsjango makemigrations");

  await expect(project.run(makemigrations)).rejects.toThrow(/--default blog\.Book\.pages=0/);
  await expect(project.run(makemigrations)).rejects.toMatchObject({ exitCode: 2 });
  expect(migrationsOf(project, "blog")).toEqual(["0001_initial.ts"]);

  const made = await project.run(makemigrations, [], { default: "blog.Book.pages=7" });
  expect(made.out).toContain("0002_book_pages.ts\n    + Add field pages to Book");
  await project.run(migrate);
  const { rows } = await connections.get().execute("SELECT title, pages FROM blog_book");
  expect(rows.map((row) => row.map(String))).toEqual([["Emma", "7"]]);
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
});

test("a default that is a function gives existing rows its result", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  const keyed = preparedModel("blog.Author", {
    id: id(),
    name: new CharField({ maxLength: 100 }),
    key: new CharField({ maxLength: 9, default: () => "made" }),
  });
  await project.use({ blog: [keyed] });
  await project.run(makemigrations);
  const file = readFileSync(join(project.path, "blog/migrations/0002_author_key.ts"), "utf8");
  expect(file).toContain('addField("Author", "key", fields.char({ maxLength: 9 }), { fill: "made" })');
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
});

test("a name that PostgreSQL would cut off is refused", async () => {
  const project = use(new TestProject());
  const name = "n".repeat(64);
  await project.use({ blog: [preparedModel("blog.Author", { id: id() }, { indexes: [{ name, fields: ["id"] }] })] });
  await expect(project.run(makemigrations)).rejects.toThrow(
    /blog\.Author: the name "n{64}" has 64 bytes; PostgreSQL keeps 63/,
  );
});

const writer = (field = "name") =>
  preparedModel("blog.Author", { id: id(), [field]: new CharField({ maxLength: 100, default: "" }) });

describe("a field that looks renamed", () => {
  async function projectWithRename(): Promise<TestProject> {
    const project = use(new TestProject());
    await project.use({ blog: [writer()] });
    await project.run(makemigrations);
    await project.run(migrate);
    await connections.get().execute("INSERT INTO blog_author (name) VALUES ('Jane')");
    await project.use({ blog: [writer("fullName")] });
    return project;
  }

  test("is a question, which without an answer exits 2 naming both flags", async () => {
    const project = await projectWithRename();
    const failing = project.run(makemigrations);
    await expect(failing).rejects.toMatchObject({ exitCode: 2 });
    await expect(failing).rejects.toThrow(
      "blog.Author.name is gone, and fullName is new and looks like it. Was it renamed? Say so with " +
        "--rename blog.Author.name:fullName (what is stored is kept), or --removed blog.Author.name (it is deleted).",
    );
    expect(migrationsOf(project, "blog")).toEqual(["0001_initial.ts"]);
    expect((await project.run(makemigrations, [], { check: true })).code).toBe(1);
  });

  test("keeps its values with --rename, and makes nothing again", async () => {
    const project = await projectWithRename();
    const made = await project.run(makemigrations, [], { rename: "blog.Author.name:fullName" });
    expect(made.out).toContain("0002_rename_name_author_fullname.ts\n    + Rename field name of Author to fullName");
    expect(made.err).toBe("");
    await project.run(migrate);
    const { rows } = await connections.get().execute("SELECT full_name FROM blog_author");
    expect(rows).toEqual([["Jane"]]);
    expect((await project.run(makemigrations)).out).toBe("No changes detected.");
    await project.run(migrate, ["blog", "0001"]);
    expect((await connections.get().execute("SELECT name FROM blog_author")).rows).toEqual([["Jane"]]);
  });

  test("is removed with --removed, with a warning", async () => {
    const project = await projectWithRename();
    const made = await project.run(makemigrations, [], { removed: "blog.Author.name" });
    expect(made.out).toContain("- Remove field name from Author\n    + Add field fullName to Author");
    expect(made.err).toBe(
      "Warning: blog.0002_remove_author_name_author_fullname: Remove field name from Author: deletes what is stored there, " +
        "and code that still runs fails on it. First release the code without it; " +
        "drop it with a migration of the release after.",
    );
  });

  test("takes its answer from a file", async () => {
    const project = await projectWithRename();
    const file = join(project.path, "answers.json");
    writeFileSync(file, JSON.stringify({ renames: { "blog.Author.name": "fullName" } }));
    expect((await project.run(makemigrations, [], { answers: "answers.json" })).out).toContain("Rename field name");
    writeFileSync(file, JSON.stringify({ rename: {} }));
    await expect(project.run(makemigrations, [], { answers: "answers.json" })).rejects.toThrow(
      /--answers .*answers\.json is not right: .*rename/s,
    );
  });

  test("is refused where the names do not fit, with the nearest", async () => {
    const project = await projectWithRename();
    await expect(project.run(makemigrations, [], { rename: "blog.Author.name:fulName" })).rejects.toThrow(
      '--rename blog.Author.name:fulName: there is no new field fulName. Did you mean "fullName"? New are: fullName.',
    );
    await expect(
      project.run(makemigrations, [], { rename: "blog.Author.nam:fullName", removed: "blog.Author.name" }),
    ).rejects.toThrow(
      '--rename blog.Author.nam:fullName: no migration has blog.Author.nam that the models do not. Did you mean "blog.Author.name"?',
    );
    await expect(project.run(makemigrations, [], { rename: "name:fullName" })).rejects.toThrow(
      'such as blog.Book.title:name; found "name:fullName"',
    );
  });
});

test("a renamed model keeps its rows, and what refers to it follows, in other apps too", async () => {
  const project = use(new TestProject());
  const shop = (target: ModelType) =>
    preparedModel("shop.Order", { id: id(), author: new ForeignKey(target, { onDelete: "cascade" }) });
  const before = author();
  await project.use({ blog: [before], shop: [shop(before)] });
  await project.run(makemigrations);
  await project.run(migrate);
  await connections.get().execute("INSERT INTO blog_author (name) VALUES ('Jane')");
  await connections.get().execute("INSERT INTO shop_order (author_id) VALUES (1)");
  const after = preparedModel("blog.Writer", { id: id(), name: new CharField({ maxLength: 100 }) });
  await project.use({ blog: [after], shop: [shop(after)] });
  const made = await project.run(makemigrations, [], { rename: "blog.Author:Writer" });
  expect(made.out).toMatch(
    /^Migrations for blog:\n.*0002_rename_author_writer\.ts\n {4}\+ Rename model Author to Writer\nApply it/,
  );
  const file = readFileSync(join(project.path, "blog/migrations/0002_rename_author_writer.ts"), "utf8");
  // What speaks of the model by its old name comes before.
  expect(file).toContain('["shop", "0001_initial"]');
  await project.run(migrate);
  const backend = connections.get();
  expect(await actualTables(backend)).toEqual(expectedTables(currentModels(apps).state, backend));
  expect(
    (await backend.execute("SELECT name FROM blog_writer JOIN shop_order ON author_id = blog_writer.id")).rows,
  ).toEqual([["Jane"]]);
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
});

test("--check and --dry-run write nothing; --check exits 1 when there are changes", async () => {
  const project = use(new TestProject());
  await project.use({ blog: blog() });
  expect((await project.run(makemigrations, [], { check: true })).code).toBe(1);
  const dry = await project.run(makemigrations, [], { dryRun: true });
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("+ Create model Book") });
  expect(existsSync(join(project.path, "blog/migrations"))).toBe(false);
});

test("--name names the file, --empty makes one to fill by hand", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations, [], { name: "start" });
  await project.run(makemigrations, ["blog"], { empty: true, name: "fix_names" });
  expect(migrationsOf(project, "blog")).toEqual(["0001_start.ts", "0002_fix_names.ts"]);
  expect(readFileSync(join(project.path, "blog/migrations/0002_fix_names.ts"), "utf8")).toBe(
    'import { migration } from "tsjango/db/migrations";\n\nexport default migration({\n' +
      '  dependencies: [["blog", "0001_start"]],\n  operations: [],\n});\n',
  );
  await expect(project.run(makemigrations, [], { empty: true })).rejects.toThrow(UsageError);
  await expect(project.run(makemigrations, [], { name: "../x" })).rejects.toThrow(/--name takes letters/);
});

test("makes only the named apps' migrations, and those they depend on", async () => {
  const project = use(new TestProject());
  const Author = author();
  const order = preparedModel("shop.Order", { id: id(), author: new ForeignKey(Author, { onDelete: "protect" }) });
  const page = preparedModel("wiki.Page", { id: id() });
  await project.use({ shop: [order], blog: [Author], wiki: [page] });
  const made = await project.run(makemigrations, ["shop"]);
  expect(made.out.match(/^Migrations for .*$/gm)).toEqual(["Migrations for blog:", "Migrations for shop:"]);
  expect(existsSync(join(project.path, "wiki/migrations"))).toBe(false);
});

test("a mistyped app is named with the nearest one, and exits 2", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  for (const command of [makemigrations, migrate, showmigrations]) {
    const failing = project.run(command, ["blgo"]);
    await expect(failing).rejects.toThrow(
      'No installed app has the label "blgo". Did you mean "blog"? Installed: blog.',
    );
    await expect(failing).rejects.toMatchObject({ exitCode: 2 });
  }
});

test("sqlmigrate prints the statements of one migration, both ways", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  expect((await project.run(sqlmigrate, ["blog", "0001"])).out.split("\n")).toEqual([
    "PRAGMA foreign_keys = OFF;",
    "BEGIN;",
    "-- Create model Author",
    'CREATE TABLE "blog_author" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(100) NOT NULL);',
    "COMMIT;",
    "PRAGMA foreign_keys = ON;",
  ]);
  expect((await project.run(sqlmigrate, ["blog", "0001"], { backwards: true })).out).toContain(
    'DROP TABLE "blog_author";',
  );
  expect(await pendingMigrations()).toHaveLength(1);
});

test("--fake records without running, in both directions", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  expect((await project.run(migrate, ["blog"], { fake: true })).out).toBe("Applying blog.0001_initial … FAKED");
  expect(await actualTables(connections.get())).toEqual([]);
  expect((await project.run(migrate)).out).toBe("No migrations to apply.");
  await project.run(migrate, ["blog", "zero"], { fake: true });
  expect(await pendingMigrations()).toEqual(["blog.0001_initial"]);
});

test("a database ahead of the code stops migrate, until the record is pruned", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  await project.run(makemigrations, ["blog"], { empty: true, name: "later" });
  await project.run(migrate);
  rmSync(join(project.path, "blog/migrations/0002_later.ts"));
  await expect(project.run(migrate)).rejects.toThrow(/ahead of this code: blog\.0002_later is applied/);
  expect((await project.run(migrate, ["blog"], { prune: true })).out).toBe("Forgot blog.0002_later.");
  expect((await project.run(migrate)).out).toBe("No migrations to apply.");
});

test("a migration that fails is named, and the ones before it stay", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  await project.run(makemigrations, ["blog"], { empty: true, name: "broken" });
  const file = join(project.path, "blog/migrations/0002_broken.ts");
  const source = readFileSync(file, "utf8")
    .replace("{ migration }", "{ migration, runSql }")
    .replace("operations: []", 'operations: [runSql({ forwards: "UPDATE nowhere SET x = 1" })]');
  writeFileSync(file, source);
  // Modules are loaded once in a process: under another name it is another module.
  writeFileSync(file.replace("0002_broken", "0002_failing"), source);
  rmSync(file);
  const failing = project.run(migrate);
  await expect(failing).rejects.toThrow(MigrationError);
  await expect(failing).rejects.toThrow(/blog\.0002_failing could not be applied: no such table: nowhere/);
  expect(await pendingMigrations()).toEqual(["blog.0002_failing"]);
});

test("migrateAll tells of each migration as it is applied", async () => {
  const project = use(new TestProject());
  await project.use({ blog: blog() });
  await project.run(makemigrations);
  const seen: string[] = [];
  await migrateAll("default", { onApply: ({ key }) => seen.push(key) });
  expect(seen).toEqual(["blog.0001_initial"]);
  expect(await migrateAll()).toEqual([]);
});

test("the development server is told what is not applied, once there is something", async () => {
  const project = use(new TestProject());
  await project.use({ blog: blog() });
  const database = { text: expect.stringMatching(/^Database: SQLite 3\.\d+\.\d+$/), level: "info" };
  expect(await startupNotices()).toEqual([database]);
  await project.run(makemigrations);
  const text = 'You have 1 unapplied migration: blog.0001_initial. Run "npx tsjango migrate" to apply.';
  expect(await startupNotices()).toEqual([database, { text, command: "migrate" }]);
  await project.run(migrate);
  expect(await startupNotices()).toEqual([database]);
  writeFileSync(join(project.path, "blog/migrations/0002_broken.ts"), "export const nothing = 1;");
  expect(await startupNotices()).toEqual([
    { text: expect.stringMatching(/^The migrations could not be looked at: .*0002_broken/) },
  ]);
});
