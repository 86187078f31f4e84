import { defineApp } from "@tsjango/kernel/apps";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../../src/connections.ts";
import type { GeneratedField } from "../../src/fields/generated.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import {
  Case,
  Coalesce,
  Concat,
  Count,
  choices,
  F,
  FieldError,
  fields,
  Lower,
  Model,
  Now,
  Value,
  When,
} from "../../src/index.ts";
import type { ModelType } from "../../src/models/options.ts";
import { prepareModels } from "../../src/models/prepare.ts";
import { ddlExpression } from "../../src/sql/ddl-expression.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";

const Size = choices({ small: "Small", large: "Large" });

class Line extends Model<Line>()({
  name: fields.char({ maxLength: 20 }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }),
  amount: fields.integer({ dbDefault: 1, dbComment: "how many, it's 1" }),
  discount: fields.decimal({ maxDigits: 5, decimalPlaces: 2, null: true }),
  note: fields.char({ dbDefault: 'it\'s "?" $1 new', maxLength: 40 }),
  open: fields.boolean({ dbDefault: true }),
  made: fields.dateTime({ dbDefault: Now() }),
  total: fields.generated({
    expression: F("price").times(F("amount")),
    output: fields.decimal({ maxDigits: 12, decimalPlaces: 2 }),
    dbIndex: true,
  }),
  half: fields.generated({
    expression: Coalesce("discount", F("price")).div(2),
    output: fields.decimal({ maxDigits: 12, decimalPlaces: 3 }),
  }),
  slug: fields.generated({ expression: Concat("name", Value("-?'x")), output: fields.char({ maxLength: 60 }) }),
  size: fields.generated({
    expression: Case(When({ amount__gt: 10 }, Value("large")), { default: Value("small") }),
    output: fields.char({ choices: Size, maxLength: 5 }),
  }),
  left: fields.generated({
    expression: F("discount").plus(1),
    output: fields.decimal({ maxDigits: 6, decimalPlaces: 2, null: true }),
  }),
}) {}

describeDatabases("computed fields", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Line });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => void (await Line.objects.all().delete()));

  test("the database's defaults are read back when a row is made", async () => {
    const before = Date.now() - 1000;
    const line = await Line.objects.create({ name: "A", price: "2.50" });
    expect(line).toMatchObject({ amount: 1, note: 'it\'s "?" $1 new', open: true });
    expect(line.made.getTime()).toBeGreaterThan(before);
    expect({ ...(await Line.objects.get({ id: line.id })) }).toEqual({ ...line, price: "2.50" });
    expect(await Line.objects.create({ name: "B", price: "1", amount: 3, note: "x" })).toMatchObject({
      amount: 3,
      note: "x",
    });
  });

  test("a row that is saved with a key of one's own leaves to the database what it gives", async () => {
    const line = new Line({ id: 70, name: "A", price: "2.50" });
    await line.save();
    expect(line).toMatchObject({ amount: 1, open: true, total: "2.50" });
    await Line.objects.filter({ id: 70 }).update({ amount: 3, open: false });
    const again = new Line({ id: 70, name: "B", price: "4.00" });
    await again.save();
    expect(again).toMatchObject({ name: "B", amount: 3, open: false, total: "12.00" });
    expect({ ...(await Line.objects.get()) }).toEqual({ ...again });
  });

  test("columns are computed of others, read back after each write, filtered and ordered by", async () => {
    const line = await Line.objects.create({ name: "ABC", price: "2.55", amount: 4 });
    expect(line).toMatchObject({ total: "10.20", half: "1.275", slug: "ABC-?'x", size: "small", left: null });
    Object.assign(line, { amount: 20, discount: "0.10" });
    await line.save();
    expect(line).toMatchObject({ total: "51.00", half: "0.050", size: "large", left: "1.10" });
    await Line.objects.create({ name: "b", price: "9" });
    expect((await Line.objects.orderBy("total")).map(({ total }) => total)).toEqual(["9.00", "51.00"]);
    expect(await Line.objects.filter({ total__gt: "9.00", size: "large" }).count()).toBe(1);
    expect(await Line.objects.filter({ name: "b" }).update({ price: "9.50" })).toBe(1);
    expect((await Line.objects.get({ name: "b" })).total).toBe("9.50");
  });

  test("they are there after each way of writing", async () => {
    const made = await Line.objects.bulkCreate([
      { name: "a", price: "1.00" },
      { name: "b", price: "2.00", amount: 20, note: "own" },
    ]);
    const read = () => Line.objects.orderBy("name").values("name", "amount", "note", "total", "size", "slug");
    const note = 'it\'s "?" $1 new';
    expect(await read()).toEqual([
      { name: "a", amount: 1, note, total: "1.00", size: "small", slug: "a-?'x" },
      { name: "b", amount: 20, note: "own", total: "40.00", size: "large", slug: "b-?'x" },
    ]);
    expect(made.map(({ amount }) => amount)).toEqual([1, 20]);
    await Line.objects.update({ amount: F("amount").plus(10), price: F("price").times(2) });
    expect((await read()).map(({ total, size }) => [total, size])).toEqual([
      ["22.00", "large"],
      ["120.00", "large"],
    ]);
    const rows = await Line.objects.orderBy("name");
    for (const row of rows) row.amount = 2;
    await Line.objects.bulkUpdate(rows, ["amount"]);
    expect((await read()).map(({ total }) => total)).toEqual(["4.00", "8.00"]);
    await Line.objects.bulkCreate([{ id: rows[0]!.id, name: "c", price: "5.00", amount: 3 }], {
      updateConflicts: true,
      updateFields: ["name", "price", "amount"],
      uniqueFields: ["id"],
    });
    expect((await read()).map(({ name, total, slug }) => [name, total, slug])).toEqual([
      ["b", "8.00", "b-?'x"],
      ["c", "15.00", "c-?'x"],
    ]);
    const [line, created] = await Line.objects.updateOrCreate(
      { name: "c" },
      { defaults: { amount: 1, price: "5.00" } },
    );
    expect([line.total, created]).toEqual(["5.00", false]);
    const fresh = await Line.objects.create({ name: "d", price: "1" });
    await Line.objects.filter({ id: fresh.id }).update({ price: "3" });
    expect(fresh.total).toBe("1.00");
    await fresh.refreshFromDb();
    expect(fresh.total).toBe("3.00");
  });

  test("decimals are rounded half away from zero", async () => {
    const rows = await Promise.all(
      ["-2.55", "0.01", "-0.01"].map((price) => Line.objects.create({ name: "A", price })),
    );
    expect(rows.map(({ half }) => half)).toEqual(["-1.275", "0.005", "-0.005"]);
    const third = await Line.objects.create({ name: "A", price: "0.05", discount: "-0.03", amount: -3 });
    expect(third).toMatchObject({ half: "-0.015", total: "-0.15", left: "0.97" });
  });

  test.runIf(vendor === "postgres")("a comment stands on its column, where SQLite keeps none", async () => {
    const { rows } = await project.backend.execute(
      "select col_description('shop_line'::regclass, ordinal_position) from information_schema.columns " +
        "where table_name = 'shop_line' and column_name = 'amount'",
    );
    expect(rows).toEqual([["how many, it's 1"]]);
  });

  test("they are never written, and say so", async () => {
    await expect(Line.objects.update({ total: "1" } as never)).rejects.toThrow(FieldError);
    const sent = await statements(() => Line.objects.create({ name: "A", price: "1" }));
    expect(sent[0]).not.toMatch(/"total"[^)]*\) values/);
  });
});

test("an expression of other rows or tables is refused", async () => {
  class Refers extends Model<Refers>()({
    line: () => fields.foreignKey(Line, { onDelete: "cascade" }),
    name: fields.generated({ expression: F("line__name"), output: fields.char() }),
  }) {}
  class Counts extends Model<Counts>()({
    many: fields.generated({ expression: Count("id"), output: fields.integer() }),
  }) {}
  class Wrong extends Model<Wrong>()({
    text: fields.char(),
    number: fields.generated({ expression: F("text"), output: fields.integer() }),
    folded: fields.generated({ expression: Lower("text"), output: fields.char() }),
  }) {}
  await expect(openProject("sqlite", { Counts })).rejects.toThrow("The expression of Counts.many is of several rows.");
  await expect(openProject("sqlite", { Refers, Line })).rejects.toThrow();
  await expect(openProject("sqlite", { Wrong })).rejects.toThrow(
    "The expression of Wrong.number gives text where its column holds integer.",
  );
  prepareModels([{ config: defineApp({ name: "shop" }), models: { Refers, Line } }]);
  const {
    fields: [, , name],
  } = optionsOf(Refers as unknown as ModelType);
  expect(name?.checks()).toMatchObject([{ id: "fields.E223", message: expect.stringContaining('names "line__name"') }]);
  prepareModels([{ config: defineApp({ name: "shop" }), models: { Wrong } }]);
  const options = optionsOf(Wrong as unknown as ModelType);
  const folded = options.field("folded") as GeneratedField;
  const backend = openDatabase("x", { url: "sqlite::memory:" });
  expect(() => ddlExpression(backend, options, folded, folded.expression)).toThrow(
    "needs a function that only this program has",
  );
});
