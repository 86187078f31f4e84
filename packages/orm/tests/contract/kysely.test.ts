import { afterAll, beforeAll, expect, test } from "vitest";
import { atomic, FieldValueError, fields, kysely, Model } from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Author extends Model<Author>()({ name: fields.char({ maxLength: 20 }) }) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 20 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  pageCount: fields.integer({ default: 7 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  publishedAt: fields.dateTime({ null: true }),
  translated: fields.boolean({ default: false }),
  extra: fields.json<{ a: number }>({ null: true }),
}) {}

const at = new Date("2026-01-02T03:04:05.678Z");

describeDatabases("kysely()", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Book });
    const [jane, emily] = await Author.objects.bulkCreate([{ name: "Jane" }, { name: "Emily" }]);
    await Book.objects.bulkCreate([
      {
        title: "Emma",
        author: jane!,
        pageCount: 400,
        price: "9.50",
        publishedAt: at,
        translated: true,
        extra: { a: 1 },
      },
      { title: "Heights", author: emily!, pageCount: 250 },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const db = () => kysely({ Book, Author });

  test("names are the models', values the fields'", async () => {
    const rows = await db()
      .selectFrom("Book")
      .innerJoin("Author", "Author.id", "Book.authorId")
      .select([
        "Book.title",
        "Author.name as author",
        "Book.price",
        "Book.publishedAt as at",
        "Book.translated",
        "extra",
      ])
      .where("Book.price", "=", "9.50")
      .where("Book.publishedAt", "<=", at)
      .where("translated", "=", true)
      .orderBy("Book.pageCount", "desc")
      .execute();
    is<{
      title: string;
      author: string;
      price: string | null;
      at: Date | null;
      translated: boolean;
      extra: { a: number } | null;
    }>()(rows[0]!);
    expect(rows).toEqual([{ title: "Emma", author: "Jane", price: "9.50", at, translated: true, extra: { a: 1 } }]);
  });

  test("all columns, other names of tables, lists, ranges, subqueries", async () => {
    const all = await db().selectFrom("Book").selectAll().where("title", "=", "Heights").executeTakeFirstOrThrow();
    expect(Object.keys(all).sort()).toEqual(
      ["authorId", "extra", "id", "pageCount", "price", "publishedAt", "title", "translated"].sort(),
    );
    expect(all).toMatchObject({ pageCount: 250, translated: false, price: null });
    const some = await db()
      .selectFrom("Book as b")
      .select("b.title")
      .where("b.price", "in", ["9.50", "1.00"])
      .where((eb) => eb.between("b.publishedAt", new Date(0), new Date()))
      .where("b.authorId", "in", (eb) => eb.selectFrom("Author as a").select("a.id").where("a.name", "=", "Jane"))
      .execute();
    expect(some).toEqual([{ title: "Emma" }]);
    const grouped = await db()
      .selectFrom("Author")
      .leftJoin("Book", "Book.authorId", "Author.id")
      .select(({ fn }) => ["Author.name", fn.count<number>("Book.id").as("n")])
      .groupBy("Author.name")
      .orderBy("Author.name")
      .execute();
    expect(grouped.map(({ name, n }) => [name, Number(n)])).toEqual([
      ["Emily", 1],
      ["Jane", 1],
    ]);
  });

  test("columns of queries that stand before or inside of another one are those of the fields, too", async () => {
    const dear = db().with("dear", (q) =>
      q.selectFrom("Book").select(["title", "price as cost", "publishedAt", "translated", "authorId"]),
    );
    const joined = await dear
      .selectFrom("dear")
      .innerJoin("Author", "Author.id", "dear.authorId")
      .selectAll()
      .where("dear.translated", "=", true)
      .where("dear.cost", ">", "9.00")
      .execute();
    expect(joined).toEqual([
      {
        title: "Emma",
        cost: "9.50",
        publishedAt: at,
        translated: true,
        authorId: expect.any(Number),
        id: expect.any(Number),
        name: "Jane",
      },
    ]);
    const inner = db().selectFrom("Book").selectAll().where("pageCount", ">", 300).as("b");
    expect(await db().selectFrom(inner).select(["b.price", "b.pageCount as pages", "publishedAt"]).execute()).toEqual([
      { price: "9.50", pages: 400, publishedAt: at },
    ]);
    const one = db().selectFrom("Book").select(["authorId", "price"]).where("price", "=", "9.50").as("one");
    const both = db().selectFrom("Book").innerJoin(one, "one.authorId", "Book.authorId");
    expect(await both.select(["title", "one.price"]).where("one.price", ">", "9.00").execute()).toEqual([
      { title: "Emma", price: "9.50" },
    ]);
    // A name that a model has means the query.
    const hidden = db().with("Author", (q) => q.selectFrom("Book").select(["title as name", "price"]));
    expect(await hidden.selectFrom("Author").select("Author.price").where("price", "=", "9.50").execute()).toEqual([
      { price: "9.50" },
    ]);
    const made = db().with("made", (q) => q.updateTable("Book").set({ price: "9.50" }).returning(["price", "title"]));
    if (vendor === "postgres") {
      const rows = await made.selectFrom("made").select("price").where("title", "=", "Emma").execute();
      expect(rows).toEqual([{ price: "9.50" }]);
      await db().updateTable("Book").set({ price: null }).where("title", "=", "Heights").execute();
    }
  });

  test("the least and the greatest are values of their column", async () => {
    const rows = await db()
      .selectFrom("Book")
      .select(({ fn }) => ["authorId", fn.max("price").as("most"), fn.min("publishedAt").as("first")])
      .groupBy("authorId")
      .having(({ fn }) => fn.max("price"), ">", "9.00")
      .execute();
    expect(rows).toEqual([{ authorId: expect.any(Number), most: "9.50", first: at }]);
  });

  test("rows are written, with the fields' defaults, and given back", async () => {
    const { id: authorId } = await Author.objects.get({ name: "Jane" });
    const made = await db()
      .insertInto("Book")
      .values({ title: "Pride", authorId, price: "1.25", publishedAt: at })
      .returning(["id", "pageCount", "price", "publishedAt"])
      .executeTakeFirstOrThrow();
    expect(made).toEqual({ id: expect.any(Number), pageCount: 7, price: "1.25", publishedAt: at });
    const changed = await db()
      .updateTable("Book")
      .set({ price: "2.50", translated: true })
      .where("id", "=", made.id)
      .executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
    expect(await Book.objects.filter({ id: made.id }).values("price", "translated")).toEqual([
      { price: "2.50", translated: true },
    ]);
    await db().deleteFrom("Book").where("id", "=", made.id).execute();
    expect(await Book.objects.filter({ id: made.id }).exists()).toBe(false);
  });

  test("what the column of a field cannot hold is refused, as in a save", async () => {
    const name = "x".repeat(21);
    await expect(db().insertInto("Author").values({ name }).execute()).rejects.toThrow(FieldValueError);
    await expect(db().updateTable("Author").set({ name }).execute()).rejects.toThrow("at most 20 characters");
    expect(await db().selectFrom("Author").select("id").where("name", "=", name).execute()).toEqual([]);
  });

  test("it runs in the current transaction", async () => {
    await expect(
      atomic(async () => {
        await db().insertInto("Author").values({ name: "gone" }).execute();
        expect(await Author.objects.filter({ name: "gone" }).count()).toBe(1);
        throw new Error("back");
      }),
    ).rejects.toThrow("back");
    expect(await Author.objects.filter({ name: "gone" }).count()).toBe(0);
    await expect(
      db()
        .transaction()
        .execute(async () => {}),
    ).rejects.toThrow("write atomic(");
  });

  test("the types know tables and columns", () => {
    // @ts-expect-error no such table
    db().selectFrom("Tag");
    // @ts-expect-error no such column
    db().selectFrom("Book").select("titel");
    // @ts-expect-error the title is missing
    db().insertInto("Book").values({ authorId: 1 });
    // @ts-expect-error a number of pages
    db().updateTable("Book").set({ pageCount: "many" });
  });
});
