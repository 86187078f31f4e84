import { defineApp, setup, tearDown } from "@tsjango/kernel/apps";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import { Count } from "@tsjango/orm";
import orm from "@tsjango/orm/app";
import type { Contender } from "../harness.ts";
import { contender, type Library } from "./cases.ts";
import type { Vendor } from "./database.ts";
import { Author, Book } from "./models.ts";

async function open(vendor: Vendor, at: string): Promise<Library> {
  const settings = settingsDefiner([orm])({
    baseDir: new URL(".", import.meta.url),
    secretKey: "bench",
    installedApps: [defineApp({ name: "bench", models: () => import("./models.ts") })],
    databases: { default: { url: vendor === "sqlite" ? `sqlite:${at}` : at } },
  });
  await setup(settings as Settings);
  return {
    version: "0.1.0",
    get: (id) => Book.objects.get({ id }),
    related: async (author) => Book.objects.filter({ author }),
    joined: async (author) => Book.objects.filter({ author }).selectRelated("author"),
    all: async () => Book.objects.all(),
    grouped: async () => Author.objects.annotate({ count: Count("books") }).values("name", "count"),
    update: async (id, pages) => void (await Book.objects.filter({ id }).update({ pages })),
    async stream() {
      let count = 0;
      for await (const book of Book.objects.iterator()) if (book.id > 0) count++;
      return count;
    },
    insert: async (books) =>
      void (await Book.objects.bulkCreate(books.map(({ authorId, ...book }) => ({ ...book, author: authorId })))),
    close: tearDown,
  };
}

export const start = (): Promise<Contender> => contender(import.meta.url, { open });
