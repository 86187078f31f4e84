import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AnyValue,
  Avg,
  Case,
  Count,
  CumeDist,
  Duration,
  F,
  FirstValue,
  fields,
  Lag,
  LastValue,
  Lead,
  Lower,
  Model,
  NthValue,
  Ntile,
  PercentRank,
  Q,
  RowNumber,
  RowRange,
  StdDev,
  StringAgg,
  Sum,
  Value,
  ValueRange,
  Variance,
  When,
  Window,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Shop extends Model<Shop>()({
  name: fields.char({ maxLength: 50 }),
  sales: () => fields.related(Sale, "shop"),
}) {}

class Sale extends Model<Sale>()({
  shop: () => fields.foreignKey(Shop, { onDelete: "cascade" }),
  item: fields.char({ maxLength: 50, null: true }),
  day: fields.integer(),
  amount: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }),
  weight: fields.float({ null: true }),
  took: fields.duration({ null: true }),
}) {}

describeDatabases("windows and aggregates", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Shop, Sale });
    const [north, south, none] = await Shop.objects.bulkCreate([
      { name: "north" },
      { name: "south" },
      { name: "none" },
    ]);
    await Sale.objects.bulkCreate([
      { shop: north!, item: "tea", day: 1, amount: "1.50", weight: 1 },
      { shop: north!, item: "Milk", day: 2, amount: "2.00", weight: 2 },
      { shop: north!, item: "tea", day: 4, amount: "4.00", weight: 4 },
      { shop: south!, item: null, day: 1, amount: "8.00", weight: null },
      { shop: south!, item: "a, b", day: 7, amount: "16.00", weight: 10 },
    ]);
    expect(none!.name).toBe("none");
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const byShop = () => Shop.objects.orderBy("id");
  const inOrder = { partitionBy: "shop", orderBy: "day" } as const;
  const sales = () => Sale.objects.orderBy("shop", "day");

  test("StringAgg puts texts together, in an order, each once, of some rows", async () => {
    const rows = await byShop()
      .annotate({
        all: StringAgg("sales__item", ", ", { orderBy: "sales__day" }),
        back: StringAgg("sales__item", "|", { orderBy: F("sales__day").desc() }),
        once: StringAgg("sales__item", "; ", { distinct: true, orderBy: "sales__item" }),
        early: StringAgg("sales__item", ",", { orderBy: "sales__day", filter: Q({ sales__day__lt: 4 }) }),
        onceEarly: StringAgg("sales__item", ",", {
          distinct: true,
          orderBy: "-sales__item",
          filter: { sales__day__lt: 4 },
        }),
        lower: StringAgg(Lower("sales__item"), "", { orderBy: "sales__day" }),
        instead: StringAgg("sales__item", ",", { default: "nothing" }),
      })
      .values("name", "all", "back", "once", "early", "onceEarly", "lower");
    expect(rows).toEqual([
      {
        name: "north",
        all: "tea, Milk, tea",
        back: "tea|Milk|tea",
        once: "Milk; tea",
        early: "tea,Milk",
        onceEarly: "tea,Milk",
        lower: "teamilktea",
      },
      { name: "south", all: "a, b", back: "a, b", once: "a, b", early: null, onceEarly: null, lower: "a, b" },
      { name: "none", all: null, back: null, once: null, early: null, onceEarly: null, lower: null },
    ]);
    const [, , none] = await byShop().annotate({ items: StringAgg("sales__item", ",", { default: "nothing" }) });
    expect(none!.items).toBe("nothing");
    await expect(
      Sale.objects.aggregate({ x: StringAgg("item", ",", { distinct: true, orderBy: "day" }) }),
    ).rejects.toThrow("ordered by themselves alone");
  });

  test("texts that count once are ordered by themselves where a condition with a list chooses them", async () => {
    const chosen = Case(When({ day__in: [1, 2] }, F("item")), { default: Value("later") });
    const items = StringAgg(chosen, ",", { distinct: true, orderBy: chosen });
    expect(await Sale.objects.aggregate({ items, n: Count("id") })).toEqual({ items: "Milk,later,tea", n: 5 });
  });

  test("the mean of durations is a duration, to the microsecond", async () => {
    const took = (microseconds: number) => ({ took: Duration.from({ microseconds }) });
    await Sale.objects.filter({ day__gt: 1 }).update(took(90_000_000_000));
    await Sale.objects.filter({ shop__name: "north", day: 1 }).update(took(1));
    const north = Sale.objects.filter({ shop__name: "north" });
    const { mean, of } = await north.aggregate({ mean: Avg("took"), of: Avg("took", { filter: { day: 1 } }) });
    is<Duration | null>()(mean);
    // 60,000,000,000⅓
    expect([mean, of].map(String)).toEqual([60_000_000_000, 1].map((n) => String(took(n).took)));
    const means = byShop().annotate({ mean: Avg("sales__took") });
    expect((await means.filter({ mean__gt: Duration.from({ hours: 20 }) })).map(({ name }) => name)).toEqual(["south"]);
    const running = await north.orderBy("day").annotate({ so: Window(Avg("took"), { orderBy: "day" }) });
    expect(running.map(({ so }) => String(so))).toEqual(
      [1, 45_000_000_000, 60_000_000_000].map((n) => String(took(n).took)),
    );
    await Sale.objects.update({ took: null });
    expect(await north.aggregate({ mean: Avg("took") })).toEqual({ mean: null });
    await expect(Sale.objects.aggregate({ x: StdDev("took") })).rejects.toThrow(/computed of numbers/);
  });

  test("the spread of numbers", async () => {
    const found = await Sale.objects.aggregate({
      deviation: StdDev("amount"),
      sample: StdDev("amount", { sample: true }),
      variance: Variance("weight"),
      varianceSample: Variance("weight", { sample: true }),
      some: Variance("amount", { filter: { day__lt: 3 } }),
      none: StdDev("amount", { filter: { day__gt: 100 } }),
      one: StdDev("amount", { sample: true, filter: { day: 7 } }),
      instead: StdDev("amount", { filter: { day__gt: 100 }, default: 0 }),
    });
    const amounts = [1.5, 2, 4, 8, 16];
    const squares = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    expect(found.deviation).toBeCloseTo(Math.sqrt(squares(amounts) / 5), 10);
    expect(found.sample).toBeCloseTo(Math.sqrt(squares(amounts) / 4), 10);
    expect(found.variance).toBeCloseTo(squares([1, 2, 4, 10]) / 4, 10);
    expect(found.varianceSample).toBeCloseTo(squares([1, 2, 4, 10]) / 3, 10);
    expect(found.some).toBeCloseTo(squares([1.5, 2, 8]) / 3, 10);
    expect([found.none, found.one, found.instead]).toEqual([null, null, 0]);
  });

  test("AnyValue gives one of the values that are not null", async () => {
    const rows = await byShop().annotate({
      item: AnyValue("sales__item"),
      late: AnyValue("sales__day", { filter: { sales__day__gt: 3 } }),
    });
    expect(["tea", "Milk"]).toContain(rows[0]!.item);
    expect(rows.map((row) => row.late)).toEqual([4, 7, null]);
    expect([rows[1]!.item, rows[2]!.item]).toEqual(["a, b", null]);
  });

  describe("functions of the rows around", () => {
    test("rows before, behind, first, last and at a place", async () => {
      const rows = await sales().annotate({
        before: Window(Lag("day"), inOrder),
        before2: Window(Lag("amount", { offset: 2, default: "0" }), inOrder),
        behind: Window(Lead("day", { default: -1 }), inOrder),
        first: Window(FirstValue("item"), inOrder),
        last: Window(LastValue("day"), { ...inOrder, frame: RowRange() }),
        second: Window(NthValue("day", 2), { ...inOrder, frame: RowRange() }),
        half: Window(Ntile(2), { orderBy: ["shop", "day"] }),
        percent: Window(PercentRank(), inOrder),
        share: Window(CumeDist(), inOrder),
      });
      expect(
        rows.map((row) => [row.before, row.before2, row.behind, row.first, row.last, row.second, row.half]),
      ).toEqual([
        [null, "0.00", 2, "tea", 4, 2, 1],
        [1, "0.00", 4, "tea", 4, 2, 1],
        [2, "1.50", -1, "tea", 4, 2, 1],
        [null, "0.00", 7, null, 7, 7, 2],
        [1, "0.00", -1, null, 7, 7, 2],
      ]);
      expect(rows.map((row) => row.percent)).toEqual([0, 0.5, 1, 0, 1]);
      expect(rows.map((row) => row.share.toFixed(3))).toEqual(["0.333", "0.667", "1.000", "0.500", "1.000"]);
    });

    test("frames of rows", async () => {
      const rows = await sales().annotate({
        running: Window(Sum("amount"), { ...inOrder, frame: RowRange(null, 0) }),
        near: Window(Count("id"), { ...inOrder, frame: RowRange(-1, 1) }),
        rest: Window(Sum("day"), { ...inOrder, frame: RowRange(1) }),
        others: Window(Sum("day"), { ...inOrder, frame: RowRange(null, null, { exclude: "currentRow" }) }),
      });
      expect(rows.map((row) => [row.running, row.near, row.rest, row.others])).toEqual([
        ["1.50", 2, 6, 6],
        ["3.50", 3, 4, 5],
        ["7.50", 2, null, 3],
        ["8.00", 2, 7, 7],
        ["24.00", 2, null, 1],
      ]);
    });

    test("frames of values, of whole numbers, decimals and floats", async () => {
      const rows = await sales().annotate({
        days: Window(Count("id"), { ...inOrder, frame: ValueRange(-2, 0) }),
        amounts: Window(Count("id"), { orderBy: "amount", frame: ValueRange(-1, 2) }),
        weights: Window(Count("weight"), { orderBy: "weight", frame: ValueRange(-2, 2) }),
        all: Window(Avg("day"), { orderBy: "day", frame: ValueRange(null, 0) }),
      });
      expect(rows.map((row) => [row.days, row.amounts, row.weights])).toEqual([
        [1, 2, 2],
        [2, 3, 3],
        [2, 1, 2],
        [1, 1, 0],
        [1, 1, 1],
      ]);
      expect(rows[0]!.all).toBe(1);
      await expect(
        Sale.objects.annotate({ x: Window(Count("id"), { orderBy: "item", frame: ValueRange(-1, 0) }) }),
      ).rejects.toThrow("ValueRange measures numbers");
      await expect(Sale.objects.annotate({ x: Window(Count("id"), { frame: ValueRange(-1, 0) }) })).rejects.toThrow(
        "one order",
      );
    });

    test("rows are kept by what a window gave them", async () => {
      const rows = await Sale.objects
        .annotate({
          before: Window(Lag("day"), inOrder),
          nth: Window(RowNumber(), { partitionBy: "shop", orderBy: "-amount" }),
        })
        .filter(Q({ nth: 1 }).or({ before: 2 }))
        .orderBy("day");
      expect(rows.map((row) => [row.day, row.nth])).toEqual([
        [4, 1],
        [7, 1],
      ]);
      expect(
        await Sale.objects
          .alias({ before: Window(Lag("day"), inOrder) })
          .filter({ before__isnull: true })
          .count(),
      ).toBe(2);
    });

    test("mistakes are told", async () => {
      expect(() => RowRange(1, 0)).toThrow("the start is behind the end");
      expect(() => Ntile(0)).toThrow("from 1; found");
      await expect(Sale.objects.annotate({ x: Lag("day") })).rejects.toThrow("write Window(");
      // @ts-expect-error a frame is made by RowRange or ValueRange
      expect(() => Window(Sum("day"), { frame: [1, 2] })).toThrow("RowRange(…)");
    });
  });
});
