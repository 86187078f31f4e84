import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { defineApp } from "@tsjango/kernel/apps";
import { expect, test } from "vitest";
import { BadMigrationError } from "../../src/exceptions.ts";
import {
  addConstraint,
  addField,
  addIndex,
  alterField,
  alterModelOptions,
  alterModelTable,
  createModel,
  deleteModel,
  fields,
  migration,
  removeConstraint,
  removeField,
  removeIndex,
  runSql,
} from "../../src/migrations/index.ts";
import { loadMigrations } from "../../src/migrations/loader.ts";
import { writeMigration, writeMigrationSource } from "../../src/migrations/writer.ts";
import { use } from "../support/use.ts";
import { projectDirectory } from "./project.ts";

const initial = migration({
  initial: true,
  dependencies: [["users", "0001_initial"]],
  operations: [
    createModel("Author", { fields: { id: fields.auto({ primaryKey: true }), name: fields.char({ maxLength: 100 }) } }),
    createModel("Book", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        title: fields.char({ default: 'say "hi"', maxLength: 200 }),
        author: fields.foreignKey("blog.Author", { onDelete: "cascade" }),
        big: fields.bigInteger({ default: 12n }),
        when: fields.dateTime({ default: new Date("2026-01-02T03:04:05.678Z") }),
        data: fields.json({ default: { "a-b": [1, null, true], c: -0 } }),
        notes: fields.text(),
      },
      dbTable: "books",
      indexes: [{ name: "book_idx", fields: ["author", "-title"], where: { title__gt: "" } }],
      constraints: [{ name: "either", check: { $or: [{ title: "" }, { $not: { notes: "" } }] } }],
    }),
  ],
});

const second = migration({
  dependencies: [["blog", "0001_initial"]],
  operations: [
    addField("Book", "pages", fields.integer(), { fill: 0 }),
    alterField("Book", "notes", fields.text({ null: true })),
    removeIndex("Book", "book_idx"),
    removeConstraint("Book", "either"),
    addIndex("Book", { name: "book_pages_idx", fields: ["pages"] }),
    addConstraint("Book", { name: "once", unique: ["title", "author"], where: { pages__gte: 1 } }),
    removeField("Book", "data"),
    alterModelTable("Book", "volumes"),
    alterModelOptions("Book", { managed: false }),
    deleteModel("Author"),
    runSql({ forwards: ["SELECT 1", "SELECT 2"], backwards: "SELECT 3" }),
  ],
});

test("writes what a person would write", () => {
  expect(writeMigrationSource(initial)).toBe(`import { createModel, fields, migration } from "tsjango/db/migrations";

export default migration({
  initial: true,
  dependencies: [["users", "0001_initial"]],
  operations: [
    createModel("Author", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        name: fields.char({ maxLength: 100 }),
      },
    }),
    createModel("Book", {
      fields: {
        id: fields.auto({ primaryKey: true }),
        title: fields.char({ default: "say \\"hi\\"", maxLength: 200 }),
        author: fields.foreignKey("blog.Author", { onDelete: "cascade" }),
        big: fields.bigInteger({ default: 12n }),
        when: fields.dateTime({ default: new Date("2026-01-02T03:04:05.678Z") }),
        data: fields.json({ default: { "a-b": [1, null, true], c: -0 } }),
        notes: fields.text(),
      },
      dbTable: "books",
      indexes: [{ name: "book_idx", fields: ["author", "-title"], where: { title__gt: "" } }],
      constraints: [{ name: "either", check: { $or: [{ title: "" }, { $not: { notes: "" } }] } }],
    }),
  ],
});
`);
});

test("writes the same text each time, which loads as the same migration and passes the compiler", {
  timeout: 30_000,
}, async () => {
  const project = use(
    projectDirectory({
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          erasableSyntaxOnly: true,
          verbatimModuleSyntax: true,
          target: "es2024",
          module: "nodenext",
          allowImportingTsExtensions: true,
          skipLibCheck: true,
          customConditions: ["@tsjango/source"],
          types: ["node"],
          typeRoots: [resolve("node_modules/@types")],
        },
        include: ["blog"],
      }),
    }),
  );
  const directory = join(project.path, "blog/migrations");
  writeMigration(directory, { ...initial, dependencies: [], app: "blog", name: "0001_initial" });
  const file = writeMigration(directory, { ...second, app: "blog", name: "0002_more" });
  expect(readFileSync(file, "utf8")).toBe(writeMigrationSource(second));

  const app = defineApp({ name: "blog", path: join(project.path, "blog") });
  const [one, two] = (await loadMigrations([app])).order;
  expect(writeMigrationSource(one!)).toBe(writeMigrationSource({ ...initial, dependencies: [] }));
  expect(writeMigrationSource(two!)).toBe(writeMigrationSource(second));

  const run = promisify(execFile);
  const tsc = resolve("node_modules/typescript/bin/tsc");
  await expect(run(process.execPath, [tsc, "-p", project.path])).resolves.toMatchObject({ stdout: "" });
  writeFileSync(
    join(directory, "0003_wrong.ts"),
    readFileSync(file, "utf8").replace("fields.integer()", "fields.intger()"),
  );
  await expect(run(process.execPath, [tsc, "-p", project.path])).rejects.toMatchObject({
    stdout: expect.stringMatching(/0003_wrong\.ts.*intger/),
  });
});

test("never writes over a file", () => {
  const project = use(projectDirectory());
  const named = { ...initial, app: "blog", name: "0001_initial" };
  writeMigration(project.path, named);
  expect(() => writeMigration(project.path, named)).toThrow(/EEXIST/);
});

test("refuses a value that source cannot hold, and names where it is", () => {
  const field = { kind: "json", options: { default: new Map() } };
  const wrong = migration({ operations: [addField("Book", "extra", field)] });
  expect(() => writeMigrationSource(wrong)).toThrow(BadMigrationError);
  expect(() => writeMigrationSource(wrong)).toThrow(
    /addField\("Book", …\) holds Map.*cannot be written into a migration/,
  );
});

test("loads the sources of a project and the compiled files of an installed package", async () => {
  const text = 'import { migration } from "tsjango/db/migrations";\nexport default migration({ operations: [] });\n';
  const project = use(
    projectDirectory({
      "blog/migrations/0001_a.ts": text,
      "blog/migrations/0001_a.js": "throw new Error('the source is the one to load')",
      "blog/migrations/0001_a.d.ts": "",
      "blog/migrations/titles.ts": "throw new Error('not a migration')",
      "blog/migrations/README.md": "",
      "node_modules/shop/migrations/0001_b.js": text,
      "node_modules/shop/migrations/0001_b.ts": "throw new Error('Node refuses types in here')",
    }),
  );
  const blog = defineApp({ name: "blog", path: join(project.path, "blog") });
  const shop = defineApp({ name: "shop", path: join(project.path, "node_modules/shop") });
  const bare = defineApp({ name: "bare", path: project.path });
  const graph = await loadMigrations([blog, shop, bare]);
  expect(graph.order.map(({ app, name }) => `${app}.${name}`)).toEqual(["blog.0001_a", "shop.0001_b"]);
});

test("names the file that exports no migration, and what to write", async () => {
  const project = use(projectDirectory({ "blog/migrations/0001_a.ts": "export const operations = [];\n" }));
  const app = defineApp({ name: "blog", path: join(project.path, "blog") });
  await expect(loadMigrations([app])).rejects.toThrow(
    `The migration ${join(project.path, "blog/migrations/0001_a.ts")} has no default export that is a migration. ` +
      "Write: export default migration({ dependencies: [], operations: [] });",
  );
});

test("names the file that cannot be loaded, and why", async () => {
  const project = use(projectDirectory({ "blog/migrations/0001_a.ts": "export default nothing;\n" }));
  const app = defineApp({ name: "blog", path: join(project.path, "blog") });
  await expect(loadMigrations([app])).rejects.toThrow(/0001_a\.ts cannot be loaded: nothing is not defined/);
});
