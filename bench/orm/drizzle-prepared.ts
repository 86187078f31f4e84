import Database from "better-sqlite3";
import { count, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { Contender } from "../harness.ts";
import { contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";
import { pgTables, relationsOf, sqliteTables } from "./drizzle-schema.ts";

const id = sql.placeholder("id");
const notMeasured = async (): Promise<never> => {
  throw new Error("a list of rows of any length cannot be prepared");
};

function openSqlite(file: string): Library {
  const { author, book } = sqliteTables;
  const client = new Database(file);
  const db = drizzle(client, { schema: { ...sqliteTables, ...relationsOf(sqliteTables) } });
  const get = db.select().from(book).where(eq(book.id, id)).prepare();
  const related = db.select().from(book).where(eq(book.authorId, id)).prepare();
  const joined = db.query.book.findMany({ where: eq(book.authorId, id), with: { author: true } }).prepare();
  const all = db.select().from(book).prepare();
  const grouped = db
    .select({ name: author.name, count: count(book.id) })
    .from(author)
    .leftJoin(book, eq(book.authorId, author.id))
    .groupBy(author.id, author.name)
    .prepare();
  const update = db
    .update(book)
    .set({ pages: sql`${sql.placeholder("pages")}` })
    .where(eq(book.id, id))
    .prepare();
  return {
    version: "0.45",
    async get(key) {
      const row = get.get({ id: key });
      return row as NonNullable<typeof row>;
    },
    related: async (key) => related.all({ id: key }),
    joined: async (key) => (await joined.execute({ id: key })) as never,
    all: async () => all.all(),
    grouped: async () => grouped.all(),
    update: async (key, pages) => void update.run({ id: key, pages }),
    insert: notMeasured,
    close: async () => void client.close(),
  };
}

function openPostgres(url: string): Library {
  const { author, book } = pgTables;
  const pool = new pg.Pool({ connectionString: url });
  const db = drizzlePg(pool, { schema: { ...pgTables, ...relationsOf(pgTables) } });
  const get = db.select().from(book).where(eq(book.id, id)).prepare("get");
  const related = db.select().from(book).where(eq(book.authorId, id)).prepare("related");
  const joined = db.query.book.findMany({ where: eq(book.authorId, id), with: { author: true } }).prepare("joined");
  const all = db.select().from(book).prepare("all");
  const grouped = db
    .select({ name: author.name, count: count(book.id) })
    .from(author)
    .leftJoin(book, eq(book.authorId, author.id))
    .groupBy(author.id, author.name)
    .prepare("grouped");
  const update = db
    .update(book)
    .set({ pages: sql`${sql.placeholder("pages")}::integer` })
    .where(eq(book.id, id))
    .prepare("update");
  return {
    version: "0.45",
    async get(key) {
      const [row] = await get.execute({ id: key });
      return row as NonNullable<typeof row>;
    },
    related: (key) => related.execute({ id: key }),
    joined: async (key) => (await joined.execute({ id: key })) as never,
    all: () => all.execute(),
    grouped: () => grouped.execute(),
    update: async (key, pages) => void (await update.execute({ id: key, pages })),
    insert: notMeasured,
    close: () => pool.end(),
  };
}

const open = async (vendor: Vendor, at: string): Promise<Library> =>
  vendor === "sqlite" ? openSqlite(at) : openPostgres(at);

export const start = (): Promise<Contender> => contender(import.meta.url, { open });
