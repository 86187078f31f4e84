import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Count, IntegrityError, ProtectedError, postDelete, preDelete, RestrictedError } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./models.ts";
import { Author, Book, Contract, Copy, Egg, Hen, Line, Loan, NOBODY, Novel, Tag } from "./models.ts";

describeDatabases("deletion", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  let jane: Author;
  let emma: Book;
  beforeEach(async () => {
    for (const model of [Loan, Contract, Copy, Book, Author, Tag, Egg, Hen]) await model.objects.all().delete();
    jane = await Author.objects.create({ name: "Jane" });
    emma = await Book.objects.create({ title: "Emma", author: jane });
  });

  test("what goes is counted, in all and by model", async () => {
    const tag = await Tag.objects.create({ label: "a" });
    await emma.tags.add(tag);
    await Line.objects.bulkCreate([
      { book: emma, number: 1 },
      { book: emma, number: 2 },
    ]);
    expect(await jane.delete({ perModel: true })).toEqual({
      total: 5,
      models: { "shop.Author": 1, "shop.Book": 1, "shop.Book_tags": 1, "shop.Line": 2 },
    });
    expect(await Book.objects.all().delete({ perModel: true })).toEqual({ total: 0, models: {} });
    expect(await Tag.objects.all().delete({ perModel: true })).toEqual({ total: 1, models: { "shop.Tag": 1 } });
  });

  test("whole rows are deleted, whatever else a query asks for", async () => {
    const loose = Book.objects.all() as unknown as Record<
      string,
      (...args: unknown[]) => { delete(): Promise<number> }
    >;
    await expect(loose["values"]?.("title").delete()).rejects.toThrow(
      "delete() cannot follow values() or valuesList()",
    );
    await expect(loose["distinct"]?.("title").delete()).rejects.toThrow(
      "delete() cannot follow distinct() of some fields",
    );
    await expect(loose["slice"]?.(0, 1).delete()).rejects.toThrow("delete() cannot follow slice()");
    await expect(loose["union"]?.(Book.objects.all()).delete()).rejects.toThrow("delete() cannot follow union()");
    expect(await Book.objects.none().delete()).toBe(0);
    const empty = Book.objects.annotate({ n: Count("tags") }).filter({ n: 0, author__name: "Jane" });
    expect(await empty.distinct().delete()).toBe(1);
    await Book.objects.bulkCreate([
      { title: "a", author: jane },
      { title: "b", author: jane },
    ]);
    expect(await Book.objects.only("title").filter({ title: "a" }).delete()).toBe(1);
    expect(await Book.objects.selectRelated("author").prefetchRelated("tags").delete()).toBe(1);
  });

  test("rows that nothing follows from go without being read", async () => {
    await Tag.objects.create({ label: "a" });
    expect(await statements(() => Line.objects.all().delete())).toEqual(['delete from "shop_line"']);
    const copy = await Copy.objects.create({ book: emma, owner: jane });
    expect(await statements(() => copy.delete())).toEqual(['delete from "shop_copy" where "shop_copy"."id" = ?']);
    const sent = await statements(() => emma.delete());
    expect(sent.filter((sql) => sql.includes("shop_line") || sql.includes("shop_book_tags"))).toEqual([
      expect.stringMatching(/^delete/),
      expect.stringMatching(/^delete/),
    ]);
  });

  test("protect refuses with the rows that refer; nothing is deleted", async () => {
    const contract = await Contract.objects.create({ author: jane });
    const error: ProtectedError = await jane.delete().then(
      () => expect.unreachable(),
      (caught) => caught,
    );
    expect(error).toBeInstanceOf(ProtectedError);
    expect(error.message).toContain('Contract refer to it by Contract.author, which has onDelete: "protect"');
    expect(error.objects.map((row) => (row as Contract).pk)).toEqual([contract.pk]);
    expect(await Book.objects.count()).toBe(1);
  });

  test("restrict refuses, unless the rows go with something else", async () => {
    const mary = await Author.objects.create({ name: "Mary" });
    await Copy.objects.create({ book: emma, owner: jane });
    await expect(emma.delete()).rejects.toThrow(RestrictedError);
    const other = await Copy.objects.create({ book: emma, owner: mary });
    await expect(jane.delete()).rejects.toThrow(RestrictedError);
    await other.delete();
    expect(await jane.delete()).toBe(3);
  });

  test("setNull frees the rows with one statement", async () => {
    const editor = await Author.objects.create({ name: "Ed" });
    await Book.objects.all().update({ editor });
    const sent = await statements(() => editor.delete());
    expect(sent.filter((sql) => sql.startsWith('update "shop_book"'))).toEqual([
      'update "shop_book" set "editor_id" = ? where "shop_book"."editor_id" in (?)',
    ]);
    expect((await Book.objects.get({ pk: emma.pk })).editorId).toBeNull();
  });

  test("setDefault and set give the rows to another one; doNothing leaves it to the database", async () => {
    await Author.objects.create({ id: NOBODY, name: "Nobody" } as never);
    const [a, b, c] = await Author.objects.bulkCreate([{ name: "a" }, { name: "b" }, { name: "c" }]);
    const loan = await Loan.objects.create({ borrower: a!, lender: b!, witness: c! });
    expect([await a!.delete(), await b!.delete()]).toEqual([1, 1]);
    await loan.refreshFromDb();
    expect([loan.borrowerId, loan.lenderId, loan.witnessId]).toEqual([NOBODY, NOBODY, c!.pk]);
    await expect(c!.delete()).rejects.toThrow(IntegrityError);
    await loan.delete();
  });

  test("cycles and long lists", async () => {
    const hen = await Hen.objects.create({});
    const egg = await Egg.objects.create({ hen });
    hen.egg = egg;
    await hen.save();
    expect(await hen.delete()).toBe(2);
    await Book.objects.bulkCreate(Array.from({ length: 2500 }, (_, n) => ({ title: `t${n}`, author: jane })));
    const books = await Book.objects.all();
    await Copy.objects.bulkCreate(books.map((book) => ({ book, owner: jane })));
    expect(await jane.delete()).toBe(1 + 2501 * 2);
  });

  test("signals come for each row, cascades too, and not for links", async () => {
    const seen: unknown[] = [];
    const copy = await Copy.objects.create({ book: emma, owner: jane });
    await emma.tags.create({ label: "a" });
    const rows = new Map<unknown, string>([
      [jane.pk, "jane"],
      [copy.pk, "copy"],
    ]);
    const stops = [
      preDelete.connect(async ({ instance, sender, using, origin }) => {
        seen.push(["pre", sender.name, rows.get(instance.pk), using, origin === jane]);
        expect(await Author.objects.count()).toBe(1);
      }),
      postDelete.connect(({ sender }) => void seen.push(["post", sender.name])),
    ];
    use({
      [Symbol.dispose]: () => {
        for (const stop of stops) stop();
      },
    });
    await jane.delete();
    expect(seen.map(String).sort()).toEqual(
      [
        ["post", "Author"],
        ["post", "Book"],
        ["post", "Copy"],
        ["pre", "Author", "jane", "default", true],
        ["pre", "Book", rows.get(emma.pk), "default", true],
        ["pre", "Copy", "copy", "default", true],
      ]
        .map(String)
        .sort(),
    );
  });

  test("a receiver that throws keeps the row", async () => {
    const stop = postDelete.connect(
      () => {
        throw new Error("no");
      },
      { sender: Book },
    );
    use({ [Symbol.dispose]: () => void stop() });
    await expect(emma.delete()).rejects.toThrow("no");
    await expect(jane.delete()).rejects.toThrow("no");
    expect([await Book.objects.count(), await Author.objects.count()]).toEqual([1, 1]);
  });

  test("a proxy's row goes with what refers to its model", async () => {
    await Line.objects.create({ book: emma, number: 1 });
    const novel = await Novel.objects.get({ pk: emma.pk });
    expect(await novel.delete()).toBe(2);
    expect(await Novel.objects.all().delete()).toBe(0);
  });
});
