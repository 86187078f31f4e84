import { apps } from "@tsjango/kernel/apps";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import {
  choices,
  customField,
  DecimalField,
  FieldValueError,
  fields,
  Model,
  ValidationError,
} from "../../src/index.ts";
import { currentModels } from "../../src/migrations/models-state.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

/** A value of one's own, kept as a decimal. */
class Money {
  readonly amount: string;
  constructor(amount: string) {
    this.amount = amount;
  }
}

class MoneyField extends DecimalField {
  protected override normalize(value: unknown): string {
    if (!(value instanceof Money)) throw this.refuse(value, "Money");
    return super.normalize(value.amount);
  }
  protected override restore(value: unknown): Money {
    return new Money(super.restore(value) as string);
  }
}
const money = customField<Money, { readonly maxDigits: number; readonly decimalPlaces: number }>()(MoneyField);

const Prefs = z.object({ theme: z.enum(["dark", "light"]), size: z.number().default(12) });

const Size = choices({ small: ["S", "Small"], large: ["L", "Large"] });

class Shop extends Model<Shop>()({ code: fields.char({ unique: true }), owner: fields.char({ default: "" }) }) {}
class Shirt extends Model<Shirt>()({
  size: fields.char({ choices: Size, default: Size.small }),
  other: fields.char({ choices: Size, null: true }),
}) {}
class Invoice extends Model<Invoice>()({
  total: money({ maxDigits: 8, decimalPlaces: 2 }),
  tip: money({ maxDigits: 8, decimalPlaces: 2, null: true }),
  prefs: fields.json({ schema: Prefs, null: true }),
  extra: fields.json<{ notes: string[] }>({ default: { notes: [] } }),
  shop: () =>
    fields.foreignKey(Shop, {
      onDelete: "setDefault",
      default: "south",
      toField: "code",
      null: true,
      dbConstraint: false,
    }),
  other: () => fields.foreignKey(Shop, { onDelete: { set: () => null }, null: true }),
}) {}

describeDatabases("options of fields", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Shop, Shirt, Invoice });
  });
  afterAll(() => project[Symbol.asyncDispose]());
  beforeEach(async () => {
    for (const model of [Invoice, Shop]) await model.objects.all().delete();
  });

  test("a field of one's own is written, read, found, ordered and joined as its column is", async () => {
    const made = await Invoice.objects.create({ total: new Money("9.5") });
    await Invoice.objects.create({ total: new Money("10"), tip: new Money("0.1") });
    const row = await Invoice.objects.get({ id: made.id });
    expect([row.total, row.tip]).toEqual([new Money("9.50"), null]);
    expect(row.total).toBeInstanceOf(Money);
    expect(await Invoice.objects.filter({ total__gt: new Money("9.50") }).count()).toBe(1);
    expect((await Invoice.objects.orderBy("-total")).map(({ total }) => total.amount)).toEqual(["10.00", "9.50"]);
    await expect(Invoice.objects.create({ total: "9.5" as never })).rejects.toThrow(
      "Invoice.total takes Money; found string '9.5'.",
    );
    await expect(Invoice.objects.create({ total: new Money("1234567") })).rejects.toThrow(FieldValueError);
  });

  test("a migration writes the built-in field that it is made of", () => {
    const state = currentModels(apps).state.find("shop.Invoice");
    expect(state?.fields["total"]).toEqual({ kind: "decimal", options: { decimalPlaces: 2, maxDigits: 8 } });
  });

  test("what a schema makes of a value is stored, and what does not fit is refused with the path", async () => {
    const { id } = await Invoice.objects.create({ total: new Money("1"), prefs: { theme: "dark" } as never });
    const row = await Invoice.objects.get({ id });
    expect(row.prefs).toEqual({ theme: "dark", size: 12 });
    await expect(Invoice.objects.create({ total: new Money("1"), prefs: { theme: "blue" } as never })).rejects.toThrow(
      /^Invoice.prefs does not fit its schema: theme: /,
    );
    row.prefs = { theme: "dark", size: "big" } as never;
    await expect(row.save()).rejects.toThrow("size: ");
  });

  test("a default that is an object is each instance's own", () => {
    const [one, other] = [new Invoice(), new Invoice()];
    one.extra.notes.push("late");
    expect(other.extra).toEqual({ notes: [] });
  });

  test("a foreign key may refer to another unique field, also without a constraint", async () => {
    const shop = await Shop.objects.create({ code: "north", owner: "Ann" });
    const { id } = await Invoice.objects.create({ total: new Money("1"), shop });
    const row = await Invoice.objects.get({ id });
    expect(row.shopId).toBe("north");
    expect((await row.shop)?.owner).toBe("Ann");
    expect(await Invoice.objects.filter({ shop__owner: "Ann" }).count()).toBe(1);
    expect(await Invoice.objects.filter({ shop }).count()).toBe(1);
    expect((await Invoice.objects.selectRelated("shop").get({ id })).shop?.owner).toBe("Ann");
  });

  test("setDefault gives rows the default when their target is deleted", async () => {
    const shop = await Shop.objects.create({ code: "north" });
    await Shop.objects.create({ code: "south" });
    const { id } = await Invoice.objects.create({ total: new Money("1"), shop });
    await shop.delete();
    expect((await Invoice.objects.get({ id })).shopId).toBe("south");
  });

  test("set gives rows another target when theirs is deleted", async () => {
    const other = await Shop.objects.create({ code: "a" });
    const { id } = await Invoice.objects.create({ total: new Money("1"), other });
    await other.delete();
    expect((await Invoice.objects.get({ id })).otherId).toBeNull();
  });

  test("texts that are chosen from have names, values and labels", async () => {
    expect([Size.large, Size.values, Size.labels]).toEqual(["L", ["S", "L"], { S: "Small", L: "Large" }]);
    const shirt = await Shirt.objects.create({ other: Size.large });
    expect([shirt.size, shirt.getSizeDisplay(), shirt.getOtherDisplay()]).toEqual(["S", "Small", "Large"]);
    shirt.other = null;
    expect(shirt.getOtherDisplay()).toBeNull();
    expect(await Shirt.objects.filter({ size: "S", size__in: [Size.small] }).count()).toBe(1);
  });
});

test("JSON takes what comes back as it was, and says what does not", () => {
  const json = (fields.json() as unknown as InstanceType<typeof DecimalField>).clone().bind("extra");
  const refused = (value: unknown): string => {
    try {
      json.toSave(value, { operations: { encode: (_field: unknown, each: unknown) => each } } as never);
      return "taken";
    } catch (error) {
      return (error as Error).message.replace(/; found [^;]*$/, "");
    }
  };
  const circular: { self?: unknown } = {};
  circular.self = circular;
  expect(
    [
      1n,
      Number.NaN,
      { a: [new Date(0)] },
      new Map(),
      () => 1,
      Symbol("s"),
      "\0",
      { "\ud800": 1 },
      circular,
      [undefined],
    ].map(refused),
  ).toEqual([
    "extra takes a value that JSON has; found bigint 1n",
    "extra takes a value that JSON has; found number NaN",
    'extra takes a value that JSON has; found 1970-01-01T00:00:00.000Z at "a.0"',
    "extra takes a value that JSON has; found Map(0) {}",
    "extra takes a value that JSON has; found [Function (anonymous)]",
    "extra takes a value that JSON has; found symbol Symbol(s)",
    "extra takes a value that JSON has; found a text with a NUL character or half of a surrogate pair",
    "extra takes a value that JSON has; found a text with a NUL character or half of a surrogate pair",
    "extra takes a value that JSON has; found more than 500 levels, or a value that contains itself",
    'extra takes a value that JSON has; found undefined at "0"',
  ]);
  expect([{ a: undefined }, Object.create(null), [], ""].map(refused)).toEqual(["taken", "taken", "taken", "taken"]);
});

test("an asynchronous schema is a mistake that is said; validate names what does not fit", () => {
  const slow = fields.json({ schema: z.string().refine(async () => true) }) as unknown as InstanceType<
    typeof DecimalField
  >;
  const backend = { operations: { encode: (_field: unknown, each: unknown) => each } } as never;
  expect(() => slow.clone().bind("x").toSave("a", backend)).toThrow("The schema of x is asynchronous");
  const checked = fields.json({ schema: Prefs }) as unknown as InstanceType<typeof DecimalField>;
  expect(() => checked.clone().bind("x").validate({ theme: "blue" })).toThrow(ValidationError);
});
