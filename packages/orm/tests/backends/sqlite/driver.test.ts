import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInContext } from "@tsjango/kernel/async";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { SqliteBackend } from "../../../src/backends/sqlite/backend.ts";
import {
  OperationalError,
  PoolTimeout,
  QueryAborted,
  ReadOnlyError,
  TransactionConflictError,
} from "../../../src/index.ts";
import { use } from "../../support/use.ts";

const ROWS = 50_000;
const READS = { reads: true } as const;

function openFile(options?: object): SqliteBackend {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-driver-"));
  const backend = new SqliteBackend("default", join(directory, "db.sqlite3"), options);
  use({
    async [Symbol.asyncDispose]() {
      await backend.close();
      rmSync(directory, { recursive: true, force: true });
    },
  });
  return backend;
}

async function withRows(options?: object): Promise<SqliteBackend> {
  const backend = openFile(options);
  await backend.execute("create table t (id integer primary key, name text)");
  await backend.execute(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS}) ` +
      "insert into t select i, printf('%064d', i) from n",
  );
  return backend;
}

/** How often others had their turn while `work` ran. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const count = setInterval(() => turns++, 1);
  await work();
  clearInterval(count);
  return turns;
}

async function pragma(backend: SqliteBackend, name: string): Promise<unknown> {
  return (await backend.execute(`pragma ${name}`)).rows[0]?.[0];
}

test("a file has a log beside readers, references that hold, and memory for what is temporary", async () => {
  const backend = openFile();
  const names = ["journal_mode", "synchronous", "foreign_keys", "temp_store", "busy_timeout", "cache_size"];
  const found = await Promise.all(names.map((name) => pragma(backend, name)));
  expect(found).toEqual(["wal", 1n, 1n, 2n, 0n, -20_000n]);
});

test("pragmas of the settings win, on every connection", async () => {
  const backend = openFile({ pragmas: { synchronous: "full", cache_size: -100, journal_mode: "delete" } });
  expect(await pragma(backend, "synchronous")).toBe(2n);
  expect(await pragma(backend, "journal_mode")).toBe("delete");
  const reader = await backend.connect({ readOnly: true });
  expect((await reader.execute("pragma cache_size")).rows).toEqual([[-100n]]);
  reader.release();
});

test("an option of the other database is refused by its name", () => {
  expect(() => openFile({ statementTimeout: 5 })).toThrow(
    'settings.databases.default.options: SQLite has no option "statementTimeout". It takes timeout, poolTimeout, transactionMode, pragmas.',
  );
});

test("a file that stays locked is an error after the timeout, and blocks nothing meanwhile", async () => {
  const backend = openFile({ timeout: 200 });
  await backend.execute("create table t (x)");
  const other = new Database(backend.file);
  use({ [Symbol.dispose]: () => void other.close() });
  other.exec("begin immediate");
  const start = performance.now();
  const turns = await turnsDuring(() =>
    expect(backend.execute("insert into t values (1)")).rejects.toThrow(TransactionConflictError),
  );
  expect(performance.now() - start).toBeGreaterThan(190);
  expect(turns).toBeGreaterThan(5);
  other.exec("rollback");
  await backend.execute("insert into t values (2)");
  expect((await backend.execute("select x from t")).rows).toEqual([[2n]]);
});

test("a statement that waits for another process is given up when its client goes away", async () => {
  const backend = openFile();
  await backend.execute("create table t (x)");
  const [[, , file]] = (await backend.execute("pragma database_list")).rows as [unknown[]];
  const other = new Database(String(file));
  use({ [Symbol.dispose]: () => void other.close() });
  other.exec("begin immediate");
  const gone = new AbortController();
  const request = { kind: "request", signal: gone.signal } as const;
  const writing = runInContext(request, () => backend.execute("insert into t values (1)"));
  setTimeout(() => gone.abort(), 20);
  await expect(writing).rejects.toThrow(QueryAborted);
  other.exec("rollback");
  // What the request does to tidy up runs as usual.
  expect((await runInContext(request, () => backend.execute("insert into t values (2)"))).changes).toBe(1);
  expect((await backend.execute("select x from t")).rows).toEqual([[2n]]);
});

test("a write that waits too long behind a transaction of this process is told so", async () => {
  const backend = openFile({ poolTimeout: 30 });
  await backend.execute("create table t (x)");
  const holder = await backend.connect();
  await holder.begin();
  await expect(backend.execute("insert into t values (1)")).rejects.toThrow(PoolTimeout);
  await holder.rollback();
  holder.release();
  expect((await backend.execute("insert into t values (1)")).changes).toBe(1);
});

test("a large result lets others run between its parts, in and outside of transactions", async () => {
  const backend = await withRows();
  const sql = "select id, name from t where id > ?";
  const read = async (from: number) =>
    expect((await backend.execute(sql, [from], READS)).rows).toHaveLength(ROWS - from);
  expect(await turnsDuring(() => read(0))).toBeGreaterThan(1);
  // It is known by now to be large.
  expect(await turnsDuring(() => read(1))).toBeGreaterThan(1);
  const connection = await backend.connect();
  await connection.begin();
  const inTransaction = async () => expect((await connection.execute(sql, [2])).rows).toHaveLength(ROWS - 2);
  expect(await turnsDuring(inTransaction)).toBeGreaterThan(1);
  await connection.commit();
  connection.release();
});

test("a loop of small statements lets others run, in and outside of transactions", async () => {
  const backend = openFile();
  await backend.execute("create table t (id integer primary key)");
  const loop = (execute: (sql: string) => Promise<unknown>) => async () => {
    for (const start = performance.now(); performance.now() - start < 150; )
      await execute("insert into t default values");
  };
  expect(await turnsDuring(loop((sql) => backend.execute(sql)))).toBeGreaterThan(2);
  const connection = await backend.connect();
  await connection.begin();
  expect(await turnsDuring(loop((sql) => connection.execute(sql)))).toBeGreaterThan(2);
  await connection.commit();
  connection.release();
});

test("a large result stops when its client goes away", async () => {
  const backend = await withRows();
  const gone = new AbortController();
  const reading = runInContext({ kind: "request", signal: gone.signal }, () =>
    backend.execute("select a.id, b.id from t a, t b", [], READS),
  );
  setTimeout(() => gone.abort(), 30);
  await expect(reading).rejects.toThrow(QueryAborted);
  expect((await backend.execute("select count(*) from t")).rows).toEqual([[BigInt(ROWS)]]);
});

test("a cursor sees one state, and others write meanwhile", async () => {
  const backend = await withRows();
  const cursor = await backend.cursor("select id from t order by id");
  let seen = (await cursor.read(1000)).length;
  await backend.execute("delete from t where id > ?", [5000]);
  await backend.execute("insert into t (name) values ('new')");
  for (let rows = await cursor.read(1000); rows.length > 0; rows = await cursor.read(1000)) seen += rows.length;
  await cursor.close();
  await cursor.close();
  expect(seen).toBe(ROWS);
  expect((await backend.execute("select count(*) from t")).rows).toEqual([[5001n]]);
});

test("a cursor of a transaction sees what it wrote, and leaves room for what it writes next", async () => {
  const backend = await withRows();
  const connection = await backend.connect();
  await connection.begin();
  await connection.execute("delete from t where id > 3000");
  const cursor = await connection.cursor("select id from t");
  let seen = 0;
  for (let rows = await cursor.read(500); rows.length > 0; rows = await cursor.read(500)) {
    seen += rows.length;
    await connection.execute("update t set name = 'x' where id = ?", [rows[0]?.[0]]);
  }
  await cursor.close();
  await connection.commit();
  connection.release();
  expect(seen).toBe(3000);
  expect((await backend.execute("select count(*) from t where name = 'x'")).rows).toEqual([[6n]]);
});

test("a cursor that was left open does not keep its read-only transaction from ending", async () => {
  const backend = await withRows();
  const connection = await backend.connect({ readOnly: true });
  await connection.begin({ readOnly: true });
  const cursor = await connection.cursor("select id from t");
  expect(await cursor.read(10)).toHaveLength(10);
  expect((await connection.execute("select count(*) from t")).rows).toEqual([[BigInt(ROWS)]]);
  await connection.commit();
  connection.release();
  expect(await cursor.read(10)).toEqual([]);
  await expect(
    (async () => {
      const reader = await backend.connect({ readOnly: true });
      use({ [Symbol.dispose]: () => reader.release() });
      await reader.begin({ readOnly: true });
      await reader.execute("delete from t");
    })(),
  ).rejects.toThrow(ReadOnlyError);
});

test("a file that is closed while it is used lets what runs, waits or is read come to its end", async () => {
  const backend = await withRows();
  const cursor = await backend.cursor("select id from t");
  expect(await cursor.read(10)).toHaveLength(10);
  const large = backend.execute("select a.* from t a, t b limit 100000", [], READS);
  const holder = await backend.connect();
  await holder.begin();
  await holder.execute("delete from t where id > 10");
  const within = holder.execute("select a.* from t a, t b, t c, t d, t e limit 100000");
  const waiting = backend.execute("insert into t (name) values ('waited')");
  const closed = backend.close();
  expect((await within).rows).toHaveLength(100_000);
  await holder.commit();
  holder.release();
  expect((await waiting).changes).toBe(1);
  await closed;
  expect((await large).rows).toHaveLength(100_000);
  expect(await cursor.read(ROWS)).toHaveLength(ROWS - 10);
  await cursor.close();
  expect((await backend.execute("select count(*) from t")).rows).toEqual([[11n]]);
});

test("a file is closed though a transaction does not end: it is rolled back", async () => {
  const backend = await withRows({ poolTimeout: 50 });
  const holder = await backend.connect();
  await holder.begin();
  await holder.execute("delete from t");
  await backend.close();
  await expect(holder.execute("select 1")).rejects.toThrow("not open");
  holder.release();
  expect((await backend.execute("delete from t where id = 1")).changes).toBe(1);
});

test("a file that is gone is told of by name, also where it is only read", async () => {
  const backend = await withRows();
  const [[, , file]] = (await backend.execute("pragma database_list")).rows as [unknown[]];
  rmSync(String(file));
  const read = backend.execute("select * from t", [], READS);
  await expect(read).rejects.toThrow(`The database file ${String(file)} cannot be opened`);
  await expect(read).rejects.toThrow(OperationalError);
});

test("a database in memory has cursors and large results, too", async () => {
  const backend = new SqliteBackend("default", ":memory:");
  use({ [Symbol.asyncDispose]: () => backend.close() });
  await backend.execute("create table t (x)");
  await backend.execute(
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select i from n",
  );
  const cursor = await backend.cursor("select x from t");
  expect((await cursor.read(4000)).length).toBe(4000);
  await backend.execute("insert into t values (0)");
  expect((await cursor.read(4000)).length).toBe(1000);
  await cursor.close();
  expect((await backend.execute("select x from t", [], READS)).rows).toHaveLength(5001);
});
