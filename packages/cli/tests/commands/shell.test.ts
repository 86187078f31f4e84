import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Database from "better-sqlite3";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { postgresUrl } from "../../../orm/tests/support/postgres-broker.ts";
import { madeProject } from "../support/made-project.ts";
import { Running, run, TERMINAL } from "../support/site.ts";
import { use } from "../support/use.ts";

const site = join(import.meta.dirname, "../fixtures/site");

test("shell -c runs a snippet with the models by name, await and imports from the project", async () => {
  const code = `const { Book: Same } = await import("./mysite/models.ts"); console.log(await Book.objects.count(), Same === Book)`;
  const { code: exitCode, stdout, stderr } = await run(site, ["shell", "-c", code]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: "3 true\n",
    stderr: "2 objects imported: settings, Book.\n",
  });
});

test("shell exits with 1 and the stack when the snippet throws", async () => {
  const { code, stderr } = await run(site, ["shell", "-c", 'throw new Error("odd")']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Error: odd\n +at .*\[shell\]:1/);
});

test("shell works in a project that fails its checks", async () => {
  const { code, stdout } = await run(site, ["shell", "-c", "console.log(settings.debug)"], { CHECK_ID: "site.E001" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "true\n" });
});

test("shell reads a snippet from a pipe", async () => {
  const bin = join(import.meta.dirname, "../support/bin.ts");
  const child = spawn(process.execPath, [...process.execArgv, bin, "shell"], { cwd: site });
  child.stdin.end("console.log(settings.debug);");
  expect(await text(child.stdout)).toBe("true\n");
});

/** The example project with tables and one author, and what its commands are run with. */
async function projectWithAuthor(databaseUrl?: string) {
  const { directory } = use(await madeProject({ example: true }));
  const env: Record<string, string> = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  expect(await run(directory, ["migrate"], env)).toMatchObject({ code: 0 });
  // Not by commands: each is a process that starts.
  const query = databaseUrl === undefined ? inSqlite(join(directory, "db.sqlite3")) : inPostgres(databaseUrl);
  await query("INSERT INTO books_author (name) VALUES ('Anna')");
  const authors = async () => (await query("SELECT name FROM books_author")).map(({ name }) => name);
  const shell = (...words: readonly string[]) => run(directory, ["shell", ...words], env);
  return { directory, env, shell, authors };
}

type Query = (sql: string) => Promise<readonly { name?: string }[]>;

function inSqlite(file: string): Query {
  return async (sql) => {
    const db = new Database(file);
    try {
      const statement = db.prepare<[], { name: string }>(sql);
      if (statement.reader) return statement.all();
      statement.run();
      return [];
    } finally {
      db.close();
    }
  };
}

function inPostgres(url: string): Query {
  return async (sql) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<{ name: string }>(sql)).rows;
    } finally {
      await client.end();
    }
  };
}

async function freshPostgres(): Promise<string> {
  const server = await postgresUrl();
  const name = `shell_${process.pid}`;
  const client = new pg.Client(server);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  onTestFinished(async () => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.end();
  });
  return server.replace(/[^/]*$/, name);
}

const names = "console.log((await Author.objects.all()).map(({ name }) => name).join());";

describe("shell --sandbox", { timeout: 120_000 }, () => {
  test("undoes all of a snippet; atomic is a savepoint, and onCommit never comes (sqlite)", async () => {
    const { shell, authors } = await projectWithAuthor();
    const snippet = `
        const { atomic, onCommit } = await import("tsjango/db");
        await Author.objects.create({ name: "Zoe" });
        await atomic(async () => {
          await Author.objects.create({ name: "Mary" });
          await onCommit(() => console.log("committed"));
        }, { durable: true });
        await atomic(() => Author.objects.create({ name: "Anna" })).catch(({ name }) => console.log(name));
        ${names}`;
    const { code, stdout, stderr } = await shell("--sandbox", "-c", snippet);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "IntegrityError\nAnna,Mary,Zoe\n" });
    expect(stderr).toContain('Sandbox: what is written to the database "default" is undone when the shell ends.\n');
    expect(await authors()).toEqual(["Anna"]);
    const failing = 'await Author.objects.create({ name: "Zoe" }); throw new Error("odd")';
    expect(await shell("--sandbox", "-c", failing)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Error: odd"),
    });
    expect(await authors()).toEqual(["Anna"]);
  });

  test.skipIf(process.platform === "win32")(
    "undoes an input that fails alone, and all at the end (postgres)",
    async () => {
      const { directory, env, authors } = await projectWithAuthor(await freshPostgres());
      const terminal = use(new Running(directory, ["shell", "--sandbox"], env, TERMINAL));
      const shows = async (expected: string, input?: string) => {
        const from = terminal.stdout.length;
        if (input !== undefined) terminal.child.stdin?.write(`${input}\r`);
        await terminal.until(() => terminal.stdout.slice(from).includes(expected));
      };
      await shows("> ");
      await shows("'Zoe Z'", '(await Author.objects.create({ name: "Zoe" })).name + " Z"');
      await shows("IntegrityError", 'await Author.objects.create({ name: "Anna" })');
      await shows("odd", 'throw new Error("odd")');
      const nested =
        '(await import("tsjango/db")).atomic(() => Author.objects.create({ name: "Mary" }), { durable: true })';
      await shows("'Mary M'", `(await ${nested}).name + " M"`);
      await shows("count 3", '"count " + (await Author.objects.count())');
      await shows("", ".exit");
      expect(await terminal.exit).toMatchObject({ code: 0 });
      expect(await authors()).toEqual(["Anna"]);
    },
  );

  test("is refused where there is nothing to undo", async () => {
    expect(await run(site, ["shell", "--sandbox", "-c", "1"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--sandbox: no installed app has anything that could be undone."),
    });
  });
});
