import type { TestHooks } from "@tsjango/kernel/apps";
import { connections } from "../connections.ts";
import { atomic } from "../transaction.ts";
import { createTestDatabase } from "./databases.ts";

/** Thrown to roll a test's transaction back. */
class RollBack extends Error {}

/** A database for each worker, and a transaction for each test that is rolled back. */
export const testHooks: TestHooks = {
  async setUpWorker(workerId) {
    const { migrateAll } = await import("../migrations/index.ts");
    const made: (() => Promise<void>)[] = [];
    const tearDown = async () => {
      for (const alias of connections.aliases()) await connections.override(alias, undefined);
      for (const remove of made) await remove();
    };
    try {
      for (const alias of connections.aliases()) {
        const { url, remove } = await createTestDatabase(alias, workerId);
        made.push(remove);
        await connections.override(alias, url);
        await migrateAll(alias);
      }
    } catch (error) {
      await tearDown();
      throw error;
    }
    return tearDown;
  },

  async aroundTest(run) {
    const nested = connections
      .aliases()
      .reduceRight<() => Promise<void>>((inner, using) => () => rolledBack(inner, using), run);
    await nested();
  },
};

async function rolledBack(run: () => Promise<void>, using: string): Promise<void> {
  const end = new RollBack();
  try {
    await atomic(
      async () => {
        await run();
        throw end;
      },
      { using },
    );
  } catch (error) {
    if (error !== end) throw error;
  }
}
