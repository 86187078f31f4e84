import type { Contender } from "../harness.ts";
import { bookAt, EACH, makeDatabase, type NewBook, type Opened, type SqliteTypes, type Vendor } from "./database.ts";

/** A book as it is read: a number, a text, a `Date` and a boolean, as whoever reads it needs them. */
export interface Book {
  readonly id: number;
  readonly title: string;
  readonly published: Date | null;
  readonly inStock: boolean;
}

/** What each contender does, written as a user of it would. */
export interface Library {
  readonly version: string;
  get(id: number): Promise<Book>;
  /** The 20 books of an author. */
  related(author: number): Promise<readonly Book[]>;
  /** The same with the author of each, in one query. */
  joined(author: number): Promise<readonly (Book & { readonly author: { readonly name: string } })[]>;
  /** Every book, as instances or whatever stands for them. */
  all(): Promise<readonly Book[]>;
  /** How many books each author has. */
  grouped(): Promise<readonly { readonly count: number }[]>;
  update(id: number, pages: number): Promise<void>;
  /** Every book, one after the other, not all in memory at once; gives their number. Left out where it cannot. */
  stream?(): Promise<number>;
  insert(books: readonly NewBook[]): Promise<void>;
  close(): Promise<void>;
}

/** One thing to do, with how often in a round, and of how many books. */
interface Case {
  readonly title: string;
  readonly books: number;
  readonly count: number;
  run(library: Library, n: number, books: number): Promise<void>;
}

function check(right: boolean): void {
  if (!right) throw new Error("wrong rows");
}

function isBook(book: Book, id: number): boolean {
  const { title, published, inStock } = bookAt(id - 1);
  const date = book.published === published || book.published?.getTime() === published?.getTime();
  return book.id === id && book.title === title && date && book.inStock === inStock;
}

const insertCase = (rows: number, count: number): Case => {
  const books = Array.from({ length: rows }, (_, n) => bookAt(n % 1000));
  return {
    title: `${rows} rows inserted at once`,
    books: 1000,
    count,
    run: (library) => library.insert(books),
  };
};

export const CASES = {
  get: {
    title: "one row by primary key",
    books: 1000,
    count: 5000,
    async run(library, n, books) {
      const id = (n % books) + 1;
      check(isBook(await library.get(id), id));
    },
  },
  related: {
    title: "20 rows by foreign key",
    books: 1000,
    count: 1000,
    async run(library, n, books) {
      const author = (n % Math.ceil(books / EACH)) + 1;
      const found = await library.related(author);
      check(found.length === EACH && isBook(found[7] as Book, (author - 1) * EACH + 8));
    },
  },
  joined: {
    title: "20 rows with selectRelated",
    books: 1000,
    count: 500,
    async run(library, n, books) {
      const author = (n % Math.ceil(books / EACH)) + 1;
      const found = await library.joined(author);
      check(found.length === EACH && found[7]?.author.name === `Author ${author - 1}`);
    },
  },
  all: {
    title: "1,000 rows to instances",
    books: 1000,
    count: 15,
    async run(library, _n, books) {
      const found = await library.all();
      check(found.length === books && found.every((book) => book.id > 0));
    },
  },
  grouped: {
    title: "50 groups with their number of rows",
    books: 1000,
    count: 40,
    async run(library) {
      const found = await library.grouped();
      check(found.length === 50 && found[3]?.count === EACH);
    },
  },
  update: {
    title: "update by primary key",
    books: 1000,
    count: 1000,
    run: (library, n, books) => library.update((n % books) + 1, n % 500),
  },
  stream: {
    title: "100,000 rows streamed",
    books: 100_000,
    count: 1,
    async run(library, _n, books) {
      check((await library.stream?.()) === books);
    },
  },
  insert: insertCase(1000, 3),
} satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof CASES;

/** What opens a library over a database that holds `bench_book`. */
export interface Opener {
  readonly types?: SqliteTypes;
  open(vendor: Vendor, at: string): Promise<Library>;
}

/** The address of a contender's module for one case: the module reads it from its own address. */
export function address(file: string, vendor: Vendor, name: CaseName, books?: number): URL {
  const url = new URL(file, import.meta.url);
  url.searchParams.set("vendor", vendor);
  url.searchParams.set("case", name);
  if (books !== undefined) url.searchParams.set("books", String(books));
  return url;
}

/** The contender that a module's address asks for. */
export async function contender(moduleUrl: string, { open, types }: Opener): Promise<Contender> {
  const { searchParams } = new URL(moduleUrl);
  const vendor = searchParams.get("vendor") as Vendor;
  const asked = CASES[searchParams.get("case") as CaseName] as Case;
  const books = Number(searchParams.get("books") ?? asked.books);
  const database: Opened = await makeDatabase(vendor, books, types);
  const library = await open(vendor, database.at);
  let n = 0;
  return {
    version: library.version,
    async run(count) {
      for (let i = 0; i < count; i++) await asked.run(library, n++, books);
    },
    async stop() {
      await library.close();
      await database.remove();
    },
  };
}
