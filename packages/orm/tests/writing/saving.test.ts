import { apps } from "@tsjango/kernel/apps";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  atomic,
  classPrepared,
  DatabaseError,
  F,
  FieldError,
  IntegrityError,
  Lower,
  ObjectNotUpdated,
  postInit,
  postSave,
  preInit,
  preSave,
  QueryError,
  Upper,
  ValidationError,
  Value,
} from "../../src/index.ts";
import { prepareModels } from "../../src/models/prepare.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./models.ts";
import { Author, Book, Copy, Line, Novel, Slogan } from "./models.ts";

/** Values that the types refuse. */
const loose = (value: unknown) => value as never;

describeDatabases("saving", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  let jane: Author;
  let emma: Book;
  beforeEach(async () => {
    for (const model of [Copy, Book, Author]) await model.objects.all().delete();
    jane = await Author.objects.create({ name: "Jane" });
    emma = await Book.objects.create({ title: "Emma", author: jane });
  });
  const heard = (signal: typeof preSave | typeof postSave, receiver: (payload: never) => unknown, sender?: unknown) => {
    const disconnect = (signal as typeof postSave).connect(receiver as never, { sender: sender as never });
    use({ [Symbol.dispose]: () => void disconnect() });
  };

  test("forceInsert and forceUpdate say which it is", async () => {
    await expect(new Author({ id: jane.id, name: "Other" }).save({ forceInsert: true })).rejects.toThrow(
      IntegrityError,
    );
    const gone = new Author({ id: 999_999, name: "x" });
    const failed = gone.save({ forceUpdate: true });
    await expect(failed).rejects.toThrow(Author.NotUpdated);
    await expect(failed).rejects.toThrow("shop.Author 999999 has no row, so it could not be updated.");
    await expect(failed).rejects.toBeInstanceOf(ObjectNotUpdated);
    await expect(failed).rejects.toBeInstanceOf(DatabaseError);
    await expect(failed).rejects.not.toBeInstanceOf(Book.NotUpdated);
    await expect(gone.save({ updateFields: ["name"] })).rejects.toThrow(Author.NotUpdated);
    await expect(new Author({ name: "x" }).save({ forceUpdate: true })).rejects.toThrow("it has no key");
    await expect(jane.save({ forceInsert: true, forceUpdate: true })).rejects.toThrow(QueryError);
    const sent = await statements(() => jane.save({ forceUpdate: true }));
    expect(sent).toEqual([expect.stringMatching(/^update/)]);
  });

  test("create, getOrCreate and updateOrCreate save by a model's own save", async () => {
    Slogan.saves = 0;
    const made = await Slogan.objects.create({ text: "Read" });
    const [got, isNew] = await Slogan.objects.getOrCreate({ text: "Write" });
    expect([made.slug, got.slug, isNew, Slogan.saves]).toEqual(["read", "write", true, 2]);
    await Slogan.objects.getOrCreate({ text: "Write" });
    await Slogan.objects.updateOrCreate({ text: "Sing" }, { defaults: { slug: "" } });
    expect(await Slogan.objects.orderBy("id").valuesList("slug", { flat: true })).toEqual(["read", "write", "sing"]);
    expect(Slogan.saves).toBe(3);
    const own = Slogan.objects.create({ id: made.id, text: "Twice" });
    await expect(own).rejects.toThrow(IntegrityError);
    await Slogan.objects.bulkCreate([{ text: "Many" }]);
    expect([Slogan.saves, (await Slogan.objects.get({ text: "Many" })).slug]).toEqual([4, ""]);
  });

  test("updateFields names fields of the row; none of them writes nothing", async () => {
    expect(await statements(() => emma.save({ updateFields: [] }))).toEqual([]);
    await expect(emma.save({ updateFields: loose(["titel"]) })).rejects.toThrow('Did you mean "title"?');
    await expect(emma.save({ updateFields: loose(["id"]) })).rejects.toThrow(FieldError);
    await expect(emma.save({ updateFields: loose(["tags"]) })).rejects.toThrow('no field "tags" to write');
    emma.title = "E";
    emma.pages = 5;
    await emma.save({ updateFields: ["pages"] });
    await emma.refreshFromDb();
    expect([emma.title, emma.pages]).toEqual(["Emma", 5]);
  });

  test("a key that a default makes up is inserted without looking for it", async () => {
    const copy = new Copy({ book: emma, owner: jane });
    expect(await statements(() => copy.save())).toEqual([expect.stringMatching(/^insert/)]);
    expect(await statements(() => copy.save())).toEqual([expect.stringMatching(/^update/)]);
  });

  test("refreshFromDb reads what is named, and forgets what was loaded of it", async () => {
    emma.author = jane;
    await Book.objects.filter({ pk: emma.pk }).update({ title: "New", pages: 9 });
    await Author.objects.filter({ pk: jane.pk }).update({ name: "J." });
    await emma.refreshFromDb({ fields: ["title"] });
    expect([emma.title, emma.pages, (emma.author as Author).name]).toEqual(["New", 0, "Jane"]);
    await emma.refreshFromDb();
    expect([emma.pages, (await emma.author).name]).toEqual([9, "J."]);
    await expect(emma.refreshFromDb({ fields: loose(["titel"]) })).rejects.toThrow('Did you mean "title"?');
    await emma.delete();
    await expect(emma.refreshFromDb()).rejects.toThrow(Book.DoesNotExist);
    await expect(new Author({ name: "x" }).refreshFromDb()).rejects.toThrow("has no key");
  });

  test("a row that was read in part is written back in part", async () => {
    const part = await Book.objects.only("title").get({ pk: emma.pk });
    await Book.objects.filter({ pk: emma.pk }).update({ pages: 77 });
    Object.assign(part, { title: "Part" });
    expect(await statements(() => part.save())).toEqual([
      'update "shop_book" set "title" = ? where "shop_book"."id" = ?',
    ]);
    Object.assign(part, { pages: 78 });
    expect(await statements(() => part.save())).toEqual([
      'update "shop_book" set "title" = ?, "pages" = ? where "shop_book"."id" = ?',
    ]);
    await part.refreshFromDb({ fields: ["price"] } as never);
    expect((part as unknown as Book).price).toBe("0.00");
    expect((await Book.objects.get({ pk: emma.pk })).pages).toBe(78);
  });

  test("instances are equal where they are the same row", async () => {
    const again = await Book.objects.get({ pk: emma.pk });
    const proxy = await Novel.objects.get({ pk: emma.pk });
    expect([again.equals(emma), proxy.equals(emma), emma.equals(proxy), again === emma]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([emma.equals(jane), emma.equals(null), emma.equals(emma.pk)]).toEqual([false, false, false]);
    const fresh = new Book({ title: "x" });
    expect([fresh.equals(new Book({ title: "x" })), fresh.equals(fresh)]).toEqual([false, true]);
    const { reviews: _none, ...plain } = { ...again, reviews: 0 };
    expect(plain).toEqual({ ...emma, price: "0.00" });
  });

  test("a deleted instance can be saved again", async () => {
    await emma.delete();
    await emma.save();
    expect(await Book.objects.count()).toBe(1);
    await expect(new Author({ name: "x" }).delete()).rejects.toThrow(
      "shop.Author has no key, so it has no row to delete.",
    );
  });

  test("a key of several fields: save, refresh, update and delete", async () => {
    const line = await Line.objects.create({ book: emma, number: 1, text: "a" });
    expect(line.pk).toEqual([emma.pk, 1]);
    line.text = "b";
    expect(await statements(() => line.save())).toHaveLength(1);
    await Line.objects.filter({ pk: line.pk }).update({ text: "c" });
    await line.refreshFromDb();
    expect(line.text).toBe("c");
    const same = new Line({ book: emma, number: 1, text: "d" });
    await same.save();
    expect([await Line.objects.count(), line.equals(same)]).toEqual([1, true]);
    same.text = "e";
    const other = await Line.objects.create({ book: emma, number: 2 });
    other.text = "f";
    expect(await Line.objects.bulkUpdate([same, other], ["text"])).toBe(2);
    expect((await Line.objects.all()).map(({ text }) => text).sort()).toEqual(["e", "f"]);
    const keyed = new Line({ pk: [emma.pk, 3] } as never);
    expect([keyed.bookId, keyed.number]).toEqual([emma.pk, 3]);
    await Line.objects.bulkCreate([{ book: emma, number: 2, text: "up" }], {
      updateConflicts: true,
      updateFields: ["text"],
      uniqueFields: loose(["pk"]),
    });
    expect((await Line.objects.get({ pk: other.pk })).text).toBe("up");
    expect(await same.delete()).toBe(1);
    expect(await emma.delete()).toBe(2);
  });

  test("preSave and postSave are awaited, and know what is saved", async () => {
    const seen: unknown[] = [];
    heard(
      preSave,
      async ({ instance, updateFields, using, raw }: { instance: Book } & Record<string, unknown>) => {
        await Promise.resolve();
        seen.push(["pre", instance.title, updateFields, using, raw]);
        instance.title = instance.title.toUpperCase();
      },
      Book,
    );
    heard(
      postSave,
      ({ instance, created }: { instance: Book; created: boolean }) => {
        seen.push(["post", instance.title, created]);
      },
      Book,
    );
    heard(postSave, () => seen.push("other model"), Copy);
    const made = await Book.objects.create({ title: "New", author: jane });
    await made.save({ updateFields: ["title"] });
    await Author.objects.create({ name: "Not listened to" });
    await Book.objects.bulkCreate([{ title: "Bulk", author: jane }]);
    await Book.objects.all().update({ pages: 1 });
    expect(seen).toEqual([
      ["pre", "New", undefined, "default", false],
      ["post", "NEW", true],
      ["pre", "NEW", ["title"], "default", false],
      ["post", "NEW", false],
    ]);
    expect((await Book.objects.get({ pk: made.pk })).title).toBe("NEW");
  });

  test("a receiver is connected once for each sender, and by its name", () => {
    const receiver = () => {};
    const disconnect = postSave.connect(receiver, { sender: Book });
    postSave.connect(receiver, { sender: Book });
    expect([postSave.hasListeners(Book), postSave.hasListeners(Author)]).toEqual([true, false]);
    expect([disconnect(), disconnect(), postSave.hasListeners(Book)]).toEqual([true, false, false]);
    postSave.connect(() => {}, { dispatchUid: "one" });
    postSave.connect(() => {}, { dispatchUid: "one" });
    expect(postSave.disconnect(receiver, { dispatchUid: "one" })).toBe(true);
    expect(postSave.hasListeners(Book)).toBe(false);
  });

  test("preInit and postInit are sent at once, and cannot be waited for", async () => {
    const seen: unknown[] = [];
    const stops = [
      preInit.connect(({ sender, values }) => void seen.push([sender.name, values]), { sender: Author }),
      postInit.connect(({ instance }) => void seen.push(instance.name), { sender: Author }),
    ];
    use({
      [Symbol.dispose]: () => {
        for (const stop of stops) stop();
      },
    });
    new Author({ name: "x" });
    await Author.objects.get({ pk: jane.pk });
    expect(seen).toEqual([["Author", { name: "x" }], "x", ["Author", {}], "Jane"]);
    const stop = postInit.connect(async () => {}, { sender: Book });
    use({ [Symbol.dispose]: () => void stop() });
    expect(() => new Book({ title: "x" })).toThrow("postInit is sent while an instance is made, which cannot wait");
  });

  test("classPrepared tells of each model, with its automatic ones", () => {
    const seen: string[] = [];
    const stop = classPrepared.connect(({ sender }) => void seen.push((sender as unknown as { name: string }).name));
    use({ [Symbol.dispose]: () => void stop() });
    prepareModels(apps.all());
    expect(seen).toEqual(expect.arrayContaining(["Book", "Novel", "Book_tags"]));
  });

  test("getOrCreate gives the row of another one that was faster", async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, () => Author.objects.getOrCreate({ email: "a@b.c" }, { defaults: { name: "New" } })),
    );
    expect(results.filter(([, created]) => created)).toHaveLength(1);
    expect(new Set(results.map(([row]) => row.pk)).size).toBe(1);
    await expect(Author.objects.getOrCreate({ name__in: ["x"] } as never)).rejects.toThrow("Author.name has no value");
    await expect(Author.objects.getOrCreate(loose([1]))).rejects.toThrow("getOrCreate takes an object of lookups");
    const [made] = await Author.objects.getOrCreate({ name: "F" }, { defaults: { email: loose(() => "f@g.h") } });
    expect(made.email).toBe("f@g.h");
    await expect(Author.objects.getOrCreate({ name: "New" }, { defaults: {} })).resolves.toEqual([
      expect.anything(),
      false,
    ]);
  });

  test("updateOrCreate writes the defaults, or makes a row of the lookups and createDefaults", async () => {
    const before = emma.changed;
    await new Promise((resolve) => setTimeout(resolve, 5));
    const sent = await statements(() =>
      Book.objects.updateOrCreate({ title: "Emma", author: jane }, { defaults: { pages: 7 } }),
    );
    expect(sent.at(-1)).toMatch(/^update "shop_book" set "pages" = \?, "changed" = \? where/);
    await emma.refreshFromDb();
    expect([emma.pages, emma.changed > before]).toEqual([7, true]);
    const [made, created] = await Book.objects.updateOrCreate(
      { title: "New", author: jane },
      { defaults: { pages: 1 }, createDefaults: { pages: 2 } },
    );
    expect([made.pages, created]).toEqual([2, true]);
    const bad = Book.objects.updateOrCreate({ title: "Emma", author: jane }, { defaults: { pages: loose(undefined) } });
    await expect(bad).rejects.toThrow('the value of "pages" is undefined');
  });

  test("bulkCreate of many rows is one statement, and gives their keys in order", async () => {
    const named = (start: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `bulk "${start + index}" {\\,NULL}` }));
    const sent = await statements(async () => {
      const authors = await Author.objects.bulkCreate(named(0, 40));
      const ids = authors.map((author) => author.id);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      const found = await Author.objects.inBulk(ids);
      expect(ids.map((id) => found.get(id)?.name)).toEqual(named(0, 40).map(({ name }) => name));
    });
    expect(sent.filter((sql) => sql.startsWith("insert"))).toHaveLength(1);
    if (vendor === "postgres") {
      const other = await statements(() => Author.objects.bulkCreate(named(100, 17)));
      expect(other).toEqual(sent.filter((sql) => sql.startsWith("insert")));
    }
    const many = await statements(() => Author.objects.bulkCreate(named(200, 2001)));
    expect(many.filter((sql) => sql.startsWith("insert"))).toHaveLength(2);
    await Author.objects.filter({ name__startswith: 'bulk "' }).delete();
    const rows = Array.from({ length: 12 }, (_, n) => ({ name: `n${n}`, email: `${n}@many.y` }));
    await Author.objects.bulkCreate(rows);
    await Author.objects.bulkCreate(rows, { ignoreConflicts: true });
    await Author.objects.bulkCreate(
      rows.map((row) => ({ ...row, name: "changed" })),
      { updateConflicts: true, updateFields: ["name"], uniqueFields: ["email"] },
    );
    const changed = await Author.objects.filter({ email__endswith: "@many.y" });
    expect(changed.map(({ name }) => name)).toEqual(Array(12).fill("changed"));
  });

  test("bulkCreate in batches, with conflicts ignored or made updates", async () => {
    const rows = Array.from({ length: 7 }, (_, n) => ({ name: `n${n}`, email: `${n}@x.y` }));
    const sent = await statements(() => Author.objects.bulkCreate(rows, { batchSize: 3 }));
    expect(sent).toHaveLength(3);
    const again = [
      { name: "again", email: "1@x.y" },
      { name: "new", email: "new@x.y" },
    ];
    await expect(Author.objects.bulkCreate(again)).rejects.toThrow(IntegrityError);
    await Author.objects.bulkCreate(again, { ignoreConflicts: true });
    expect((await Author.objects.get({ email: "1@x.y" })).name).toBe("n1");
    const [updated] = await Author.objects.bulkCreate(again, {
      updateConflicts: true,
      updateFields: ["name"],
      uniqueFields: ["email"],
    });
    const row = await Author.objects.get({ email: "1@x.y" });
    expect([row.name, updated?.pk]).toEqual(["again", row.pk]);
    await expect(Author.objects.bulkCreate(again, { updateConflicts: true })).rejects.toThrow("needs updateFields");
    const twice = Author.objects.bulkCreate([...again, ...again], {
      updateConflicts: true,
      updateFields: ["name"],
      uniqueFields: ["email"],
    });
    await expect(twice).rejects.toThrow(/two Author rows have the same email: .*1@x\.y/);
    await expect(Author.objects.bulkCreate(again, { batchSize: 0 })).rejects.toThrow(
      "batchSize is a whole number from 1",
    );
    const made = new Author({ name: "own" });
    const [same] = await Author.objects.bulkCreate([loose(made)]);
    expect([same === made, made.pk > 0]).toEqual([true, true]);
    const mixed = await Author.objects.bulkCreate([{ name: "a" }, loose({ id: 500_000, name: "b" }), { name: "c" }]);
    expect(new Set(mixed.map(({ pk }) => pk)).size).toBe(3);
    expect(await Author.objects.bulkCreate([])).toEqual([]);
  });

  test("bulkUpdate writes other values to each row with one statement", async () => {
    const books = await Book.objects.bulkCreate(
      Array.from({ length: 1200 }, (_, n) => ({ title: `t${n}`, author: jane, pages: n })),
    );
    for (const [index, book] of books.entries()) {
      book.pages = index % 400;
      book.price = `${index % 100}.50`;
      book.editor = index % 2 === 0 ? jane : null;
    }
    const sent = await statements(async () => {
      expect(await Book.objects.bulkUpdate(books, ["pages", "price", "editor"])).toBe(1200);
    });
    expect(sent).toHaveLength(3);
    const [last] = await Book.objects.filter({ title: "t1199" });
    expect([last?.pages, last?.price, last?.editorId]).toEqual([399, "99.50", null]);
    expect(await Book.objects.filter({ editor: jane }).count()).toBe(600);
    await expect(Book.objects.bulkUpdate(books, [])).rejects.toThrow("name the fields");
    await expect(Book.objects.bulkUpdate(books, loose(["id"]))).rejects.toThrow("is a key");
    await expect(Book.objects.bulkUpdate([new Book({ title: "x" })], ["title"])).rejects.toThrow("has no key");
    await expect(Book.objects.bulkUpdate([loose(jane)], ["title"])).rejects.toThrow("takes instances of Book");
  });

  test("expressions are computed by the database, and read back", async () => {
    emma.pages = 10;
    await emma.save();
    Object.assign(emma, { pages: F("pages").plus(5), title: Upper("title") });
    const sent = await statements(() => emma.save());
    expect([sent.length, emma.pages, emma.title]).toEqual([1, 15, "EMMA"]);
    await emma.save();
    await emma.refreshFromDb();
    expect([emma.pages, emma.title]).toEqual([15, "EMMA"]);
    const made = await Book.objects.create({ author: jane, title: loose(Lower(Value("NEW"))), pages: loose(Value(3)) });
    expect([made.title, made.pages]).toEqual(["new", 3]);
    const bad = Book.objects.create({ author: jane, title: "x", pages: loose(F("pages").plus(1)) });
    await expect(bad).rejects.toThrow('Book.pages: F("pages") reads a row that is there');
    Object.assign(made, { pages: F("pages").times(2) });
    emma.pages = 1;
    expect(await Book.objects.bulkUpdate([made, emma], ["pages"])).toBe(2);
    expect((await Book.objects.all()).map(({ pages }) => pages)).toEqual([1, 6]);
    await Book.objects.all().update({ price: F("price").plus("1.25"), pages: F("pages").plus(1) });
    expect((await Book.objects.all()).map(({ price, pages }) => [price, pages])).toEqual([
      ["1.25", 2],
      ["1.25", 7],
    ]);
  });

  test("update takes values of fields only", async () => {
    const update = (values: unknown) => Book.objects.all().update(values as never);
    await expect(update({ pages: undefined })).rejects.toThrow('the value of "pages" is undefined');
    await expect(update({ tags: [1] })).rejects.toThrow('Book has no field "tags" to write');
    await expect(update({ author: new Author({ name: "x" }) })).rejects.toThrow("the Author has not been saved");
    expect(await update({})).toBe(0);
  });

  test("fullClean says all that is wrong, by field", async () => {
    const wrong = async (book: Book, options?: Parameters<Book["fullClean"]>[0]) => {
      try {
        await book.fullClean(options);
        return undefined;
      } catch (error) {
        expect(error).toBeInstanceOf(ValidationError);
        return (error as ValidationError).toJSON();
      }
    };
    expect(await wrong(emma)).toBeUndefined();
    expect(await wrong(new Book({ title: "", author: jane, pages: -1 }))).toEqual({
      title: ["This field cannot be blank."],
      "": ["Constraint “book_pages” is violated."],
    });
    expect(await wrong(new Book({ title: "Emma", author: jane }))).toEqual({
      "": ["Book with this Title and Author already exists."],
    });
    expect(await wrong(new Book({ title: "Untitled", author: jane, price: "100.51" }))).toEqual({
      title: ["Find a better one."],
      "": ["Constraint “book_price” is violated."],
    });
    expect(await wrong(new Book({ title: "x", author: 99_999, price: "100.49" }))).toEqual({
      author: ["author instance with id 99999 does not exist."],
    });
    expect(
      await wrong(new Book({ title: "", author: jane, pages: -1 }), { exclude: ["title"], validateConstraints: false }),
    ).toBeUndefined();
    await Author.objects.create({ name: "a", email: "a@b.c" });
    await expect(new Author({ name: "b", email: "a@b.c" }).fullClean()).rejects.toMatchObject({
      errors: { email: [{ message: "Author with this Email already exists.", code: "unique" }] },
    });
    const long = await Book.objects.create({ title: "Long", author: jane, editor: jane, pages: 501 });
    expect(await wrong(long)).toBeUndefined();
    expect(await wrong(new Book({ title: "y", author: jane, editor: jane, pages: 501 }))).toEqual({
      "": ["Constraint “book_editor” is violated."],
    });
    expect(await wrong(new Book({ title: "y", author: jane, editor: jane, pages: 500 }))).toBeUndefined();
    await expect(emma.fullClean({ exclude: ["titel"] })).rejects.toThrow('no field "titel" to exclude');
  });

  test("a failed save leaves a transaction that cannot be committed", async () => {
    const work = atomic(async () => {
      await Author.objects.create({ name: "a", email: "a@b.c" });
      await Author.objects.create({ name: "b", email: "a@b.c" }).catch(() => {});
      await Author.objects.count();
    });
    await expect(work).rejects.toThrow("no other may run in it");
  });
});
