import { afterAll, beforeAll, expect, test } from "vitest";
import { Count, FieldError, QueryError } from "../../src/index.ts";
import { loose } from "../support/loose.ts";
import { Author, Book, Profile } from "../support/models.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

describeDatabases("chosen fields", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
    const boss = await Author.objects.create({ name: "Boss", email: "boss@example.com" });
    const jane = await Author.objects.create({ name: "Jane", email: "jane@example.com", boss });
    await Profile.objects.create({ author: jane, bio: "wrote" });
    await Book.objects.bulkCreate([
      { title: "Emma", author: jane, pages: 3 },
      { title: "Zen", author: boss, pages: 5 },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("only takes fields of related rows, which selectRelated loads", async () => {
    const books = Book.objects.selectRelated("author__boss").only("title", "author__name", "author__boss__email");
    const [sql] = await statements(() => books);
    expect(sql?.match(/"(title|name|email|pages|bio)"/g)).toEqual(['"title"', '"name"', '"email"', '"title"']);
    const [emma, zen] = await books;
    is<string | undefined>()(emma?.author.name);
    is<string | null | undefined>()(emma?.author.boss?.email);
    expect([emma?.title, emma?.author.name, emma?.author.boss?.email]).toEqual(["Emma", "Jane", "boss@example.com"]);
    expect([zen?.author.name, zen?.author.boss]).toEqual(["Boss", null]);
    // @ts-expect-error it is not loaded
    expect(() => emma?.author.email).toThrow(/Author.email was not loaded/);
    // @ts-expect-error it is not loaded
    expect(() => emma?.pages).toThrow(/Book.pages was not loaded/);
  });

  test("defer leaves out fields of related rows, and is called again", async () => {
    const books = Book.objects.selectRelated("author").defer("pages", "author__email").defer("stock");
    const emma = await books.get({ title: "Emma" });
    expect([emma.title, emma.author.name, emma.author.pk]).toEqual(["Emma", "Jane", emma.authorId]);
    // @ts-expect-error it is not loaded
    expect(() => emma.author.email).toThrow(FieldError);
    // @ts-expect-error it is not loaded
    expect(() => emma.stock).toThrow(FieldError);
    const whole = await Book.objects.selectRelated("author").only("title", "author").first();
    is<string | null | undefined>()(whole?.author.email);
    expect(whole?.author.email).toBe("jane@example.com");
  });

  test("the other side of a one-to-one relation has fields to choose, too", async () => {
    const authors = Author.objects.selectRelated("profile").only("name", "profile__bio");
    const jane = await authors.get({ name: "Jane" });
    is<string | undefined>()(jane.profile?.bio);
    expect([jane.name, jane.profile?.bio]).toEqual(["Jane", "wrote"]);
    expect(await authors.filter({ profile__isnull: true }).count()).toBe(1);
  });

  test("fields of rows that are not loaded cannot be chosen", async () => {
    // @ts-expect-error selectRelated comes first
    await expect(Book.objects.only("author__name")).rejects.toThrow(
      'only() and defer() name fields of "author", whose rows are not loaded: add selectRelated("author").',
    );
    await expect(loose(Book).only("author__name")).rejects.toThrow(QueryError);
    expect(() => loose(Book).only("author__nam")).toThrow('only(): Author has no field "nam". Did you mean "name"?');
    expect(() => loose(Book).defer("reviews__stars")).toThrow(
      '"reviews" in "reviews__stars" is no relation of Book to one row',
    );
    expect(() => loose(Book).values("title").only("author__name")).toThrow(/cannot follow values/);
  });

  test("lists of values have names where that is asked for", async () => {
    const rows = await Book.objects
      .orderBy("title")
      .annotate({ n: Count("reviews") })
      .valuesList("title", "author__name", "n", { named: true });
    const [emma] = rows;
    is<string | undefined>()(emma?.title);
    is<string | undefined>()(emma?.author__name);
    is<number | undefined>()(emma?.[2]);
    expect(rows.map((row) => [...row])).toEqual([
      ["Emma", "Jane", 0],
      ["Zen", "Boss", 0],
    ]);
    expect([emma?.title, emma?.author__name, emma?.n, emma?.length]).toEqual(["Emma", "Jane", 0, 3]);
    expect(JSON.stringify(emma)).toBe('["Emma","Jane",0]');
    expect(Array.isArray(emma)).toBe(true);
    expect(emma?.slice(0, 1).constructor).toBe(Array);
    const [title, author] = emma!;
    expect([title, author]).toEqual(["Emma", "Jane"]);
    for await (const row of Book.objects.orderBy("-title").valuesList("pages", { named: true })) {
      expect(row.pages).toBe(5);
      break;
    }
    // @ts-expect-error there is no such field
    await expect(async () => Book.objects.valuesList("titel", { named: true })).rejects.toThrow(/no field "titel"/);
    expect(() =>
      loose(Book)
        .annotate({ at: Count("reviews") })
        .valuesList("at", { named: true }),
    ).toThrow('every list has a "at" already. Write values("at", …).');
  });
});
