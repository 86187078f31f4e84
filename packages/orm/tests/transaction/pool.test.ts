import Database from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SqliteBackend } from "../../src/backends/sqlite/backend.ts";
import { atomic, TransactionConflictError } from "../../src/index.ts";
import { runStatement } from "../../src/transaction.ts";
import { Author } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";

describeDatabases("transactions beside each other", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => void (await Author.objects.all().delete()));

  // What concerns one database is a test on that one.
  const onPostgres = (name: string, body: () => Promise<void>) => vendor === "postgres" && test(name, body);
  const onSqlite = (name: string, body: () => Promise<void>) => vendor === "sqlite" && test(name, body);

  /** Each makes a row with the number of rows that it sees: run one after the other they give 0 and 1. */
  const countAndAdd = async (isolation: "readCommitted" | "serializable", retries = 0) => {
    let open = (): void => {};
    let started = 0;
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const run = () =>
      atomic(
        async () => {
          const seen = await Author.objects.count();
          // On SQLite the second begins when the first has ended.
          if (++started === 2 || vendor === "sqlite") open();
          await both;
          await Author.objects.create({ name: String(seen) });
        },
        { isolation, retries },
      );
    const results = await Promise.allSettled([run(), run()]);
    const names = (await Author.objects.all()).map(({ name }) => name);
    return { errors: results.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])), names };
  };

  test("serializable transactions end as if they had run one after the other", async () => {
    const { errors, names } = await countAndAdd("serializable", 5);
    expect([errors, names]).toEqual([[], ["0", "1"]]);
  });

  test("a serialization failure is an error of its own where nothing is retried", async () => {
    const { errors, names } = await countAndAdd("serializable");
    if (vendor === "sqlite") expect(names).toEqual(["0", "1"]);
    else expect([errors[0] instanceof TransactionConflictError, errors.length, names]).toEqual([true, 1, ["0"]]);
  });

  test("the isolation that is asked for is the one that is had", async () => {
    const { errors, names } = await countAndAdd("readCommitted");
    // SQLite lets one write after the other.
    expect([errors, names]).toEqual([[], vendor === "sqlite" ? ["0", "1"] : ["0", "0"]]);
  });

  onPostgres("two that wait for each other: one is run again", async () => {
    const [a, b] = await Author.objects.bulkCreate([{ name: "a" }, { name: "b" }]);
    let runs = 0;
    const touch = async (author: Author) => void (await Author.objects.filter({ pk: author.pk }).update({ name: "x" }));
    const run = (first: Author, second: Author) =>
      atomic(
        async () => {
          runs++;
          await touch(first);
          await runStatement("default", { sql: "select pg_sleep(0.05)", parameters: [] });
          await touch(second);
        },
        { retries: 5 },
      );
    await Promise.all([run(a!, b!), run(b!, a!)]);
    expect(runs).toBeGreaterThan(2);
  });

  onPostgres("queries outside of a transaction run at once, over the pool", async () => {
    const start = performance.now();
    const sleep = { sql: "select pg_sleep(0.5), pg_backend_pid()", parameters: [] };
    const results = await Promise.all(Array.from({ length: 5 }, () => runStatement("default", sleep)));
    expect(performance.now() - start).toBeLessThan(2200);
    expect(new Set(results.map(({ rows }) => rows[0]?.[1])).size).toBe(5);
  });

  onSqlite("a file that another connection holds is waited for, while the event loop goes on", async () => {
    const other = new Database((project.backend as SqliteBackend).file);
    use({ [Symbol.dispose]: () => void other.close() });
    const hold = async () => {
      other.exec("begin immediate");
      await new Promise((resolve) => setTimeout(resolve, 150));
      other.exec("rollback");
    };
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    const held = hold();
    await Promise.all([
      atomic(() => Author.objects.create({ name: "a" })),
      Author.objects.create({ name: "b" }),
      Author.objects.create({ name: "c" }),
    ]);
    clearInterval(count);
    await held;
    expect((await Author.objects.all()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(turns).toBeGreaterThan(5);
  });

  onSqlite("transactions that only read run beside one that writes", async () => {
    await Author.objects.create({ name: "a" });
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const writing = atomic(async () => {
      await Author.objects.create({ name: "b" });
      await gate;
    });
    const counts = Array.from({ length: 8 }, () => atomic(() => Author.objects.count(), { readOnly: true }));
    expect(await Promise.all(counts)).toEqual(Array(8).fill(1));
    open();
    await writing;
    expect(await Author.objects.count()).toBe(2);
  });
});
