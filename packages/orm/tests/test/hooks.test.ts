import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { TestRun } from "@tsjango/kernel/apps";
import { expect, test, vi } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import { connections } from "../../src/index.ts";
import { testHooks } from "../../src/test/index.ts";
import { runStatement } from "../../src/transaction.ts";
import * as models from "../support/models.ts";
import { postgresUrl } from "../support/postgres-broker.ts";
import { describeDatabases } from "../support/project.ts";
import { use } from "../support/use.ts";
import { projectUnderTest } from "./test-project.ts";

const { Author, Book } = models;
const { aroundFile, aroundTest, tearDownRun } = testHooks as Required<typeof testHooks>;
const ROLLED_BACK = { transactional: false };
const COMMITTED = { transactional: true };

/** Sets a worker up until the end of the test, or until what it gives is called. */
async function setUpWorker(workerId: number, run: TestRun): Promise<() => Promise<void>> {
  const release = (await testHooks.setUpWorker?.(workerId, run)) as () => Promise<void>;
  use({ [Symbol.asyncDispose]: release });
  return release;
}

const second = async (sql: string) => (await runStatement("second", { sql, parameters: [] })).rows;
const fileName = () => connections.get().displayName.slice("sqlite:".length);
const databaseName = () => connections.get().displayName.replace(/.*\//, "");
const authors = () => Author.objects.all().count();

describeDatabases("databases of tests", (vendor) => {
  vi.setConfig({ testTimeout: 30_000 });

  test("a worker has a migrated database of its own, which is gone when the run ends", async () => {
    const { run, path, prefix, serverDatabases } = await projectUnderTest(vendor);
    const own = connections.get().displayName;
    const release = await setUpWorker(7, run);
    const name = connections.get().displayName;
    expect(name).not.toBe(own);
    if (vendor === "postgres") expect(databaseName()).toBe(`${prefix}_7`);
    const author = await Author.objects.create({ name: "A" });
    await Book.objects.create({ title: "T", author });
    expect(await Book.objects.selectRelated("author").get({ author__name: "A" })).toMatchObject({ title: "T" });
    await release();
    await tearDownRun(run);
    expect(connections.get().displayName).toBe(own);
    if (vendor === "sqlite") expect(existsSync(name.slice("sqlite:".length))).toBe(false);
    else expect(await serverDatabases()).not.toContain(`${prefix}_7`);
    expect(existsSync(join(path, "default.sqlite3"))).toBe(false);
  });

  test("migrations run once for the same files, again for others, and again where that is asked", async () => {
    const { run, write } = await projectUnderTest(vendor);
    const counted = `runCode({ forwards: async () => { globalThis.ranOf.push(${JSON.stringify(vendor)}); } })`;
    write("0002_more", counted);
    const ran: string[] = [];
    Object.assign(globalThis, { ranOf: ran });
    const open = async (options = {}) => (await setUpWorker(1, { ...run, ...options }))();
    await open();
    await open();
    expect(ran).toHaveLength(1);
    write("0003_last", counted);
    await open();
    expect(ran).toHaveLength(3);
    await open({ recreateDatabases: true, directory: join(run.directory, "node_modules") });
    expect(ran).toHaveLength(5);
    await open({ recreateDatabases: true, directory: join(run.directory, "node_modules") });
    expect(ran).toHaveLength(5);
  });

  test("each test's writes are rolled back; those of the file are its tests' beginning", async () => {
    const { run } = await projectUnderTest(vendor, ["default", "second"]);
    await setUpWorker(1, run);
    await aroundFile(async () => {
      await Author.objects.create({ name: "shared" });
      for (const name of ["one", "two"]) {
        await aroundTest(async () => {
          await Author.objects.create({ name });
          await second(`INSERT INTO shop_author (name) VALUES ('${name}')`);
          expect([await authors(), await second("SELECT name FROM shop_author")]).toEqual([2, [[name]]]);
        }, ROLLED_BACK);
      }
      expect(await authors()).toBe(1);
    }, ROLLED_BACK);
    expect([await authors(), await second("SELECT name FROM shop_author")]).toEqual([0, []]);
  });

  test("a test that leaves rows that refer to none fails, as at the commit; one that failed itself does not twice", async () => {
    const { run } = await projectUnderTest(vendor);
    await setUpWorker(1, run);
    const dangling = async () => {
      await Book.objects.create({ title: "T", authorId: 77 } as never);
    };
    await expect(aroundTest(dangling, ROLLED_BACK)).rejects.toThrow(
      /^The test left rows that could not be committed to "default"\. .*shop_/,
    );
    await aroundTest(async () => {
      await dangling();
      await Book.objects.all().delete();
    }, ROLLED_BACK);
    const spoiled = async () => {
      await dangling();
      await runStatement("default", { sql: "INSERT INTO nowhere VALUES (1)", parameters: [] }).catch(() => {});
    };
    await aroundTest(spoiled, ROLLED_BACK);
    const failing = () => dangling().then(() => Promise.reject(new Error("the test failed")));
    await expect(aroundTest(failing, ROLLED_BACK)).rejects.toThrow("the test failed");
    expect(await Book.objects.all().count()).toBe(0);
  });

  test("what a transactional test commits is gone after it, with its numbers", async () => {
    const { run } = await projectUnderTest(vendor);
    await setUpWorker(1, run);
    await aroundFile(async () => {
      await aroundTest(async () => void (await Author.objects.create({ name: "rolled back" })), ROLLED_BACK);
      for (const name of ["one", "two"]) {
        await aroundTest(async () => {
          expect((await Author.objects.create({ name })).id).toBe(1);
          // On another connection than the test's own.
          expect((await connections.get().execute("SELECT name FROM shop_author")).rows).toEqual([[name]]);
        }, COMMITTED);
        expect(await authors()).toBe(0);
      }
      await expect(
        aroundTest(async () => {
          await Author.objects.create({ name: "three" });
          throw new Error("the test failed");
        }, COMMITTED),
      ).rejects.toThrow("the test failed");
      expect(await authors()).toBe(0);
    }, COMMITTED);
  });

  test("rows that migrations wrote are there again after a transactional test", async () => {
    const { run, write } = await projectUnderTest(vendor);
    write("0002_more", `runSql({ forwards: "INSERT INTO shop_author (name) VALUES ('of the migration')" })`);
    await setUpWorker(1, run);
    await aroundFile(async () => {
      await aroundTest(async () => {
        await Author.objects.all().delete();
        await Author.objects.create({ name: "mine" });
      }, COMMITTED);
    }, COMMITTED);
    expect(await Author.objects.all().get()).toMatchObject({ name: "of the migration" });
  });

  test("the next file of the worker finds nothing of what the last one left", async () => {
    const { run } = await projectUnderTest(vendor);
    const release = await setUpWorker(1, run);
    await aroundFile(async () => {
      await Author.objects.create({ name: "left" });
    }, COMMITTED);
    await release();
    await setUpWorker(1, run);
    expect(await authors()).toBe(0);
  });

  test("statements of a failing test are told to who asks", async () => {
    const { run } = await projectUnderTest(vendor);
    await setUpWorker(1, run);
    const reports: (() => string | undefined)[] = [];
    const scope = { transactional: false, onFailed: (report: () => string | undefined) => void reports.push(report) };
    await aroundTest(async () => {
      await Author.objects.create({ name: "A" });
    }, scope);
    await aroundTest(async () => {}, scope);
    await Author.objects.create({ name: "B" });
    expect(reports.map((report) => report())).toEqual([
      expect.stringMatching(/^Statements:\n {2}default: insert into "shop_author" .* -- "A", null, null$/),
      undefined,
    ]);
  });
});

describeDatabases("templates", (vendor) => {
  test("of old migrations are dropped, but the last few", async () => {
    const { run, path, write, prefix, serverDatabases } = await projectUnderTest(vendor);
    for (let count = 0; count < (vendor === "sqlite" ? 6 : 5); count++) {
      write("0002_more", `runSql({ forwards: "SELECT ${count}" })`);
      await (await setUpWorker(1, run))();
    }
    const templates =
      vendor === "sqlite"
        ? readdirSync(join(path, "cache")).filter((name) => name.startsWith("template"))
        : (await serverDatabases()).filter((name) => name.startsWith(`${prefix}_template`));
    expect(templates).toHaveLength(vendor === "sqlite" ? 5 : 4);
  });
});

describeDatabases("clones", (vendor) => {
  /** A test of one database only. */
  const testOn = (wanted: typeof vendor, ...words: [name: string, body: () => Promise<void>]) => {
    if (vendor === wanted) test(...words);
  };
  testOn("postgres", "stay where they are to be kept, and serve the next run as they are", async () => {
    const { run, prefix, serverDatabases } = await projectUnderTest(vendor);
    const oid = async () =>
      (await connections.get().execute("SELECT oid FROM pg_database WHERE datname = current_database()")).rows[0]?.[0];
    const open = async () => {
      const release = await setUpWorker(1, run);
      const found = await oid();
      await release();
      return found;
    };
    const first = await open();
    await tearDownRun({ ...run, keepDatabases: true });
    expect(await serverDatabases()).toContain(`${prefix}_1`);
    expect(await open()).toBe(first);
    await tearDownRun(run);
    expect(await open()).not.toBe(first);
  });
  testOn("sqlite", "are files of the run's directory", async () => {
    const { run } = await projectUnderTest(vendor);
    await setUpWorker(3, run);
    expect(fileName()).toBe(join(run.directory, "default-3.sqlite3"));
  });
  testOn("postgres", "need a user who may make databases", async () => {
    const role = `role_${process.pid}`;
    const admin = openDatabase("admin", { url: await postgresUrl(), maxConnections: 1 });
    await admin.execute(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    // Dropped last: the end of the run connects as this user.
    use({ [Symbol.asyncDispose]: () => admin.execute(`DROP ROLE ${role}`).then(() => admin.close()) });
    const { run } = await projectUnderTest(vendor);
    const own = new URL(connections.options("default").url);
    own.username = role;
    own.password = "x";
    await connections.override("default", own.href);
    use({ [Symbol.asyncDispose]: () => connections.override("default", undefined) });
    await expect(setUpWorker(1, run)).rejects.toThrow(
      'The test database for "default" cannot be made: permission denied to create database. ' +
        "The user in its URL must be allowed to make databases: ALTER ROLE … CREATEDB.",
    );
  });
});
