import type { Contender } from "../harness.ts";
import { AUTHORS, BOOKS } from "./database.ts";
import { Book } from "./models.ts";
import { open } from "./tsjango.ts";

/** `Book.objects.filter({ author })`, as a view writes it. */
export async function start(): Promise<Contender> {
  const stop = await open();
  return {
    version: "0.1.0",
    stop,
    async run(count) {
      for (let i = 0; i < count; i++) {
        const books = await Book.objects.filter({ author: (i % AUTHORS) + 1 });
        if (books.length !== BOOKS / AUTHORS) throw new Error("wrong rows");
      }
    },
  };
}
