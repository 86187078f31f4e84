import { F, Prefetch } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

/** The rows, each shown in its own way. */
async function each<R>(rows: PromiseLike<readonly R[]>, show: (row: R) => unknown): Promise<unknown[]> {
  return (await rows).map(show);
}

export const load: Readonly<Record<string, GoldenQuery>> = {
  "load/selectRelated": (m) =>
    each(m.Book.selectRelated("author", "publisher"), (book) => [book, book.author, book.publisher]),
  "load/selectRelated of null": (m) =>
    each(m.Book.selectRelated("publisher").filter({ publisher: null }), (book) => [book.title, book.publisher]),
  "load/selectRelated, two steps": (m) =>
    each(m.Book.selectRelated("author__boss__boss"), ({ title, author }) => [
      title,
      author.boss,
      author.boss?.boss ?? null,
    ]),
  "load/selectRelated of one-to-one": (m) =>
    each(m.Author.selectRelated("profile"), (author) => [author.name, author.profile]),
  "load/selectRelated with filter": (m) =>
    each(m.Book.selectRelated("publisher").filter({ publisher__city: "London" }), (book) => [
      book.title,
      book.publisher?.name,
    ]),
  "load/only": (m) => each(m.Book.only("title"), (book) => [book.id, book.title]),
  "load/defer": (m) => each(m.Book.defer("price", "status"), (book) => [book.id, book.title, book.pages]),
  "load/prefetch reverse": (m) => each(m.Author.prefetchRelated("books"), (author) => [author, [...author.books]]),
  "load/prefetch m2m": (m) => each(m.Book.prefetchRelated("tags"), (book) => [book, byId(book.tags)]),
  "load/prefetch reverse of m2m": (m) =>
    each(m.Tag.prefetchRelated("books").orderBy("id"), (tag) => [tag, [...tag.books]]),
  "load/prefetch fk": (m) => each(m.Review.prefetchRelated("book").orderBy("id"), (review) => [review.id, review.book]),
  "load/prefetch nested": (m) =>
    each(m.Author.prefetchRelated("books__reviews"), (author) => [
      author,
      [...author.books].map((book) => [book, byId(book.reviews).map(({ id }) => id)]),
    ]),
  "load/prefetch a query set": (m) =>
    each(
      m.Author.prefetchRelated(new Prefetch("books", m.Book.filter({ pages__gt: 300 }).orderBy("-pages", "id"))),
      (author) => [author, [...author.books]],
    ),
  "load/prefetch toAttr": (m) =>
    each(
      m.Author.prefetchRelated(
        new Prefetch("books", m.Book.filter({ pages__gt: 300 }).orderBy("title"), { toAttr: "long" }),
      ),
      (author) => [author.name, author.long],
    ),
  "load/prefetch sliced": (m) =>
    each(
      m.Author.prefetchRelated(
        new Prefetch("books", m.Book.orderBy(F("pages").desc(), "id").slice(0, 1), { toAttr: "longest" }),
      ),
      (author) => [author.name, author.longest],
    ),
  "load/prefetch through a model between": (m) =>
    each(m.Store.prefetchRelated("books").orderBy("id"), (store) => [store.name, [...store.books]]),
};

function byId<R extends { id: number }>(rows: Iterable<R>): R[] {
  return [...rows].sort((a, b) => a.id - b.id);
}
