import { Order, Timestamped } from "@example/shop";
import { fields, Model, manager } from "@tsjango/orm";

export class User extends Model<User>().extends(Timestamped)({
  id: fields.uuid({ primaryKey: true, default: () => crypto.randomUUID() }),
  email: fields.char({ unique: true }),
  orders: () => fields.related(Order, "customer"),
}) {
  static override objects = manager<User>()({
    staff() {
      return this.filter({ email__endswith: "@example.org" });
    },
  });

  get handle() {
    return this.email.split("@")[0];
  }
}

export class Invoice extends Model<Invoice>()({
  order: () => fields.oneToOne(Order, { onDelete: "cascade" }),
  paid: fields.dateTime({ null: true }),
}) {}

declare module "@tsjango/orm" {
  interface Register {
    user: typeof User;
  }
}
