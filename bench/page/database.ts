import { join } from "node:path";
import Database from "better-sqlite3";

/** Books in all, and on the page. */
const BOOKS = 1000;
export const SHOWN = 20;
const EACH = 4;

/** The n-th book, from 0: every tenth has something to escape. */
function bookAt(n: number) {
  return {
    title: n % 10 === 0 ? `Sense & "Sensibility" <${n}>` : `The Book of the Year ${n}`,
    pages: 100 + (n % 400),
    published: new Date(Date.UTC(2000, 0, 1) + n * 86_400_123),
    inStock: n % 3 !== 0,
    author: Math.floor(n / EACH) + 1,
  };
}

/** A book as the JSON has it. */
export interface ShownBook {
  readonly id: number;
  readonly title: string;
  readonly pages: number;
  readonly published: string;
  readonly inStock: boolean;
  readonly author: { readonly id: number; readonly name: string };
}

/** What is to be shown: the newest books. */
export const NEWEST: readonly ShownBook[] = Array.from({ length: SHOWN }, (_, index) => {
  const { author, published, ...book } = bookAt(BOOKS - 1 - index);
  return {
    id: BOOKS - index,
    ...book,
    published: published.toISOString(),
    author: { id: author, name: `Author O'Number ${author}` },
  };
});

/** Makes the file that all contenders read, in the tables that tsjango and Django make. */
export function makeDatabase(directory: string): string {
  const file = join(directory, "db.sqlite3");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.exec(`
    CREATE TABLE books_author (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(100) NOT NULL);
    CREATE TABLE books_book (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title VARCHAR(200) NOT NULL,
      pages INTEGER NOT NULL,
      published DATETIME NOT NULL,
      in_stock BOOL NOT NULL,
      author_id BIGINT NOT NULL REFERENCES books_author (id) DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX books_book_author_id ON books_book (author_id);
  `);
  const author = db.prepare("INSERT INTO books_author (name) VALUES (?)");
  const book = db.prepare(
    "INSERT INTO books_book (title, pages, published, in_stock, author_id) VALUES (?, ?, ?, ?, ?)",
  );
  db.transaction(() => {
    for (let n = 0; n * EACH < BOOKS; n++) author.run(`Author O'Number ${n + 1}`);
    for (let n = 0; n < BOOKS; n++) {
      const { title, pages, published, inStock, author } = bookAt(n);
      const text = `${published.toISOString().replace("T", " ").slice(0, 23)}000`;
      book.run(title, pages, text, inStock ? 1 : 0, author);
    }
  })();
  db.close();
  return file;
}
