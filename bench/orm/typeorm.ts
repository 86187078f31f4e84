import { DataSource, EntitySchema } from "typeorm";
import type { Contender } from "../harness.ts";
import { type Book, contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";

interface AuthorRow {
  id: number;
  name: string;
}
interface BookRow extends Book {
  pages: number;
  authorId: number;
  author: AuthorRow;
}

const toNumber = { from: Number, to: (value: unknown) => value };

function schemas(vendor: Vendor) {
  // PostgreSQL gives 64-bit numbers as texts, which a careful user turns into numbers.
  const key =
    vendor === "sqlite" ? ({ type: "integer" } as const) : ({ type: "bigint", transformer: toNumber } as const);
  const Author = new EntitySchema<AuthorRow>({
    name: "Author",
    tableName: "bench_author",
    columns: { id: { ...key, primary: true, generated: "increment" }, name: { type: "varchar" } },
  });
  const Book = new EntitySchema<BookRow>({
    name: "Book",
    tableName: "bench_book",
    columns: {
      id: { ...key, primary: true, generated: "increment" },
      title: { type: "varchar" },
      pages: { type: "integer" },
      published: { type: vendor === "sqlite" ? "datetime" : "timestamptz", nullable: true },
      inStock: { type: "boolean", name: "in_stock" },
      authorId: { ...key, name: "author_id" },
    },
    relations: { author: { type: "many-to-one", target: "Author", joinColumn: { name: "author_id" } } },
  });
  return { Author, Book };
}

async function open(vendor: Vendor, at: string): Promise<Library> {
  const { Author, Book } = schemas(vendor);
  const source = new DataSource({
    ...(vendor === "sqlite" ? { type: "better-sqlite3", database: at } : { type: "postgres", url: at }),
    entities: [Author, Book],
  });
  await source.initialize();
  const books = source.getRepository(Book);
  return {
    version: "1.1",
    get: (id) => books.findOneByOrFail({ id }),
    related: (authorId) => books.findBy({ authorId }),
    joined: (authorId) => books.find({ where: { authorId }, relations: { author: true } }),
    all: () => books.find(),
    grouped: async () => {
      const rows = await source
        .getRepository(Author)
        .createQueryBuilder("a")
        .leftJoin("Book", "b", "b.author_id = a.id")
        .select("a.name", "name")
        .addSelect("count(b.id)", "count")
        .groupBy("a.id")
        .addGroupBy("a.name")
        .getRawMany<{ name: string; count: string }>();
      return rows.map(({ name, count }) => ({ name, count: Number(count) }));
    },
    update: async (id, pages) => void (await books.update({ id }, { pages })),
    insert: async (given) => void (await books.insert(given.map((book) => ({ ...book })))),
    close: () => source.destroy(),
  };
}

const types = {
  date: "datetime",
  boolean: "boolean",
  encodeDate: (date: Date) => date.toISOString().replace("T", " ").slice(0, 23),
};

export const start = (): Promise<Contender> => contender(import.meta.url, { open, types });
