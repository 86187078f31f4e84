import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestHooks, TestRun } from "@tsjango/kernel/apps";
import { connections } from "../connections.ts";
import { onStatement, rolledBack } from "../transaction.ts";
import { openTestDatabase, type TestDatabase } from "./databases.ts";
import { dropDatabases } from "./postgres-databases.ts";
import { withReferences } from "./references.ts";
import { watchStatements } from "./watch-statements.ts";

/** The databases of this worker, by alias. */
const databases = new Map<string, TestDatabase>();

/** Whether nothing has run on them since they were restored. */
let untouched = false;

/** A database for each worker; each test's writes are rolled back, or the database restored after it. */
export const testHooks: TestHooks = {
  watchStatements: onStatement,

  async setUpWorker(workerId, run) {
    const own = run === undefined ? ownRun() : undefined;
    const tearDown = async () => {
      for (const [alias, database] of databases) {
        await connections.override(alias, undefined);
        await database.release();
      }
      databases.clear();
      if (own === undefined) return;
      await dropDatabases(own);
      rmSync(own.directory, { recursive: true, force: true });
    };
    try {
      for (const alias of connections.aliases()) {
        const database = await openTestDatabase(alias, workerId, (run ?? own)!);
        databases.set(alias, database);
        await connections.override(alias, database.url);
      }
    } catch (error) {
      await tearDown();
      throw error;
    }
    return tearDown;
  },

  async aroundFile(run, { transactional }) {
    if (!transactional) return rolledBack(run);
    for (const database of databases.values()) await database.spoil();
    untouched = false;
    await run();
  },

  async aroundTest(run, { transactional, onFailed } = { transactional: false }) {
    const stop = onFailed === undefined ? undefined : watchStatements(onFailed);
    try {
      if (transactional) return await restored(run);
      untouched = false;
      await rolledBack(() => withReferences(run));
    } finally {
      stop?.();
    }
  },

  async loadFixtures(names, options) {
    const { loadFixtures } = await import("../serialization/load-fixtures.ts");
    return loadFixtures(names, options);
  },

  async tearDownRun(run) {
    if (!run.keepDatabases) await dropDatabases(run);
  },
};

/** What was really committed is removed after it; the numbers that earlier tests have used up are free again before it. */
async function restored(run: () => Promise<void>): Promise<void> {
  if (!untouched) await restoreAll();
  try {
    await run();
  } finally {
    await restoreAll();
  }
}

async function restoreAll(): Promise<void> {
  for (const [alias, database] of databases) {
    // The connections close; the next query opens them again.
    await connections.override(alias, database.url);
    await database.restore();
  }
  untouched = true;
}

function ownRun(): TestRun {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-test-"));
  return { directory, cacheDirectory: directory, keepDatabases: false, recreateDatabases: false };
}
