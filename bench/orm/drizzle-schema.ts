import { relations } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";
import { dateText } from "./database.ts";

const dateColumn = lite.customType<{ data: Date; driverData: string }>({
  dataType: () => "text",
  fromDriver: (text) => new Date(`${text.replace(" ", "T")}Z`),
  toDriver: dateText,
});

const liteAuthor = lite.sqliteTable("bench_author", {
  id: lite.integer().primaryKey({ autoIncrement: true }),
  name: lite.text().notNull(),
});
export const sqliteTables = {
  author: liteAuthor,
  book: lite.sqliteTable("bench_book", {
    id: lite.integer().primaryKey({ autoIncrement: true }),
    title: lite.text().notNull(),
    pages: lite.integer().notNull(),
    published: dateColumn(),
    inStock: lite.integer("in_stock", { mode: "boolean" }).notNull(),
    authorId: lite
      .integer("author_id")
      .notNull()
      .references(() => liteAuthor.id),
  }),
};

const pgAuthor = pg.pgTable("bench_author", {
  id: pg.bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
  name: pg.varchar({ length: 100 }).notNull(),
});
export const pgTables = {
  author: pgAuthor,
  book: pg.pgTable("bench_book", {
    id: pg.bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
    title: pg.varchar({ length: 200 }).notNull(),
    pages: pg.integer().notNull(),
    published: pg.timestamp({ withTimezone: true }),
    inStock: pg.boolean("in_stock").notNull(),
    authorId: pg
      .bigint("author_id", { mode: "number" })
      .notNull()
      .references(() => pgAuthor.id),
  }),
};

/** What `db.query` needs to load an author with its book. */
export function relationsOf({ author, book }: typeof sqliteTables | typeof pgTables) {
  return {
    bookRelations: relations(book as typeof sqliteTables.book, ({ one }) => ({
      author: one(author as typeof sqliteTables.author, {
        fields: [(book as typeof sqliteTables.book).authorId],
        references: [(author as typeof sqliteTables.author).id],
      }),
    })),
  };
}
