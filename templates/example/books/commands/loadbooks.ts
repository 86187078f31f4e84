import { atomic } from "tsjango/db";
import { defineCommand } from "tsjango/management";
import { Author, Book } from "../models.ts";

const ROWS = [
  ["Jane Austen", "Emma", 1815, "9.50"],
  ["Jane Austen", "Persuasion", 1817, "8.00"],
  ["Mary Shelley", "Frankenstein", 1818, "7.25"],
  ["Natsume Sōseki", "こころ", 1914, "12.00"],
  ["George Eliot", "Middlemarch", 1871, "14.90"],
] as const;

export default defineCommand({
  name: "loadbooks",
  description: "Loads a few authors and their books.",
  async run({ output }) {
    let made = 0;
    await atomic(async () => {
      for (const [name, title, year, price] of ROWS) {
        const author = (await Author.objects.filter({ name }).first()) ?? (await Author.objects.create({ name }));
        if (await Book.objects.filter({ title, author }).exists()) continue;
        await Book.objects.create({ title, author, year, price });
        made += 1;
      }
    });
    output.log(`Loaded ${made} books; there are ${await Book.objects.all().count()}.`);
  },
});
