import { afterAll, beforeAll, expect, test } from "vitest";
import { Count, F, FilteredRelation, fields, Model, meta, Q, Sum } from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 20 }),
  books: () => fields.related(Book, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });
}
class Tag extends Model<Tag>()({ label: fields.char({ maxLength: 20 }) }) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 20 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  pages: fields.integer({ default: 0 }),
  stock: fields.integer({ default: 0 }),
  tags: () => fields.manyToMany(Tag),
}) {}

describeDatabases("FilteredRelation", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Book, Tag });
    const [ann, bob] = await Author.objects.bulkCreate([{ name: "Ann" }, { name: "Bob" }, { name: "Cid" }]);
    const books = await Book.objects.bulkCreate([
      { title: "long", author: ann!, pages: 500, stock: 1 },
      { title: "short", author: ann!, pages: 50, stock: 60 },
      { title: "other", author: bob!, pages: 40, stock: 40 },
    ]);
    const [red, blue] = await Tag.objects.bulkCreate([{ label: "red" }, { label: "blue" }]);
    await books[0]!.tags.add(red!, blue!);
    await books[1]!.tags.add(blue!);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const long = (least: number) => FilteredRelation("books", { condition: Q({ books__pages__gte: least }) });

  test("the condition stands in the join: who has none stays", async () => {
    const rows = (least: number) =>
      Author.objects
        .alias({ long: long(least) })
        .annotate({ n: Count("long"), pages: Sum("long__pages") })
        .orderBy("name")
        .values("name", "n", "pages");
    // Three times: the second keeps the plan, the third is filled from it.
    for (const least of [100, 45, 100]) {
      expect(await rows(least)).toEqual([
        { name: "Ann", n: least === 45 ? 2 : 1, pages: least === 45 ? 550 : 500 },
        { name: "Bob", n: 0, pages: null },
        { name: "Cid", n: 0, pages: null },
      ]);
    }
    const [sql] = await statements(() => rows(7));
    expect(sql).toMatch(/left join "shop_book" on .* and "shop_book"\."pages" >= \?/);
  });

  test("conditions, orders and values go behind it", async () => {
    const authors = Author.objects.alias({ long: long(100) });
    expect(await authors.filter({ long__title: "long" }).valuesList("name", { flat: true })).toEqual(["Ann"]);
    expect(await authors.filter({ long__title: "short" }).count()).toBe(0);
    expect(await authors.filter({ long__isnull: true }).valuesList("name", { flat: true })).toEqual(["Bob", "Cid"]);
    expect(await authors.filter({ long: 1 }).exists()).toBe(true);
    const values = await authors.orderBy("-long__pages", "name").values("name", "long__title");
    is<{ name: string; long__title: string | null }>()(values[0]!);
    expect(values.find((row) => row.name === "Ann")).toEqual({ name: "Ann", long__title: "long" });
    // Under a not it is asked whether any of its rows meets the condition.
    expect(await authors.exclude({ long__title: "long" }).valuesList("name", { flat: true })).toEqual(["Bob", "Cid"]);
    expect(await authors.exclude({ long__title: "short" }).valuesList("name", { flat: true })).toEqual([
      "Ann",
      "Bob",
      "Cid",
    ]);
  });

  test("beside the relation itself, and twice", async () => {
    const rows = await Author.objects
      .annotate({
        long: long(100),
        stocked: FilteredRelation("books", { condition: { books__stock__gte: F("books__pages") } }),
      })
      .filter({ books__title: "short" })
      .values("name", "long__title", "stocked__title");
    expect(rows).toEqual([{ name: "Ann", long__title: "long", stocked__title: "short" }]);
  });

  test("relations to one row, and of several steps", async () => {
    const books = await Book.objects
      .annotate({
        ann: FilteredRelation("author", { condition: Q({ author__name: "Ann" }) }),
      })
      .orderBy("title")
      .values("title", "ann__name");
    expect(books).toEqual([
      { title: "long", ann__name: "Ann" },
      { title: "other", ann__name: null },
      { title: "short", ann__name: "Ann" },
    ]);
    const authors = await Author.objects
      .alias({ red: FilteredRelation("books__tags", { condition: Q({ books__tags__label: "red" }) }) })
      .annotate({ n: Count("red") })
      .orderBy("name")
      .values("name", "n");
    expect(authors.map((row) => row.n)).toEqual([1, 0, 0]);
  });

  test("mistakes are told, most by the types", async () => {
    const wrong = FilteredRelation("boks", { condition: {} });
    // @ts-expect-error no such relation
    const rows = Author.objects.alias({ x: wrong });
    await expect(rows.filter({ x: 1 } as never)).rejects.toThrow('no field "boks"');
    // @ts-expect-error no such field
    Author.objects.alias({ x: FilteredRelation("books", { condition: { books__titel: "x" } }) });
    // @ts-expect-error a number
    Author.objects.alias({ x: long(1) }).filter({ x__pages: "many" });
    // @ts-expect-error no such field behind it
    expect(() => Author.objects.alias({ x: long(1) }).values("x__titel")).not.toThrow();
    expect(() => FilteredRelation("books", { condition: { name: "x" } })).toThrow("names fields behind it");
    await expect(
      Author.objects
        .alias({ x: FilteredRelation("books", { condition: { books__author__name: "x" } }) })
        .filter({ x__pages: 1 }),
    ).rejects.toThrow("names fields of Book, not of what is behind it");
  });
});
