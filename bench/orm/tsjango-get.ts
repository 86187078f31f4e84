import type { Contender } from "../harness.ts";
import { BOOKS } from "./database.ts";
import { Book } from "./models.ts";
import { open } from "./tsjango.ts";

/** `Book.objects.get({ id })`, as a view writes it. */
export async function start(): Promise<Contender> {
  const stop = await open();
  return {
    version: "0.1.0",
    stop,
    async run(count) {
      for (let i = 0; i < count; i++) {
        const book = await Book.objects.get({ id: (i % BOOKS) + 1 });
        if (book.id !== (i % BOOKS) + 1) throw new Error("wrong row");
      }
    },
  };
}
