import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { FieldValueError, IntegrityError, ProtectedError } from "../../src/index.ts";
import { testHooks } from "../../src/test/index.ts";
import { Author, Book, OldBook, Profile, Publisher, Review } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

describeDatabases("rows", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const model of [Review, Book, Profile, Author, Publisher]) await model.objects.all().delete();
  });
  const emma = async () => {
    const author = await Author.objects.create({ name: "Jane Austen" });
    return Book.objects.create({ title: "Emma", author });
  };

  test("every kind of field comes back as it was written", async () => {
    const author = await Author.objects.create({ name: "Ž\u{1F600}'\"\\%_", email: "a@b.c" });
    const publisher = await Publisher.objects.create({ name: "P" });
    const published = new Date("1815-12-23T12:34:56.789Z");
    const values = {
      title: "Emma",
      published,
      bought: "2026-02-28",
      pages: -2_147_483_648 + 2_147_483_648,
      stock: -32_768,
      sold: 9_223_372_036_854_775_807n,
      weight: 0.1,
      price: "123456.78",
      translated: true,
      extra: { tags: ["a", "é"] },
      status: "done",
    } as const;
    const { pk } = await Book.objects.create({ ...values, extra: { tags: ["a", "é"] }, author, publisher });
    const book = await Book.objects.get({ pk });
    expect(book).toMatchObject({ ...values, authorId: author.id, publisherId: publisher.id });
    expect(book.createdAt).toBeInstanceOf(Date);
    expect((await Author.objects.get({ id: author.id })).name).toBe(author.name);
    expect(publisher.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("nulls come back as null, defaults are filled in, decimals have their places", async () => {
    const book = await Book.objects.get({ pk: (await emma()).pk });
    expect(book).toMatchObject({
      published: null,
      bought: null,
      extra: null,
      publisherId: null,
      price: "0.00",
      pages: 0,
    });
    expect(await book.publisher).toBeNull();
    expect(book.getStatusDisplay()).toBe("Draft");
    expect([book.shortTitle, book.age >= 0]).toEqual(["Emm", true]);
  });

  test("fields are own enumerable properties, relations and state are not", async () => {
    const book = await emma();
    expect(Object.keys(book).slice(0, 3)).toEqual(["id", "createdAt", "updatedAt"]);
    expect(Object.keys(book)).not.toContain("author");
    expect(JSON.parse(JSON.stringify({ ...book, sold: 0 }))).toMatchObject({ title: "Emma", authorId: book.authorId });
    expect({ ...(await Book.objects.get({ pk: book.pk })) }).toEqual({ ...book, price: "0.00" });
  });

  test("save inserts once, then updates; updateFields writes these alone", async () => {
    const author = new Author({ name: "Jane" });
    expect(await statements(() => author.save())).toEqual([
      'insert into "shop_author" ("name", "email", "boss_id") values (?, ?, ?) returning "id"',
    ]);
    author.name = "Jane Austen";
    expect(await statements(() => author.save({ updateFields: ["name"] }))).toEqual([
      'update "shop_author" set "name" = ? where "shop_author"."id" = ?',
    ]);
    await author.refreshFromDb();
    expect(author.name).toBe("Jane Austen");
    expect(await Author.objects.count()).toBe(1);
  });

  test("an instance with a key of one's own updates its row, or makes it", async () => {
    await new Author({ id: 77, name: "first" }).save();
    await new Author({ id: 77, name: "second" }).save();
    expect((await Author.objects.get({ id: 77 })).name).toBe("second");
    expect(await Author.objects.count()).toBe(1);
  });

  test("autoNow moves with each save, autoNowAdd stays", async () => {
    const book = await emma();
    const { createdAt } = book;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await book.save();
    await book.refreshFromDb();
    expect(book.createdAt).toEqual(createdAt);
    expect(book.updatedAt.getTime()).toBeGreaterThan(createdAt.getTime());
  });

  test("a related instance may be saved after it was assigned", async () => {
    const author = new Author({ name: "New" });
    const book = new Book({ title: "T", author });
    await expect(book.save()).rejects.toThrow("Book.author: the Author has not been saved. Save it first.");
    await author.save();
    await book.save();
    expect(book.authorId).toBe(author.id);
  });

  test("values of the wrong type or without a value are refused before the database is asked", async () => {
    const author = await Author.objects.create({ name: "A" });
    const bad = (values: object) => Book.objects.create({ title: "T", author, ...values });
    await expect(bad({ pages: "3" })).rejects.toThrow(
      "Book.pages takes a whole number from -2147483648 to 2147483647; found string '3'.",
    );
    await expect(bad({ price: "1.234" })).rejects.toThrow(FieldValueError);
    await expect(bad({ published: new Date(Number.NaN) })).rejects.toThrow("Book.published takes a valid Date");
    await expect(bad({ bought: "2026-02-30" })).rejects.toThrow("Book.bought takes a date as a string");
    await expect(bad({ pages: undefined })).rejects.toThrow('the value of "pages" is undefined');
    await expect(bad({ titel: 1 })).rejects.toThrow('Book has no field "titel". Did you mean "title"?');
    await expect(new Book({ author }).save()).rejects.toThrow("Book.title has no value, and may not be null.");
  });

  test("constraints of the database become IntegrityError, with the statement beside the message", async () => {
    await Author.objects.create({ name: "A", email: "same@x.y" });
    const error: IntegrityError = await Author.objects.create({ name: "SECRET", email: "same@x.y" }).then(
      () => expect.unreachable(),
      (caught) => caught,
    );
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error.sql).toContain("insert into");
    expect(error.parameters).toContain("SECRET");
    expect(error.message).not.toContain("SECRET");
    expect(error.cause).toBeInstanceOf(Error);
    await expect(Book.objects.create({ title: "T", author: 1, pages: -1 })).rejects.toThrow(IntegrityError);
  });

  test("a text that is too long is refused before the database is asked, counted in characters", async () => {
    const sent = await statements(async () => {
      await expect(Author.objects.create({ name: "x".repeat(101) })).rejects.toThrow(
        "Author.name takes at most 100 characters, and this has 101; found string",
      );
    });
    expect(sent).toEqual([]);
    expect((await Author.objects.create({ name: "\u{1F600}".repeat(100) })).name).toHaveLength(200);
    expect(await Author.objects.filter({ name: "x".repeat(101) }).count()).toBe(0);
  });

  test("delete takes what cascades, frees what is setNull, and heeds protect", async () => {
    const boss = await Author.objects.create({ name: "Boss" });
    const author = await Author.objects.create({ name: "A", boss });
    const publisher = await Publisher.objects.create({ name: "P" });
    const book = await Book.objects.create({ title: "T", author, publisher });
    await Review.objects.create({ book });
    await Review.objects.create({ book });
    await expect(publisher.delete()).rejects.toThrow(ProtectedError);
    await boss.delete();
    expect((await Author.objects.get({ pk: author.pk })).bossId).toBeNull();
    expect(await author.delete()).toBe(4);
    expect(await Review.objects.count()).toBe(0);
    expect(await publisher.delete()).toBe(1);
  });

  test("bulkCreate makes all rows with one statement and gives them their keys", async () => {
    const rows = ["a", "b", "c"].map((name) => ({ name }));
    const made: Author[] = [];
    const sent = await statements(async () => void made.push(...(await Author.objects.bulkCreate(rows))));
    expect(sent).toHaveLength(1);
    for (const author of made) expect((await Author.objects.get({ pk: author.pk })).name).toBe(author.name);
  });

  test("getOrCreate gives the row that is there, or makes it", async () => {
    const [first, created] = await Author.objects.getOrCreate({ name: "A" }, { defaults: { email: "a@b.c" } });
    const [second, again] = await Author.objects.getOrCreate({ name: "A" });
    expect([created, again, second.pk, second.email]).toEqual([true, false, first.pk, "a@b.c"]);
  });

  test("a proxy reads and writes the rows of its model", async () => {
    const book = await emma();
    const old = await OldBook.objects.get({ pk: book.pk });
    expect(old).toBeInstanceOf(OldBook);
    expect(old.isOld).toBe(true);
    expect(await OldBook.objects.published().count()).toBe(0);
    await Review.objects.create({ book });
    expect(await old.delete()).toBe(2);
  });

  test("each test of a project runs in a transaction that is rolled back", async () => {
    await testHooks.aroundTest?.(async () => {
      await emma();
      expect(await Book.objects.count()).toBe(1);
    });
    expect(await Book.objects.count()).toBe(0);
    await expect(testHooks.aroundTest?.(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  });
});
