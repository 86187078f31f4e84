import { afterAll, beforeAll, expect, test } from "vitest";
import {
  Avg,
  Case,
  Cast,
  Count,
  Duration,
  Exists,
  F,
  FieldError,
  FieldValueError,
  fields,
  Model,
  NullIf,
  OuterRef,
  Q,
  Subquery,
  Value,
  When,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Rate extends Model<Rate>()({
  name: fields.char(),
  pages: fields.integer(),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }),
  exact: fields.decimal({ maxDigits: 10, decimalPlaces: 4 }),
  weight: fields.float(),
  day: fields.date(),
  at: fields.dateTime(),
  clock: fields.time(),
  key: fields.uuid(),
  open: fields.boolean(),
  notes: fields.json({ default: { tag: "Ada", level: 3 } }),
}) {}

const ADA = "0190c3a0-0000-7000-8000-000000000001";
const BEN = "0190c3a0-0000-7000-8000-000000000002";

describeDatabases("kinds that are compared", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Rate });
    const [day, at] = ["2026-11-21", new Date("2026-11-21T00:00:00Z")];
    const ada = { name: "Ada", price: "9.50", exact: "9.5000", pages: 9, weight: 9.5, clock: "10:00:00", open: true };
    await Rate.objects.bulkCreate([
      { ...ada, day, at, key: ADA },
      { ...ada, name: "Ben", price: "30.00", exact: "7.2500", pages: 30, day: "2026-12-01", at, key: BEN },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const { objects } = Rate;
  const names = async (rows: PromiseLike<readonly { readonly name: string }[]>) =>
    (await rows).map(({ name }) => name).sort();

  test("a text that is written out is of the other side's kind", async () => {
    expect(await names(objects.filter({ price: Value("30") }))).toEqual(["Ben"]);
    expect(await names(objects.filter({ price__gt: Value("9.499") }))).toEqual(["Ada", "Ben"]);
    expect(await names(objects.filter({ day__lte: Value("2026-11-30") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ clock__lt: Value("11:00:00"), key: Value(BEN.toUpperCase()) }))).toEqual([
      "Ben",
    ]);
    const least = Case(When({ name: "Ada" }, "2026-11-30"), { default: "2026-11-30" });
    expect(await names(objects.filter({ day__gte: least }))).toEqual(["Ben"]);
    const prices = Case(When({ pages__lt: 10 }, "10"), { default: "10.005" });
    expect(await names(objects.filter({ price__gte: prices }))).toEqual(["Ben"]);
    // Behind a name, too, on either side, and inside of other expressions.
    const named = objects.annotate({ limit: Case(When({ name: "Ada" }, "2026-11-30")), most: Value("10") });
    expect(await names(named.filter({ day__lt: F("limit") }))).toEqual(["Ada"]);
    expect(await names(named.filter({ most__gt: F("price") }))).toEqual(["Ada"]);
    expect(await objects.aggregate({ n: Count("id", { filter: Q({ price__lt: Value("10") }) }) })).toEqual({ n: 1 });
    const nulls = objects.annotate({ rest: NullIf("day", "2026-11-21"), cheap: NullIf("price", "30") }).orderBy("id");
    expect(await nulls.values("rest", "cheap")).toEqual([
      { rest: null, cheap: "9.50" },
      { rest: "2026-12-01", cheap: null },
    ]);
    // Twice, so that the second has the SQL of the first and its own values.
    for (const day of ["2026-11-21", "2026-12-01", "2026-11-21"]) {
      expect(await objects.filter({ day: Value(day) }).valuesList("day", { flat: true })).toEqual([day]);
    }
    await expect(objects.filter({ day: Value("tomorrow") })).rejects.toThrow(FieldValueError);
  });

  test("numbers compare with numbers, whatever JavaScript makes of them", async () => {
    expect(await names(objects.filter({ price__gt: F("pages") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ price: F("weight") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ pages: F("price") }))).toEqual(["Ben"]);
    expect(await names(objects.filter({ price: F("exact") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ price__in: [F("exact"), F("price").times("1.0")] }))).toEqual(["Ada", "Ben"]);
    expect(await names(objects.filter({ price__range: [F("exact"), F("pages").plus(1)] }))).toEqual(["Ada", "Ben"]);
    const mean = Subquery(
      objects
        .values("open")
        .annotate({ mean: Avg("price") })
        .values("mean"),
    );
    expect(await names(objects.filter({ price__gt: mean }))).toEqual(["Ben"]);
  });

  test("a day is compared with a moment as its first", async () => {
    expect(await names(objects.filter({ day: F("at") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ at: F("day") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ day__gt: F("at").plus(Duration.from({ days: 9 })) }))).toEqual(["Ben"]);
    expect(await names(objects.filter({ day__gt: F("day").minus(Duration.from({ hours: 1 })) }))).toEqual([
      "Ada",
      "Ben",
    ]);
    expect(await names(objects.filter({ day__in: [F("at"), "2026-12-01"] }))).toEqual(["Ada", "Ben"]);
    const same = Exists(objects.filter({ day: OuterRef("at") }));
    expect(await names(objects.filter(same))).toEqual(["Ada", "Ben"]);
  });

  test("what a query gives is in the unit of what it is compared with", async () => {
    const finer = objects.annotate({ finer: F("price").times("1.000") });
    expect(await names(objects.filter({ price__in: finer.values("finer") }))).toEqual(["Ada", "Ben"]);
    expect(await names(objects.filter({ price__in: objects.values("exact") }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ exact__in: objects.values("price") }))).toEqual(["Ada"]);
    expect(await names(objects.exclude({ exact__in: objects.values("price") }))).toEqual(["Ben"]);
    expect(
      await names(objects.filter({ weight__in: objects.annotate({ w: Cast("price", fields.float()) }).values("w") })),
    ).toEqual(["Ada", "Ben"]);
  });

  test("Subquery is a list behind in", async () => {
    const dear = Subquery(objects.filter({ price__gt: "10" }).values("pk"));
    expect(await names(objects.filter({ pk__in: dear }))).toEqual(["Ben"]);
    expect(await names(objects.exclude({ pk__in: dear }))).toEqual(["Ada"]);
    expect(await names(objects.filter({ price__in: Subquery(objects.values("exact")) }))).toEqual(["Ada"]);
  });

  test("columns of combined rows are in one unit", async () => {
    const flat = { flat: true } as const;
    const [prices, exact] = [objects.valuesList("price", flat), objects.valuesList("exact", flat)];
    expect(await prices.union(exact).orderBy("price")).toEqual(["7.2500", "9.5000", "30.0000"]);
    expect(await prices.union(exact).count()).toBe(3);
    expect(await prices.intersection(exact)).toEqual(["9.5000"]);
    expect(await exact.difference(prices)).toEqual(["7.2500"]);
    const weights = objects.annotate({ w: F("weight") }).valuesList("name", "w");
    const numbers = objects.valuesList("name", "pages").union(weights);
    expect(await numbers.orderBy("pages", "name")).toEqual([
      ["Ada", 9],
      ["Ada", 9.5],
      ["Ben", 9.5],
      ["Ben", 30],
    ]);
    expect(await names(objects.filter({ price__in: exact.union(prices) }))).toEqual(["Ada", "Ben"]);
    const texts = objects.valuesList("name", flat).union(objects.valuesList("day", flat));
    await expect(texts).rejects.toThrow(FieldError);
  });

  test("texts that are written out are decimals beside numbers, in the branches of a choice as well", async () => {
    const factor = Case(When({ pages__lt: 10 }, "0.5"), { default: "1.25" });
    const rows = objects
      .annotate({ less: F("price").times(factor), rate: factor })
      .annotate({ sum: F("rate").plus(F("pages")) });
    expect(await rows.orderBy("id").valuesList("less", "sum")).toEqual([
      ["4.7500", "9.50"],
      ["37.5000", "31.25"],
    ]);
  });

  test("a place in JSON is compared with what is written out, and with another place", async () => {
    expect(await objects.filter({ notes__tag: Value("Ada"), notes__level__lt: Value(4) }).count()).toBe(2);
    expect(await objects.filter({ notes__tag: Value("Ben") }).count()).toBe(0);
    expect(await objects.filter({ notes__tag: F("notes__tag") }).count()).toBe(2);
    await expect(objects.filter({ notes__tag: F("name") })).rejects.toThrow(FieldError);
  });

  test("kinds that have nothing in common are refused before the database is asked", async () => {
    const message = "Rate.price (decimal) and Rate.name (char) cannot be compared: their kinds differ.";
    await expect(objects.filter({ price: F("name") })).rejects.toThrow(FieldError);
    await expect(objects.filter({ price: F("name") })).rejects.toThrow(message);
    await expect(objects.filter({ day__gt: F("name") })).rejects.toThrow(FieldError);
    await expect(objects.filter({ key: F("name") })).rejects.toThrow(FieldError);
    await expect(objects.filter({ day: F("clock") })).rejects.toThrow(FieldError);
    await expect(objects.filter({ day__in: objects.values("name") })).rejects.toThrow(FieldError);
    // One kind is made of them by name.
    expect(await names(objects.filter({ name__lt: Cast("price", fields.text()) }))).toEqual([]);
  });
});
