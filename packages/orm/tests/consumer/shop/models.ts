// A reusable app, as its author writes it: compiled to declarations and published.
import {
  Case,
  Count,
  choices,
  F,
  fields,
  Max,
  Model,
  manager,
  meta,
  Prefetch,
  Q,
  Rank,
  Sum,
  type UserRef,
  When,
  Window,
} from "@tsjango/orm";

declare const authUser: UserRef;

export class Timestamped extends Model.abstract({ createdAt: fields.dateTime({ autoNowAdd: true }) }) {
  get age() {
    return Date.now() - this.createdAt.getTime();
  }
}

export class Order extends Model<Order>().extends(Timestamped)({
  number: fields.char({ unique: true, maxLength: 20 }),
  status: fields.char({ choices: ["open", "paid"], default: "open" }),
  customer: () => fields.foreignKey(authUser, { onDelete: "protect" }),
  lines: () => fields.related(Line, "order"),
  labels: () => fields.manyToMany(Label),
}) {
  static override objects = manager<Order>()({
    open() {
      return this.filter({ status: "open" });
    },
    numbered(number: string) {
      return this.open().filter({ number });
    },
  });
  static override meta = meta<Order>({ ordering: ["-number"] });

  get title() {
    return `Order ${this.number}`;
  }
}

export class Line extends Model<Line>()({
  order: () => fields.foreignKey(Order, { onDelete: "cascade" }),
  quantity: fields.integer({ default: 1 }),
}) {}

export class Label extends Model<Label>()({ text: fields.char() }) {}

export async function openOrders(labelled: string) {
  return Order.objects.open().prefetchRelated("lines").filter({ labels__text: labelled });
}

/** What else a package may export without writing its types. */
export const Priority = choices({ low: "Low", high: "High" });
export const Level = choices({ one: [1, "One"], two: [2, "Two"] });

export class Parcel extends Model<Parcel>()({
  pk: fields.compositePrimaryKey("orderId", "position"),
  order: () => fields.foreignKey(Order, { onDelete: "cascade" }),
  position: fields.integer(),
  priority: fields.char({ choices: Priority, default: "low" }),
  level: fields.integer({ choices: Level, null: true }),
  took: fields.duration({ null: true }),
  content: fields.json<{ items: string[] }>({ default: { items: [] } }),
  weight: fields.decimal({ maxDigits: 6, decimalPlaces: 2 }),
}) {}

export const heavy = Q({ weight__gt: "10.00" }).or({ level: 2 });
export const urgent = Parcel.objects.q({ priority: "high" });
export const doubled = F("quantity").times(2);
export const byWeight = () => Parcel.objects.filter(heavy, urgent).orderBy(F("weight").desc({ nulls: "last" }));
export async function totals() {
  const parcels = await Order.objects.annotate({
    n: Count("lines"),
    most: Max("lines__quantity"),
    size: Case(When({ lines__quantity__gt: 3 }, "large"), { default: "small" }),
    rank: Window(Rank(), { orderBy: "-number" }),
  });
  const values = await Line.objects.annotate({ doubled }).values("order__number", "doubled");
  return { parcels, values, sum: await Line.objects.aggregate({ sum: Sum("quantity") }) };
}
export const light = Parcel.objects.only("weight");
export const withLines = Order.objects.prefetchRelated(new Prefetch("lines", Line.objects.all(), { toAttr: "all" }));
export const brief = Line.objects.selectRelated("order").only("quantity", "order__number");
export const withoutQuantity = Line.objects.selectRelated("order").defer("quantity", "order__number");
export const named = () => Line.objects.valuesList("quantity", "order__number", { named: true });
