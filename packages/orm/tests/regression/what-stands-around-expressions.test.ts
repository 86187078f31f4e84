import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AnyValue,
  atomic,
  Cast,
  Coalesce,
  Count,
  Exists,
  F,
  fields,
  Min,
  Model,
  OuterRef,
  Q,
  type QuerySetOf,
  Rank,
  RowRange,
  StdDev,
  StringAgg,
  Subquery,
  Sum,
  setRollback,
  sql,
  Variance,
  Window,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Item extends Model<Item>()({
  n: fields.integer(),
  text: fields.text({ null: true }),
  day: fields.date({ null: true }),
  data: fields.json({ null: true }),
}) {}

describeDatabases("what stands around an expression", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Item });
    await Item.objects.bulkCreate([
      { n: 1, text: "b", day: "2020-01-02", data: { a: 1, b: { x: 1, y: [2] } } },
      { n: 2, text: null, day: null, data: { b: { y: [2], x: 1 }, a: 1 } },
      { n: 2, text: "a", day: "2020-01-01", data: true },
      { n: 5, text: "b", day: null, data: { a: 12, b: "12" } },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("a not is compared and cast as a whole", async () => {
    const alone = Exists(Item.objects.filter({ n: OuterRef("n"), id__lt: OuterRef("id") })).not();
    const rows = Item.objects.annotate({
      alone,
      number: Cast(alone, fields.integer()),
      text_: Cast(alone, fields.text()),
    });
    expect(await rows.orderBy("id").valuesList("number", "text_")).toEqual([
      [1, "true"],
      [1, "true"],
      [0, "false"],
      [1, "true"],
    ]);
    expect(await rows.filter({ alone__isnull: true }).count()).toBe(0);
    expect(await rows.filter({ number__gt: 0 }).count()).toBe(3);
  });

  test("an aggregate with a default is a window, as is a spread and any value", async () => {
    const frame = RowRange(-1, 0);
    const rows = await Item.objects
      .annotate({
        sum: Window(Sum("n", { filter: Q({ n__gt: 2 }), default: 0 }), { orderBy: "id" }),
        spread: Window(StdDev("n"), { orderBy: "id", frame }),
        sample: Window(Variance("n", { sample: true }), { orderBy: "id", frame: RowRange(-2, -1) }),
        any: Window(AnyValue("n"), { partitionBy: "n" }),
      })
      .orderBy("id")
      .valuesList("sum", "spread", "sample", "any");
    expect(rows).toEqual([
      [0, 0, null, 1],
      [0, 0.5, null, 2],
      [0, 0, 0.5, 2],
      [5, 1.5, 0, 5],
    ]);
  });

  test("an aggregate of rows that a window chose has columns of its own", async () => {
    const first = Item.objects.annotate({ place: Window(Rank(), { orderBy: ["-n", "id"] }) }).filter({ place__lte: 2 });
    expect(await first.aggregate({ sum: Sum("n"), m: Count("id", { filter: Q({ n__gt: 2 }) }) })).toEqual({
      sum: 7,
      m: 1,
    });
  });

  test("equal texts that count once are ordered by what they are, parameters and all", async () => {
    const shown = Coalesce("text", "?");
    const { texts } = await Item.objects.aggregate({
      texts: StringAgg(shown, "+", { distinct: true, orderBy: shown.desc() }),
    });
    expect(texts).toBe("b+a+?");
  });

  test("a default is of the aggregate's kind", async () => {
    const none = Item.objects.filter({ n: 9, id__gt: 0 });
    expect(await none.annotate({ x: F("n") }).aggregate({ day: Min("day", { default: "1999-12-31" }) })).toEqual({
      day: "1999-12-31",
    });
  });

  test("under a not only columns are guarded: what is computed is unknown where it is missing", async () => {
    const given = sql`length(${F("text")})`.as(fields.integer({ null: true }));
    expect(await Item.objects.exclude({ n__lt: given }).count()).toBe(3);
    expect(await Item.objects.filter(Q({ day__lte: F("day") }).not()).count()).toBe(2);
  });

  test("an update reads all rows as they were", async () => {
    const before = Subquery(
      Item.objects
        .filter({ id__lt: OuterRef("id") })
        .orderBy("-id")
        .values("n")
        .slice(0, 1),
    );
    const moved = () => Item.objects.filter({ id__gt: 1 }).update({ n: Coalesce(before, 0).plus(10) });
    await atomic(async () => {
      expect(await moved()).toBe(3);
      expect(await Item.objects.orderBy("id").valuesList("n", { flat: true })).toEqual([1, 11, 12, 12]);
      expect(await moved()).toBe(3);
      expect(await Item.objects.orderBy("id").valuesList("n", { flat: true })).toEqual([1, 11, 21, 22]);
      setRollback(true);
    });
  });

  test("JSON is equal whatever the order of its keys; numbers and booleans have texts", async () => {
    const whole = { b: { x: 1, y: [2] }, a: 1 };
    const ids = (rows: QuerySetOf<typeof Item>) => rows.orderBy("n", "id").values("n");
    expect(await ids(Item.objects.filter({ data: whole }))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await ids(Item.objects.filter({ data__in: [whole, true] }))).toEqual([{ n: 1 }, { n: 2 }, { n: 2 }]);
    expect(await ids(Item.objects.filter({ data__b: { y: [2], x: 1 } }))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await ids(Item.objects.filter({ data__a__iexact: "12" }))).toEqual([{ n: 5 }]);
    expect(await ids(Item.objects.filter({ data__b__startswith: "1" }))).toEqual([{ n: 5 }]);
    expect(await ids(Item.objects.filter({ data__icontains: "TRU" }))).toEqual([{ n: 2 }]);
  });
});
