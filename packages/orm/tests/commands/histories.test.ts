import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apps } from "@tsjango/kernel/apps";
import { expect, test } from "vitest";
import makemigrations from "../../src/commands/makemigrations.ts";
import migrate from "../../src/commands/migrate.ts";
import optimizemigration from "../../src/commands/optimizemigration.ts";
import showmigrations from "../../src/commands/showmigrations.ts";
import squashmigrations from "../../src/commands/squashmigrations.ts";
import { connections } from "../../src/connections.ts";
import { AutoField, IntegerField } from "../../src/fields/numbers.ts";
import { CharField } from "../../src/fields/text.ts";
import { currentModels } from "../../src/migrations/models-state.ts";
import { actualTables, expectedTables } from "../migrations/databases.ts";
import { use } from "../support/use.ts";
import { preparedModel, TestProject } from "./project.ts";

const author = (more: Parameters<typeof preparedModel>[1] = {}) =>
  preparedModel("blog.Author", {
    id: new AutoField({ primaryKey: true }),
    name: new CharField({ maxLength: 100 }),
    ...more,
  });
const number = (value = 0) => new IntegerField({ default: value });
const migrationsOf = (project: TestProject, app: string) => readdirSync(join(project.path, app, "migrations"));
const execute = (sql: string) => connections.get().execute(sql);

/** A migration file of these operations, as somebody writes it by hand. */
function write(project: TestProject, name: string, after: string, operations: string): string {
  const file = join(project.path, "blog/migrations", `${name}.ts`);
  const source = `import { addField, alterField, fields, migration, removeField, runCode, runSql } from "tsjango/db/migrations";
export default migration({ dependencies: [["blog", "${after}"]], operations: [${operations}] });
`;
  writeFileSync(file, source);
  return file;
}

/** A project with 0001_initial, and 0002 to 0004 that add the fields a, b and c. */
async function grown(): Promise<TestProject> {
  const project = use(new TestProject());
  const added: Record<string, IntegerField> = {};
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  for (const name of ["a", "b", "c"]) {
    added[name] = number();
    await project.use({ blog: [author({ ...added })] });
    await project.run(makemigrations);
  }
  return project;
}

async function expectUpToDate(): Promise<void> {
  const backend = connections.get();
  expect(await actualTables(backend)).toEqual(expectedTables(currentModels(apps).state, backend));
}

test("squashed migrations stand for the old ones: on a new database, on an old one, and half-way", async () => {
  const project = await grown();
  await project.run(migrate, ["blog", "0002"]);
  const made = await project.run(squashmigrations, ["blog", "0004"]);
  expect(made.out).toContain("blog/migrations/0001_squashed_0004_author_c.ts");
  expect(made.out).toContain("4 migrations, 4 operations, are 1 operations now.");
  const file = readFileSync(join(project.path, "blog/migrations/0001_squashed_0004_author_c.ts"), "utf8");
  expect(file).toContain('["blog", "0003_author_b"]');
  // Half-way: the old ones go on.
  expect((await project.run(showmigrations)).out).toBe(
    "blog\n [X] 0001_initial\n [X] 0002_author_a\n [ ] 0003_author_b\n [ ] 0004_author_c",
  );
  expect((await project.run(migrate)).out).toMatch(/^Applying blog\.0003_author_b .*\nApplying blog\.0004_author_c/);
  // All of them: the squashed one counts as applied, and is remembered.
  expect((await project.run(showmigrations)).out).toBe("blog\n [X] 0001_squashed_0004_author_c (4 squashed)");
  expect((await project.run(migrate)).out).toBe("No migrations to apply.");
  // The old files may go.
  for (const name of ["0001_initial", "0002_author_a", "0003_author_b", "0004_author_c"]) {
    rmSync(join(project.path, "blog/migrations", `${name}.ts`));
  }
  expect((await project.run(migrate)).out).toBe("No migrations to apply.");
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
  await expectUpToDate();
  // Back and forth: as one.
  expect((await project.run(migrate, ["blog", "zero"])).out).toMatch(
    /^Unapplying blog\.0001_squashed_0004_author_c … OK/,
  );
  expect(await actualTables(connections.get())).toEqual([]);
  expect((await project.run(migrate)).out).toMatch(/^Applying blog\.0001_squashed_0004_author_c … OK \(\d+ ms\)$/);
  await expectUpToDate();
});

test("code is taken along by a squash, unless it may be left out", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  write(
    project,
    "0002_code",
    "0001_initial",
    `runCode({ forwards: async (db) => { await db.execute("INSERT INTO blog_author (name) VALUES ('made')"); } })`,
  );
  write(project, "0003_gone", "0002_code", 'runSql({ forwards: "DELETE FROM blog_author", elidable: true })');
  const made = await project.run(squashmigrations, ["blog", "0003"], { name: "all" });
  expect(made.out).toContain("Code is taken from the old files: copy it over before you delete them.");
  const file = readFileSync(join(project.path, "blog/migrations/0001_all.ts"), "utf8");
  expect(file).toContain('import from0002 from "./0002_code.ts";');
  expect(file).toContain("from0002.operations[0]!,");
  await project.run(migrate);
  expect((await execute("SELECT name FROM blog_author")).rows).toEqual([["made"]]);
  await expect(project.run(squashmigrations, ["blog", "0009"])).rejects.toThrow(/"blog" has no migration "0009"/);
});

test("two last migrations are named with the way out, and joined by --merge", async () => {
  const project = await grown();
  write(project, "0004_other", "0003_author_b", 'addField("Author", "d", fields.integer({ null: true }))');
  await expect(project.run(migrate)).rejects.toThrow(
    /0004_author_c and 0004_other in "blog" both come last:[\s\S]*Join them with: makemigrations blog --merge/,
  );
  const merged = await project.run(makemigrations, [], { merge: true });
  expect(merged.out).toContain(
    "Joining in blog:\n  0004_author_c\n    + Add field c to Author\n  0004_other\n    + Add field d",
  );
  expect(migrationsOf(project, "blog")).toContain("0005_merge_author_c_other.ts");
  await project.run(migrate);
  expect((await project.run(makemigrations, [], { merge: true })).out).toMatch(/^No conflicts/);
});

test("--merge asks where the order may make a difference, and names --yes where nobody answers", async () => {
  const project = await grown();
  write(project, "0004_other", "0003_author_b", 'alterField("Author", "c", fields.integer())');
  rmSync(join(project.path, "blog/migrations/0004_author_c.ts"));
  write(project, "0004_more", "0003_author_b", 'alterField("Author", "c", fields.bigInteger())');
  const failing = project.run(makemigrations, [], { merge: true });
  await expect(failing).rejects.toMatchObject({ exitCode: 2 });
  await expect(failing).rejects.toThrow(
    /"Alter field c on Author" \(blog\.0004_more\) and "Alter field c on Author" \(blog\.0004_other\)[\s\S]*--merge --yes/,
  );
  await project.run(makemigrations, [], { merge: true, yes: true });
  expect(migrationsOf(project, "blog")).toContain("0005_merge_more_other.ts");
});

test("--update puts the changes into the last migration", async () => {
  const project = await grown();
  await project.use({ blog: [author({ a: number(), b: number(), c: number(), d: number() })] });
  const made = await project.run(makemigrations, [], { update: true });
  expect(made.out).toContain("0004_author_c_author_d.ts\n    + Add field c to Author\n    + Add field d to Author");
  expect(migrationsOf(project, "blog")).toEqual([
    "0001_initial.ts",
    "0002_author_a.ts",
    "0003_author_b.ts",
    "0004_author_c_author_d.ts",
  ]);
  expect((await project.run(makemigrations)).out).toBe("No changes detected.");
});

test("optimizemigration writes a migration with fewer operations", async () => {
  const project = use(new TestProject());
  await project.use({ blog: [author()] });
  await project.run(makemigrations);
  const file = write(
    project,
    "0002_often",
    "0001_initial",
    'addField("Author", "a", fields.integer(), { fill: 1 }), alterField("Author", "a", fields.bigInteger())',
  );
  expect((await project.run(optimizemigration, ["blog", "0002"], { check: true })).code).toBe(1);
  await project.run(optimizemigration, ["blog", "0002"]);
  expect(readFileSync(file, "utf8")).toContain(
    '  operations: [\n    addField("Author", "a", fields.bigInteger(), { fill: 1 }),\n  ],',
  );
  expect((await project.run(optimizemigration, ["blog", "0001"])).out).toBe(
    "blog.0001_initial has no operation too many.",
  );
});

test("what is stored is deleted only after a yes", async () => {
  const project = await grown();
  await project.run(migrate);
  await project.use({ blog: [author({ b: number(), c: number() })] });
  await project.run(makemigrations);
  // Nothing is stored yet: nothing to ask.
  await execute("INSERT INTO blog_author (name, a, b, c) VALUES ('Jane', 1, 2, 3)");
  const failing = project.run(migrate);
  await expect(failing).rejects.toMatchObject({ exitCode: 2 });
  await expect(failing).rejects.toThrow(
    "What is stored would be deleted:\n" +
      "  blog.0005_remove_author_a: Remove field a from Author deletes the values of blog_author.a\n" +
      "If that is meant, say so with --yes.",
  );
  expect((await project.run(migrate, [], { plan: true })).err).toContain("deletes the values of blog_author.a");
  expect((await project.run(migrate, [], { check: true })).code).toBe(1);
  await project.run(migrate, [], { yes: true });
  expect((await project.run(migrate, [], { check: true })).code).toBe(0);
  await expect(project.run(migrate, ["blog", "zero"])).rejects.toThrow(
    /Undo: Create model Author deletes the rows of blog_author/,
  );
  await execute("DELETE FROM blog_author");
  await project.run(migrate, ["blog", "zero"]);
  expect(await actualTables(connections.get())).toEqual([]);
});

test("a migration that was edited after it was applied is noticed, until it is accepted", async () => {
  const project = await grown();
  await project.run(migrate);
  const [old, copy] = ["0004_author_c", "0004_author_x"].map((name) =>
    join(project.path, "blog/migrations", `${name}.ts`),
  ) as [string, string];
  const source = readFileSync(old, "utf8");
  // Modules are loaded once in a process: under another name it is another module.
  writeFileSync(copy, source.replace("default: 0", "default: 1"));
  rmSync(old);
  await execute("UPDATE tsjango_migrations SET name = '0004_author_x' WHERE name = '0004_author_c'");
  const warned = await project.run(migrate);
  expect(warned.err).toContain('blog.0004_author_x was edited after it was applied to "default"');
  expect((await project.run(showmigrations)).out).toContain("[X] 0004_author_x (edited after it was applied)");
  expect((await project.run(migrate, [], { acceptEdited: true })).out).toContain(
    "Accepted blog.0004_author_x as it is now.",
  );
  expect((await project.run(migrate)).err).not.toContain("was edited");
  // Another layout is no edit.
  const third = copy.replace("_x", "_y");
  writeFileSync(third, `// a comment\n${source.replace("default: 0", "default:  1,")}`);
  renameSync(copy, `${copy}.old`);
  await execute("UPDATE tsjango_migrations SET name = '0004_author_y' WHERE name = '0004_author_x'");
  expect((await project.run(migrate)).err).not.toContain("was edited");
});

test("--fake-initial records first migrations whose tables are there, and no others", async () => {
  const project = await grown();
  await execute(
    'CREATE TABLE blog_author (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(100) NOT NULL)',
  );
  const done = await project.run(migrate, [], { fakeInitial: true });
  expect(done.out).toMatch(/^Applying blog\.0001_initial … FAKED\nApplying blog\.0002_author_a … OK/);
  await expectUpToDate();
});

test("runBefore lets a migration come before another app's", async () => {
  const project = await grown();
  const shop = preparedModel("shop.Order", { id: new AutoField({ primaryKey: true }) });
  await project.use({ blog: [author({ a: number(), b: number(), c: number() })], shop: [shop] });
  await project.run(makemigrations);
  const file = join(project.path, "shop/migrations/0001_initial.ts");
  const source = readFileSync(file, "utf8").replace(
    "operations:",
    'runBefore: [["blog", "0001_initial"]],\n  operations:',
  );
  writeFileSync(file.replace("initial", "first"), source);
  rmSync(file);
  const { out } = await project.run(showmigrations, [], { plan: true });
  expect(out.split("\n").slice(0, 2)).toEqual(["[ ] shop.0001_first", "[ ] blog.0001_initial"]);
  expect(existsSync(file)).toBe(false);
});
