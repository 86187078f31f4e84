import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestRun } from "@tsjango/kernel/apps";
import type { Backend } from "../backends/base/backend.ts";
import type { Connection } from "../backends/base/connection.ts";
import { quoteName } from "../backends/base/schema-editor.ts";
import { postgresIntrospection } from "../backends/postgres/introspection.ts";
import { connections, openDatabase } from "../connections.ts";
import { DatabaseError } from "../exceptions.ts";
import type { TestDatabase } from "./databases.ts";
import { migrated } from "./migrated.ts";
import { templateKey } from "./template-key.ts";

/** Templates that stay beside the newest: branches differ in their migrations. */
const KEPT = 3;
/** Any number; it stands for "databases of tests" among the server's advisory locks. */
const LOCKS = 737_897_071;
const MOST_DATABASES = 1000;
const RECORDS = "tsjango_migrations";
const WITH_ROWS = "tsjango template with rows";
const EMPTY = "tsjango template";

/** A connection to the server that makes and drops databases, and holds this worker's locks. */
interface Admin {
  readonly backend: Backend;
  readonly session: Connection;
  close(): Promise<void>;
}

/**
 * A clone of the template database `test_<name>_template_<hash>`, called `test_<name>_<number>`. An advisory lock on its
 * name keeps other workers and runs away; the server frees it when the worker ends in whatever way.
 */
export async function postgresDatabase(
  alias: string,
  url: string,
  workerId: number,
  run: TestRun,
): Promise<TestDatabase> {
  const admin = await openAdmin(alias, url);
  try {
    const base = baseName(url);
    const name = await takeName(admin, base, workerId);
    appendFileSync(leftovers(run), `${JSON.stringify({ url, name })}\n`);
    const template = `test_${base}_template_${templateKey("postgres")}`;
    const own = withName(url, name);
    const clean = `tsjango clean copy of ${template}`;
    const copy = async () => {
      await ensureTemplate(admin, alias, url, template, run);
      await drop(admin, name);
      await admin.session.execute(`CREATE DATABASE ${quoteName(name)} TEMPLATE ${quoteName(template)}`);
    };
    const recreated = await ensureTemplate(admin, alias, url, template, run);
    if (recreated || (await comment(admin, name)) !== clean) {
      // Another run may drop an old template between the two steps; the second time it is among the newest.
      await copy().catch(copy);
      await setComment(admin, name, clean);
    }
    return {
      url: own,
      spoil: () => setComment(admin, name, "tsjango"),
      async restore() {
        if ((await comment(admin, template)) === EMPTY) await truncate(connections.get(alias));
        else await copy();
      },
      release: () => admin.close(),
    };
  } catch (error) {
    await admin.close();
    throw error;
  }
}

/** Drops the databases that the workers of a run had, but those that another run has taken by now. */
export async function dropDatabases(run: TestRun): Promise<void> {
  if (!existsSync(leftovers(run))) return;
  const lines = new Set(readFileSync(leftovers(run), "utf8").trimEnd().split("\n"));
  for (const line of lines) {
    const { url, name } = JSON.parse(line) as { url: string; name: string };
    const admin = await openAdmin("test", url);
    try {
      if (await tryLock(admin, name, 1000)) await drop(admin, name);
    } finally {
      await admin.close();
    }
  }
}

function leftovers(run: TestRun): string {
  return join(run.directory, "postgres-databases");
}

async function openAdmin(alias: string, url: string): Promise<Admin> {
  try {
    return await connect(alias, url);
  } catch (error) {
    // The project's own database need not exist yet; the server's always does.
    if (pathOf(url) === "postgres") throw error;
    return connect(alias, withName(url, "postgres")).catch(() => {
      throw error;
    });
  }
}

async function connect(alias: string, url: string): Promise<Admin> {
  const backend = openDatabase(`${alias} (to make test databases)`, { url, maxConnections: 1 });
  const session = await backend.connect();
  return {
    backend,
    session,
    async close() {
      // A connection that is kept would keep the locks.
      session.release(true);
      await backend.close();
    },
  };
}

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

/** A name has at most 63 bytes; 30 of them are ours. */
function baseName(url: string): string {
  const name = pathOf(url) || "tsjango";
  if (Buffer.byteLength(name) <= 33) return name;
  return `${name.replaceAll(/[^\w-]/g, "").slice(0, 24)}_${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

async function takeName(admin: Admin, base: string, first: number): Promise<string> {
  for (let number = first; number < first + MOST_DATABASES; number++) {
    const name = `test_${base}_${number}`;
    if (await tryLock(admin, name)) return name;
  }
  throw new DatabaseError(
    `${MOST_DATABASES} test databases such as test_${base}_${first} are in use at once. Are other programs holding them?`,
  );
}

async function tryLock({ session }: Admin, name: string, wait = 0): Promise<boolean> {
  for (const end = Date.now() + wait; ; await sleep(50)) {
    const { rows } = await session.execute(`SELECT pg_try_advisory_lock(${LOCKS}, hashtext($1))`, [name]);
    if (rows[0]?.[0] === true || Date.now() >= end) return rows[0]?.[0] === true;
  }
}

/** Makes the template where there is none; whether it was made, or remade for this run. */
async function ensureTemplate(
  admin: Admin,
  alias: string,
  url: string,
  template: string,
  run: TestRun,
): Promise<boolean> {
  const recreated = join(run.directory, `recreated-${template}`);
  const remake = () => run.recreateDatabases && !existsSync(recreated);
  const stands = async () => !remake() && (await isTemplate(admin, template));
  // A database of a run that recreates was possibly cloned before.
  if (await stands()) return run.recreateDatabases;
  await admin.session.execute(`SELECT pg_advisory_lock(${LOCKS}, hashtext($1))`, [template]);
  try {
    if (await stands()) return true;
    await drop(admin, template);
    await admin.session.execute(`CREATE DATABASE ${quoteName(template)}`).catch((cause: Error) => {
      throw new DatabaseError(
        `The test database for "${alias}" cannot be made: ${cause.message}. ` +
          "The user in its URL must be allowed to make databases: ALTER ROLE … CREATEDB.",
        { cause },
      );
    });
    let rows = false;
    await migrated(alias, withName(url, template), async () => {
      rows = await hasRows(connections.get(alias));
    });
    await setComment(admin, template, rows ? WITH_ROWS : EMPTY);
    // Nobody may connect to it: a database in use cannot be cloned.
    await admin.session.execute(`ALTER DATABASE ${quoteName(template)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    if (run.recreateDatabases) writeFileSync(recreated, "");
    await dropStale(admin, template);
    return true;
  } finally {
    await admin.session.execute(`SELECT pg_advisory_unlock(${LOCKS}, hashtext($1))`, [template]);
  }
}

async function isTemplate({ session }: Admin, name: string): Promise<boolean> {
  const { rows } = await session.execute("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", [name]);
  return rows.length > 0;
}

/** The server numbers databases in the order in which they are made. */
async function dropStale(admin: Admin, template: string): Promise<void> {
  const prefix = template.slice(0, template.lastIndexOf("_") + 1);
  const { rows } = await admin.session.execute(
    "SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND datname <> $2 ORDER BY oid DESC",
    [prefix, template],
  );
  for (const [name] of rows.slice(KEPT)) await drop(admin, String(name));
}

async function drop(admin: Admin, name: string): Promise<void> {
  if (await isTemplate(admin, name)) {
    await admin.session.execute(`ALTER DATABASE ${quoteName(name)} WITH IS_TEMPLATE false`);
  }
  await admin.session.execute(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
}

async function comment({ session }: Admin, name: string): Promise<string | undefined> {
  const { rows } = await session.execute(
    "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1",
    [name],
  );
  return typeof rows[0]?.[0] === "string" ? rows[0][0] : undefined;
}

async function setComment({ session }: Admin, name: string, text: string): Promise<void> {
  await session.execute(`COMMENT ON DATABASE ${quoteName(name)} IS '${text.replaceAll("'", "''")}'`);
}

async function tablesOf(backend: Backend): Promise<string[]> {
  return (await postgresIntrospection.tableNames(backend)).filter((name) => name !== RECORDS);
}

/** Whether the migrations have written rows, which no truncation may lose. */
async function hasRows(backend: Backend): Promise<boolean> {
  for (const table of await tablesOf(backend)) {
    const { rows } = await backend.execute(`SELECT 1 FROM ${quoteName(table)} LIMIT 1`);
    if (rows.length > 0) return true;
  }
  return false;
}

/** Empties all tables and starts their numbering anew. */
async function truncate(backend: Backend): Promise<void> {
  const tables = await tablesOf(backend);
  if (tables.length === 0) return;
  await backend.execute(`TRUNCATE ${tables.map(quoteName).join(", ")} RESTART IDENTITY CASCADE`);
}
