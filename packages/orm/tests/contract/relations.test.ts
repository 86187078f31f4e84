import { runInContext, syncToAsync } from "@tsjango/kernel/async";
import { SynchronousOnlyOperation } from "@tsjango/kernel/exceptions";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { FieldFetchBlocked } from "../../src/index.ts";
import { runStatementSync } from "../../src/transaction.ts";
import { Author, Book, Profile, Publisher } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

describeDatabases("relations", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
    const boss = await Author.objects.create({ name: "Boss" });
    for (const name of ["A", "B", "C"]) {
      const author = await Author.objects.create({ name, boss });
      await author.books.create({ title: `${name}1` });
      await author.books.create({ title: `${name}2` });
    }
    await Profile.objects.create({ author: boss, bio: "the boss" });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  afterEach(() => void vi.unstubAllEnvs());
  const unknown = (value: unknown) => value as Record<string, never> & Iterable<unknown>;

  test("awaiting one row's relation loads it for all rows of the result", async () => {
    const books = await Book.objects.all();
    const sent = await statements(async () => {
      for (const book of books) expect((await book.author).name).toBe(book.title[0]);
    });
    expect(sent).toHaveLength(1);
    expect((books[0]!.author as Author).name).toBe("A");
  });

  test("the fetch mode of a query set says whether its rows load together, alone or not at all", async () => {
    const alone = await Book.objects.fetchMode("one");
    const sent = await statements(async () => {
      for (const book of alone) await book.author;
    });
    expect(sent).toHaveLength(alone.length);
    const [book] = await Book.objects.fetchMode("raise");
    await expect(book!.author).rejects.toThrow(FieldFetchBlocked);
    await expect(book!.author).rejects.toThrow(
      'Book.author is not loaded, and fetchMode is "raise". Load it with the query: ' +
        'Book.objects.selectRelated("author"), or prefetchRelated("author").',
    );
    const [loaded] = await Book.objects.selectRelated("author").fetchMode("raise");
    expect(loaded!.author.name).toBe("A");
    await expect(loaded!.author.boss).rejects.toThrow("Author.boss is not loaded");
    const wrong = Book.objects as unknown as { fetchMode(mode: string): unknown };
    expect(() => wrong.fetchMode("lazy")).toThrow(`fetchMode takes "peers", "one" or "raise"; found string 'lazy'.`);
  });

  test("an unloaded relation read synchronously says what to do", async () => {
    const book = await Book.objects.get({ title: "A1" });
    expect(() => unknown(book.author)["name"]).toThrow(SynchronousOnlyOperation);
    expect(() => unknown(book.author)["name"]).toThrow(
      'Book.author is not loaded, so its "name" cannot be read synchronously. Await it first ' +
        '(const author = await book.author), or load it with the query: Book.objects.selectRelated("author").',
    );
  });

  test("selectRelated loads relations in the same query, null where there is none", async () => {
    const sent = await statements(async () => {
      const book = await Book.objects.selectRelated("author__boss", "publisher").get({ title: "A1" });
      expect([book.author.name, book.author.boss?.name, book.publisher]).toEqual(["A", "Boss", null]);
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('inner join "shop_author" on');
    expect(sent[0]).toContain('left join "shop_author" as "T3" on');
    await expect(Author.objects.selectRelated("books" as never)).rejects.toThrow(
      'selectRelated: "books" of Author is no relation to one row. Choices: boss, profile.',
    );
  });

  test("the other side of a one-to-one relation is a row or null, and knows its way back", async () => {
    const [boss, other] = await Author.objects.filter({ name__in: ["Boss", "A"] }).orderBy("-name");
    expect((await boss!.profile)?.bio).toBe("the boss");
    expect(await other!.profile).toBeNull();
    const loaded = await Author.objects.selectRelated("profile").get({ name: "Boss" });
    expect((loaded.profile?.author as Author | undefined)?.pk).toBe(loaded.pk);
    expect((await Author.objects.selectRelated("profile").get({ name: "A" })).profile).toBeNull();
  });

  test("a relation can be assigned, as an instance, by key, or null", async () => {
    const book = await Book.objects.get({ title: "A2" });
    const other = await Author.objects.get({ name: "B" });
    book.author = other;
    expect([book.authorId, (book.author as Author).name]).toEqual([other.id, "B"]);
    book.authorId = (await Author.objects.get({ name: "A" })).id;
    expect((await book.author).name).toBe("A");
    expect(() => Object.assign(book, { author: new Publisher({ name: "P" }) })).toThrow(
      "Book.author takes Author, or its key;",
    );
    expect(() => Object.assign(other, { books: [] })).toThrow("Author.books cannot be assigned to.");
  });

  test("a related manager filters, counts, creates, and its rows know the instance", async () => {
    const author = await Author.objects.get({ name: "C" });
    expect(await author.books.count()).toBe(2);
    const [book] = await author.books.filter({ title: "C1" });
    expect(book?.author).toBe(author);
    const made = await author.books.create({ title: "C3" });
    expect(made.authorId).toBe(author.id);
    await expect(author.books.clear()).rejects.toThrow("Author.books.clear(): Book.author may not be null");
    const other = await Author.objects.get({ name: "A" });
    await other.books.add(made);
    expect([made.authorId, await other.books.filter({ title: "C3" }).exists()]).toEqual([other.id, true]);
    await made.delete();
    await expect(async () => new Author({ name: "new" }).books.all()).rejects.toThrow("Save it first.");
  });

  test("a reference to a row that is gone says so", async () => {
    const book = new Book({ title: "T", author: 987_654 });
    await expect(Promise.resolve(book.author)).rejects.toThrow(
      "Book.author refers to the Author number 987654, which does not exist.",
    );
  });

  test("a query set cannot be iterated synchronously", () => {
    expect(() => [...unknown(Book.objects.all())]).toThrow(
      'You cannot iterate a QuerySet synchronously. Use "for await (… of …)", or await it first.',
    );
  });

  test("what is refused names the model or the field, the view and the line of the project's code", async () => {
    const [book, author] = [await Book.objects.get({ title: "A1" }), await Author.objects.get({ name: "A" })];
    const where = (subject: string) =>
      new RegExp(
        `You cannot call this from an async context - use a thread or syncToAsync\\. ` +
          `\\(${subject}, in shop\\.index, at packages/orm/tests/contract/relations\\.test\\.ts:\\d+:\\d+\\)$`,
      );
    runInContext({ kind: "request", name: "shop.index" }, () => {
      expect(() => [...unknown(Book.objects.all())]).toThrow(where("Book"));
      expect(() => unknown(book.author)["name"]).toThrow(where("Book\\.author"));
      expect(() => unknown(author.books)["length"]).toThrow(where("Author\\.books"));
      expect(() => runStatementSync("default", { sql: "select 1", parameters: [] })).toThrow(
        where('the database "default"'),
      );
    });
  });

  test.for<[string, (rows: Record<string, (each: unknown) => unknown> & unknown[]) => unknown]>([
    ["take the length of", (rows) => rows.length],
    ["index", (rows) => rows[0]],
    ["call map() on", (rows) => rows.map((row) => row)],
    ["serialize", (rows) => JSON.stringify({ rows })],
    ["print", (rows) => `${rows}`],
  ])("plain JavaScript cannot %s a query set that is not loaded", ([verb, read]) => {
    expect(() => read(unknown(Book.objects.all()) as never)).toThrow(`You cannot ${verb} a QuerySet synchronously.`);
  });

  test("what was awaited once reads as a list", async () => {
    const rows = Book.objects.filter({ title: "A1" });
    await rows;
    const list = unknown(rows) as unknown as Book[];
    expect([list.length, list[0]?.title, list.map((book) => book.title)]).toEqual([1, "A1", ["A1"]]);
    expect((rows as unknown as { toJSON(): unknown }).toJSON()).toEqual([list[0]]);
  });

  test("a function of syncToAsync reads SQLite synchronously, and PostgreSQL cannot be", async () => {
    const read = syncToAsync(() => [...unknown(Book.objects.filter({ title: "A1" }))].length);
    if (vendor === "postgres") await expect(read()).rejects.toThrow("Only SQLite can be read synchronously.");
    else expect(await read()).toBe(1);
  });

  test("with the guard off, SQLite is read synchronously, and PostgreSQL cannot be", () => {
    vi.stubEnv("TSJANGO_ALLOW_ASYNC_UNSAFE", "1");
    const read = () => [...unknown(Book.objects.filter({ title: "A1" }))] as Book[];
    if (vendor === "postgres") {
      expect(read).toThrow("Only SQLite can be read synchronously.");
    } else {
      expect(read().map((book) => [book.title, (book.author as Author).name])).toEqual([["A1", "A"]]);
    }
  });
});
