import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../backends/base/backend.ts";
import type { Connection } from "../backends/base/connection.ts";
import { MigrationError, OperationalError } from "../exceptions.ts";

/** How long to wait for another process that migrates the same database. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 50;

/** Any number that no other program is likely to lock; it stands for "migrations of this database". */
const LOCK = 7_378_970_716_831_309;

/** Begins the transaction of a migration: from here on no other process migrates this database. */
export async function beginLocked(connection: Connection, backend: Backend): Promise<void> {
  await patiently(backend, async () => {
    await connection.begin();
    if (backend.vendor === "sqlite") return true;
    // Asked again and again rather than waited for: whoever waits holds up an index that is built concurrently.
    if (await asked(connection, `SELECT pg_try_advisory_xact_lock(${LOCK})`)) return true;
    await connection.rollback();
    return false;
  });
}

/** The same without a transaction, for as long as `body` runs. SQLite has no such lock: there each part is locked. */
export async function lockedSession<T>(connection: Connection, backend: Backend, body: () => Promise<T>): Promise<T> {
  if (backend.vendor === "sqlite") return body();
  await patiently(backend, () => asked(connection, `SELECT pg_try_advisory_lock(${LOCK})`));
  try {
    return await body();
  } finally {
    await connection.execute(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}

async function asked(connection: Connection, sql: string): Promise<boolean> {
  return (await connection.execute(sql)).rows[0]?.[0] === true;
}

/** Another process may be migrating, for longer than a driver waits for a lock. */
async function patiently(backend: Backend, attempt: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      if (await attempt()) return;
    } catch (error) {
      if (!(error instanceof OperationalError && /locked|busy/i.test(error.message)) || Date.now() > deadline)
        throw error;
    }
    if (Date.now() > deadline) {
      throw new MigrationError(
        `Another process has been migrating ${backend.displayName} for ${PATIENCE_MS / 1000} seconds. ` +
          "Wait for it to end, then run migrate again.",
      );
    }
    await sleep(PAUSE_MS);
  }
}
