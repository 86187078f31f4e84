import Database from "better-sqlite3";
import { count, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { Contender } from "../harness.ts";
import { contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";
import { pgTables, relationsOf, sqliteTables } from "./drizzle-schema.ts";

function openSqlite(file: string): Library {
  const { author, book } = sqliteTables;
  const client = new Database(file);
  const db = drizzle(client, { schema: { ...sqliteTables, ...relationsOf(sqliteTables) } });
  return {
    version: "0.45",
    async get(id) {
      const [row] = await db.select().from(book).where(eq(book.id, id));
      return row as NonNullable<typeof row>;
    },
    related: async (id) => db.select().from(book).where(eq(book.authorId, id)),
    joined: async (id) => db.query.book.findMany({ where: eq(book.authorId, id), with: { author: true } }) as never,
    all: async () => db.select().from(book),
    grouped: async () =>
      db
        .select({ name: author.name, count: count(book.id) })
        .from(author)
        .leftJoin(book, eq(book.authorId, author.id))
        .groupBy(author.id, author.name),
    update: async (id, pages) => void (await db.update(book).set({ pages }).where(eq(book.id, id))),
    insert: async (books) =>
      void (await db
        .insert(book)
        .values([...books])
        .returning({ id: book.id })),
    close: async () => void client.close(),
  };
}

function openPostgres(url: string): Library {
  const { author, book } = pgTables;
  const pool = new pg.Pool({ connectionString: url });
  const db = drizzlePg(pool, { schema: { ...pgTables, ...relationsOf(pgTables) } });
  return {
    version: "0.45",
    async get(id) {
      const [row] = await db.select().from(book).where(eq(book.id, id));
      return row as NonNullable<typeof row>;
    },
    related: async (id) => db.select().from(book).where(eq(book.authorId, id)),
    joined: async (id) => db.query.book.findMany({ where: eq(book.authorId, id), with: { author: true } }) as never,
    all: async () => db.select().from(book),
    grouped: async () =>
      db
        .select({ name: author.name, count: count(book.id) })
        .from(author)
        .leftJoin(book, eq(book.authorId, author.id))
        .groupBy(author.id, author.name),
    update: async (id, pages) => void (await db.update(book).set({ pages }).where(eq(book.id, id))),
    insert: async (books) =>
      void (await db
        .insert(book)
        .values([...books])
        .returning({ id: book.id })),
    close: () => pool.end(),
  };
}

const open = async (vendor: Vendor, at: string): Promise<Library> =>
  vendor === "sqlite" ? openSqlite(at) : openPostgres(at);

export const start = (): Promise<Contender> => contender(import.meta.url, { open });
