import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";

export const AUTHORS = 50;
export const BOOKS = 1000;

/** A SQLite file with 50 authors and 1,000 books, in the columns that the ORM's models make. */
export function makeDatabase(): { readonly file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "tsjango-bench-"));
  const file = join(directory, "db.sqlite3");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.exec(`
    CREATE TABLE bench_author (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
    CREATE TABLE bench_book (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      pages INTEGER NOT NULL,
      published TEXT NULL,
      author_id INTEGER NOT NULL REFERENCES bench_author (id) DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX bench_book_author_id ON bench_book (author_id);
  `);
  const author = db.prepare("INSERT INTO bench_author (name) VALUES (?)");
  const book = db.prepare("INSERT INTO bench_book (title, pages, published, author_id) VALUES (?, ?, ?, ?)");
  db.transaction(() => {
    for (let i = 0; i < AUTHORS; i++) author.run(`Author ${i}`);
    for (let i = 0; i < BOOKS; i++) book.run(`Book ${i}`, 100 + i, null, (i % AUTHORS) + 1);
  })();
  db.close();
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
