import { BigIntType, EntitySchema, MikroORM } from "@mikro-orm/core";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { SqliteDriver } from "@mikro-orm/sqlite";
import type { Contender } from "../harness.ts";
import { type Book, contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";

interface AuthorRow {
  id: number;
  name: string;
}
interface BookRow extends Book {
  pages: number;
  author: AuthorRow;
}

/** 64 bits on both databases, as numbers. */
const key = new BigIntType("number");

const Author = new EntitySchema<AuthorRow>({
  name: "Author",
  tableName: "bench_author",
  properties: { id: { type: key, primary: true }, name: { type: "string" } },
});
const Books = new EntitySchema<BookRow>({
  name: "Book",
  tableName: "bench_book",
  properties: {
    id: { type: key, primary: true },
    title: { type: "string" },
    pages: { type: "integer" },
    published: { type: "datetime", nullable: true },
    inStock: { type: "boolean", fieldName: "in_stock" },
    author: { kind: "m:1", entity: () => Author, fieldName: "author_id" },
  },
});

/** What of its entity manager is used: its types follow decorators or its own builder, not these plain schemas. */
interface Manager {
  findOneOrFail(schema: object, where: object): Promise<BookRow>;
  find(schema: object, where: object, options?: object): Promise<BookRow[]>;
  nativeUpdate(schema: object, where: object, data: object): Promise<number>;
  insertMany(schema: object, data: object[]): Promise<unknown>;
  getConnection(): { execute<R>(sql: string): Promise<R> };
}

async function open(vendor: Vendor, at: string): Promise<Library> {
  // The registry's newest packages of it are of several patch versions.
  process.env["MIKRO_ORM_ALLOW_VERSION_MISMATCH"] = "1";
  const orm = await MikroORM.init({
    ...(vendor === "sqlite" ? { driver: SqliteDriver, dbName: at } : { driver: PostgreSqlDriver, clientUrl: at }),
    entities: [Author, Books],
  } as Parameters<typeof MikroORM.init>[0]);
  // An entity manager of its own for each request, as its guide has it.
  const em = () => orm.em.fork() as unknown as Manager;
  return {
    version: "7.2",
    get: (id) => em().findOneOrFail(Books, { id }),
    related: (author) => em().find(Books, { author }),
    joined: (author) => em().find(Books, { author }, { populate: ["author"], strategy: "joined" }),
    all: () => em().find(Books, {}),
    grouped: async () => {
      const rows = await em()
        .getConnection()
        .execute<{ name: string; count: string }[]>(
          "select a.name, count(b.id) as count from bench_author a left join bench_book b on b.author_id = a.id group by a.id, a.name",
        );
      return rows.map(({ name, count }) => ({ name, count: Number(count) }));
    },
    update: async (id, pages) => void (await em().nativeUpdate(Books, { id }, { pages })),
    insert: async (given) =>
      void (await em().insertMany(
        Books,
        given.map(({ authorId, ...book }) => ({ ...book, author: authorId })),
      )),
    close: () => orm.close(),
  };
}

const types = { date: "datetime", boolean: "integer", encodeDate: (date: Date) => date.getTime() };

export const start = (): Promise<Contender> => contender(import.meta.url, { open, types });
