import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Count,
  F,
  Func,
  fields,
  Lookup,
  Lower,
  Model,
  type Operand,
  registerLookup,
  registerTransform,
  sql,
  Transform,
} from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class SameLetters extends Lookup<string> {
  readonly name = "sameLetters";
  readonly kinds = ["text"] as const;
  sql(left: Operand, right: Operand) {
    return sql`replace(${left}, ' ', '') = replace(${right}, ' ', '')`;
  }
}
class LongerThan extends Lookup<number> {
  readonly name = "longerThan";
  readonly kinds = ["text"] as const;
  override readonly right = fields.integer();
  sql(left: Operand, right: Operand) {
    return sql`length(${left}) > ${right}`;
  }
}
class Initial extends Transform<ReturnType<typeof fields.char>> {
  readonly name = "initial";
  readonly kinds = ["text"] as const;
  readonly output = fields.char();
  sql(of: Operand) {
    return sql`substr(${of}, 1, 1)`;
  }
}
class Digits extends Transform<ReturnType<typeof fields.integer>> {
  readonly name = "digits";
  readonly kinds = ["number"] as const;
  readonly output = fields.integer();
  sql(of: Operand) {
    return sql`length(cast(abs(${of}) as text))`;
  }
}
registerLookup(new SameLetters());
registerLookup(new LongerThan());
registerTransform(new Initial());
registerTransform(new Digits());

declare module "../../src/query/lookup.types.ts" {
  interface CustomLookups {
    text: { sameLetters: SameLetters; longerThan: LongerThan };
  }
  interface CustomTransforms {
    text: { initial: Initial };
    number: { digits: Digits };
  }
}

interface Extra {
  name: string;
  sizes: number[];
  inner?: { a?: number; b?: string } | null;
}

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 50 }),
  books: () => fields.related(Book, "author"),
}) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 50 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade" }),
  pages: fields.integer({ default: 0 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  extra: fields.json<Extra>({ null: true }),
  anything: fields.json({ null: true }),
  on: fields.date({ null: true }),
  at: fields.dateTime({ null: true }),
}) {}

describeDatabases("JSON, SQL by hand and lookups of one's own", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Book });
    const [jane, emily] = await Author.objects.bulkCreate([{ name: "Jane" }, { name: "Emily" }]);
    await Book.objects.bulkCreate([
      {
        title: "Emma",
        author: jane!,
        pages: 400,
        price: "9.50",
        extra: { name: "e", sizes: [1, 2, 3], inner: { a: 1, b: "x" } },
        anything: ["p", "q", { k: [1] }],
        on: "2020-03-04",
        at: new Date("2020-03-04T05:06:07.500Z"),
      },
      {
        title: "Pride",
        author: jane!,
        pages: 30,
        extra: { name: "p", sizes: [3], inner: null },
        anything: "text",
        on: "2020-11-30",
        at: new Date("2020-03-04T05:59:00Z"),
      },
      { title: "Heights", author: emily!, pages: 2, anything: { k: null }, on: "2021-03-09" },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const titles = (rows: PromiseLike<{ title: string }[]>) => rows.then((all) => all.map(({ title }) => title).sort());

  describe("JSON", () => {
    test("has keys", async () => {
      expect(await titles(Book.objects.filter({ extra__hasKey: "inner" }))).toEqual(["Emma", "Pride"]);
      expect(await titles(Book.objects.filter({ extra__inner__hasKey: "a" }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ anything__hasKey: "k" }))).toEqual(["Heights"]);
      expect(await titles(Book.objects.filter({ anything__hasKey: "q" }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ anything__hasKey: "text" }))).toEqual(["Pride"]);
      expect(await titles(Book.objects.filter({ extra__hasKeys: ["name", "sizes"] }))).toEqual(["Emma", "Pride"]);
      expect(await titles(Book.objects.filter({ extra__hasKeys: ["name", "other"] }))).toEqual([]);
      expect(await titles(Book.objects.filter({ extra__inner__hasAnyKeys: ["b", "other"] }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.exclude({ extra__hasKey: "name" }))).toEqual(["Heights"]);
    });

    test("a negative place counts from the end of a list, and may be a key", async () => {
      expect(await titles(Book.objects.filter({ "extra__sizes__-1": 3 }))).toEqual(["Emma", "Pride"]);
      expect(await titles(Book.objects.filter({ "extra__sizes__-2": 2 }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ "extra__sizes__-3__isnull": true }))).toEqual(["Heights", "Pride"]);
      expect(await titles(Book.objects.filter({ "anything__-1__k__-1": 1 }))).toEqual(["Emma"]);
      const [row] = await Book.objects.filter({ title: "Emma" }).values("anything__-2", "anything__-9");
      expect(row).toEqual({ "anything__-2": "q", "anything__-9": null });
      const odd = await Book.objects.create({
        title: "Odd",
        author: (await Author.objects.first())!,
        anything: { "-1": "key" },
      });
      expect(await titles(Book.objects.filter({ "anything__-1": "key" }))).toEqual(["Odd"]);
      await odd.delete();
    });

    test("contains parts, and is contained", async () => {
      expect(await titles(Book.objects.filter({ extra__contains: { name: "e" } }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ extra__contains: { inner: { a: 1 } } }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ extra__contains: { sizes: [3] } }))).toEqual(["Emma", "Pride"]);
      expect(await titles(Book.objects.filter({ extra__contains: { sizes: [3, 1] } }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ extra__sizes__contains: [2] }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ anything__contains: [{ k: [1] }] }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ anything__contains: {} }))).toEqual(["Heights"]);
      expect(
        await titles(Book.objects.filter({ extra__containedBy: { name: "p", sizes: [4, 3], inner: null, more: 1 } })),
      ).toEqual(["Pride"]);
      // @ts-expect-error the name is a string
      await Book.objects.filter({ extra__contains: { name: 1 } });
    });

    test("keys, places and comparisons of what stands there", async () => {
      expect(await titles(Book.objects.filter({ extra__sizes__0: 1 }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ anything__2__k__0: 1 }))).toEqual(["Emma"]);
      expect(await titles(Book.objects.filter({ extra__inner__b__startswith: "x" }))).toEqual(["Emma"]);
      expect(await Book.objects.filter({ title: "Emma" }).values("extra__inner__b")).toEqual([
        { extra__inner__b: "x" },
      ]);
    });
  });

  describe("fragments of SQL", () => {
    test("are expressions, whose values are parameters", async () => {
      const hostile = "'; drop table shop_book; --";
      const decade = (by: number) =>
        Book.objects
          .annotate({
            n: sql`(${F("pages")} / ${by}) * ${by}`.as(fields.integer()),
            t: sql`${hostile}`.as(fields.text()),
          })
          .filter({ n__gte: 100 });
      const [row, ...others] = await decade(100);
      expect([row!.title, row!.n, row!.t, others.length]).toEqual(["Emma", 400, hostile, 0]);
      is<number>()(row!.n);
      const [sent] = await statements(() => decade(100));
      expect(sent).not.toContain("drop");
      for (const by of [100, 7, 3]) expect((await decade(by))[0]!.n).toBe(Math.floor(400 / by) * by);
    });

    test("are put together of others, of names and lists", async () => {
      const column = sql`${sql.identifier("shop_book", "pages")}`;
      const listed = sql`${column} in (${sql.join([30, 2])})`;
      expect(await titles(Book.objects.filter(listed.as(fields.boolean())))).toEqual(["Heights", "Pride"]);
      expect(await titles(Book.objects.exclude(listed.as(fields.boolean())))).toEqual(["Emma"]);
      const quoted = sql`${sql.identifier('a"b')}`;
      expect(quoted.pieces).toEqual(['"a""b"']);
      expect(() => sql("select 1" as never)).toThrow("sql is a template's tag");
    });

    test("are orders, values to write, and stand in groups", async () => {
      expect(
        (await Book.objects.orderBy(sql`${F("pages")} % 7`.as(fields.integer()), "title")).map((row) => row.title),
      ).toEqual(["Emma", "Heights", "Pride"]);
      const groups = await Book.objects
        .annotate({ long: sql`case when ${F("pages")} > 100 then 'long' else 'short' end`.as(fields.text()) })
        .values("long")
        .annotate({ n: Count("id") })
        .orderBy("long");
      expect(groups).toEqual([
        { long: "long", n: 1 },
        { long: "short", n: 2 },
      ]);
      await Book.objects.filter({ title: "Heights" }).update({ pages: sql`${F("pages")} + ${1}`.as(fields.integer()) });
      expect(await Book.objects.filter({ title: "Heights" }).values("pages")).toEqual([{ pages: 3 }]);
      await Book.objects.filter({ title: "Heights" }).update({ pages: 2 });
    });
  });

  test("Func calls a function that has no name here", async () => {
    const [row] = await Book.objects.filter({ title: "Emma" }).annotate({
      first: Func({ sqlite: "unicode", postgres: "ascii" }, ["title"], { output: fields.integer() }),
      low: Func("lower", [Lower("title")], { output: fields.text() }),
      none: Func("nullif", ["pages", F("pages")], { output: fields.integer({ null: true }) }),
    });
    is<string>()(row!.low);
    is<number | null>()(row!.none);
    expect([row!.first, row!.low, row!.none]).toEqual([69, "emma", null]);
    expect(() => Func("abs(1); --", ["pages"], { output: fields.integer() })).toThrow("the name of a function");
    expect(() => Func("abs", ["pages"], {} as never)).toThrow("a kind of field");
  });

  describe("raw()", () => {
    test("gives instances, with columns beside the fields", async () => {
      const least = 20;
      const rows = await Book.objects.raw(
        sql`select b.*, length(b.title) as letters from shop_book b where b.pages > ${least} order by b.pages`,
        { extra: { letters: fields.integer() } },
      );
      is<number>()(rows[0]!.letters);
      expect(rows.map((row) => [row.title, row.letters, row.price])).toEqual([
        ["Pride", 5, null],
        ["Emma", 4, "9.50"],
      ]);
      expect(rows[1]!).toBeInstanceOf(Book);
      expect(rows[1]!.at).toEqual(new Date("2020-03-04T05:06:07.500Z"));
      rows[1]!.pages = 401;
      await rows[1]!.save();
      await Book.objects.filter({ title: "Emma" }).update({ pages: 400 });
      expect((await rows[0]!.author).name).toBe("Jane");
    });

    test("fields without a column are not loaded; the key must be there", async () => {
      const [row] = await Book.objects.raw(sql`select title, id from shop_book where ${F("title")} = ${"Emma"}`);
      expect(row!.title).toBe("Emma");
      expect(() => row!.pages).toThrow("was not loaded");
      await expect(Book.objects.raw(sql`select title from shop_book`)).rejects.toThrow('the columns have no "id"');
      await expect(Book.objects.raw(sql`select id from shop_book`, { extra: { n: fields.integer() } })).rejects.toThrow(
        'there is no column "n"',
      );
      // @ts-expect-error a string has its values in it
      expect(() => Book.objects.raw("select * from shop_book")).toThrow("a statement with its values apart");
    });

    test("is iterated asynchronously", async () => {
      const seen: string[] = [];
      for await (const row of Book.objects.raw(sql`select * from shop_book order by title`)) seen.push(row.title);
      expect(seen).toEqual(["Emma", "Heights", "Pride"]);
    });
  });

  test("lookups of one's own", async () => {
    expect(await titles(Book.objects.filter({ title__sameLetters: "E m m a" }))).toEqual(["Emma"]);
    expect(await titles(Book.objects.filter({ title__sameLetters: "Pri de" }))).toEqual(["Pride"]);
    expect(await titles(Book.objects.filter({ title__sameLetters: "Hei ghts" }))).toEqual(["Heights"]);
    expect(await titles(Book.objects.exclude({ author__name__sameLetters: "J a n e" }))).toEqual(["Heights"]);
    expect(await titles(Book.objects.filter({ title__sameLetters: F("title") }))).toEqual(["Emma", "Heights", "Pride"]);
    expect(await titles(Book.objects.filter({ title__longerThan: 4 }))).toEqual(["Heights", "Pride"]);
    // @ts-expect-error it compares with a number
    await expect(Book.objects.filter({ title__longerThan: "4" })).rejects.toThrow("a whole number");
    // @ts-expect-error numbers do not have it
    await expect(Book.objects.filter({ pages__sameLetters: "4" })).rejects.toThrow('no lookup "sameLetters"');
  });

  test("transforms of one's own, in conditions and paths", async () => {
    expect(await titles(Book.objects.filter({ title__initial: "E" }))).toEqual(["Emma"]);
    expect(await titles(Book.objects.filter({ title__initial__in: ["P", "H"] }))).toEqual(["Heights", "Pride"]);
    expect(await titles(Book.objects.filter({ title__initial__sameLetters: " P" }))).toEqual(["Pride"]);
    expect(await titles(Book.objects.filter({ pages__digits__gte: 2 }))).toEqual(["Emma", "Pride"]);
    const rows = await Book.objects.orderBy("title__initial").values("title__initial", "pages__digits");
    is<{ title__initial: string; pages__digits: number }>()(rows[0]!);
    expect(rows.map((row) => [row.title__initial, row.pages__digits])).toEqual([
      ["E", 3],
      ["H", 1],
      ["P", 2],
    ]);
    expect(await Author.objects.filter({ books__title__initial: "E" }).count()).toBe(1);
    // @ts-expect-error it gives a text
    await expect(Book.objects.filter({ title__initial: 1 })).rejects.toThrow("takes a string");
    class Bad extends Initial {
      override readonly name = "bad__name" as never;
    }
    expect(() => registerTransform(new Bad())).toThrow("in camelCase");
  });

  test("dates and datetimes in which there are rows", async () => {
    const days = await Book.objects.dates("on", "month");
    is<string>()(days[0]!);
    expect(days).toEqual(["2020-03-01", "2020-11-01", "2021-03-01"]);
    expect(await Book.objects.dates("on", "year", { order: "desc" })).toEqual(["2021-01-01", "2020-01-01"]);
    expect(await Book.objects.dates("at", "day")).toEqual(["2020-03-04"]);
    expect(await Book.objects.filter({ on__year: 2020 }).dates("on", "quarter").count()).toBe(2);
    expect(await Author.objects.dates("books__on", "year")).toEqual(["2020-01-01", "2021-01-01"]);
    const moments = await Book.objects.datetimes("at", "hour");
    is<Date>()(moments[0]!);
    expect(moments).toEqual([new Date("2020-03-04T05:00:00Z")]);
    expect(await Book.objects.datetimes("at", "minute", { order: "desc" })).toHaveLength(2);
    expect(await Book.objects.dates("on", "month").slice(1, 2)).toEqual(["2020-11-01"]);
    // @ts-expect-error a date has no hours
    expect(() => Book.objects.dates("on", "hour")).toThrow("one of year, quarter");
    // @ts-expect-error no moment
    await expect(Book.objects.dates("title", "year")).rejects.toThrow("has no year");
  });
});
