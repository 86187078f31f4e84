import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  atomic,
  Count,
  type DatabaseRouter,
  Exists,
  fields,
  kysely,
  Model,
  OuterRef,
  Prefetch,
  Subquery,
  sql,
} from "../../src/index.ts";
import { onStatement } from "../../src/transaction.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 50 }),
  books: () => fields.related(Book, "author"),
}) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 50 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  tags: () => fields.manyToMany(Tag),
}) {}
class Tag extends Model<Tag>()({ label: fields.char({ maxLength: 50 }) }) {}

const models = { Author, Book, Tag };

/** The databases that statements go to. */
async function asked(run: () => PromiseLike<unknown>): Promise<string[]> {
  const aliases: string[] = [];
  const stop = onStatement(({ alias }) => aliases.push(alias));
  try {
    await run();
  } finally {
    stop();
  }
  return aliases;
}

describeDatabases("several databases, named", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models, { others: ["other"] });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const alias of ["default", "other"]) await Author.objects.using(alias).delete();
  });

  test("using() reads and writes another database, whose rows stay in it", async () => {
    const jane = await Author.objects.using("other").create({ name: "Jane" });
    expect(await Author.objects.count()).toBe(0);
    expect(await Author.objects.using("other").filter({ name: "Jane" }).count()).toBe(1);
    jane.name = "Jane A.";
    await jane.save();
    const [read] = await Author.objects.using("other");
    expect(read!.name).toBe("Jane A.");
    await read!.books.create({ title: "Emma" });
    expect(await read!.books.count()).toBe(1);
    const [book] = await Book.objects.using("other");
    expect((await book!.author).name).toBe("Jane A.");
    const aliases = await asked(() => Author.objects.using("other").prefetchRelated("books"));
    expect(aliases).toEqual(["other", "other"]);
    await Author.objects.using("other").update({ name: "J" });
    expect(await Author.objects.using("other").filter({ name: "J" }).exists()).toBe(true);
    await read!.delete();
    expect(await Author.objects.using("other").count()).toBe(0);
    expect(() => Author.objects.using("othr")).toThrow('settings.databases has no "othr". Did you mean "other"?');
  });

  test("a row is copied by save({ using })", async () => {
    const jane = await Author.objects.create({ name: "Jane" });
    await jane.save({ using: "other" });
    expect(await Author.objects.using("other").filter({ pk: jane.id }).count()).toBe(1);
    expect(await Author.objects.filter({ pk: jane.id }).count()).toBe(1);
  });

  test("transactions are of one database each", async () => {
    await expect(
      atomic(
        async () => {
          await Author.objects.create({ name: "kept" });
          await Author.objects.using("other").create({ name: "taken back" });
          throw new Error("no");
        },
        { using: "other" },
      ),
    ).rejects.toThrow("no");
    expect(await Author.objects.count()).toBe(1);
    expect(await Author.objects.using("other").count()).toBe(0);
  });

  test("rows of different databases are not related, queries not put into each other", async () => {
    const here = await Author.objects.create({ name: "here" });
    const there = await Author.objects.using("other").create({ name: "there" });
    const book = await Book.objects.create({ title: "x", author: here });
    expect(() => {
      book.author = there;
    }).toThrow('a row in the database "default" cannot refer to one in "other"');
    await expect(Book.objects.create({ title: "y", author: there })).rejects.toThrow("cannot refer to one in");
    const tag = await Tag.objects.using("other").create({ label: "t" });
    await expect(book.tags.add(tag)).rejects.toThrow("cannot refer to one in");
    await expect(
      Book.objects.filter({ author__in: Author.objects.using("other").filter({ name: "there" }) }),
    ).rejects.toThrow('in the database "other"');
    await expect(
      Author.objects.filter(Exists(Book.objects.using("other").filter({ author: OuterRef("pk") }))),
    ).rejects.toThrow('in the database "other"');
    await Tag.objects.using("other").delete();
  });
});

describeDatabases("several databases, without routers", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models, { others: ["other"] });
    const jane = await Author.objects.using("other").create({ name: "Jane" });
    const book = await Book.objects.using("other").create({ title: "Emma", author: jane });
    const tag = await Tag.objects.using("other").create({ label: "novel" });
    await book.tags.add(tag);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("a query that names no database is asked where the query around it is", async () => {
    const there = Author.objects.using("other");
    const inner = Book.objects.filter({ title: "Emma" });
    expect(await there.filter({ books__in: inner }).count()).toBe(1);
    expect(await there.filter(Exists(Book.objects.filter({ author: OuterRef("pk") }))).count()).toBe(1);
    const [row] = await there.annotate({ title: Subquery(inner.values("title").slice(0, 1)) });
    expect(row!.title).toBe("Emma");
    // The same query, on the other database: nothing of the first is kept for it.
    expect(await Author.objects.filter({ books__in: inner }).count()).toBe(0);
    const named = Book.objects.using("default").filter({ title: "Emma" });
    await expect(there.filter({ books__in: named })).rejects.toThrow('in the database "default"');
    expect(await there.filter({ books__in: inner }).update({ name: "J" })).toBe(1);
    expect(await there.filter({ name: "J", books__in: inner }).update({ name: "Jane" })).toBe(1);
  });

  test("so are the rows of a Prefetch", async () => {
    const rows = Author.objects
      .using("other")
      .prefetchRelated(new Prefetch("books", Book.objects.filter({ id__gt: 0 })));
    const [jane] = await rows;
    expect([...jane!.books].map((book) => book.title)).toEqual(["Emma"]);
    expect(await asked(() => rows.all())).toEqual(["other", "other"]);
    const [book] = await Book.objects
      .using("other")
      .prefetchRelated(new Prefetch("tags", Tag.objects.orderBy("label")));
    expect([...book!.tags].map((tag) => tag.label)).toEqual(["novel"]);
    const [elsewhere] = await Author.objects
      .using("other")
      .prefetchRelated(new Prefetch("books", Book.objects.using("default")));
    expect([...elsewhere!.books]).toEqual([]);
  });

  test("a union is of one database", async () => {
    const there = Author.objects.using("other").filter({ name: "Jane" }).values("name");
    expect(await there.union(Author.objects.values("name"))).toEqual([{ name: "Jane" }]);
    expect(() => Author.objects.using("default").values("name").union(there)).toThrow('rows of Author in "other"');
  });
});

let primary = "default";
let reads = "replica";
const router: DatabaseRouter = {
  dbForRead: (model) => (model === Tag ? undefined : reads),
  dbForWrite: (_, { app }) => (app === "shop" ? primary : "other"),
  allowRelation: () => true,
  allowMigrate: (alias, app, { model }) =>
    alias === "replica" && app === "shop" && model === "tag" ? false : undefined,
};

describeDatabases("several databases, chosen by routers", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models, { others: ["replica"], databaseRouters: [{}, router] });
    primary = "default";
    reads = "replica";
    // What a replica would have by now.
    await Author.objects.using("replica").create({ id: 1001, name: "old" });
    await Author.objects.using("default").create({ id: 1001, name: "new" });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("a replica is read, the primary is written", async () => {
    expect((await Author.objects.get({ id: 1001 })).name).toBe("old");
    expect(await asked(() => Author.objects.count())).toEqual(["replica"]);
    expect(await asked(() => Author.objects.filter({ name: "x" }).exists())).toEqual(["replica"]);
    expect(await asked(() => Author.objects.aggregate({ n: Count() }))).toEqual(["replica"]);
    expect(await asked(() => Tag.objects.count())).toEqual(["default"]);
    expect(new Set(await asked(() => Author.objects.create({ name: "made" })))).toEqual(new Set(["default"]));
    expect(await asked(() => Author.objects.filter({ name: "made" }).update({ name: "changed" }))).toEqual(["default"]);
    expect(new Set(await asked(() => Author.objects.bulkCreate([{ name: "bulk" }])))).toEqual(new Set(["default"]));
    expect(new Set(await asked(() => Author.objects.getOrCreate({ name: "bulk" })))).toEqual(new Set(["default"]));
    expect(new Set(await asked(() => Author.objects.filter({ name: "bulk" }).delete()))).toEqual(new Set(["default"]));
    expect(await asked(() => Author.objects.using("default").count())).toEqual(["default"]);
  });

  test("a row of the replica is written to the primary, with its relations", async () => {
    const author = await Author.objects.get({ id: 1001 });
    author.name = "newer";
    expect(new Set(await asked(() => author.save()))).toEqual(new Set(["default"]));
    expect((await Author.objects.using("default").get({ id: 1001 })).name).toBe("newer");
    expect((await Author.objects.get({ id: 1001 })).name).toBe("old");
    const again = await Author.objects.get({ id: 1001 });
    expect(new Set(await asked(() => again.books.create({ title: "Emma" })))).toEqual(new Set(["default"]));
    expect(await asked(() => again.books.count())).toEqual(["replica"]);
    expect(await asked(() => Author.objects.filter({ id: 1001 }).prefetchRelated(new Prefetch("books")))).toEqual([
      "replica",
      "replica",
    ]);
    await Book.objects.using("default").delete();
  });

  test("a statement by hand, a union and a stream are read from the replica, too", async () => {
    const table = sql.identifier("shop_author");
    expect(await asked(() => Author.objects.raw(sql`select * from ${table}`))).toEqual(["replica"]);
    const both = Author.objects.filter({ id: 1001 }).union(Author.objects.filter({ name: "none" }));
    expect(await asked(() => both)).toEqual(["replica"]);
    expect((await both).map(({ name }) => name)).toEqual(["old"]);
    const stream = async () => {
      for await (const author of Author.objects.iterator()) expect(author.name).toBeTypeOf("string");
    };
    expect(new Set(await asked(stream))).toEqual(new Set(["replica"]));
    expect(
      new Set(await asked(() => atomic(async () => void (await Author.objects.raw(sql`select * from ${table}`))))),
    ).toEqual(new Set(["default"]));
  });

  test("kysely() asks where its models are written", async () => {
    const named = await asked(() => kysely({ Author }).selectFrom("Author").select("name").execute());
    expect(named).toEqual(["default"]);
    primary = "replica";
    try {
      expect(await asked(() => kysely({ Author }).selectFrom("Author").select("name").execute())).toEqual(["replica"]);
      expect(
        await asked(() => kysely({ Author }, { using: "default" }).selectFrom("Author").select("name").execute()),
      ).toEqual(["default"]);
    } finally {
      primary = "default";
    }
  });

  test("without an answer of any router, a row's database and the default are taken", async () => {
    reads = undefined as never;
    primary = undefined as never;
    try {
      const author = await Author.objects.using("replica").get({ id: 1001 });
      expect(new Set(await asked(() => author.books.count()))).toEqual(new Set(["replica"]));
      expect(await asked(() => Author.objects.count())).toEqual(["default"]);
      expect(new Set(await asked(() => author.save()))).toEqual(new Set(["replica"]));
    } finally {
      reads = "replica";
      primary = "default";
    }
  });

  test("a transaction reads what it wrote", async () => {
    await atomic(async () => {
      await Author.objects.filter({ id: 1001 }).update({ name: "in here" });
      expect((await Author.objects.get({ id: 1001 })).name).toBe("in here");
      expect((await Author.objects.using("replica").get({ id: 1001 })).name).toBe("old");
    });
    expect((await Author.objects.get({ id: 1001 })).name).toBe("old");
  });
});
