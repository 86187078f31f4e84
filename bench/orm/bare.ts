import Database from "better-sqlite3";
import pg from "pg";
import Cursor from "pg-cursor";
import type { Contender } from "../harness.ts";
import { type Book, contender, type Library } from "./cases.ts";
import { dateText, type NewBook, type Vendor } from "./database.ts";

const BOOK = "id, title, pages, published, in_stock, author_id";
const WITH_AUTHOR = `SELECT b.id, b.title, b.pages, b.published, b.in_stock, b.author_id, a.id AS a_id, a.name AS a_name
  FROM bench_book b INNER JOIN bench_author a ON a.id = b.author_id WHERE b.author_id = `;
const GROUPED = `SELECT a.name, count(b.id) AS count FROM bench_author a LEFT JOIN bench_book b ON b.author_id = a.id
  GROUP BY a.id, a.name`;

interface Row {
  readonly id: number;
  readonly title: string;
  readonly pages: number;
  readonly published: string | null;
  readonly in_stock: number;
  readonly author_id: number;
}

/** What a careful user writes: the row's own object with its values in the types that the program works with. */
function bookOf(row: Row): Book & { readonly pages: number; readonly authorId: number } {
  return {
    id: row.id,
    title: row.title,
    pages: row.pages,
    published: row.published === null ? null : new Date(`${row.published.replace(" ", "T")}Z`),
    inStock: row.in_stock === 1,
    authorId: row.author_id,
  };
}

/** The driver alone: prepared statements, a row object each. */
function openSqlite(file: string): Library {
  const db = new Database(file);
  db.pragma("foreign_keys = ON");
  db.pragma("synchronous = NORMAL");
  const get = db.prepare<[number], Row>(`SELECT ${BOOK} FROM bench_book WHERE id = ?`);
  const related = db.prepare<[number], Row>(`SELECT ${BOOK} FROM bench_book WHERE author_id = ?`);
  const joined = db.prepare<[number], Row & { a_id: number; a_name: string }>(`${WITH_AUTHOR}?`);
  const all = db.prepare<[], Row>(`SELECT ${BOOK} FROM bench_book`);
  const grouped = db.prepare<[], { name: string; count: number }>(GROUPED);
  const update = db.prepare<[number, number]>("UPDATE bench_book SET pages = ? WHERE id = ?");
  const insert = db.prepare<unknown[]>(
    "INSERT INTO bench_book (title, pages, published, in_stock, author_id) VALUES (?, ?, ?, ?, ?) RETURNING id",
  );
  const insertAll = db.transaction((books: readonly NewBook[]) =>
    books.map(({ title, pages, published, inStock, authorId }) => {
      const { id } = insert.get(title, pages, published && dateText(published), inStock ? 1 : 0, authorId) as Row;
      return { id, title, pages, published, inStock, authorId };
    }),
  );
  return {
    version: "better-sqlite3, prepared",
    get: async (id) => bookOf(get.get(id) as Row),
    related: async (author) => related.all(author).map(bookOf),
    joined: async (author) =>
      joined.all(author).map((row) => ({ ...bookOf(row), author: { id: row.a_id, name: row.a_name } })),
    all: async () => all.all().map(bookOf),
    grouped: async () => grouped.all(),
    update: async (id, pages) => void update.run(pages, id),
    async stream() {
      let count = 0;
      for (const row of all.iterate()) if (bookOf(row).id > 0) count++;
      return count;
    },
    insert: async (books) => void insertAll(books),
    close: async () => void db.close(),
  };
}

interface PgRow extends Omit<Row, "published" | "in_stock"> {
  readonly published: Date | null;
  readonly in_stock: boolean;
}

function pgBookOf(row: PgRow) {
  return {
    id: Number(row.id),
    title: row.title,
    pages: row.pages,
    published: row.published,
    inStock: row.in_stock,
    authorId: Number(row.author_id),
  };
}

/** The driver alone: named statements, which the server prepares once. */
async function openPostgres(url: string): Promise<Library> {
  const pool = new pg.Pool({ connectionString: url });
  const run = async <R>(name: string, text: string, values: unknown[] = []): Promise<R[]> =>
    (await pool.query({ name, text, values })).rows;
  return {
    version: "pg, named statements",
    async get(id) {
      const [row] = await run<PgRow>("get", `SELECT ${BOOK} FROM bench_book WHERE id = $1`, [id]);
      return pgBookOf(row as PgRow);
    },
    related: async (author) =>
      (await run<PgRow>("related", `SELECT ${BOOK} FROM bench_book WHERE author_id = $1`, [author])).map(pgBookOf),
    joined: async (author) =>
      (await run<PgRow & { a_id: string; a_name: string }>("joined", `${WITH_AUTHOR}$1`, [author])).map((row) => ({
        ...pgBookOf(row),
        author: { id: Number(row.a_id), name: row.a_name },
      })),
    all: async () => (await run<PgRow>("all", `SELECT ${BOOK} FROM bench_book`)).map(pgBookOf),
    grouped: async () =>
      (await run<{ name: string; count: string }>("grouped", GROUPED)).map(({ name, count }) => ({
        name,
        count: Number(count),
      })),
    update: async (id, pages) =>
      void (await run("update", "UPDATE bench_book SET pages = $1 WHERE id = $2", [pages, id])),
    async stream() {
      const client = await pool.connect();
      const cursor = client.query(new Cursor<PgRow>(`SELECT ${BOOK} FROM bench_book`));
      let count = 0;
      for (let rows = await cursor.read(2000); rows.length > 0; rows = await cursor.read(2000)) {
        for (const row of rows) if (pgBookOf(row).id > 0) count++;
      }
      await cursor.close();
      client.release();
      return count;
    },
    async insert(books) {
      const values = books.flatMap((book) => [book.title, book.pages, book.published, book.inStock, book.authorId]);
      const rows = books.map((_, n) => `(${[1, 2, 3, 4, 5].map((column) => `$${n * 5 + column}`).join(", ")})`);
      const text = `INSERT INTO bench_book (title, pages, published, in_stock, author_id) VALUES ${rows.join(", ")} RETURNING id`;
      const made = await run<{ id: string }>(`insert ${books.length}`, text, values);
      books.map((book, n) => ({ ...book, id: Number(made[n]?.id) }));
    },
    close: () => pool.end(),
  };
}

const open = async (vendor: Vendor, at: string): Promise<Library> =>
  vendor === "sqlite" ? openSqlite(at) : openPostgres(at);

export const start = (): Promise<Contender> => contender(import.meta.url, { open });
