import Database from "better-sqlite3";
import type { Contender } from "../harness.ts";
import { AUTHORS, BOOKS, makeDatabase } from "./database.ts";

/** The driver alone: one prepared statement, a row object each. */
export async function start(): Promise<Contender> {
  const { file, remove } = makeDatabase();
  const db = new Database(file);
  const statement = db.prepare("SELECT id, title, pages, published, author_id FROM bench_book WHERE author_id = ?");
  return {
    version: "prepared",
    async run(count) {
      for (let i = 0; i < count; i++) {
        const rows = await statement.all((i % AUTHORS) + 1);
        if (rows.length !== BOOKS / AUTHORS) throw new Error("wrong rows");
      }
    },
    async stop() {
      db.close();
      remove();
    },
  };
}
