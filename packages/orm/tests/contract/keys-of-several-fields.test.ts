import { afterAll, beforeAll, expect, test } from "vitest";
import { Count, Exists, F, fields, Model, meta, OuterRef } from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Order extends Model<Order>()({
  code: fields.char({ maxLength: 10, unique: true }),
  lines: () => fields.related(Line, "order"),
}) {
  static override meta = meta<Order>({ ordering: ["id"] });
}
class Line extends Model<Line>()({
  pk: fields.compositePrimaryKey("orderId", "sold"),
  order: () => fields.foreignKey(Order, { onDelete: "cascade" }),
  sold: fields.dateTime(),
  amount: fields.integer({ default: 1 }),
}) {
  static override meta = meta<Line>({ ordering: ["pk"] });
}
class Parcel extends Model<Parcel>()({
  order: () => fields.foreignKey(Order, { onDelete: "cascade", toField: "code" }),
}) {}

const [early, late] = [new Date("2026-01-01T00:00:00.001Z"), new Date("2026-02-01T00:00:00Z")];

describeDatabases("keys of several fields", (vendor) => {
  let project: TestProject;
  let a: Order;
  let b: Order;
  beforeAll(async () => {
    project = await openProject(vendor, { Order, Line, Parcel });
    [a, b] = (await Order.objects.bulkCreate([{ code: "7" }, { code: "8" }, { code: "9" }])) as [Order, Order];
    await Line.objects.bulkCreate([
      { order: a, sold: early, amount: 2 },
      { order: a, sold: late },
      { order: b, sold: late },
    ]);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("are values: the list of their parts, as the fields read them", async () => {
    const keys = await Line.objects.valuesList("pk", { flat: true });
    is<(readonly [number, Date])[]>()(keys);
    expect(keys).toEqual([
      [a.id, early],
      [a.id, late],
      [b.id, late],
    ]);
    expect(await Line.objects.values("amount", "pk").first()).toEqual({ amount: 2, pk: [a.id, early] });
    expect(await Line.objects.valuesList("pk", "amount", { named: true }).then(([row]) => row?.pk)).toEqual([
      a.id,
      early,
    ]);
    expect((await Line.objects.annotate({ key: F("pk") }).first())?.key).toEqual([a.id, early]);
    expect(await Order.objects.filter({ code__in: ["8", "9"] }).values("code", "lines__pk")).toEqual([
      { code: "8", lines__pk: [b.id, late] },
      { code: "9", lines__pk: null },
    ]);
    expect(await Order.objects.valuesList("lines", { flat: true }).last()).toBe(null);
    const ordered = Line.objects.orderBy("-pk");
    expect((await ordered.values("pk").union(ordered.values("pk")).orderBy("pk").first())?.pk).toEqual([a.id, early]);
  });

  test("are found among the rows of a slice, also where they are other objects", async () => {
    const line = await Line.objects.get({ order: a, sold: late });
    expect(await Line.objects.all().slice(0, 2).contains(line)).toBe(true);
    expect(await Line.objects.all().slice(0, 1).contains(line)).toBe(false);
  });

  test("are counted", async () => {
    const counted = {
      n: Count("lines"),
      d: Count("lines", { distinct: true }),
      few: Count("lines", { filter: { lines__amount: 2 } }),
    };
    expect(await Order.objects.annotate(counted).values("code", "n", "d", "few")).toEqual([
      { code: "7", n: 2, d: 2, few: 1 },
      { code: "8", n: 1, d: 1, few: 0 },
      { code: "9", n: 0, d: 0, few: 0 },
    ]);
    expect(await Line.objects.aggregate({ n: Count("pk"), d: Count("pk", { distinct: true }) })).toEqual({
      n: 3,
      d: 3,
    });
    expect(await Line.objects.values("pk").annotate({ n: Count("order__lines") })).toEqual([
      { pk: [a.id, early], n: 2 },
      { pk: [a.id, late], n: 2 },
      { pk: [b.id, late], n: 1 },
    ]);
  });

  test("are compared with those of queries", async () => {
    const two = Line.objects.filter({ amount: 2 });
    expect(await Line.objects.filter({ pk__in: two }).count()).toBe(1);
    expect(await Line.objects.filter({ pk__in: two.values("pk") }).count()).toBe(1);
    expect(await Line.objects.exclude({ pk__in: two }).count()).toBe(2);
    expect(await Order.objects.filter({ lines__in: two }).count()).toBe(1);
    const same = Line.objects.filter({ pk: OuterRef("pk"), amount: 2 });
    expect(await Line.objects.filter(Exists(same)).count()).toBe(1);
    const one: unknown = two.values("orderId");
    expect(() => Line.objects.filter({ pk__in: one as typeof two })).not.toThrow();
    await expect(Line.objects.filter({ pk__in: one as typeof two })).rejects.toThrow(
      "the 2 columns of the key that it is compared with; this one has 1: orderId",
    );
    await expect(Line.objects.filter({ pk: F("amount") as never })).rejects.toThrow(
      '"pk" is a key of several columns (orderId, sold): compare each of them.',
    );
    await expect(Line.objects.annotate({ next: F("pk").plus(1 as never) as never })).rejects.toThrow(
      'name one of them, as F("orderId")',
    );
  });

  test("a query of instances is compared by what the relation refers to", async () => {
    await Parcel.objects.create({ order: b });
    expect(await Parcel.objects.filter({ order__in: Order.objects.filter({ id: b.id }) }).count()).toBe(1);
    expect(await Parcel.objects.filter({ order__in: Order.objects.filter({ id: a.id }) }).count()).toBe(0);
    const lines: unknown = Line.objects.all();
    await expect(Parcel.objects.filter({ order__in: lines as never })).rejects.toThrow(
      '"order__in" takes rows of Order; found a query of Line. Name what is compared with values("…").',
    );
  });
});
