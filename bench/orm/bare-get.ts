import Database from "better-sqlite3";
import type { Contender } from "../harness.ts";
import { BOOKS, makeDatabase } from "./database.ts";

/** The driver alone: one prepared statement, a row object each. */
export async function start(): Promise<Contender> {
  const { file, remove } = makeDatabase();
  const db = new Database(file);
  const statement = db.prepare("SELECT id, title, pages, published, author_id FROM bench_book WHERE id = ?");
  return {
    version: "prepared",
    async run(count) {
      for (let i = 0; i < count; i++) {
        const row = (await statement.get((i % BOOKS) + 1)) as { id: number } | undefined;
        if (row?.id !== (i % BOOKS) + 1) throw new Error("wrong row");
      }
    },
    async stop() {
      db.close();
      remove();
    },
  };
}
