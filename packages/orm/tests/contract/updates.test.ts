import { AsyncResource } from "node:async_hooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { atomic, Case, Count, Exists, F, fields, Model, meta, OuterRef, Subquery, When } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 20 }),
  age: fields.integer({ null: true }),
  boss: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  books: () => fields.related(Book, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });
}
class Tag extends Model<Tag>()({ label: fields.char({ maxLength: 20 }) }) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 20 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade", null: true }),
  tags: () => fields.manyToMany(Tag),
  pages: fields.smallInteger({ null: true }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  note: fields.text({ default: "" }),
  // Named like a column of a SELECT in the statement.
  c0: fields.integer({ default: 0 }),
  reviews: () => fields.related(Review, "book"),
}) {}
class Review extends Model<Review>()({
  book: () => fields.foreignKey(Book, { onDelete: "cascade" }),
  stars: fields.integer(),
}) {}

const outsider = new AsyncResource("outside");

describeDatabases("updates that read other tables", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Tag, Book, Review });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => {
    await Book.objects.all().delete();
    await Author.objects.all().delete();
    await Tag.objects.all().delete();
    const boss = await Author.objects.create({ name: "Boss", age: 60 });
    const jane = await Author.objects.create({ name: "Jane", age: 41, boss });
    const [emma, dune] = await Book.objects.bulkCreate([
      { title: "Emma", author: jane, pages: 10, price: "1.00" },
      { title: "Dune", author: boss, pages: 20, price: "2.00" },
      { title: "None", pages: 30, price: "3.00" },
    ]);
    const tags = await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }]);
    await emma!.tags.add(...tags);
    await Review.objects.bulkCreate([5, 3].map((stars) => ({ book: emma!, stars })));
    await Review.objects.create({ book: dune!, stars: 1 });
  });

  const { objects } = Book;
  const pages = async () => Object.fromEntries(await objects.orderBy("id").valuesList("title", "pages"));

  test("a column is set to one of a related row, null where there is none, with plain values beside it", async () => {
    expect(await objects.update({ pages: F("author__age"), note: "seen", price: "7.5" })).toBe(3);
    expect(await pages()).toEqual({ Emma: 41, Dune: 60, None: null });
    expect(await objects.filter({ note: "seen", price: "7.50" }).count()).toBe(3);
  });

  test("and where the same relation finds the rows", async () => {
    expect(await objects.filter({ author__name: "Jane" }).update({ pages: F("author__age").plus(F("pages")) })).toBe(1);
    expect(await pages()).toEqual({ Emma: 51, Dune: 20, None: 30 });
    await objects.filter({ author__isnull: false }).update({ price: F("author__boss__age").times("1.005") });
    expect(await objects.orderBy("id").valuesList("price", { flat: true })).toEqual(["60.30", null, "3.00"]);
  });

  test("a choice among values reads related rows", async () => {
    const old = When({ author__age__gt: 50 }, 1);
    await objects.update({ pages: Case(old, When(Exists(Review.objects.filter({ book: OuterRef("pk") })), 2)) });
    expect(await pages()).toEqual({ Emma: 2, Dune: 1, None: null });
  });

  test("OuterRef names what is behind a relation, in a value and in a condition", async () => {
    const bossOf = Subquery(Author.objects.filter({ id: OuterRef("author__boss") }).values("age"));
    expect(await objects.filter({ author__name: "Jane" }).update({ pages: bossOf })).toBe(1);
    expect(await pages()).toEqual({ Emma: 60, Dune: 20, None: 30 });
    expect(await objects.update({ pages: bossOf })).toBe(3);
    expect(await pages()).toEqual({ Emma: 60, Dune: null, None: null });
    const sameName = Author.objects.filter({ name: OuterRef("author__name"), age: 41 });
    expect(await objects.filter(Exists(sameName)).update({ pages: 7 })).toBe(1);
    const named = objects.annotate({ n: Subquery(sameName.values("age")) });
    expect(await named.filter({ n: 41 }).update({ pages: F("n") })).toBe(1);
    expect(await pages()).toEqual({ Emma: 41, Dune: null, None: null });
  });

  test("a row that is found several times is set once", async () => {
    const best = Subquery(
      Review.objects
        .filter({ book: OuterRef("pk") })
        .orderBy("-stars")
        .values("stars")
        .slice(0, 1),
    );
    expect(await objects.filter({ tags__label__in: ["a", "b"] }).update({ pages: best })).toBe(1);
    const tagged = objects.filter({ tags__label__in: ["a", "b"] });
    expect(await tagged.update({ pages: F("pages").plus(F("author__age")) })).toBe(1);
    expect(await pages()).toEqual({ Emma: 46, Dune: 20, None: 30 });
  });

  test("rows that were found by their groups are set to what is behind a relation", async () => {
    const reviewed = objects.annotate({ n: Count("reviews") }).filter({ n__gt: 1 });
    expect(await reviewed.update({ pages: F("author__age") })).toBe(1);
    expect(await pages()).toEqual({ Emma: 41, Dune: 20, None: 30 });
  });

  test("save writes it, too, and reads it back", async () => {
    const book = await objects.get({ title: "Emma" });
    Object.assign(book, { c0: F("author__age"), note: "new" });
    await book.save();
    expect([book.c0, book.note]).toEqual([41, "new"]);
  });

  test("what several rows say is refused, wherever it is named", async () => {
    const refused = [
      objects.update({ note: F("tags__label") }),
      objects.filter({ tags__label: "a" }).update({ note: F("tags__label") }),
      objects.annotate({ l: F("tags__label") }).update({ note: F("l") }),
      objects.update({ pages: Case(When({ reviews__stars: 1 }, 1)) }),
      objects.update({ note: Subquery(Tag.objects.filter({ id: OuterRef("tags") }).values("label")) }),
    ];
    for (const asked of refused) await expect(asked).rejects.toThrow(/cannot be set to what several rows say/);
    await expect(objects.annotate({ n: Count("reviews") }).update({ pages: F("n") })).rejects.toThrow(
      /computed of several rows. Use Subquery/,
    );
    expect(await pages()).toEqual({ Emma: 10, Dune: 20, None: 30 });
  });

  test("a value that another transaction writes meanwhile counts", async () => {
    let later: Promise<number> | undefined;
    await atomic(async () => {
      await objects.filter({ title: "Emma" }).update({ pages: 1000 });
      later = outsider.runInAsyncScope(() =>
        Promise.resolve(objects.filter({ title: "Emma" }).update({ pages: F("pages").plus(F("author__age")) })),
      );
      await new Promise((done) => setTimeout(done, 50));
    });
    expect(await later).toBe(1);
    expect(await pages()).toEqual({ Emma: 1041, Dune: 20, None: 30 });
  });

  test("what reads the row alone is set in place", async () => {
    const [sql] = await statements(() => objects.filter({ title: "Emma" }).update({ pages: F("pages").plus(1) }));
    expect(sql).not.toContain("from");
  });
});
