import { Avg, Case, Count, Duration, F, fields, Lower, Max, Model, Q, Subquery, When } from "../../src/index.ts";
import { is } from "./is.ts";
import { Author, Book } from "./library.ts";
import { Publisher } from "./publisher.ts";
import { OrderLine } from "./relations.test-d.ts";

export class Event extends Model<Event>()({
  name: fields.char(),
  at: fields.dateTime({ null: true }),
  day: fields.date(),
  seats: fields.bigInteger(),
  weight: fields.float({ null: true }),
  open: fields.boolean({ default: true }),
  key: fields.uuid({ unique: true }),
  notes: fields.json<{ tags: string[]; size: { width: number } | null }>(),
  anything: fields.json(),
}) {}
const { objects } = Event;

export function everyLookup() {
  objects.filter({
    name: "x",
    name__exact: "x",
    name__iexact: "x",
    name__contains: "x",
    name__icontains: "x",
    name__startswith: "x",
    name__istartswith: "x",
    name__endswith: "x",
    name__iendswith: "x",
    name__regex: "^x",
    name__iregex: "^x",
    name__in: new Set(["x"]),
    name__gt: "x",
    name__range: ["a", "b"],
    name__isnull: false,
  });
  objects.filter({ name__in: ["x", F("name")], weight__range: [F("weight"), 3] });
  objects.filter({
    seats__gt: 3n,
    seats__in: [3n],
    weight__lte: 1.5,
    weight__isnull: true,
    open: true,
    open__in: [true],
  });
  objects.filter({ key: "…", key__in: ["…"], weight: null, at: null });
  objects.filter({
    at__year: 2026,
    at__isoYear__gte: 2026,
    at__quarter__in: [1, 2],
    at__month__range: [1, 6],
    at__week: 3,
    at__day__lt: 3,
    at__weekDay: 1,
    at__isoWeekDay: 1,
    at__hour: 12,
    at__minute__gte: 30,
    at__second: 0,
    at__date: "2026-11-21",
    at__date__gte: "2026-11-21",
    at__date__year: 2026,
    at__time: "12:00:00",
    at__time__hour: 12,
    day__year: 2026,
    day__isoWeekDay__in: [6, 7],
  });
  // @ts-expect-error a text has no year
  objects.filter({ name__year: 2026 });
  // @ts-expect-error a date has no hour
  objects.filter({ day__hour: 3 });
  // @ts-expect-error nor a date inside
  objects.filter({ day__date: "2026-11-21" });
  // @ts-expect-error a part of a date is a number
  objects.filter({ at__hour__icontains: "3" });
  // @ts-expect-error of a date with a time the date is a text
  objects.filter({ at__date: new Date() });
  // @ts-expect-error a moment is a Date
  objects.filter({ at__gt: "2026-11-21" });
  // @ts-expect-error a bigint is no number
  objects.filter({ seats__gt: 3 });
  // @ts-expect-error a truth has no order
  objects.filter({ open__gt: false });
  // @ts-expect-error a range has two ends
  objects.filter({ name__range: ["a"] });
  // @ts-expect-error in takes a list
  objects.filter({ name__in: "x" });
  // @ts-expect-error null has no order
  objects.filter({ weight__gt: null });
  // @ts-expect-error undefined is no value
  objects.filter({ weight__lte: undefined });
}

export function jsonPaths() {
  objects.filter({
    notes__tags__0: "x",
    notes__tags__0__icontains: "x",
    notes__size__width__gt: 3,
    notes__size__isnull: true,
    notes__size__width__in: [1, 2],
    anything__whatever__0: 3,
    notes: { tags: [], size: null },
  });
  // @ts-expect-error no such key
  objects.filter({ notes__tag: "x" });
  // @ts-expect-error no such key further in
  objects.filter({ notes__size__height: 3 });
  // @ts-expect-error a wrong value
  objects.filter({ notes__size__width: "3" });
  // @ts-expect-error a list has indexes
  objects.filter({ notes__tags__first: "x" });
}

export function keys() {
  OrderLine.objects.filter({ pk: [1, 2], pk__in: [[1, 2]], book__title: "x" });
  // @ts-expect-error a key of two parts
  OrderLine.objects.filter({ pk: [1] });
  // @ts-expect-error a composite key has no order
  OrderLine.objects.filter({ pk__gt: [1, 2] });
  Book.objects.filter({ publisher__in: Publisher.objects.all(), author__in: Author.objects.values("id") });
  Book.objects.filter({
    author__in: Author.objects.valuesList("id", { flat: true }),
    title__in: Author.objects.values("name"),
  });
  // @ts-expect-error the rows of another kind of key
  Book.objects.filter({ publisher__in: Author.objects.all() });
  // @ts-expect-error texts are no numbers
  Book.objects.filter({ pages__in: Author.objects.values("name") });
}

export async function namedExpressions() {
  const named = Author.objects.annotate({
    n: Count("books"),
    last: Max("books__published"),
    low: Lower("name"),
    kind: Case(When({ name: "x" }, "known"), { default: "other" }),
    known: Q({ name: "x" }),
  });
  named.filter({ n__gt: 1, last__year: 2026, last__isnull: false, low__startswith: "a", kind: "known", known: true });
  named.filter(Q({ n: 3 }).or({ last__lt: new Date() })).exclude({ n__in: [1, 2] });
  named
    .filter({ n__gt: F("id"), books__pages: F("n") })
    .orderBy("last", F("n").desc({ nulls: "last" }), Lower("name").asc());
  is<{ n: number; last: Date | null; low: string; kind: "known" | "other"; known: boolean }[]>()(
    await named.values("n", "last", "low", "kind", "known"),
  );
  // @ts-expect-error a count is a number
  named.filter({ n: "3" });
  // @ts-expect-error of a count no text matches
  named.filter({ n__icontains: "3" });
  // @ts-expect-error not one of its values
  named.filter({ kind: "unknown" });
  // @ts-expect-error no such lookup
  named.filter({ last__foo: 3 });
  // @ts-expect-error no such name
  named.orderBy("-m");
  // @ts-expect-error no such field in an order
  named.orderBy(F("nam").desc());
  // @ts-expect-error no such field in an expression that is ordered by
  named.orderBy(Lower("nam"));
  // @ts-expect-error no such name to compare with
  named.filter({ n__gt: F("m") });
  const plain = await Author.objects
    .alias({ n: Count("books") })
    .filter({ n: 3 })
    .get();
  // @ts-expect-error alias() adds nothing to the rows
  plain.n;
}

export async function partsOfPaths() {
  is<{ at__year: number | null; at__date: string | null; day__month: number; notes__size__width: number | null }[]>()(
    await objects.values("at__year", "at__date", "day__month", "notes__size__width"),
  );
  objects.orderBy("-at__year", "notes__tags__0").filter({ seats: F("id"), at__year: F("day__year") });
  // @ts-expect-error one of them is no path
  objects.values("name", "nam");
  // @ts-expect-error no such part
  objects.values("at__yeer");
  // @ts-expect-error no such key
  objects.orderBy("notes__tag");
}

export function whatCompares() {
  // Numbers with numbers, days with moments, on either side, null or not; what is written out with its own kind.
  Book.objects.filter({ price__gt: F("pages"), pages__lt: F("price") });
  Book.objects.annotate({ mean: Avg("pages") }).filter({ price__gt: F("mean"), mean__lt: F("price") });
  objects.filter({ day__lt: F("at"), at__gte: F("day") });
  objects.filter({ day__lt: F("day").plus(Duration.from({ days: 3 })) });
  objects.annotate({ limit: Case(When({ open: true }, "2026-01-01")) }).filter({ limit__gt: F("day") });
  Book.objects.filter(Q({ price__gt: F("pages") }));
  Book.objects.filter({
    pk__in: Subquery(Book.objects.values("pk")),
    title__in: Subquery(Author.objects.values("name")),
  });
  // @ts-expect-error a query of texts has no keys
  Book.objects.filter({ pk__in: Subquery(Author.objects.values("name")) });
  // @ts-expect-error a number that may be null is no day either
  objects.filter({ day: F("weight") });
  // @ts-expect-error nor a text
  objects.filter({ name__gt: F("weight") });
  // @ts-expect-error a moment is no number
  objects.filter({ weight: F("at") });
}

export function whatColumnsAreSetTo() {
  Book.objects.update({ price: F("pages"), pages: F("price").times(2), published: F("createdAt") });
  objects.update({ day: F("at"), at: F("day"), open: Q({ weight__gt: 3 }) });
  Book.objects.updateOrCreate(
    { pk: 1 },
    { defaults: { pages: F("pages").plus(1) }, createDefaults: { title: "x", author: 1 } },
  );
  // @ts-expect-error no such field
  objects.update({ open: Q({ wieght__gt: 3 }) });
  // @ts-expect-error a moment is no number
  objects.update({ weight: F("at") });
  Book.objects.updateOrCreate(
    { pk: 1 },
    // @ts-expect-error a text is no number
    { defaults: { pages: F("title") }, createDefaults: { title: "x", author: 1 } },
  );
  // @ts-expect-error a text that may be null is no number
  Book.objects.update({ pages: F("author__email") });
}
