import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaPg } from "@prisma/adapter-pg";
import type { Contender } from "../harness.ts";
import { type Book, contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";

interface BookRow extends Book {
  readonly authorId: number;
  readonly author: { readonly name: string };
}

/** What of the generated client is used; `npm run prisma` generates it. */
interface Client {
  readonly book: {
    findUniqueOrThrow(query: object): Promise<BookRow>;
    findMany(query?: object): Promise<BookRow[]>;
    updateMany(query: object): Promise<unknown>;
    createManyAndReturn(query: object): Promise<unknown>;
  };
  readonly author: { findMany(query: object): Promise<{ name: string; _count: { books: number } }[]> };
  $disconnect(): Promise<void>;
}

async function clientOf(vendor: Vendor, adapter: object): Promise<Client> {
  const { PrismaClient } = await import(new URL(`generated/${vendor}/client.ts`, import.meta.url).href);
  return new PrismaClient({ adapter });
}

async function openSqlite(file: string): Promise<Library> {
  const prisma = await clientOf("sqlite", new PrismaBetterSqlite3({ url: `file:${file}` }));
  return {
    version: "7.10",
    get: (id) => prisma.book.findUniqueOrThrow({ where: { id } }),
    related: (authorId) => prisma.book.findMany({ where: { authorId } }),
    joined: (authorId) => prisma.book.findMany({ where: { authorId }, include: { author: true } }),
    all: () => prisma.book.findMany(),
    grouped: async () => {
      const rows = await prisma.author.findMany({ select: { name: true, _count: { select: { books: true } } } });
      return rows.map(({ name, _count }) => ({ name, count: _count.books }));
    },
    update: async (id, pages) => void (await prisma.book.updateMany({ where: { id }, data: { pages } })),
    insert: async (books) => void (await prisma.book.createManyAndReturn({ data: [...books], select: { id: true } })),
    close: () => prisma.$disconnect(),
  };
}

async function openPostgres(url: string): Promise<Library> {
  const prisma = await clientOf("postgres", new PrismaPg({ connectionString: url }));
  const plain = <R extends BookRow>(row: R): R => ({
    ...row,
    id: Number(row.id),
    authorId: Number(row.authorId),
  });
  return {
    version: "7.10",
    get: async (id) => plain(await prisma.book.findUniqueOrThrow({ where: { id } })),
    related: async (authorId) => (await prisma.book.findMany({ where: { authorId } })).map(plain),
    joined: async (authorId) =>
      (await prisma.book.findMany({ where: { authorId }, include: { author: true } })).map(plain),
    all: async () => (await prisma.book.findMany()).map(plain),
    grouped: async () => {
      const rows = await prisma.author.findMany({ select: { name: true, _count: { select: { books: true } } } });
      return rows.map(({ name, _count }) => ({ name, count: _count.books }));
    },
    update: async (id, pages) => void (await prisma.book.updateMany({ where: { id }, data: { pages } })),
    insert: async (books) => void (await prisma.book.createManyAndReturn({ data: [...books], select: { id: true } })),
    close: () => prisma.$disconnect(),
  };
}

const open = (vendor: Vendor, at: string): Promise<Library> =>
  vendor === "sqlite" ? openSqlite(at) : openPostgres(at);

const types = { date: "DATETIME", boolean: "BOOLEAN", encodeDate: (date: Date) => date.toISOString() };

export const start = (): Promise<Contender> => contender(import.meta.url, { open, types });
