import { Q, type QuerySetLike } from "../../src/index.ts";
import { Author, Book, type Publisher, Review } from "../support/models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => {};
const books = Book.objects;

export async function reading(author: Author) {
  const rows = await books.filter({ title: "x" });
  is<Equal<typeof rows, Book[]>>();
  is<Equal<Awaited<ReturnType<typeof books.first>>, Book | null>>();
  for await (const book of books.all()) book.shortTitle;
  // @ts-expect-error a query set must be awaited
  for (const book of books.all()) book.title;
  // @ts-expect-error nor has it a length
  books.all().length;
  const like: QuerySetLike<Book> = books.all();

  const loaded = await books.selectRelated("author__boss", "publisher").get({ id: 1 });
  const same: Book = loaded;
  loaded.author.initials;
  loaded.author.boss?.name;
  loaded.publisher?.name;
  // @ts-expect-error may be null
  loaded.publisher.name;
  // @ts-expect-error not a relation to one row
  books.selectRelated("reviews");

  await books.published().filter({ pages: 3 }).longerThan(3);
  await author.books.published().longerThan(1);
  const chained = await books.selectRelated("author").published();
  chained[0]!.author.initials;
  // @ts-expect-error no such query method
  books.publishd();
  return [like, same];
}

export function filters(author: Author, publisher: Publisher) {
  books.filter({ author, author__name__icontains: "x", published__year: 2020, published__year__gte: 3 });
  books.filter({ title__in: ["a"], pages__range: [1, 2], reviews__stars__isnull: true, author__boss__boss__name: "x" });
  books.filter({
    author: 3,
    authorId: 3,
    author__in: [author, 3],
    publisher,
    publisherId: "uuid",
    publisher__isnull: true,
  });
  books.filter({ author__in: Author.objects.filter({ name: "x" }), sold__gt: 3n, price__lte: "9.50", pk: 1 });
  books.filter({ title: "x" }, Q({ pages: 3 }).or({ title: "y" }).not());
  books.exclude(Q({ title: "x" }).xor({ pages__gt: 3 })).orderBy("-published", "author__name", "?");
  const long = books.q({ pages__gt: 400 }).or({ title: "x" });
  books.filter(long);
  // @ts-expect-error a condition on another model
  Author.objects.filter(long);
  // @ts-expect-error no such field
  books.filter({ titel: "x" });
  // @ts-expect-error no such field behind a relation
  books.filter({ author__nme: "x" });
  // @ts-expect-error no such lookup
  books.filter({ title__foo: "x" });
  // @ts-expect-error no such lookup of a number
  books.filter({ pages__icontains: "x" });
  // @ts-expect-error a wrong value
  books.filter({ published__year: "2020" });
  // @ts-expect-error a wrong instance
  books.filter({ author: publisher });
  // @ts-expect-error a wrong key
  books.filter({ publisherId: 3 });
  // @ts-expect-error isnull is a question
  books.filter({ published__isnull: 1 });
  // @ts-expect-error a wrong field in a Q
  books.filter(Q({ titel: "x" }));
  // @ts-expect-error a wrong value in a combined Q
  books.filter(Q({ title: "x" }).or({ pages__gt: "3" }));
  // @ts-expect-error JSON contains parts of itself
  books.filter({ extra__contains: "x" });
  // @ts-expect-error no such field to order by
  books.orderBy("-titel");
  // @ts-expect-error undefined is no value
  books.filter({ title: undefined });
}

export async function writing(author: Author, publisher: Publisher) {
  await books.create({ title: "x", author });
  await books.create({ title: "x", author: 3, publisher: "uuid", status: "done", extra: { tags: [] } });
  await author.books.create({ title: "x" });
  await books.bulkCreate([{ title: "x", author }]);
  const [row, isNew] = await Author.objects.getOrCreate({ name: "x" }, { defaults: { email: "y" } });
  is<Equal<typeof row, Author>>();
  is<Equal<typeof isNew, boolean>>();
  await books.filter({ id: 1 }).update({ title: "y", author, publisher: null });
  await author.books.add(3);
  const count: number = await Review.objects.filter({ stars: 1 }).delete();
  // @ts-expect-error all rows go only where all() is written
  await books.delete();
  // @ts-expect-error title is missing
  await books.create({ author });
  // @ts-expect-error author is missing
  await books.create({ title: "x" });
  // @ts-expect-error a wrong instance
  await books.create({ title: "x", author: publisher });
  // @ts-expect-error no such field
  await books.create({ title: "x", author, titel: "x" });
  // @ts-expect-error title may not be null
  await books.create({ title: null, author });
  // @ts-expect-error what the lookup leaves out must be in the defaults
  await books.getOrCreate({ title: "x" });
  // @ts-expect-error no such field
  await books.update({ titel: "x" });
  // @ts-expect-error a wrong value
  await books.update({ pages: "x" });
  // @ts-expect-error the field that the manager sets itself
  await author.books.create({ title: "x", author });
  return count;
}
