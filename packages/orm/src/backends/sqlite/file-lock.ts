import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";

const PAUSE = 20;

/** Runs `work` while no other process does so with the same file. A process that is killed gives its lock back. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = new Database(file, { timeout: 0 });
  try {
    while (!taken(lock)) await sleep(PAUSE);
    return await work();
  } finally {
    lock.close();
  }
}

function taken(lock: Database.Database): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY")) return false;
    throw error;
  }
}
