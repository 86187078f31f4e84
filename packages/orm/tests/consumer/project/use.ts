import { Line, Order, openOrders } from "@example/shop";
import { Count, type UserModel } from "@tsjango/orm";
import { Invoice, type User } from "./models.ts";

declare function getUserModel(): UserModel;

export async function use(user: User) {
  const [order] = await Order.objects
    .open()
    .numbered("1")
    .filter({ customer__email: "x", customer__createdAt__year: 2026, customerId: "uuid" })
    .open()
    .selectRelated("customer");
  order!.customer.handle;
  const id: string = order!.customerId;
  const title: string = order!.title;
  const status: "open" | "paid" = order!.status;
  const mine = await user.orders.open().numbered("2").first();
  const staff = await getUserModel().objects.staff().filter({ orders__number: "1" });
  staff[0]!.handle;
  await Order.objects.create({ number: "1", customer: user });
  await user.orders.create({ number: "2" });
  const [invoice] = await Invoice.objects
    .filter({ order__customer__email: "x", order__lines__quantity__gt: 3 })
    .selectRelated("order__customer");
  invoice!.order.customer.handle;
  for (const each of await openOrders("urgent")) for (const line of each.lines) line.quantity.toFixed();
  const [counted] = await Order.objects
    .annotate({ n: Count("lines") })
    .open()
    .filter({ n__gt: 2 });
  const n: number = counted!.n;
  const quantities: number[] = await Line.objects.valuesList("quantity", { flat: true });
  // @ts-expect-error not a field of the project's user
  Order.objects.filter({ customer__isStaff: true });
  // @ts-expect-error a key of the project's user is a text
  Order.objects.filter({ customerId: 3 });
  // @ts-expect-error a wrong argument
  Order.objects.filter({ status: "open" }).numbered(3);
  // @ts-expect-error no such query method
  user.orders.opn();
  // @ts-expect-error not one of the choices
  Order.objects.filter({ status: "gone" });
  return [id, title, status, mine?.title, mine?.age.toFixed(), n, quantities];
}
