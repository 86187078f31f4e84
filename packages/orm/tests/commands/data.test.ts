import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { apps, defineApp, setup } from "@tsjango/kernel/apps";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { UsageError } from "@tsjango/kernel/exceptions";
import type { Command, CommandOutput } from "@tsjango/kernel/management";
import { afterEach, expect, test } from "vitest";
import orm from "../../src/app.ts";
import dbshell from "../../src/commands/dbshell.ts";
import dumpdata from "../../src/commands/dumpdata.ts";
import flush from "../../src/commands/flush.ts";
import inspectdb from "../../src/commands/inspectdb.ts";
import loaddata from "../../src/commands/loaddata.ts";
import { connections } from "../../src/connections.ts";
import { makeMigrations, migrationsDirectory } from "../../src/migrations/make-migrations.ts";
import { migrateAll } from "../../src/migrations/migrate.ts";
import { writeMigration } from "../../src/migrations/writer.ts";
import { describeDatabases, type TestedDatabase } from "../migrations/all-databases.ts";
import { projectDirectory } from "../migrations/project.ts";
import * as models from "../support/models.ts";
import { use } from "../support/use.ts";

const defineSettings = settingsDefiner([orm]);

afterEach(() => connections.closeAll());

/** A project with these models on a database of its own. */
async function projectWith(all: object, { open }: Pick<TestedDatabase, "open">) {
  const project = use(projectDirectory());
  const database = use(await open());
  const blog = defineApp({ name: "blog", path: join(project.path, "blog"), models: async () => all });
  const databases = { default: { url: database.url } };
  await setup(defineSettings({ baseDir: project.path, secretKey: "for tests", installedApps: [blog], databases }));
  return { project, blog, database };
}

async function run(command: Command, args: readonly string[], options: Record<string, unknown> = {}, cwd = "/") {
  const out: string[] = [];
  const output: CommandOutput = {
    log: (line = "") => void out.push(line),
    error: (line) => void out.push(line),
    style: (_format, text) => text,
    interactive: false,
  };
  const all = { database: "default", ...options };
  const context = { args, options: all, output, settings: {}, project: { directory: cwd, settingsFile: "" }, cwd };
  const code = await command.run(context as unknown as Parameters<Command["run"]>[0]);
  return { out: out.join("\n"), code };
}

describeDatabases("data", ({ open, vendor }) => {
  test("is dumped, flushed, and loaded again as it was", async () => {
    const { project, blog } = await projectWith(models, { open });
    writeMigration(migrationsDirectory(blog), (await makeMigrations()).migrations[0]!);
    await migrateAll();
    const jane = await models.Author.objects.create({ name: "Jane" });
    const mary = await models.Author.objects.create({ name: "Mary", boss: jane });
    await models.Publisher.objects.create({ name: "P" });
    await models.Book.objects.create({
      title: 'Emma "x"',
      author: mary,
      price: "9.50",
      sold: 9007199254740993n,
      published: new Date("2026-11-21T10:00:00.123Z"),
      extra: { tags: ["a"] },
    });
    await run(dumpdata, [], { output: "all.json" }, project.path);
    const dumped = readFileSync(join(project.path, "all.json"), "utf8");
    const rows = JSON.parse(dumped) as { model: string; pk: unknown; fields: Record<string, unknown> }[];
    expect(rows.map(({ model }) => model)).toEqual(["blog.Author", "blog.Author", "blog.Publisher", "blog.Book"]);
    expect(rows[3]?.fields).toMatchObject({
      author: mary.id,
      sold: "9007199254740993",
      price: "9.50",
      published: "2026-11-21T10:00:00.123Z",
    });
    const few = JSON.parse(
      (await run(dumpdata, ["blog"], { exclude: ["blog.Book", "blog.Publisher"], indent: 2 })).out,
    );
    expect(few).toHaveLength(2);
    await expect(run(dumpdata, ["blog.Boook"])).rejects.toThrow(
      /no app or model "blog\.Boook"\. Did you mean "blog\.Book"/,
    );

    await expect(run(flush, [])).rejects.toThrow(UsageError);
    expect(await models.Author.objects.count()).toBe(2);
    expect((await run(flush, [], { yes: true })).out).toMatch(/^\d tables are empty\.$/);
    expect(await models.Author.objects.count()).toBe(0);
    expect(await models.Book.objects.count()).toBe(0);
    expect((await models.Author.objects.create({ name: "first again" })).id).toBe(1);
    await run(flush, [], { yes: true });

    expect((await run(loaddata, [join(project.path, "all.json")])).out).toBe("Wrote 4 rows of 1 fixture.");
    expect((await run(dumpdata, [])).out).toBe(dumped.trimEnd());
    expect((await models.Author.objects.create({ name: "next" })).id).toBe(3);
    await expect(run(loaddata, ["nothing"])).rejects.toMatchObject({ exitCode: 1 });
  });

  test("of tables that others made is read with models of inspectdb, which compile", { timeout: 60_000 }, async () => {
    const { project, database } = await projectWith({}, { open });
    const { backend } = database;
    const key = vendor === "sqlite" ? "INTEGER PRIMARY KEY" : "serial PRIMARY KEY";
    const statements = [
      `CREATE TABLE "date" (id ${key}, "name" varchar(20) NOT NULL, "Full Name" text, "class" integer DEFAULT 3, pk text)`,
      `CREATE TABLE shop_order_lines (order_no integer NOT NULL, line integer NOT NULL, who integer REFERENCES "date" (id), PRIMARY KEY (order_no, line))`,
      `CREATE TABLE profile (owner_id integer NOT NULL UNIQUE REFERENCES "date" (id), score double precision, at timestamp, parent_id integer, CONSTRAINT one UNIQUE (score, at))`,
      "CREATE TABLE loose (a integer)",
      ...(vendor === "postgres"
        ? [`CREATE TABLE listed (id ${key}, words varchar(9)[] NOT NULL, days date[], tokens tsvector)`]
        : []),
      `INSERT INTO "date" ("name", "Full Name") VALUES ('x', 'The X')`,
      "INSERT INTO shop_order_lines VALUES (1, 2, 1)",
      "INSERT INTO profile (owner_id, score) VALUES (1, 2.5)",
    ];
    for (const statement of statements) await backend.execute(statement);
    const { out } = await run(inspectdb, []);
    expect(out).toContain('// The table "loose" has no key');
    expect(out).toContain("export class DateRow extends Model<DateRow>()({");
    expect(out).toContain(
      'who: () => fields.foreignKey(DateRow, { onDelete: "doNothing", null: true, dbColumn: "who" })',
    );
    if (vendor === "postgres") {
      expect(out).toContain("  words: fields.array(fields.char({ maxLength: 9 })),\n");
      expect(out).toContain("  days: fields.array(fields.date(), { null: true }),\n");
      expect(out).toContain("  tokens: fields.searchVector({ null: true }),\n");
    }
    mkdirSync(join(project.path, "old"));
    const file = join(project.path, "old/models.ts");
    writeFileSync(file, `${out.replace('"tsjango/db"', JSON.stringify(resolve("packages/orm/src/index.ts")))}\n`);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      erasableSyntaxOnly: true,
      target: "es2024",
      lib: ["esnext"],
      module: "nodenext",
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      customConditions: ["@tsjango/source"],
      types: ["node"],
      typeRoots: [resolve("node_modules/@types")],
    };
    writeFileSync(join(project.path, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["old"] }));
    const tsc = resolve("node_modules/typescript/bin/tsc");
    const compiled = await promisify(execFile)(process.execPath, [tsc, "-p", project.path]).then(
      () => "",
      (error) => error.stdout,
    );
    expect(compiled).toBe("");
    const found = (await import(pathToFileURL(file).href)) as Record<
      string,
      { objects: { get(where?: object): Promise<Record<string, unknown>> } }
    >;
    const old = defineApp({ name: "old", path: join(project.path, "old"), models: async () => found });
    await connections.closeAll();
    const databases = { default: { url: database.url } };
    await setup(defineSettings({ baseDir: project.path, secretKey: "for tests", installedApps: [old], databases }));
    expect(apps.get("old").models).toHaveProperty("Profile");
    expect(await found["DateRow"]!.objects.get({ fullName: "The X" })).toMatchObject({
      name: "x",
      classField: 3,
      pkField: null,
    });
    expect(await found["ShopOrderLines"]!.objects.get({ who__name: "x" })).toMatchObject({
      orderNo: 1,
      line: 2,
      whoId: 1,
    });
    expect(await found["Profile"]!.objects.get({ owner__name: "x" })).toMatchObject({ score: 2.5, at: null });
    const operations = (await makeMigrations()).migrations.flatMap((each) =>
      each.operations.map(({ call }) => call[0]),
    );
    expect(operations).toEqual(Array(vendor === "postgres" ? 4 : 3).fill("createModel"));
    await expect(run(inspectdb, ["profil"])).rejects.toThrow(/has no table "profil"\. Did you mean "profile"/);
  });

  test("is looked at in the database's own shell", async () => {
    const { project } = await projectWith({}, { open });
    const program = vendor === "sqlite" ? "sqlite3" : "psql";
    const seen = join(project.path, "seen");
    const path = process.env["PATH"];
    writeFileSync(join(project.path, program), `#!/bin/sh\necho "$@" "$PGPASSWORD" > ${seen}\nexit 3\n`);
    chmodSync(join(project.path, program), 0o755);
    try {
      process.env["PATH"] = `${project.path}:${path}`;
      expect((await run(dbshell, ["-x"])).code).toBe(3);
      const words = readFileSync(seen, "utf8");
      if (vendor === "sqlite") expect(words).toMatch(/db\.sqlite3 -x/);
      else expect(words).toMatch(/^postgres:\/\/postgres@127[^ ]* -x postgres$/m);
      process.env["PATH"] = "/nowhere";
      await expect(run(dbshell, [])).rejects.toThrow(
        `There is no program "${program}". Install it, or put it on PATH.`,
      );
    } finally {
      process.env["PATH"] = path;
    }
  });
});
