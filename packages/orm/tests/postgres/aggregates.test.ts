import { afterAll, beforeAll, expect, test } from "vitest";
import { Count, F, fields, Lower, Model, NotSupportedError, Q, Window } from "../../src/index.ts";
import {
  ArrayAgg,
  BitAnd,
  BitOr,
  BitXor,
  BoolAnd,
  BoolOr,
  Corr,
  CovarPop,
  JSONBAgg,
  RegrAvgX,
  RegrAvgY,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  RegrSXY,
  RegrSYY,
} from "../../src/postgres/index.ts";
import { describePostgres, openProject, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Shop extends Model<Shop>()({
  name: fields.char({ maxLength: 50 }),
  sales: () => fields.related(Sale, "shop"),
}) {}

class Sale extends Model<Sale>()({
  shop: () => fields.foreignKey(Shop, { onDelete: "cascade" }),
  item: fields.char({ maxLength: 50, null: true }),
  day: fields.date(),
  amount: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }),
  bits: fields.smallInteger(),
  big: fields.bigInteger({ default: 0n }),
  paid: fields.boolean(),
  x: fields.float({ null: true }),
  y: fields.integer(),
}) {}

describePostgres("aggregates of PostgreSQL", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("postgres", { Shop, Sale });
    const [north, south] = await Shop.objects.bulkCreate([{ name: "north" }, { name: "south" }, { name: "none" }]);
    const day = (n: number) => `2026-11-0${n}`;
    await Sale.objects.bulkCreate([
      { shop: north!, item: "tea", day: day(1), amount: "1.50", bits: 6, big: 6n, paid: true, x: 1, y: 3 },
      { shop: north!, item: "Milk", day: day(2), amount: "2.00", bits: 3, big: 3n, paid: false, x: 2, y: 5 },
      { shop: north!, item: "tea", day: day(4), amount: "4.00", bits: 2, big: 2n, paid: true, x: 3, y: 7 },
      { shop: south!, item: null, day: day(1), amount: "8.00", bits: 1, big: 1n, paid: true, x: null, y: 1 },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const shops = () => Shop.objects.orderBy("id");

  test("ArrayAgg puts values into a list: in an order, each once, of some rows, or another list", async () => {
    const rows = await shops()
      .annotate({
        items: ArrayAgg("sales__item", { orderBy: "sales__day" }),
        back: ArrayAgg("sales__day", { orderBy: F("sales__day").desc() }),
        once: ArrayAgg("sales__item", { distinct: true, filter: Q({ sales__item__isnull: false }), default: [] }),
        amounts: ArrayAgg("sales__amount", { orderBy: "sales__amount", default: ["0.00"] }),
        lower: ArrayAgg(Lower("sales__item"), { orderBy: "sales__day" }),
        ys: ArrayAgg("sales__y", { orderBy: "sales__y", default: [] }),
      })
      .values("items", "back", "once", "amounts", "lower", "ys");
    is<
      {
        items: (string | null)[] | null;
        back: (string | null)[] | null;
        once: (string | null)[];
        amounts: (string | null)[];
        lower: (string | null)[] | null;
        ys: (number | null)[];
      }[]
    >()(rows);
    expect(rows).toEqual([
      {
        items: ["tea", "Milk", "tea"],
        back: ["2026-11-04", "2026-11-02", "2026-11-01"],
        once: ["Milk", "tea"],
        amounts: ["1.50", "2.00", "4.00"],
        lower: ["tea", "milk", "tea"],
        ys: [3, 5, 7],
      },
      { items: [null], back: ["2026-11-01"], once: [], amounts: ["8.00"], lower: [null], ys: [1] },
      { items: [null], back: [null], once: [], amounts: [null], lower: [null], ys: [null] },
    ]);
  });

  test("lists of values have the lookups of arrays", async () => {
    const named = shops().annotate({ items: ArrayAgg("sales__item"), ys: ArrayAgg("sales__y") });
    expect((await named.filter({ items__contains: ["tea"] })).map(({ name }) => name)).toEqual(["north"]);
    expect((await named.filter({ ys__overlap: [1, 7], items__len: 1 })).map(({ name }) => name)).toEqual(["south"]);
    expect(await Sale.objects.none().aggregate({ a: ArrayAgg("item"), b: ArrayAgg("item", { default: [] }) })).toEqual({
      a: null,
      b: [],
    });
  });

  test("JSONBAgg puts values into JSON, where dates and decimals are texts", async () => {
    const found = await Sale.objects.filter({ shop__name: "north" }).aggregate({
      days: JSONBAgg("day", { orderBy: "-day" }),
      amounts: JSONBAgg("amount", { orderBy: "amount" }),
      paid: JSONBAgg("paid", { distinct: true, default: [] }),
      none: JSONBAgg("x", { filter: { x__gt: 100 }, default: [1] }),
    });
    is<{ days: string[] | null; amounts: string[] | null; paid: boolean[]; none: (number | null)[] }>()(found);
    expect(found).toEqual({
      days: ["2026-11-04", "2026-11-02", "2026-11-01"],
      amounts: ["1.50", "2.00", "4.00"],
      paid: [false, true],
      none: [1],
    });
  });

  test("bits and truths of all rows", async () => {
    const found = await Sale.objects.filter({ shop__name: "north" }).aggregate({
      and: BitAnd("bits"),
      or: BitOr("bits"),
      xor: BitXor("big"),
      all: BoolAnd("paid"),
      any: BoolOr("paid", { filter: Q({ y__gt: 5 }) }),
      none: BoolOr("paid", { filter: { y__gt: 50 }, default: false }),
      late: BoolAnd(Q({ day__gte: "2026-11-01", shop__name: "north" })),
      large: BoolOr(Q({ y__gt: 5 }).and({ paid: false }), { filter: { x__gt: 1 }, default: true }),
    });
    is<{
      and: number | null;
      or: number | null;
      xor: bigint | null;
      all: boolean | null;
      any: boolean | null;
      none: boolean;
      late: boolean | null;
      large: boolean;
    }>()(found);
    expect(found).toEqual({ and: 2, or: 7, xor: 7n, all: false, any: true, none: false, late: true, large: false });
    // @ts-expect-error there is no such field
    await expect(Sale.objects.aggregate({ a: BoolAnd(Q({ yy__gt: 5 })) })).rejects.toThrow(/"yy"/);
  });

  test("correlation, covariance and the line through pairs", async () => {
    const found = await Sale.objects.aggregate({
      corr: Corr("y", "x"),
      covar: CovarPop("y", "x"),
      sample: CovarPop("y", "x", { sample: true }),
      avgX: RegrAvgX("y", "x"),
      avgY: RegrAvgY("y", "x"),
      count: RegrCount("y", "x"),
      intercept: RegrIntercept("y", "x"),
      r2: RegrR2("y", "x"),
      slope: RegrSlope("y", "x"),
      sxx: RegrSXX("y", "x"),
      sxy: RegrSXY("amount", "x"),
      syy: RegrSYY("y", "x"),
      none: Corr("y", "x", { filter: { y__gt: 50 }, default: 0 }),
    });
    is<number>()(found.count);
    is<number | null>()(found.slope);
    is<number>()(found.none);
    expect(found).toEqual({
      corr: 1,
      covar: 4 / 3,
      sample: 2,
      avgX: 2,
      avgY: 5,
      count: 3,
      intercept: 1,
      r2: 1,
      slope: 2,
      sxx: 2,
      sxy: 2.5,
      syy: 8,
      none: 0,
    });
  });

  test("groups and windows have them", async () => {
    const groups = await Sale.objects
      .orderBy("paid")
      .values("paid")
      .annotate({ ys: ArrayAgg("y", { orderBy: "y" }), n: Count("id") });
    expect(groups).toEqual([
      { paid: false, ys: [5], n: 1 },
      { paid: true, ys: [1, 3, 7], n: 3 },
    ]);
    const running = Sale.objects.orderBy("id").annotate({ so: Window(ArrayAgg("y"), { orderBy: "id" }) });
    expect(await running.valuesList("so", { flat: true })).toEqual([[3], [3, 5], [3, 5, 7], [3, 5, 7, 1]]);
  });

  test("what they cannot be computed of is told, by the types as well", async () => {
    // @ts-expect-error a text has no bits
    await expect(Sale.objects.aggregate({ a: BitAnd("item") })).rejects.toThrow(
      /computed of whole numbers; Sale.item is of the kind char/,
    );
    // @ts-expect-error a number is not true or false
    await expect(Sale.objects.aggregate({ a: BoolAnd("y") })).rejects.toThrow(/computed of what is true or false/);
    // @ts-expect-error a date is no number
    await expect(Sale.objects.aggregate({ a: Corr("y", "day") })).rejects.toThrow(
      /computed of numbers; Sale.day is of the kind date/,
    );
    await expect(Sale.objects.aggregate({ a: ArrayAgg("y", { distinct: true, orderBy: "day" }) })).rejects.toThrow(
      /can be ordered by themselves alone/,
    );
  });
});

test("SQLite says that it has none of them", async () => {
  const project = await openProject("sqlite", { Shop, Sale });
  const asked = Sale.objects.aggregate({ a: ArrayAgg("y") });
  await expect(asked).rejects.toThrow(NotSupportedError);
  await expect(asked).rejects.toThrow("ArrayAgg is something that PostgreSQL alone has; this database is sqlite.");
  await project[Symbol.asyncDispose]();
});
