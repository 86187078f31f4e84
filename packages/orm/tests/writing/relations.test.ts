import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { atomic, m2mChanged } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./models.ts";
import { Author, Book, Club, Membership, Tag } from "./models.ts";

describeDatabases("managers of relations", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  let jane: Author;
  let mary: Author;
  let emma: Book;
  beforeEach(async () => {
    for (const model of [Membership, Club, Book, Author, Tag]) await model.objects.all().delete();
    jane = await Author.objects.create({ name: "Jane" });
    mary = await Author.objects.create({ name: "Mary" });
    emma = await Book.objects.create({ title: "Emma", author: jane, pages: 400 });
  });
  const labels = async (book: Book) => (await book.tags.all()).map(({ label }) => label);
  const titles = async (rows: PromiseLike<Book[]>) => (await rows).map(({ title }) => title);

  test("a foreign key's other side makes rows that refer to the instance", async () => {
    const made = await jane.books.create({ title: "Persuasion" });
    expect(made.authorId).toBe(jane.pk);
    const [found, created] = await jane.books.getOrCreate({ title: "Persuasion" });
    expect([found.pk, created]).toEqual([made.pk, false]);
    const [sense] = await jane.books.getOrCreate({ title: "Sense" }, { defaults: { pages: 7 } });
    expect([sense.authorId, sense.pages]).toEqual([jane.pk, 7]);
    const [changed] = await jane.books.updateOrCreate({ title: "Sense" }, { defaults: { pages: 8 } });
    expect([changed.pk, changed.pages]).toEqual([sense.pk, 8]);
    const [fresh, isNew] = await mary.books.updateOrCreate({ title: "Sense" }, { defaults: { pages: 9 } });
    expect([isNew, fresh.authorId]).toEqual([true, mary.pk]);
    await mary.books.bulkCreate([{ title: "A" }, { title: "B" }]);
    expect(await titles(mary.books.all())).toEqual(["A", "B", "Sense"]);
    expect(await titles(jane.books.long())).toEqual(["Emma"]);
  });

  test("add, remove, set and clear of a foreign key's other side", async () => {
    const other = await Book.objects.create({ title: "Other", author: jane });
    await mary.edited.add(emma, other.pk);
    expect(emma.editorId).toBe(mary.pk);
    await mary.edited.remove(emma);
    expect([emma.editorId, await titles(mary.edited.all())]).toEqual([null, ["Other"]]);
    await mary.edited.set([emma]);
    expect(await titles(mary.edited.all())).toEqual(["Emma"]);
    await mary.edited.clear();
    expect(await mary.edited.count()).toBe(0);
    await emma.refreshFromDb();
    await expect(mary.edited.remove(emma)).rejects.toThrow("does not refer to this Author");
    await expect(jane.books.clear()).rejects.toThrow("Book.author may not be null");
    await expect(jane.books.set([])).rejects.toThrow("Book.author may not be null");
    await jane.books.set([emma, other]);
    await expect(mary.edited.add(jane as never)).rejects.toThrow("takes Book, or its key; found an instance of Author");
    await expect(mary.edited.add(undefined as never)).rejects.toThrow("takes Book, or its key; found undefined");
    const unsaved = new Book({ title: "New", author: jane });
    await expect(mary.edited.add(unsaved)).rejects.toThrow("a Book has not been saved");
  });

  test("an instance that is not saved has no related rows yet", async () => {
    expect(() => new Author({ name: "x" }).books.all()).toThrow(
      "Author.books can be used when the Author has been saved",
    );
    expect(() => new Book({ title: "x" }).tags.all()).toThrow("Book.tags can be used when the Book has been saved");
    await expect(new Book({ title: "x" }).tags.add(1)).rejects.toThrow("Save it first");
  });

  test("many-to-many: links are added once, removed, set and cleared, from both sides", async () => {
    const [a, b, c] = await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }, { label: "c" }]);
    await emma.tags.add(a!, b!.pk);
    await emma.tags.add(a!, a!.pk);
    expect(await labels(emma)).toEqual(["a", "b"]);
    expect(await titles(a!.books.all())).toEqual(["Emma"]);
    await a!.books.remove(emma);
    expect(await labels(emma)).toEqual(["b"]);
    const sent = await statements(() => emma.tags.set([b!, c!]));
    expect(sent.filter((sql) => sql.startsWith("insert"))).toHaveLength(1);
    expect(sent.filter((sql) => sql.startsWith("delete"))).toHaveLength(0);
    expect(await labels(emma)).toEqual(["b", "c"]);
    await emma.tags.set([a!], { clear: true });
    expect(await labels(emma)).toEqual(["a"]);
    await emma.tags.clear();
    expect(await labels(emma)).toEqual([]);
    const made = await emma.tags.create({ label: "made" });
    const [same, created] = await emma.tags.getOrCreate({ label: "made" });
    expect([same.pk, created]).toEqual([made.pk, false]);
    const [fresh] = await emma.tags.updateOrCreate({ label: "more" });
    expect(await labels(emma)).toEqual(["made", "more"]);
    const [book] = await fresh.books.bulkCreate([{ title: "Linked", author: jane }]);
    expect(await labels(book!)).toEqual(["more"]);
  });

  test("adding links is one statement where nobody listens", async () => {
    const tag = await Tag.objects.create({ label: "a" });
    expect(await statements(() => emma.tags.add(tag))).toEqual([
      'insert into "shop_book_tags" ("book_id", "tag_id") values (?, ?) on conflict do nothing',
    ]);
  });

  test("what cannot be linked is refused", async () => {
    await expect(emma.tags.add(emma as never)).rejects.toThrow("takes Tag, or its key; found an instance of Book");
    await expect(emma.tags.add("x" as never)).rejects.toThrow("takes a whole number");
    await expect(emma.tags.add(new Tag({ label: "x" }))).rejects.toThrow("a Tag has not been saved");
    await expect(emma.tags.add(null as never)).rejects.toThrow("found null");
    await expect(emma.tags.add(12345)).rejects.toThrow();
  });

  test("a symmetrical relation holds in both directions, one that is not in one", async () => {
    const other = await Book.objects.create({ title: "Other", author: jane });
    await emma.related.add(other);
    expect([await titles(emma.related.all()), await titles(other.related.all())]).toEqual([["Other"], ["Emma"]]);
    await other.related.remove(emma);
    expect([await emma.related.count(), await other.related.count()]).toEqual([0, 0]);
    await emma.sequels.add(other);
    expect([await titles(emma.sequels.all()), await titles(other.sequels.all())]).toEqual([["Other"], []]);
  });

  test("links of a model of one's own take throughDefaults", async () => {
    const club = await Club.objects.create({ name: "Readers" });
    await club.members.add(jane, mary.pk, { throughDefaults: { role: "member" } });
    await club.members.add(jane, { throughDefaults: { role: "chair" } });
    expect((await Membership.objects.all()).map(({ role }) => role)).toEqual(["member", "member"]);
    const made = await club.members.create({ name: "Ann" }, { throughDefaults: { role: "guest" } });
    expect((await Membership.objects.get({ author: made })).role).toBe("guest");
    await club.members.set([made], { throughDefaults: { role: "x" } });
    expect((await club.members.all()).map(({ name }) => name)).toEqual(["Ann"]);
    await club.members.clear();
    expect(await Membership.objects.count()).toBe(0);
  });

  test("the links go with the row", async () => {
    const tag = await Tag.objects.create({ label: "a" });
    await emma.tags.add(tag);
    expect(await tag.delete()).toBe(2);
    expect(await labels(emma)).toEqual([]);
  });

  test("the first filter after a manager is about the same link", async () => {
    const [a, b] = await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }]);
    await emma.tags.add(a!, b!);
    expect(await a!.books.filter({ tags__label: "b" }).count()).toBe(0);
    expect(await a!.books.filter({ tags__label: "a" }).count()).toBe(1);
    expect(await a!.books.filter({ title: "Emma" }).filter({ tags__label: "b" }).count()).toBe(1);
  });

  test("what prefetchRelated loaded is read without a query, until something is written", async () => {
    const [a, b] = await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }]);
    await emma.tags.add(a!);
    const [author] = await Author.objects.filter({ name: "Jane" }).prefetchRelated("books__tags");
    const [book] = [...author!.books];
    const read = async () => [
      author!.books.length,
      (await author!.books.all()).length,
      await author!.books.count(),
      [...book!.tags].map(({ label }) => label),
    ];
    expect(await statements(async () => expect(await read()).toEqual([1, 1, 1, ["a"]]))).toEqual([]);
    expect(await statements(() => author!.books.filter({ title: "Emma" }))).toHaveLength(1);
    await book!.tags.add(b!);
    expect(() => [...book!.tags]).toThrow(
      "Book.tags is not loaded, so it cannot be iterated synchronously. Await it (for (const row of await book.tags.all())), " +
        'or load it with the query: Book.objects.prefetchRelated("tags").',
    );
    expect(await labels(book!)).toEqual(["a", "b"]);
    await author!.books.create({ title: "New" });
    expect(await author!.books.count()).toBe(2);
    expect(() => author!.books.length).toThrow("Author.books is not loaded");
    const [again] = await Author.objects.filter({ name: "Jane" }).prefetchRelated("books");
    await again!.refreshFromDb({ fields: ["books"] } as never);
    expect(() => again!.books.length).toThrow("is not loaded");
  });

  test("m2mChanged says what is linked, before and after", async () => {
    const seen: unknown[] = [];
    const [a, b] = await Tag.objects.bulkCreate([{ label: "a" }, { label: "b" }]);
    await emma.tags.add(a!);
    const disconnect = m2mChanged.connect(async ({ action, reverse, pkSet, instance, model, sender, using }) => {
      await Promise.resolve();
      expect([model, using]).toEqual([reverse ? Book : Tag, "default"]);
      seen.push([sender.name, action, reverse, instance, pkSet && [...pkSet]]);
    });
    use({ [Symbol.dispose]: () => void disconnect() });
    await emma.tags.add(a!, b!);
    await a!.books.remove(emma);
    await emma.tags.clear();
    expect(seen).toEqual([
      ["Book_tags", "preAdd", false, emma, [b!.pk]],
      ["Book_tags", "postAdd", false, emma, [b!.pk]],
      ["Book_tags", "preRemove", true, a, [emma.pk]],
      ["Book_tags", "postRemove", true, a, [emma.pk]],
      ["Book_tags", "preClear", false, emma, undefined],
      ["Book_tags", "postClear", false, emma, undefined],
    ]);
  });

  test("a receiver that throws leaves everything as it was", async () => {
    const tag = await Tag.objects.create({ label: "a" });
    const disconnect = m2mChanged.connect(({ action }) => {
      if (action === "postAdd") throw new Error("no");
    });
    use({ [Symbol.dispose]: () => void disconnect() });
    await expect(emma.tags.add(tag)).rejects.toThrow("no");
    expect(await labels(emma)).toEqual([]);
  });

  test("many links are written in several statements, at once or not at all", async () => {
    const tags = await Tag.objects.bulkCreate(Array.from({ length: 2500 }, (_, n) => ({ label: `t${n}` })));
    await emma.tags.add(...tags);
    expect(await emma.tags.count()).toBe(2500);
    await emma.tags.set(tags.slice(0, 10));
    expect(await emma.tags.count()).toBe(10);
    const broken = atomic(() => emma.tags.set([...tags.slice(10), 99_999_999]));
    await expect(broken).rejects.toThrow();
    expect(await emma.tags.count()).toBe(10);
  });
});
