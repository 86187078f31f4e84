import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Q, Value } from "../../src/index.ts";
import { Author, Book, Profile, Publisher, Review } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

const COLUMNS = /^select "shop_\w+"\."id".*? from/;
/** The SQL of a query, its columns left out. */
const sqlOf = async (rows: PromiseLike<unknown>) =>
  (await statements(() => rows.then((all) => all))).map((sql) => sql.replace(COLUMNS, "select … from"));

describeDatabases("queries", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
    const [jane, emily, nobody] = await Author.objects.bulkCreate([
      { name: "Jane Austen", email: "jane@x.y" },
      { name: "Emily Brontë" },
      { name: "nobody%_\\" },
    ]);
    const penguin = await Publisher.objects.create({ name: "Penguin" });
    const emma = await Book.objects.create({
      title: "Emma",
      author: jane!,
      publisher: penguin,
      published: new Date("1815-12-23T00:00:00Z"),
      bought: "2020-02-29",
      pages: 474,
      price: "9.50",
      sold: 10n,
    });
    const pride = await Book.objects.create({ title: "Pride", author: jane!, pages: 432, price: "10.00" });
    const heights = await Book.objects.create({
      title: "Wuthering Heights",
      author: emily!,
      published: new Date("1847-12-31T23:59:59.999Z"),
      stock: 3,
      status: "done",
    });
    await Profile.objects.create({ author: jane!, bio: "wrote" });
    await Author.objects.filter({ pk: nobody!.pk }).update({ boss: jane! });
    await Review.objects.bulkCreate([
      { book: emma, stars: 5, text: "good" },
      { book: emma, stars: 1, text: "bad" },
      { book: pride, stars: 1, text: "good" },
      { book: heights, text: "dull" },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const titles = async (rows: PromiseLike<Book[]>) => (await rows).map((book) => book.title);
  const names = async (rows: PromiseLike<Author[]>) => (await rows).map((author) => author.name);
  const books = Book.objects;

  describe("lookups", () => {
    test("compare numbers, decimals, dates and booleans by value", async () => {
      expect(await titles(books.filter({ pages__gt: 432 }))).toEqual(["Emma"]);
      expect(await titles(books.filter({ pages__gte: 432, pages__lt: 474 }))).toEqual(["Pride"]);
      expect(await titles(books.filter({ price__gt: "9.9" }))).toEqual(["Pride"]);
      expect(await titles(books.filter({ price__range: ["9.5", "9.50"] }))).toEqual(["Emma"]);
      expect(await titles(books.filter({ sold__in: [10n, 11n] }))).toEqual(["Emma"]);
      expect(await titles(books.filter({ published__lte: new Date("1815-12-23T00:00:00Z") }))).toEqual(["Emma"]);
      expect(await titles(books.filter({ bought: "2020-02-29" }))).toEqual(["Emma"]);
      expect(await books.filter({ translated: true }).count()).toBe(0);
    });

    test("read parts of dates in UTC", async () => {
      expect(await titles(books.filter({ published__year: 1847, published__month: 12, published__day: 31 }))).toEqual([
        "Wuthering Heights",
      ]);
      expect(await titles(books.filter({ published__year__lt: 1847 }))).toEqual(["Emma"]);
      expect(await titles(books.filter({ bought__month__in: [2, 3] }))).toEqual(["Emma"]);
    });

    test("match texts, wildcards standing for themselves", async () => {
      const authors = Author.objects;
      expect(await names(authors.filter({ name__contains: "%_\\" }))).toEqual(["nobody%_\\"]);
      expect(await names(authors.filter({ name__icontains: "O%" }))).toEqual([]);
      expect(await names(authors.filter({ name__startswith: "jane" }))).toEqual([]);
      expect(await names(authors.filter({ name__istartswith: "jane" }))).toEqual(["Jane Austen"]);
      expect(await names(authors.filter({ name__endswith: "ë" }))).toEqual(["Emily Brontë"]);
      expect(await names(authors.filter({ name__contains: "*" }))).toEqual([]);
    });

    test("that ignore case fold it by Unicode", async () => {
      expect(await names(Author.objects.filter({ name__icontains: "BRONTË" }))).toEqual(["Emily Brontë"]);
      expect(await names(Author.objects.filter({ name__iexact: "emily brontË" }))).toEqual(["Emily Brontë"]);
      expect(await names(Author.objects.filter({ name__iendswith: "AUSTEN" }))).toEqual(["Jane Austen"]);
    });

    test("nothing is known of a missing text, not even of an empty end", async () => {
      const { objects } = Author;
      for (const rows of [
        objects.filter({ email__endswith: Value("") }),
        objects.filter({ email__iendswith: Value("") }),
      ])
        expect(await names(rows)).toEqual(["Jane Austen"]);
    });

    test("order texts by code points", async () => {
      expect(await names(Author.objects.orderBy("name"))).toEqual(["Emily Brontë", "Jane Austen", "nobody%_\\"]);
      expect(await names(Author.objects.filter({ name__gt: "a" }))).toEqual(["nobody%_\\"]);
    });

    test("null means null, and cannot be compared otherwise", async () => {
      expect(await titles(books.filter({ published: null }))).toEqual(["Pride"]);
      expect(await titles(books.filter({ publisher: null }))).toEqual(["Pride", "Wuthering Heights"]);
      expect(() => books.filter({ published: undefined as never })).toThrow(
        'The condition on "published" is undefined.',
      );
      await expect(books.filter({ pages__gt: null as never })).rejects.toThrow(
        '"pages__gt" cannot be compared with null. Write { pages__isnull: true }.',
      );
      await expect(books.filter({ pages__isnull: 1 as never })).rejects.toThrow("takes true or false; found number 1.");
    });

    test("in of nothing asks nothing, and drops out of other conditions", async () => {
      expect(await sqlOf(books.filter({ pages__in: [] }))).toEqual([]);
      expect(await sqlOf(books.none())).toEqual([]);
      expect(await statements(() => books.filter({ pages__in: [] }).count())).toEqual([]);
      expect(await sqlOf(books.exclude({ pages__in: [] }).orderBy())).toEqual(['select … from "shop_book"']);
      expect(await sqlOf(books.filter(Q({ pages__in: [] }).or({ pages: 432 })).orderBy())).toEqual([
        'select … from "shop_book" where "shop_book"."pages" = ?',
      ]);
      expect(await titles(books.filter({ stock__in: [3, null] }))).toEqual(["Wuthering Heights"]);
    });

    test("in of a query set is one query", async () => {
      const authors = Author.objects.filter({ name__startswith: "J" });
      expect(await titles(books.filter({ author__in: authors }))).toEqual(["Emma", "Pride"]);
      expect(await sqlOf(books.filter({ author__in: authors }).orderBy())).toHaveLength(1);
    });

    test("unknown names are refused, naming what there is", async () => {
      const wrong = (condition: object) => books.filter(condition as never).then(() => "no error");
      await expect(wrong({ titel: 1 })).rejects.toThrow(
        'Book has no field "titel". Did you mean "title"? Choices: author, authorId,',
      );
      await expect(wrong({ author__nme: 1 })).rejects.toThrow(
        'Author has no field "nme" in "author__nme". Did you mean "name"?',
      );
      await expect(wrong({ title__foo: 1 })).rejects.toThrow('Book.title has no lookup "foo". Choices: contains,');
      await expect(wrong({ pages__icontains: "1" })).rejects.toThrow('Book.pages has no lookup "icontains".');
      await expect(wrong({ author: new Publisher({ name: "P" }) })).rejects.toThrow(
        '"author" takes Author, or its key;',
      );
      await expect(books.orderBy("titel" as never)).rejects.toThrow('Book has no field "titel"');
    });
  });

  describe("joins", () => {
    test("a key of a relation needs no join", async () => {
      const jane = await Author.objects.get({ name: "Jane Austen" });
      const spellings = [
        books.filter({ author: jane }),
        books.filter({ author: jane.id }),
        books.filter({ authorId: jane.id }),
        books.filter({ author__id: jane.id }),
        books.filter({ author__pk: jane.id }),
      ];
      for (const rows of spellings) {
        expect(await sqlOf(rows.orderBy())).toEqual(['select … from "shop_book" where "shop_book"."author_id" = ?']);
      }
      expect(await sqlOf(books.filter({ publisher__isnull: true }).orderBy())).toEqual([
        'select … from "shop_book" where "shop_book"."publisher_id" is null',
      ]);
    });

    test("conditions of one filter are about one row, those of two about two", async () => {
      expect(await titles(books.filter({ reviews__stars: 1, reviews__text: "good" }))).toEqual(["Pride"]);
      expect(await titles(books.filter({ reviews__stars: 1 }).filter({ reviews__text: "good" }))).toEqual([
        "Emma",
        "Pride",
      ]);
      expect(await sqlOf(books.filter({ reviews__stars: 1 }).filter({ reviews__text: "good" }).orderBy())).toEqual([
        'select … from "shop_book" inner join "shop_review" on "shop_book"."id" = "shop_review"."book_id" ' +
          'inner join "shop_review" as "T3" on "shop_book"."id" = "T3"."book_id" ' +
          'where "shop_review"."stars" = ? and "T3"."text" = ?',
      ]);
    });

    test("exclude over many rows asks whether there is one", async () => {
      expect(await titles(books.exclude({ reviews__text: "good" }))).toEqual(["Wuthering Heights"]);
      expect(await sqlOf(books.exclude({ reviews__text: "good" }).orderBy())).toEqual([
        'select … from "shop_book" where not (exists (select 1 from "shop_review" as "U0" ' +
          'where "U0"."text" = ? and "U0"."book_id" = "shop_book"."id"))',
      ]);
      expect(await names(Author.objects.exclude({ books__reviews__text: "dull" }))).toEqual([
        "Jane Austen",
        "nobody%_\\",
      ]);
      expect(await titles(books.exclude({ reviews__stars: 1, reviews__text: "good" }))).toEqual(["Wuthering Heights"]);
    });

    test("exclude correlates at the reference in the table itself", async () => {
      expect(await sqlOf(books.exclude({ author__books__title: "Emma" }).orderBy())).toEqual([
        'select … from "shop_book" where not (exists (select 1 from "shop_book" as "U0" ' +
          'where "U0"."title" = ? and "U0"."author_id" = "shop_book"."author_id"))',
      ]);
      expect(await titles(books.exclude({ author__books__title: "Emma" }))).toEqual(["Wuthering Heights"]);
    });

    test("exclude keeps rows whose value is null", async () => {
      expect(await titles(books.exclude({ stock: 3 }))).toEqual(["Emma", "Pride"]);
      expect(await sqlOf(books.exclude({ stock: 3 }).orderBy())).toEqual([
        'select … from "shop_book" where not (("shop_book"."stock" = ? and "shop_book"."stock" is not null))',
      ]);
      expect(await sqlOf(books.exclude({ pages: 3 }).orderBy())).toEqual([
        'select … from "shop_book" where not ("shop_book"."pages" = ?)',
      ]);
      expect(await titles(books.exclude({ publisher__name: "Penguin" }))).toEqual(["Pride", "Wuthering Heights"]);
      expect(await titles(books.filter(Q({ stock__gt: 1 }).not()))).toEqual(["Emma", "Pride"]);
    });

    test("or lets the joined row be missing, unless every part needs it", async () => {
      const either = Q({ publisher__name: "Penguin" }).or({ pages: 432 });
      expect(await titles(books.filter(either))).toEqual(["Emma", "Pride"]);
      expect((await sqlOf(books.filter(either)))[0]).toContain("left join");
      expect((await sqlOf(books.filter(Q({ publisher__name: "a" }).or({ publisher__name: "b" }))))[0]).toContain(
        "inner join",
      );
      expect((await sqlOf(books.filter(either).filter({ publisher__name: "c" })))[0]).not.toContain("left join");
    });

    test("isnull of the other side finds rows without any, and with", async () => {
      expect(await names(Author.objects.filter({ books__isnull: true }))).toEqual(["nobody%_\\"]);
      expect(await names(Author.objects.filter({ books__isnull: false }))).toEqual([
        "Emily Brontë",
        "Jane Austen",
        "Jane Austen",
      ]);
      expect(await names(Author.objects.exclude({ books__isnull: true }))).toEqual(["Emily Brontë", "Jane Austen"]);
      expect(await names(Author.objects.filter({ profile__isnull: false }))).toEqual(["Jane Austen"]);
      expect(await titles(books.exclude({ reviews__stars__isnull: true }))).toEqual(["Emma", "Pride"]);
    });

    test("xor holds for an odd number of conditions", async () => {
      const three = Q({ title: "Emma" }).xor({ pages: 474 }).xor({ author__name: "Jane Austen" });
      expect(await titles(books.filter(three))).toEqual(["Emma", "Pride"]);
      expect(await titles(books.filter(three.not()))).toEqual(["Wuthering Heights"]);
    });

    test("a relation to the model itself joins it under another name", async () => {
      expect(await names(Author.objects.filter({ boss__name: "Jane Austen" }))).toEqual(["nobody%_\\"]);
      expect(await names(Author.objects.filter({ boss__boss__isnull: true }))).toHaveLength(3);
    });
  });

  describe("order and slices", () => {
    test("a model's order holds until another is named", async () => {
      expect(await titles(books.all())).toEqual(["Emma", "Pride", "Wuthering Heights"]);
      expect(await titles(books.orderBy("-pages", "title"))).toEqual(["Emma", "Pride", "Wuthering Heights"]);
      expect(await titles(books.orderBy("author__name", "-title"))).toEqual(["Wuthering Heights", "Pride", "Emma"]);
      expect(await titles(books.reverse())).toEqual(["Wuthering Heights", "Pride", "Emma"]);
      expect((await sqlOf(books.orderBy("author")))[0]).toMatch(/order by "shop_author"\."name"$/);
      expect((await sqlOf(books.orderBy("authorId")))[0]).toMatch(/order by "shop_book"\."author_id"$/);
      expect(await titles(books.orderBy("?"))).toHaveLength(3);
    });

    test("slices are cut again from themselves, and nothing changes them", async () => {
      expect(await titles(books.slice(1, 3))).toEqual(["Pride", "Wuthering Heights"]);
      expect(await titles(books.slice(1).slice(1, 5))).toEqual(["Wuthering Heights"]);
      expect(await titles(books.slice(2, 1))).toEqual([]);
      expect(await books.slice(0, 2).count()).toBe(2);
      expect(() => books.slice(0, 1).filter({ pages: 1 })).toThrow("filter() cannot follow slice()");
      expect(() => books.slice(-1)).toThrow("start must be a whole number from 0; found number -1.");
      await expect(books.slice(0, 1).delete()).rejects.toThrow("delete() cannot follow slice()");
    });

    test("first and last follow the order, or the key", async () => {
      expect((await books.first())?.title).toBe("Emma");
      expect((await books.last())?.title).toBe("Wuthering Heights");
      expect((await books.orderBy().first())?.title).toBe("Emma");
      expect(await books.filter({ title: "none" }).first()).toBeNull();
      expect((await sqlOf(books.orderBy().last()))[0]).toMatch(/order by "shop_book"\."id" desc limit 1$/);
    });
  });

  describe("retrieval", () => {
    test("get throws the model's own errors", async () => {
      await expect(books.get({ title: "none" })).rejects.toThrow(Book.DoesNotExist);
      await expect(books.get({ title: "none" })).rejects.toThrow("No Book matches: title = 'none'.");
      await expect(books.get({ author__name: "Jane Austen" })).rejects.toThrow(Book.MultipleObjectsReturned);
      await expect(books.get({ author__name: "Jane Austen" })).rejects.toThrow("get() found 2 Book rows");
      await expect(Author.objects.get({ name: "none" })).rejects.not.toThrow(Book.DoesNotExist);
    });

    test("count and exists ask for as little as they need", async () => {
      expect(await statements(() => books.filter({ pages__gt: 1 }).exists())).toEqual([
        'select 1 from "shop_book" where "shop_book"."pages" > ? limit 1',
      ]);
      expect(await statements(() => books.count())).toEqual(['select count(*) from "shop_book"']);
    });

    test("a query set is asked once, and again by another one", async () => {
      const rows = books.filter({ pages__gt: 1 });
      expect(await statements(async () => [await rows, await rows, await rows.count()])).toHaveLength(1);
      expect(await statements(async () => [await rows.all(), await rows.all()])).toHaveLength(2);
      const seen: string[] = [];
      for await (const book of rows) seen.push(book.title);
      expect(seen).toEqual(["Emma", "Pride"]);
    });

    test("query methods of a manager chain everywhere", async () => {
      const jane = await Author.objects.get({ name: "Jane Austen" });
      expect(await titles(Book.objects.published())).toEqual(["Emma", "Wuthering Heights"]);
      expect(await titles(books.filter({ status: "draft" }).longerThan(3))).toEqual(["Emma"]);
      expect(await titles(jane.books.published())).toEqual(["Emma"]);
    });

    test("update and delete of rows found through other tables", async () => {
      const rows = books.filter({ author__name: "Emily Brontë" });
      expect(await statements(() => rows.update({ pages: 7 }))).toEqual([
        'update "shop_book" set "pages" = ? where "shop_book"."id" in (select "U0"."id" from "shop_book" as "U0" ' +
          'inner join "shop_author" as "U1" on "U0"."author_id" = "U1"."id" where "U1"."name" = ?)',
      ]);
      expect(await books.filter({ pages: 7 }).update({ pages: 0 })).toBe(1);
      await expect(books.update({ titel: 1 } as never)).rejects.toThrow(
        'no field "titel" to write. Did you mean "title"?',
      );
      expect(await Review.objects.filter({ book__author__name: "none" }).delete()).toBe(0);
    });
  });
});
