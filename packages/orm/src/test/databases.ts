import type { TestRun } from "@tsjango/kernel/apps";
import { connections } from "../connections.ts";
import { postgresDatabase } from "./postgres-databases.ts";
import { sqliteDatabase } from "./sqlite-databases.ts";

/** A migrated database that one worker has for itself. */
export interface TestDatabase {
  readonly url: string;
  /** Says that what is in it will not be rolled back, so that no other file of tests gets it as it is. */
  spoil(): Promise<void>;
  /** Brings it back to what the migrations made of it. Its connections must be closed. */
  restore(): Promise<void>;
  /** Gives it back. */
  release(): Promise<void>;
}

/** A copy of the migrated database of this alias, for one worker. */
export async function openTestDatabase(alias: string, workerId: number, run: TestRun): Promise<TestDatabase> {
  const { url } = connections.options(alias);
  return url.startsWith("sqlite:") ? sqliteDatabase(alias, workerId, run) : postgresDatabase(alias, url, workerId, run);
}
