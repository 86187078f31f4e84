import { factory } from "../../src/test/factory.ts";
import { Author, Book, Publisher } from "../support/models.ts";

export async function typed() {
  const authors = factory(Author, { name: "Jane" });
  const books = factory(Book, { title: (n) => `Book ${n.toFixed()}`, author: authors, status: "draft" });
  const book: Book = await books.create();
  const batch: Book[] = await books.createBatch(3, { author: await authors.create(), pages: () => 7 });
  const built: Author = await authors.build({ boss: null });
  // @ts-expect-error no such field
  factory(Book, { titel: "x" });
  // @ts-expect-error a number is no title
  factory(Book, { title: 1 });
  // @ts-expect-error nor is what gives one
  factory(Book, { title: () => 1 });
  // @ts-expect-error not one of the choices
  await books.create({ status: "gone" });
  // @ts-expect-error a factory of another model
  factory(Book, { author: factory(Publisher) });
  return [book, batch, built];
}
