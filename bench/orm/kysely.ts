import Database from "better-sqlite3";
import { type Generated, Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import Cursor from "pg-cursor";
import type { Contender } from "../harness.ts";
import { type Book, contender, type Library } from "./cases.ts";
import { dateText, type Vendor } from "./database.ts";

interface Row {
  id: Generated<number>;
  title: string;
  pages: number;
  published: string | Date | null;
  in_stock: number | boolean;
  author_id: number;
}
interface Tables {
  bench_author: { id: Generated<number>; name: string };
  bench_book: Row;
}
type Selected = { [K in keyof Row]: Row[K] extends Generated<infer V> ? V : Row[K] };

/** Kysely gives what the driver gives: its user makes dates and booleans. */
function bookOf(row: Selected): Book {
  const { published } = row;
  return {
    ...row,
    id: Number(row.id),
    published: typeof published === "string" ? new Date(`${published.replace(" ", "T")}Z`) : published,
    inStock: row.in_stock === 1 || row.in_stock === true,
  };
}

async function open(vendor: Vendor, at: string): Promise<Library> {
  const dialect =
    vendor === "sqlite"
      ? new SqliteDialect({ database: new Database(at) })
      : new PostgresDialect({ pool: new pg.Pool({ connectionString: at }), cursor: Cursor });
  const db = new Kysely<Tables>({ dialect });
  const books = db.selectFrom("bench_book").selectAll();
  return {
    version: "0.29",
    get: async (id) => bookOf(await books.where("id", "=", id).executeTakeFirstOrThrow()),
    related: async (author) => (await books.where("author_id", "=", author).execute()).map(bookOf),
    joined: async (author) => {
      const rows = await db
        .selectFrom("bench_book as b")
        .innerJoin("bench_author as a", "a.id", "b.author_id")
        .selectAll("b")
        .select(["a.id as a_id", "a.name as a_name"])
        .where("b.author_id", "=", author)
        .execute();
      return rows.map((row) => ({ ...bookOf(row), author: { id: row.a_id, name: row.a_name } }));
    },
    all: async () => (await books.execute()).map(bookOf),
    grouped: async () => {
      const rows = await db
        .selectFrom("bench_author as a")
        .leftJoin("bench_book as b", "b.author_id", "a.id")
        .select(({ fn }) => ["a.name", fn.count<number | string>("b.id").as("count")])
        .groupBy(["a.id", "a.name"])
        .execute();
      return rows.map((row) => ({ name: row.name, count: Number(row.count) }));
    },
    update: async (id, pages) =>
      void (await db.updateTable("bench_book").set({ pages }).where("id", "=", id).executeTakeFirst()),
    async stream() {
      let count = 0;
      for await (const row of books.stream(2000)) if (bookOf(row).id > 0) count++;
      return count;
    },
    insert: async (given) => {
      const values = given.map(({ title, pages, published, inStock, authorId }) => ({
        title,
        pages,
        published: vendor === "sqlite" ? published && dateText(published) : published,
        in_stock: vendor === "sqlite" ? Number(inStock) : inStock,
        author_id: authorId,
      }));
      await db.insertInto("bench_book").values(values).returning("id").execute();
    },
    close: () => db.destroy(),
  };
}

export const start = (): Promise<Contender> => contender(import.meta.url, { open });
