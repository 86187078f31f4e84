import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  Avg,
  Case,
  Duration,
  F,
  FieldError,
  FieldValueError,
  fields,
  Model,
  OuterRef,
  Q,
  Subquery,
  Value,
  When,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Cell extends Model<Cell>()({
  name: fields.char({ default: "a" }),
  count: fields.integer({ default: 7 }),
  large: fields.bigInteger({ default: 8n }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, default: "3.50" }),
  exact: fields.decimal({ maxDigits: 9, decimalPlaces: 4, default: "2.6667" }),
  weight: fields.float({ default: 2.5 }),
  day: fields.date({ default: "2026-01-02" }),
  at: fields.dateTime({ default: new Date("2026-03-04T05:06:07Z") }),
  key: fields.uuid({ null: true }),
  open: fields.boolean({ default: false }),
}) {}

const KEY = "0190c3a0-0000-7000-8000-000000000001";

describeDatabases("columns that are set to what another kind holds", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Cell });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => {
    await Cell.objects.all().delete();
    await Cell.objects.create({});
  });

  const { objects } = Cell;

  test("numbers are rounded to what the column holds, half away from zero", async () => {
    await objects.update({ count: F("price"), large: F("exact"), price: F("exact"), exact: F("weight") });
    const row = { count: 4, large: 3n, price: "2.67", exact: "2.5000" };
    expect(await objects.values("count", "large", "price", "exact")).toEqual([row]);
    await objects.update({ count: F("weight"), weight: F("price"), price: F("price").times(1.1) });
    expect(await objects.values("count", "weight", "price")).toEqual([{ count: 3, weight: 2.67, price: "2.94" }]);
    await objects.update({ price: F("count"), weight: F("count") });
    expect(await objects.values("price", "weight")).toEqual([{ price: "3.00", weight: 3 }]);
  });

  test("of a moment a date takes the day, and the other way round", async () => {
    await objects.update({ day: F("at"), at: F("day") });
    expect(await objects.values("day", "at")).toEqual([{ day: "2026-03-04", at: new Date("2026-01-02T00:00:00Z") }]);
    await objects.update({ day: F("day").plus(Duration.from({ days: 28 })) });
    expect(await objects.valuesList("day", { flat: true })).toEqual(["2026-04-01"]);
  });

  test("texts that are written out are of the column's kind", async () => {
    const [price, day] = [
      Case(When({ count: 7 }, "9.505"), { default: "1" }),
      Case(When({ count: 1 }, "2020-01-01"), { default: "2020-01-02" }),
    ];
    await objects.update({ price, day, key: Value(KEY.toUpperCase()) });
    expect(await objects.values("price", "day", "key")).toEqual([{ price: "9.51", day: "2020-01-02", key: KEY }]);
    await objects.update({ key: Case(When({ count: 1 }, KEY)) });
    expect(await objects.valuesList("key", { flat: true })).toEqual([null]);
    await expect(objects.update({ day: Value("tomorrow") })).rejects.toThrow(FieldValueError);
    await expect(objects.update({ price: F("name") })).rejects.toThrow(FieldError);
    await expect(objects.update({ day: F("name") })).rejects.toThrow("their kinds differ. Make it one, with Cast(…).");
  });

  test("a query's value and a condition are fitted as well", async () => {
    const same = Subquery(objects.filter({ pk: OuterRef("pk") }).values("exact"));
    await objects.update({ price: same, open: Q({ count: 7 }) });
    expect(await objects.values("price", "open")).toEqual([{ price: "2.67", open: true }]);
    await objects.update({
      price: Subquery(
        objects
          .values("name")
          .annotate({ mean: Avg("weight") })
          .values("mean"),
      ),
    });
    expect(await objects.values("price")).toEqual([{ price: "2.50" }]);
  });

  test("save, bulkUpdate and updateOrCreate do the same", async () => {
    const cell = await objects.get();
    await Object.assign(cell, { count: F("price"), price: F("price").times(1.1), day: F("at") }).save();
    expect([cell.count, cell.price, cell.day]).toEqual([4, "3.85", "2026-03-04"]);
    await objects.bulkUpdate([Object.assign(cell, { count: F("exact"), exact: F("weight") })], ["count", "exact"]);
    expect(await objects.values("count", "exact")).toEqual([{ count: 3, exact: "2.5000" }]);
    const [updated, made] = await objects.updateOrCreate(
      { name: "a" },
      { defaults: { count: F("count").plus(1), price: F("count") }, createDefaults: { count: 1 } },
    );
    expect([made, updated.count, updated.price]).toEqual([false, 4, "3.00"]);
  });
});
