import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Avg,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  Exists,
  F,
  FieldError,
  fields,
  Greatest,
  Length,
  Lower,
  Max,
  Min,
  Model,
  meta,
  OuterRef,
  Prefetch,
  Q,
  Rank,
  RowNumber,
  Subquery,
  Sum,
  Upper,
  Value,
  When,
  Window,
} from "../../src/index.ts";
import { loose } from "../support/loose.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 100 }),
  age: fields.integer({ null: true }),
  books: () => fields.related(Book, "author"),
}) {
  static override meta = meta<Author>({ ordering: ["name"] });
}

class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 50 }),
  books: () => fields.related(Book, "tags"),
}) {}

class Book extends Model<Book>()({
  title: fields.char({ maxLength: 100 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  editor: () => fields.foreignKey(Author, { onDelete: "setNull", null: true }),
  pages: fields.integer({ default: 0 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  weight: fields.float({ null: true }),
  published: fields.dateTime({ null: true }),
  returned: fields.dateTime({ null: true }),
  extra: fields.json<{ theme: string; sizes: { width: number }[] }>({ null: true }),
  tags: () => fields.manyToMany(Tag),
}) {}

describeDatabases("expressions", (vendor) => {
  let project: TestProject;
  const ids = new Map<string, number>();
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Tag, Book });
    const [jane, emily, nobody] = await Author.objects.bulkCreate([
      { name: "Jane", age: 41 },
      { name: "Emily", age: 30 },
      { name: "Nobody" },
    ]);
    const rows = await Book.objects.bulkCreate([
      {
        title: "Emma",
        author: jane!,
        editor: emily!,
        pages: 400,
        price: "9.50",
        weight: 0.5,
        published: new Date("1815-12-23T10:00:00Z"),
        returned: new Date("1815-12-24T11:30:00.250Z"),
        extra: { theme: "dark", sizes: [{ width: 3 }, { width: 30 }] },
      },
      { title: "Pride", author: jane!, pages: 300, price: "10.00", published: new Date("1813-01-28T00:00:00Z") },
      { title: "Heights", author: emily!, pages: 250, extra: { theme: "light", sizes: [] } },
    ]);
    const tags = await Tag.objects.bulkCreate([{ label: "classic" }, { label: "irony" }, { label: "unused" }]);
    await rows[0]!.tags.add(tags[0]!, tags[1]!);
    await rows[1]!.tags.add(tags[0]!);
    for (const row of [jane!, emily!, nobody!]) ids.set(row.name, row.id);
    for (const row of rows) ids.set(row.title, row.id);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  describe("arithmetic", () => {
    test("numbers and decimals are computed exactly by the database", async () => {
      const [row] = await Book.objects.filter({ title: "Emma" }).annotate({
        twice: F("pages").times(2),
        half: F("pages").div(3),
        rest: F("pages").mod(7),
        dear: F("price").times("1.10"),
        more: F("price").plus(F("pages")),
        third: F("price").div(3),
        heavy: F("weight").times(3),
        square: F("pages").pow(2),
      });
      const { twice, half, rest, dear, more, third, heavy, square } = row!;
      expect({ twice, half, rest, dear, more, third, heavy, square }).toEqual({
        twice: 800,
        half: 133,
        rest: 1,
        dear: "10.4500",
        more: "409.50",
        third: "3.166667",
        heavy: 1.5,
        square: 160_000,
      });
    });

    test("moments have a duration between them, and move by one", async () => {
      const [row] = await Book.objects
        .filter({ title: "Emma" })
        .annotate({ took: F("returned").minus(F("published")) });
      expect(row!.took!.toJSON()).toBe("P1DT1H30M0.25S");
      const later = await Book.objects
        .annotate({ took: F("returned").minus(F("published")) })
        .annotate({ again: F("returned").plus(F("took")) })
        .get({ title: "Emma" });
      expect(later.again).toEqual(new Date("1815-12-25T13:00:00.500Z"));
    });

    test("update computes of the row's own values, and rounds to the column's places", async () => {
      const emma = Book.objects.filter({ title: "Emma" });
      expect(await emma.update({ price: F("price").times("1.005"), pages: F("pages").plus(1) })).toBe(1);
      const { price, pages } = await emma.get();
      expect({ price, pages }).toEqual({ price: "9.55", pages: 401 });
      await emma.update({ price: "9.50", pages: 400 });
    });

    test("what has no arithmetic is refused by name", async () => {
      const rows = Book.objects.all() as unknown as { annotate(e: object): PromiseLike<unknown> };
      await expect(rows.annotate({ x: (F("title") as never as { plus(n: number): unknown }).plus(1) })).rejects.toThrow(
        'There is no arithmetic "+" between Book.title (char) and the value (integer).',
      );
    });

    test("conditions compare with other columns, also of other tables", async () => {
      const longer = await Book.objects.filter({ pages__gt: F("author__age").times(9) }).orderBy("title");
      expect(longer.map((book) => book.title)).toEqual(["Emma"]);
      const within = await Book.objects.filter({ title__startswith: F("author__name") });
      expect(within).toEqual([]);
    });
  });

  describe("annotations", () => {
    test("are computed for each row, and conditions, orders and values name them", async () => {
      const rows = await Author.objects
        .annotate({ n: Count("books"), lo: Lower("name") })
        .filter({ n__gte: 1, lo__startswith: "j" })
        .orderBy("-n", "name")
        .values("name", "n");
      expect(rows).toEqual([{ name: "Jane", n: 2 }]);
    });

    test("are read by those behind them, of the same call, too", async () => {
      const rows = await Book.objects
        .annotate({ twice: F("pages").times(2), more: F("twice").plus(1) })
        .orderBy("id")
        .values("twice", "more");
      expect(rows).toEqual([
        { twice: 800, more: 801 },
        { twice: 600, more: 601 },
        { twice: 500, more: 501 },
      ]);
      const figures = await Book.objects.aggregate({
        most: Max("pages"),
        least: Min("pages"),
        between: F("most").minus(F("least")),
        text: Concat(Cast("between", fields.text()), Value(" pages")),
        pages: Sum("pages"),
      });
      expect(figures).toEqual({ most: 400, least: 250, between: 150, text: "150 pages", pages: 950 });
    });

    test("that get another meaning had the former one for what came before", async () => {
      const pages = Author.objects.annotate({ sum: Sum("books__pages") }).filter({ sum__lte: 700 });
      const rows = pages.annotate({ sum: Coalesce(F("sum").plus(1), 0) }).filter({ sum__gt: 250 });
      expect(await rows.orderBy("-sum").values("name", "sum")).toEqual([
        { name: "Jane", sum: 701 },
        { name: "Emily", sum: 251 },
      ]);
      expect([await rows.count(), await rows.exists()]).toEqual([2, true]);
      expect((await rows.orderBy("name")).map(({ name, sum }) => [name, sum])).toEqual([
        ["Emily", 251],
        ["Jane", 701],
      ]);
      expect(await rows.aggregate({ all: Sum("sum") })).toEqual({ all: 952 });
      const named = Book.objects.annotate({ n: F("pages") }).values("title", "n");
      expect(
        await named
          .annotate({ n: F("n").minus(1) })
          .orderBy("n")
          .first(),
      ).toEqual({ title: "Heights", n: 249 });
      const thrice = named.annotate({ n: F("n").times(2) }).annotate({ n: F("n").times(2) });
      expect(await thrice.orderBy("-n").first()).toEqual({ title: "Emma", n: 1600 });
    });

    test("that nothing has read leave nothing behind where they get another meaning", async () => {
      const tagged = Book.objects.annotate({ n: Count("tags") });
      const sent = await statements(() => tagged.annotate({ n: F("pages") }).orderBy("id"));
      expect(sent.join()).not.toMatch(/count|tag/i);
    });

    test("an aggregate counts what was filtered before it", async () => {
      const before = await Author.objects
        .filter({ books__pages__gte: 300 })
        .annotate({ n: Count("books") })
        .orderBy("name");
      expect(before.map(({ name, n }) => [name, n])).toEqual([["Jane", 2]]);
      const after = await Author.objects
        .annotate({ n: Count("books") })
        .filter({ books__pages__gte: 300 })
        .orderBy("name");
      expect(after.map(({ name, n }) => [name, n])).toEqual([["Jane", 4]]);
    });

    test("aggregates know filter, distinct and a default", async () => {
      const rows = await Author.objects
        .annotate({
          long: Count("books", { filter: Q({ books__pages__gt: 300 }) }),
          tags: Count("books__tags", { distinct: true }),
          pages: Sum("books__pages", { default: 0 }),
          dearest: Max("books__price"),
          first: Min("books__published"),
          mean: Avg("books__pages"),
        })
        .orderBy("name");
      expect(
        rows.map(({ name, long, tags, pages, dearest, mean }) => ({ name, long, tags, pages, dearest, mean })),
      ).toEqual([
        { name: "Emily", long: 0, tags: 0, pages: 250, dearest: null, mean: 250 },
        { name: "Jane", long: 2, tags: 2, pages: 1100, dearest: "10.00", mean: 1100 / 3 },
        { name: "Nobody", long: 0, tags: 0, pages: 0, dearest: null, mean: null },
      ]);
      expect(rows[1]!.first).toEqual(new Date("1813-01-28T00:00:00Z"));
    });

    test("values before an aggregate say what it is computed for", async () => {
      const rows = await Book.objects
        .values("author__name")
        .annotate({ n: Count("id"), p: Sum("pages") })
        .orderBy("-n");
      expect(rows).toEqual([
        { author__name: "Jane", n: 2, p: 700 },
        { author__name: "Emily", n: 1, p: 250 },
      ]);
      const groups = Book.objects.values("author__name").annotate({ n: Count("id") });
      expect(await groups.count()).toBe(2);
      expect(await groups.filter({ n__gt: 1 }).values("author__name")).toEqual([{ author__name: "Jane" }]);
    });

    test("what values names is ordered as it stands there, a relation by its key", async () => {
      const keys = async (rows: PromiseLike<{ author: number }[]>) => (await rows).map(({ author }) => author);
      const { id: jane } = await Author.objects.get({ name: "Jane" });
      const { id: emily } = await Author.objects.get({ name: "Emily" });
      const ascending = [jane, emily].sort((a, b) => a - b);
      const groups = Book.objects.values("author").annotate({ n: Count("id") });
      expect(await keys(groups.orderBy("author"))).toEqual(ascending);
      expect(await keys(groups.orderBy("-author"))).toEqual(ascending.toReversed());
      expect(await keys(groups.orderBy("author").reverse())).toEqual(ascending.toReversed());
      expect(await keys(Book.objects.values("author").distinct().orderBy("author"))).toEqual(ascending);
      const [sql] = await statements(() => Book.objects.values("author").orderBy("author"));
      expect(sql).not.toContain("join");
      // Elsewhere as its model is, by name.
      const byName = Book.objects.orderBy("author", "title").values("authorId");
      expect((await byName).map(({ authorId }) => authorId)).toEqual([emily, jane, jane]);
    });

    test("a group of a computed value is one", async () => {
      const rows = await Book.objects
        .annotate({ kind: Case(When({ pages__gte: 300 }, "long"), { default: "short" }) })
        .values("kind")
        .annotate({ n: Count("id") })
        .orderBy("kind");
      expect(rows).toEqual([
        { kind: "long", n: 2 },
        { kind: "short", n: 1 },
      ]);
    });

    test("a name that is taken, or no name, is refused", () => {
      const rows = Book.objects as unknown as { annotate(e: object): unknown };
      expect(() => rows.annotate({ title: Count("id") })).toThrow('Book has a field or method "title"');
      expect(() => rows.annotate({ 'x"; drop table': Count("id") })).toThrow("is no name for a value");
      expect(() => rows.annotate({ a__b: Count("id") })).toThrow("is no name for a value");
    });

    test("count leaves out what does not change how many rows there are", async () => {
      const sent = await statements(() => Author.objects.annotate({ n: Count("books") }).count());
      expect(sent).toEqual(['select count(*) from "shop_author"']);
      expect(
        await Author.objects
          .annotate({ n: Count("books") })
          .filter({ n: 0 })
          .count(),
      ).toBe(1);
    });

    test("count counts the rows that there are, where what it leaves out is beside what an aggregate is of", async () => {
      const rows = Author.objects.annotate({ labels: Count("books__tags"), n: Count("books") }).filter({ n__gt: 2 });
      expect((await rows).map(({ name, n }) => [name, n])).toEqual([["Jane", 3]]);
      expect([await rows.count(), await rows.exists()]).toEqual([1, true]);
    });

    test("count and aggregate go by the same groups as the rows, where a value is one of many", async () => {
      const rows = Author.objects.annotate({ length: F("books__pages"), labels: Count("books__tags") });
      expect((await rows.orderBy("id", "length")).map(({ name, length }) => [name, length])).toEqual([
        ["Jane", 300],
        ["Jane", 400],
        ["Emily", 250],
        ["Nobody", null],
      ]);
      expect(await rows.count()).toBe(4);
      expect(await rows.aggregate({ n: Count("id"), most: Max("labels") })).toEqual({ n: 4, most: 2 });
      expect(await rows.aggregate({ length: Count("id") })).toEqual({ length: 4 });
    });
  });

  describe("aggregate", () => {
    test("computes over all rows", async () => {
      const found = await Book.objects.aggregate({
        total: Sum("pages"),
        n: Count("id", { filter: Q({ title__icontains: "e" }) }),
        cost: Sum(F("price").times(F("pages"))),
        none: Coalesce(Sum("price", { filter: Q({ id: -1 }) }), "0"),
        last: Max("published"),
      });
      expect(found).toEqual({
        total: 950,
        n: 3,
        cost: "6800.00",
        none: "0.00",
        last: new Date("1815-12-23T10:00:00Z"),
      });
    });

    test("an aggregate may be computed of those before it, of their values and not of rows", async () => {
      const rows = loose(Book);
      const halves = {
        pages: Sum("pages"),
        n: Count(),
        half: F("pages" as never).div(2),
        mean: F("pages" as never).div(F("n")),
      };
      expect(await rows.aggregate(halves)).toEqual({ pages: 950, n: 3, half: 475, mean: 316 });
      const two = rows.orderBy("title").slice(0, 2);
      expect(await two.aggregate(halves)).toMatchObject({ n: 2, half: expect.any(Number) });
      const { pages, half } = (await two.aggregate(halves)) as { pages: number; half: number };
      expect(half).toBe(Math.trunc(pages / 2));
      const counted = loose(Author).annotate({ n: Count("books") });
      expect(await counted.aggregate({ mean: Avg("n"), n: Sum("n") })).toEqual({ mean: 1, n: 3 });
      const refused = [
        rows.aggregate({ pages: Sum("pages"), more: Avg("pages") }),
        rows.aggregate({ pages: Sum("pages"), more: Max(F("pages").plus(1)) }),
        rows.aggregate({ pages: Sum("pages"), more: Count("id", { filter: { pages__gt: 100 } }) }),
        two.aggregate({ pages: Sum("pages"), more: Avg("pages") }),
        rows.aggregate({ author: Count("author"), more: Max("author__age") }),
        counted.aggregate({ n: Sum("n"), mean: Avg("n") }),
      ];
      for (const asked of refused) {
        await expect(asked).rejects.toThrow(
          /^(Avg|Max|Count) cannot be computed of "(pages|pages__gt|author__age|n)": here "(pages|author|n)" is the aggregate that stands/,
        );
        await expect(asked).rejects.toBeInstanceOf(FieldError);
      }
      // Behind it, the name is the field's still.
      expect(await rows.aggregate({ mean: Avg("pages"), pages: Sum("pages") })).toMatchObject({ pages: 950 });
    });

    test("computes over groups, slices and distinct rows", async () => {
      expect(
        await Author.objects.annotate({ n: Count("books") }).aggregate({ mean: Avg("n"), most: Max("n") }),
      ).toEqual({
        mean: 1,
        most: 2,
      });
      expect(
        await Book.objects
          .orderBy("-pages")
          .slice(0, 2)
          .aggregate({ total: Sum("pages") }),
      ).toEqual({ total: 700 });
      expect(
        await Book.objects
          .values("author")
          .distinct()
          .aggregate({ n: Count("author") }),
      ).toEqual({ n: 2 });
    });

    test("of no rows is known without asking", async () => {
      const sent = await statements(async () => {
        const found = await Book.objects
          .none()
          .aggregate({ n: Count("id"), total: Sum("pages"), z: Coalesce(Sum("pages"), 0) });
        expect(found).toEqual({ n: 0, total: null, z: 0 });
      });
      expect(sent).toEqual([]);
    });
  });

  describe("values", () => {
    test("give objects, lists and single values", async () => {
      const rows = Book.objects.orderBy("title");
      expect(await rows.values("title", "author__name").slice(0, 1)).toEqual([{ title: "Emma", author__name: "Jane" }]);
      expect(await rows.valuesList("title", "editor__name")).toEqual([
        ["Emma", "Emily"],
        ["Heights", null],
        ["Pride", null],
      ]);
      expect(await rows.valuesList("title", { flat: true })).toEqual(["Emma", "Heights", "Pride"]);
      const [all] = await rows.values();
      expect(Object.keys(all!)).toEqual([
        "id",
        "title",
        "authorId",
        "editorId",
        "pages",
        "price",
        "weight",
        "published",
        "returned",
        "extra",
      ]);
    });

    test("distinct leaves each once", async () => {
      expect(await Book.objects.values("author__name").distinct().orderBy("author__name")).toEqual([
        { author__name: "Emily" },
        { author__name: "Jane" },
      ]);
      expect(await Book.objects.values("author").distinct().count()).toBe(2);
    });
  });

  describe("queries inside of queries", () => {
    test("Exists of what is known to have no rows stands in any expression", async () => {
      const none = Exists(Book.objects.filter({ pages__in: [] }));
      const rows = await Author.objects.filter({ name: "Jane" }).annotate({ n: Cast(none, fields.integer()) });
      expect(rows.map(({ n }) => n)).toEqual([0]);
    });

    test("an aggregate without groups has its value where it is known that there are no rows", async () => {
      const none = Book.objects.filter({ pages__in: [] }).annotate({ one: Value(1) });
      const all = none.values("one").annotate({ total: Sum("pages", { default: 7 }), n: Count("id") });
      expect(await all).toEqual([{ one: 1, total: 7, n: 0 }]);
      const [jane] = await Author.objects.filter({ name: "Jane" }).annotate({ total: Subquery(all.values("total")) });
      expect(jane!.total).toBe(7);
      expect(await none.values("author").annotate({ n: Count("id") })).toEqual([]);
    });

    test("Subquery, OuterRef and Exists", async () => {
      const newest = Book.objects
        .filter({ author: OuterRef("pk") })
        .orderBy("-pages")
        .values("title")
        .slice(0, 1);
      const rows = await Author.objects
        .annotate({ newest: Subquery(newest), has: Exists(Book.objects.filter({ author: OuterRef("pk") })) })
        .orderBy("name");
      expect(rows.map(({ name, newest, has }) => [name, newest, has])).toEqual([
        ["Emily", "Heights", true],
        ["Jane", "Emma", true],
        ["Nobody", null, false],
      ]);
      const writes = Exists(Book.objects.filter({ author: OuterRef("pk") }));
      expect((await Author.objects.filter(writes)).map(({ name }) => name)).toEqual(["Emily", "Jane"]);
      expect((await Author.objects.filter(writes.not())).map(({ name }) => name)).toEqual(["Nobody"]);
      const either = await Author.objects.filter(writes.not().or({ name: "Jane" })).orderBy("name");
      expect(either.map(({ name }) => name)).toEqual(["Jane", "Nobody"]);
      expect(await Author.objects.filter(writes.and(Q({ name: "Jane" }))).count()).toBe(1);
      expect(await Author.objects.filter(writes.xor({ name: "Jane" }).not()).count()).toBe(2);
      const byTitle = await Author.objects.annotate({ newest: Subquery(newest) }).filter({ newest__icontains: "emm" });
      expect(byTitle.map(({ name }) => name)).toEqual(["Jane"]);
      expect(
        await Author.objects.filter({ id__in: Book.objects.filter({ pages: 250 }).values("author") }).count(),
      ).toBe(1);
    });

    test("windows rank rows, and conditions on them are asked afterwards", async () => {
      const ranked = Book.objects.annotate({ rank: Window(Rank(), { partitionBy: "author", orderBy: "-pages" }) });
      expect((await ranked.orderBy("title")).map(({ title, rank }) => [title, rank])).toEqual([
        ["Emma", 1],
        ["Heights", 1],
        ["Pride", 2],
      ]);
      expect((await ranked.filter({ rank: 1 }).orderBy("title")).map(({ title }) => title)).toEqual([
        "Emma",
        "Heights",
      ]);
      expect(await ranked.filter({ rank: 1 }).count()).toBe(2);
      const running = await Book.objects
        .annotate({
          total: Window(Sum("pages"), { orderBy: "title" }),
          n: Window(RowNumber(), { orderBy: F("title").desc() }),
        })
        .orderBy("title")
        .valuesList("total", "n");
      expect(running).toEqual([
        [400, 3],
        [650, 2],
        [950, 1],
      ]);
    });
  });

  describe("functions", () => {
    test("text, choices among values, extremes", async () => {
      const [row] = await Book.objects.filter({ title: "Heights" }).annotate({
        up: Upper("title"),
        length: Length("title"),
        label: Concat("title", Value(" by "), "author__name", Value("/"), "editor__name"),
        price2: Coalesce("price", "0.5"),
        size: Case(When({ pages__gt: 300 }, "long"), When(Q({ pages__gt: 200 }), "medium"), { default: "short" }),
        none: Case(When({ pages: 1 }, F("title"))),
        more: Greatest("pages", "author__age"),
      });
      const { up, length, label, price2, size, none, more } = row!;
      expect({ up, length, label, price2, size, none, more }).toEqual({
        up: "HEIGHTS",
        length: 7,
        label: "Heights by Emily/",
        price2: "0.50",
        size: "medium",
        none: null,
        more: 250,
      });
    });

    test("orders by expressions, with null where it is wanted", async () => {
      const names = async (rows: PromiseLike<{ title: string }[]>) => (await rows).map(({ title }) => title);
      expect(await names(Book.objects.orderBy("price"))).toEqual(["Emma", "Pride", "Heights"]);
      expect(await names(Book.objects.orderBy("-price"))).toEqual(["Heights", "Pride", "Emma"]);
      expect(await names(Book.objects.orderBy(F("price").asc({ nulls: "first" })))).toEqual([
        "Heights",
        "Emma",
        "Pride",
      ]);
      expect(await names(Book.objects.orderBy(F("price").desc({ nulls: "last" })))).toEqual([
        "Pride",
        "Emma",
        "Heights",
      ]);
      expect(await names(Book.objects.orderBy(F("price").desc({ nulls: "last" })).reverse())).toEqual([
        "Heights",
        "Emma",
        "Pride",
      ]);
      expect(await names(Book.objects.orderBy(Length("title"), "title"))).toEqual(["Emma", "Pride", "Heights"]);
      const wrong = Author.objects.orderBy(F("name").asc(), Count("books"));
      await expect(wrong).rejects.toThrow('annotate({ n: Count("…") }).orderBy("-n")');
      const grouped = Book.objects.values("author__name").annotate({ n: Count("id") });
      expect(await grouped.orderBy(Count("id").desc(), "author__name").first()).toMatchObject({ n: 2 });
    });

    test("computed texts are ordered by code points, as those of columns", async () => {
      const tags = ["b", "B", "é", "a", "Z"].map((label) => ({ label }));
      const made = await Tag.objects.bulkCreate(tags);
      const rows = Tag.objects.filter({ id__in: made.map((tag) => tag.id) });
      const upper = await rows.annotate({ same: Concat("label", Value("")) }).orderBy("same");
      expect(upper.map((tag) => tag.label)).toEqual(["B", "Z", "a", "b", "é"]);
      const lower = await rows.annotate({ low: Lower("label") }).orderBy("-low", "label");
      expect(lower.map((tag) => tag.label)).toEqual(["é", "Z", "B", "b", "a"]);
      await rows.delete();
    });

    test("JSON is compared inside", async () => {
      const names = async (rows: PromiseLike<{ title: string }[]>) => (await rows).map(({ title }) => title).sort();
      expect(await names(Book.objects.filter({ extra__theme: "dark" }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ extra__sizes__1__width: 30 }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ extra__sizes__0__width__gte: 2 }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ extra__theme__in: ["dark", "light"] }))).toEqual(["Emma", "Heights"]);
      expect(await names(Book.objects.filter({ extra__theme__isnull: true }))).toEqual(["Pride"]);
    });

    test("parts of dates, and regular expressions", async () => {
      const names = async (rows: PromiseLike<{ title: string }[]>) => (await rows).map(({ title }) => title).sort();
      expect(await names(Book.objects.filter({ published__year: 1815 }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ published__year__lt: 1815 }))).toEqual(["Pride"]);
      expect(
        await names(Book.objects.filter({ published__quarter: 4, published__weekDay: 7, published__isoWeekDay: 6 })),
      ).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ published__week: 51, published__isoYear: 1815 }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ published__date: "1815-12-23", published__hour: 10 }))).toEqual([
        "Emma",
      ]);
      expect(await names(Book.objects.filter({ title__regex: "^E.*a$" }))).toEqual(["Emma"]);
      expect(await names(Book.objects.filter({ title__iregex: "^e.*a$" }))).toEqual(["Emma"]);
    });

    test("regular expressions are of the database's own kind", async () => {
      const own = vendor === "postgres" ? "^\\mEm{2}[[:alpha:]]\\M" : "^(?<a>E)m{2}\\p{L}$";
      expect((await Book.objects.filter({ title__regex: own })).map(({ title }) => title)).toEqual(["Emma"]);
      const none = Book.objects.filter({ title__regex: "(Emma" });
      await expect(none).rejects.toThrow(
        vendor === "postgres" ? /invalid regular expression/ : '"title__regex" takes a regular expression',
      );
    });
  });

  describe("combined", () => {
    test("union, intersection and difference", async () => {
      const long = Book.objects.filter({ pages__gte: 300 });
      const short = Book.objects.filter({ pages__lte: 300 });
      const titles = async (rows: PromiseLike<{ title: string }[]>) => (await rows).map(({ title }) => title);
      expect(await titles(long.union(short).orderBy("title"))).toEqual(["Emma", "Heights", "Pride"]);
      expect(await titles(long.intersection(short))).toEqual(["Pride"]);
      expect(await titles(long.difference(short))).toEqual(["Emma"]);
      expect(await titles(long.union(short).orderBy("-pages").slice(0, 1))).toEqual(["Emma"]);
      expect(await long.union(short).count()).toBe(3);
      expect(await long.values("title").union(short.values("title")).orderBy("title").slice(0, 2)).toEqual([
        { title: "Emma" },
        { title: "Heights" },
      ]);
      expect(await titles(long.union(Book.objects.none()).orderBy("title"))).toEqual(["Emma", "Pride"]);
      expect(() => long.union(short).filter({ pages: 1 })).toThrow("filter() cannot follow union()");
    });

    test("aggregate says how to compute of combined rows, and so it is", async () => {
      const [long, short] = [Book.objects.filter({ pages__gte: 300 }), Book.objects.filter({ pages__lte: 300 })];
      await expect(long.union(short).aggregate({ pages: Sum("pages") })).rejects.toThrow(
        "aggregate() cannot follow union(), intersection() or difference(). Ask for the rows by their keys: " +
          'Book.objects.filter({ pk__in: one.values("pk").union(other.values("pk")) }).aggregate(…).',
      );
      const keys = long.values("pk").union(short.values("pk"));
      expect(await Book.objects.filter({ pk__in: keys }).aggregate({ pages: Sum("pages") })).toEqual({ pages: 950 });
    });

    test("equal rows come once where the others are known to have none", async () => {
      const none = Book.objects.filter({ pages__in: [] }).values("author");
      const authors = Book.objects.values("author");
      const both = authors.union(none).orderBy("author");
      expect((await both).map(({ author }) => author)).toEqual([ids.get("Jane"), ids.get("Emily")]);
      expect([await both.count(), await authors.difference(none).count()]).toEqual([2, 2]);
      expect(await authors.union(none, { all: true }).count()).toBe(3);
    });
  });

  describe("prefetching", () => {
    test("loads a relation to many with one query, and its other side with it", async () => {
      let authors: Awaited<ReturnType<typeof load>> = [];
      const load = () => Author.objects.prefetchRelated("books");
      const sent = await statements(async () => {
        authors = await load();
        expect(authors.map((author) => [...author.books].map((book) => book.title).sort())).toEqual([
          ["Heights"],
          ["Emma", "Pride"],
          [],
        ]);
        for (const author of authors) for (const book of author.books) expect(await book.author).toBe(author);
      });
      expect(sent).toHaveLength(2);
    });

    test("follows many-to-many relations in both directions, and paths", async () => {
      const sent = await statements(async () => {
        const authors = await Author.objects.prefetchRelated("books__tags");
        const labels = authors.map((author) => author.books.map((book) => book.tags.map((tag) => tag.label).sort()));
        expect(labels.map((each) => each.sort((a, b) => b.length - a.length))).toEqual([
          [[]],
          [["classic", "irony"], ["classic"]],
          [],
        ]);
      });
      expect(sent).toHaveLength(3);
      const tags = await Tag.objects.prefetchRelated("books").orderBy("label");
      expect(tags.map((tag) => tag.books.map((book) => book.title).sort())).toEqual([["Emma", "Pride"], ["Emma"], []]);
    });

    test("takes a query set, another property, a slice of each", async () => {
      const authors = await Author.objects.prefetchRelated(
        new Prefetch("books", Book.objects.filter({ pages__gte: 300 }).orderBy("title"), { toAttr: "long" }),
        new Prefetch("books", Book.objects.orderBy("-pages").slice(0, 1)),
      );
      expect(authors.map(({ long }) => long.map((book) => book.title))).toEqual([[], ["Emma", "Pride"], []]);
      expect(authors.map(({ books }) => books.map((book) => book.title))).toEqual([["Heights"], ["Emma"], []]);
    });

    test("a slice of each in reversed order turns the places of null round, too", async () => {
      const lightest = Book.objects
        .orderBy(F("weight").asc({ nulls: "first" }))
        .reverse()
        .slice(0, 1);
      const [jane] = await Author.objects.filter({ name: "Jane" }).prefetchRelated(new Prefetch("books", lightest));
      expect(jane!.books.map((book) => book.title)).toEqual(["Emma"]);
    });

    test("loads relations to one", async () => {
      const sent = await statements(async () => {
        const books = await Book.objects.prefetchRelated("author", "editor").orderBy("title");
        expect(books.map((book) => [book.author.name, book.editor?.name])).toEqual([
          ["Jane", "Emily"],
          ["Emily", undefined],
          ["Jane", undefined],
        ]);
      });
      expect(sent).toHaveLength(3);
    });

    test("an unknown relation is named with its choices", async () => {
      const rows = Author.objects as unknown as { prefetchRelated(path: string): PromiseLike<unknown> };
      await expect(rows.prefetchRelated("boks")).rejects.toThrow(
        'prefetchRelated: Author has no relation "boks". Did you mean "books"? Choices: books.',
      );
    });
  });

  describe("deferred fields", () => {
    test("only and defer leave fields out, and reading one says how to load it", async () => {
      const [book] = await Book.objects.only("title").orderBy("title");
      expect(Object.keys(book!)).toEqual(["id", "title"]);
      expect(() => (book as unknown as { pages: number }).pages).toThrow(
        'Book.pages was not loaded: the query left it out by only() or defer(). Load it with the query, or write await book.refreshFromDb({ fields: ["pages"] }).',
      );
      await book!.refreshFromDb({ fields: ["pages"] });
      expect((book as unknown as { pages: number }).pages).toBe(400);
      const [other] = await Book.objects.defer("extra", "price").orderBy("title");
      expect(Object.keys(other!)).not.toContain("price");
      other!.pages = 401;
      await other!.save();
      expect(await Book.objects.filter({ title: "Emma" }).values("pages", "price")).toEqual([
        { pages: 401, price: "9.50" },
      ]);
      await Book.objects.filter({ title: "Emma" }).update({ pages: 400 });
    });
  });

  describe("single rows", () => {
    test("latest, earliest, inBulk, contains, iterator, explain", async () => {
      expect((await Book.objects.latest("pages")).title).toBe("Emma");
      expect((await Book.objects.earliest("pages")).title).toBe("Heights");
      await expect(Book.objects.none().latest("pages")).rejects.toThrow(Book.DoesNotExist);
      await expect((Book.objects as unknown as { latest(): Promise<unknown> }).latest()).rejects.toThrow("getLatestBy");
      const emma = ids.get("Emma")!;
      expect([...(await Book.objects.inBulk([emma, -1])).keys()]).toEqual([emma]);
      const book = await Book.objects.get({ title: "Emma" });
      expect(await Book.objects.filter({ pages: 400 }).contains(book)).toBe(true);
      expect(await Book.objects.filter({ pages: 300 }).contains(book)).toBe(false);
      const seen: string[] = [];
      for await (const row of Book.objects.orderBy("title").iterator({ chunkSize: 2 })) seen.push(row.title);
      expect(seen).toEqual(["Emma", "Heights", "Pride"]);
      expect(await Book.objects.filter({ pages: 400 }).explain()).toMatch(/scan/i);
    });
  });
});
