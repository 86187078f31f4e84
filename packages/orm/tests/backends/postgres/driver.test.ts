import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { runInContext } from "@tsjango/kernel/async";
import { redirectLogs } from "@tsjango/kernel/logging";
import { onMetric } from "@tsjango/kernel/metrics";
import { describe, expect, test } from "vitest";
import { PostgresBackend } from "../../../src/backends/postgres/backend.ts";
import {
  DatabaseUnavailable,
  LockTimeout,
  PoolTimeout,
  type PostgresOptions,
  QueryAborted,
  QueryCanceled,
  ReadOnlyError,
  TransactionConflictError,
  TransactionManagementError,
} from "../../../src/index.ts";
import { postgresUrl } from "../../support/postgres-broker.ts";
import { use } from "../../support/use.ts";

const READS = { reads: true } as const;
const url = await postgresUrl().catch((error: Error) => {
  if (process.env["CI"] === "true") throw error;
  return error;
});

async function open(
  maxConnections = 1,
  options: PostgresOptions = {},
  address: unknown = url,
): Promise<PostgresBackend> {
  const backend = new PostgresBackend("default", { url: String(address), maxConnections, options });
  use({ [Symbol.asyncDispose]: () => backend.close() });
  return backend;
}

/** A table of its own for a test. */
async function table(backend: PostgresBackend): Promise<string> {
  const name = `t_${randomBytes(5).toString("hex")}`;
  await backend.execute(`create table ${name} (id int primary key, x int)`);
  await backend.execute(`insert into ${name} select i, 0 from generate_series(1, 1000) i`);
  use({ [Symbol.asyncDispose]: async () => void (await backend.execute(`drop table ${name}`)) });
  return name;
}

async function processOf(backend: PostgresBackend): Promise<unknown> {
  return (await backend.execute("select pg_backend_pid()")).rows[0]?.[0];
}

async function kept(backend: PostgresBackend): Promise<string[]> {
  const { rows } = await backend.execute("select statement from pg_prepared_statements /* ; */");
  return rows.map(([text]) => String(text));
}

const reason = url instanceof Error ? `: ${url.message}` : "";
describe.skipIf(url instanceof Error)(`the driver of PostgreSQL${reason}`, () => {
  test("a password or a database that is wrong is told as such", async () => {
    const at = (parts: Partial<URL>) => Object.assign(new URL(String(url)), parts).href;
    const nowhere = await open(1, {}, at({ pathname: "/nowhere" }));
    await expect(nowhere.execute("select 1")).rejects.toThrow(
      'database "nowhere" does not exist. Make it with createdb, or name another one in DATABASE_URL.',
    );
    const nobody = await open(1, {}, at({ username: "nobody_here" }));
    await expect(nobody.execute("select 1")).rejects.toThrow("Are the user and the password in DATABASE_URL right?");
  });

  test("statements that repeat are kept at the server, those whose plan hangs on a value are not", async () => {
    const backend = await open();
    const texts = ["select $1::int", "select 'a' like $1", "select 1 = any($1::int[])"];
    const values = [1, "a", "{1}"];
    for (const [index, text] of texts.entries()) {
      for (let run = 0; run < 3; run++) await backend.execute(text, [values[index]]);
    }
    await backend.execute("select $1::text", ["once"]);
    expect(await kept(backend)).toEqual(["select $1::int"]);
    const plain = await open(1, { preparedStatements: false });
    for (let run = 0; run < 3; run++) await plain.execute("select $1::int", [1]);
    expect(await kept(plain)).toEqual([]);
  });

  test("no more statements are kept than a connection may have", async () => {
    const backend = await open();
    for (let number = 0; number < 230; number++) {
      for (let run = 0; run < 2; run++) await backend.execute(`select ${number} + $1::int`, [run]);
    }
    const texts = await kept(backend);
    expect([texts.length, texts.includes("select 229 + $1::int"), texts.includes("select 0 + $1::int")]).toEqual([
      200,
      true,
      false,
    ]);
    expect((await backend.execute("select 0 + $1::int", [7])).rows).toEqual([[7]]);
  });

  test("a kept statement that no longer fits its table is planned anew; in a transaction, that is to be run again", async () => {
    const backend = await open();
    const name = await table(backend);
    const sql = `select * from ${name} where id = $1`;
    for (let run = 0; run < 3; run++) await backend.execute(sql, [1]);
    await backend.execute(`alter table ${name} add column y int`);
    expect((await backend.execute(sql, [1])).columns).toEqual(["id", "x", "y"]);
    for (let run = 0; run < 3; run++) await backend.execute(sql, [1]);
    await backend.execute(`alter table ${name} drop column y`);
    const connection = await backend.connect();
    await connection.begin();
    await expect(connection.execute(sql, [1])).rejects.toThrow(TransactionConflictError);
    await connection.rollback();
    await connection.begin();
    expect((await connection.execute(sql, [1])).columns).toEqual(["id", "x"]);
    await connection.commit();
    connection.release();
  });

  test("kept statements that somebody drops are sent anew; in a transaction the error says what to do", async () => {
    const backend = await open();
    const ask = () => backend.execute("select $1::int", [1]);
    for (let run = 0; run < 2; run++) await ask();
    await backend.execute("deallocate all");
    expect((await ask()).rows).toEqual([[1]]);
    expect((await ask()).rows).toEqual([[1]]);
    await backend.execute("deallocate all");
    const connection = await backend.connect();
    await connection.begin();
    await expect(connection.execute("select $1::int", [1])).rejects.toThrow(
      "set the option preparedStatements to false",
    );
    await connection.rollback();
    expect((await connection.execute("select $1::int", [1])).rows).toEqual([[1]]);
    connection.release();
  });

  test("a cursor sees one state, in parts, and gives its connection back", async () => {
    const backend = await open(2);
    const name = await table(backend);
    const cursor = await backend.cursor(`select id from ${name} where id > $1 order by id`, [10]);
    const first = await cursor.read(100);
    await backend.execute(`delete from ${name} where id > 500`);
    let seen = first.length;
    for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) seen += rows.length;
    await cursor.close();
    expect([first[0], seen]).toEqual([[11], 990]);
    const unfinished = await backend.cursor(`select id from ${name}`);
    await unfinished.read(10);
    await unfinished.close();
    expect(await Promise.all([processOf(backend), processOf(backend)])).toHaveLength(2);
  });

  test("statements of a transaction run between the parts of its cursor", async () => {
    const backend = await open();
    const name = await table(backend);
    const connection = await backend.connect();
    await connection.begin();
    const cursor = await connection.cursor(`select id from ${name} order by id`);
    for (let rows = await cursor.read(300); rows.length > 0; rows = await cursor.read(300)) {
      await connection.execute(`update ${name} set x = 1 where id = $1`, [rows[0]?.[0]]);
    }
    await cursor.close();
    await connection.commit();
    connection.release();
    expect((await backend.execute(`select count(*) from ${name} where x = 1`)).rows).toEqual([["4"]]);
  });

  test("a transaction without statements costs nothing, and begins with its first one", async () => {
    const backend = await open();
    const connection = await backend.connect();
    await connection.begin({ isolation: "serializable", readOnly: true });
    await connection.rollback();
    await connection.begin({ isolation: "serializable", readOnly: true });
    const sql = "select current_setting('transaction_isolation'), current_setting('transaction_read_only')";
    expect((await connection.execute(sql)).rows).toEqual([["serializable", "on"]]);
    await expect(connection.execute("create table never (x int)")).rejects.toThrow(ReadOnlyError);
    await connection.rollback();
    connection.release();
  });

  test("a COMMIT that the server answers with ROLLBACK is an error", async () => {
    const backend = await open();
    const connection = await backend.connect();
    await connection.begin();
    await connection.execute("select 1 / 0").catch(() => undefined);
    await expect(connection.commit()).rejects.toThrow(TransactionManagementError);
    connection.release();
  });

  test("a COMMIT that gets no answer is given up after the time that was given, and says what is not known", async () => {
    const admin = await open();
    const name = await table(admin);
    await admin.execute(`create function wait_${name}() returns trigger language plpgsql as
      'begin perform pg_sleep(5); return null; end'`);
    use({ [Symbol.asyncDispose]: async () => void (await admin.execute(`drop function wait_${name} cascade`)) });
    await admin.execute(
      `create constraint trigger wait after update on ${name} deferrable initially deferred for each row execute function wait_${name}()`,
    );
    const backend = await open(1, { queryTimeout: 100, applicationName: name });
    const connection = await backend.connect();
    await connection.begin();
    await connection.execute(`update ${name} set x = 1 where id = 1`);
    const ended = connection.commit();
    await expect(ended).rejects.toThrow("whether it was committed is not known");
    await expect(ended).rejects.toMatchObject({ cause: { message: expect.stringContaining("option queryTimeout") } });
    connection.release(true);
    await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [name]);
    expect((await backend.execute("select 1")).rows).toEqual([[1]]);
  });

  test("why a connection broke while nothing ran is told to the next statement, and to a COMMIT that was not sent", async () => {
    const backend = await open(1, { idleInTransactionTimeout: 30 });
    for (const next of ["execute", "commit"] as const) {
      const connection = await backend.connect();
      await connection.begin();
      await connection.execute("select 1");
      await sleep(100);
      const ended = connection[next]("select 2");
      await expect(ended).rejects.toThrow("longer than the option idleInTransactionTimeout allows");
      await expect(ended).rejects.toThrow(DatabaseUnavailable);
      if (next === "commit") await expect(ended).rejects.toThrow("The transaction was not committed");
      connection.release();
    }
  });

  test("a pool that is closed while it is used lets what runs or waits come to its end", async () => {
    const backend = await open(1);
    const running = backend.execute("select pg_sleep(0.05), 'ran'");
    const waiting = backend.execute("select 'waited'");
    await backend.close();
    expect([(await running).rows[0]?.[1], (await waiting).rows[0]?.[0]]).toEqual(["ran", "waited"]);
    expect((await backend.execute("select 'anew'")).rows).toEqual([["anew"]]);
  });

  test("a pool is closed though a transaction does not end: its connection is cut", async () => {
    const backend = await open(2, { poolTimeout: 50 });
    const connection = await backend.connect();
    await connection.begin();
    const [[pid]] = (await connection.execute("select pg_backend_pid()")).rows as [[number]];
    await backend.close();
    await expect(connection.execute("select 1")).rejects.toThrow(DatabaseUnavailable);
    connection.release();
    const left = async () => (await backend.execute("select 1 from pg_stat_activity where pid = $1", [pid])).rows;
    await expect.poll(left, { timeout: 5000 }).toEqual([]);
  });

  test("a transaction that nobody ended is rolled back before the next user has the connection", async () => {
    const backend = await open();
    const name = await table(backend);
    const connection = await backend.connect();
    await connection.begin();
    await connection.execute(`delete from ${name}`);
    await connection.execute("select 1 / 0").catch(() => undefined);
    connection.release();
    expect((await backend.execute(`select count(*) from ${name}`)).rows).toEqual([["1000"]]);
  });

  test("who waits for the pool has its turn in order, or an error after the time that was given", async () => {
    const backend = await open(2, { poolTimeout: 60 });
    const held = await Promise.all([backend.connect(), backend.connect()]);
    const measured: string[] = [];
    use({ [Symbol.dispose]: onMetric(({ name }) => measured.push(name)) });
    await expect(backend.execute("select 1")).rejects.toThrow(PoolTimeout);
    expect(measured).toEqual(["db.client.connection.timeouts", "db.client.connection.wait_time"]);
    const order: number[] = [];
    const waiting = [1, 2, 3, 4].map(async (number) => {
      const connection = await backend.connect();
      order.push(number);
      connection.release();
    });
    for (const connection of held) connection.release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  test("a connection that the server ends while nobody uses it is replaced, also one that a transaction holds", async () => {
    const backend = await open(2);
    const admin = await open(1);
    const name = await table(admin);
    const logged: string[] = [];
    use({ [Symbol.dispose]: redirectLogs(({ message }) => logged.push(message)) });
    await admin.execute("select pg_terminate_backend($1)", [await processOf(backend)]);
    await expect.poll(() => logged).toEqual(["The server ended a connection that nobody used"]);
    expect((await backend.execute(`update ${name} set x = 1 where id = 1`)).changes).toBe(1);
    const connection = await backend.connect();
    await connection.begin();
    const [[pid]] = (await connection.execute("select pg_backend_pid()")).rows as [[string]];
    await admin.execute("select pg_terminate_backend($1)", [pid]);
    await sleep(20);
    await expect(connection.execute("select 1")).rejects.toThrow(DatabaseUnavailable);
    connection.release();
    expect((await backend.execute("select 1")).rows).toEqual([[1]]);
  });

  test("a query that loses its connection is run once more, a write is not", async () => {
    const backend = await open(2);
    const admin = await open(1, { applicationName: "admin" });
    const running = async (run: Promise<unknown>) => {
      run.catch(() => undefined);
      await sleep(60);
      await admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()",
      );
      return run;
    };
    const read = await running(backend.execute("select pg_sleep(0.2), 'read'", [], READS));
    expect((read as { rows: unknown[][] }).rows[0]?.[1]).toBe("read");
    await expect(running(backend.execute("select pg_sleep(0.2), 'raw'"))).rejects.toThrow(DatabaseUnavailable);
  });

  test("the end of a request ends its running query, and no other", async () => {
    const backend = await open(1);
    const gone = new AbortController();
    const context = { kind: "request", signal: gone.signal } as const;
    const start = performance.now();
    const running = runInContext(context, () => backend.execute("select pg_sleep(20)", [], READS));
    const next = backend.execute("select 'next', pg_sleep(0.1)");
    setTimeout(() => gone.abort(), 80);
    await expect(running).rejects.toThrow(QueryAborted);
    await expect(running).rejects.toMatchObject({ name: "AbortError", code: "query_aborted" });
    expect((await next).rows[0]?.[0]).toBe("next");
    // What the request does to tidy up runs as usual.
    expect((await runInContext(context, () => backend.execute("select 'tidy', pg_sleep(0.1)"))).rows[0]?.[0]).toBe(
      "tidy",
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("cancelled queries never leave a cancel request or an answer to the next caller", async () => {
    const backend = await open(1);
    for (let round = 0; round < 15; round++) {
      const gone = new AbortController();
      const sleeps = 0.055 + (round % 5) * 0.005;
      const running = runInContext({ kind: "request", signal: gone.signal }, () =>
        backend.execute("select $1::text, pg_sleep($2)", [`old ${round}`, sleeps], READS),
      ).catch((error: Error) => error.name);
      setTimeout(() => gone.abort(), 58);
      const next = await backend.execute("select $1::text, pg_sleep($2)", [`new ${round}`, 0.01]);
      expect(next.rows[0]?.[0]).toBe(`new ${round}`);
      await running;
    }
  });

  test("limits of the settings are kept by the server, and their errors have classes of their own", async () => {
    const backend = await open(2, { statementTimeout: 50, lockTimeout: 20, parameters: { work_mem: "5MB" } });
    await expect(backend.execute("select pg_sleep(5)")).rejects.toThrow(QueryCanceled);
    expect((await backend.execute("show work_mem")).rows).toEqual([["5MB"]]);
    const name = await table(backend);
    const holder = await backend.connect();
    await holder.begin();
    await holder.execute(`lock table ${name}`);
    await expect(backend.execute(`select * from ${name}`)).rejects.toThrow(LockTimeout);
    await holder.rollback();
    holder.release();
  });

  test("options of the URL are added to ours", async () => {
    const address = new URL(String(url));
    address.searchParams.set("options", "-c work_mem=6MB");
    const backend = await open(1, {}, address.href);
    const { rows } = await backend.execute("select current_setting('work_mem'), current_setting('TimeZone')");
    expect(rows).toEqual([["6MB", "UTC"]]);
  });

  test("a server that hangs is given up after the time that was given", async () => {
    const backend = await open(1, { queryTimeout: 100 });
    await expect(backend.execute("select pg_sleep(5)")).rejects.toThrow("no answer within 100 ms");
    expect((await backend.execute("select 1")).rows).toEqual([[1]]);
  });

  test("a program does not wait for connections that nobody uses", async () => {
    const backend = await open(1);
    await backend.execute("select 1");
    const handles = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    await backend.close();
    await sleep(20);
    expect(process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length).toBeLessThanOrEqual(
      handles,
    );
  });
});
