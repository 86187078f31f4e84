import { Count, F, Lower, Sum, Value } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

/** A map in the order of its keys. */
function pairs(found: Map<unknown, unknown>): unknown[] {
  return [...found].sort(([a], [b]) => Number(a) - Number(b));
}

export const rows: Readonly<Record<string, GoldenQuery>> = {
  "order/default": (m) => m.Book.all(),
  "order/descending": (m) => m.Book.orderBy("-title"),
  "order/two": (m) => m.Book.orderBy("-pages", "title"),
  "order/fk follows the related model": (m) => m.Book.orderBy("author", "id"),
  "order/fk descending": (m) => m.Book.orderBy("-author", "id"),
  "order/fk's column": (m) => m.Book.orderBy("authorId", "id"),
  "order/fk pk": (m) => m.Book.orderBy("-author__pk", "id"),
  "order/path": (m) => m.Book.orderBy("author__age", "title").exclude({ author__age: null }),
  "order/reverse": (m) => m.Book.orderBy("pages", "title").reverse(),
  "order/reverse of the default": (m) => m.Book.reverse(),
  "order/over many duplicates": (m) => m.Book.filter({ id__lte: 3 }).orderBy("tags__label", "title"),
  "order/none": (m) => m.Book.orderBy(),
  "order/pk": (m) => m.Book.orderBy("-pk"),
  "slice/first": (m) => m.Book.all().slice(0, 3),
  "slice/middle": (m) => m.Book.all().slice(3, 6),
  "slice/open": (m) => m.Book.all().slice(9),
  "slice/of a slice": (m) => m.Book.all().slice(2, 9).slice(1, 4),
  "slice/beyond the end": (m) => m.Book.all().slice(20, 30),
  "slice/nothing": (m) => m.Book.all().slice(3, 3),
  "slice/count": (m) => m.Book.all().slice(3, 6).count(),
  "slice/count beyond the end": (m) => m.Book.all().slice(10, 30).count(),
  "slice/count, ordered by an annotation": (m) =>
    m.Author.annotate({ n: Count("books") })
      .orderBy("-n", "name")
      .slice(1, 4)
      .count(),
  "slice/exists": (m) => m.Book.all().slice(30).exists(),
  "distinct/rows": (m) => m.Author.filter({ books__pages__gt: 200 }).distinct(),
  "distinct/values": (m) => m.Book.values("status").distinct().orderBy("status"),
  "distinct/values: the order joins": (m) => m.Book.values("status").distinct().orderBy("pages", "status"),
  "distinct/values: the model's order joins": (m) => m.Book.values("status").distinct(),
  "distinct/valuesList flat": (m) =>
    m.Book.valuesList("author__name", { flat: true }).distinct().orderBy("author__name"),
  "distinct/count": (m) => m.Author.filter({ books__pages__gt: 200 }).distinct().count(),
  "distinct/count of values": (m) => m.Book.orderBy().values("status").distinct().count(),
  "distinct/slice": (m) => m.Author.filter({ books__pages__gt: 200 }).distinct().slice(0, 2),
  "distinct/with an annotation": (m) =>
    m.Book.orderBy()
      .annotate({ x: F("status") })
      .values("x")
      .distinct(),
  "values/columns": (m) => m.Book.values("id", "title", "price"),
  "values/everything": (m) => m.Tag.values().orderBy("id"),
  "values/everything with every type": (m) => m.Book.filter({ id__in: [1, 5, 12] }).values(),
  "values/paths": (m) => m.Book.values("title", "author__name", "publisher__name"),
  "values/fk": (m) => m.Book.values("author", "editor", "publisherId"),
  "values/ordered by a relation that they name": (m) => m.Book.values("id", "author").orderBy("-author", "id"),
  "values/ordered by a relation that they do not name": (m) => m.Book.values("id", "authorId").orderBy("-author", "id"),
  "values/ordered by a relation of a relation": (m) =>
    m.Review.valuesList("id", "book__author").orderBy("book__author", "id"),
  "values/grouped and ordered by a relation": (m) =>
    m.Book.values("author")
      .annotate({ n: Count("id") })
      .orderBy("author"),
  "values/distinct, ordered by a relation": (m) => m.Book.values("author").orderBy("author").distinct(),
  "values/over many": (m) => m.Author.values("name", "books__title").orderBy("name", "books__title"),
  "values/over many, then filter": (m) => m.Author.values("books__title").filter({ books__pages__gt: 400 }),
  "values/after a filter of many": (m) => m.Author.filter({ books__pages__gt: 400 }).values("books__title"),
  "values/over many, counted": (m) => m.Author.values("books__title").count(),
  "values/over many, aggregated": (m) => m.Author.values("books__title").aggregate({ n: Count("id"), m: Sum("age") }),
  "values/over m2m": (m) =>
    m.Book.filter({ id__in: [1, 5] })
      .values("title", "tags__label")
      .orderBy("title", "tags__label"),
  "values/over one-to-one": (m) => m.Author.values("name", "profile__motto"),
  "values/pk": (m) => m.Tag.values("pk").orderBy("pk"),
  "values/annotation": (m) => m.Author.annotate({ n: Count("books") }).values("name", "n"),
  "values/annotations come along": (m) =>
    m.Tag.annotate({ one: Value(1) })
      .values()
      .orderBy("id"),
  "values/expression": (m) =>
    m.Tag.orderBy("id")
      .annotate({ small: Lower("label") })
      .values("id", "small"),
  "values/date part": (m) => m.Book.values("title", "bought__year"),
  "valuesList/tuples": (m) => m.Book.valuesList("id", "title"),
  "valuesList/flat": (m) => m.Book.valuesList("title", { flat: true }),
  "valuesList/flat nullable": (m) => m.Book.valuesList("price", { flat: true }),
  "valuesList/flat path": (m) => m.Book.valuesList("publisher__name", { flat: true }),
  "valuesList/order of columns": (m) => m.Book.valuesList("title", "id", "author__name").slice(0, 2),
  "valuesList/with an annotation": (m) => m.Author.annotate({ n: Count("books") }).valuesList("n", "name"),
  "valuesList/everything": (m) => m.Tag.valuesList().orderBy("id"),
  "one/get": (m) => m.Book.get({ title: "Emma" }),
  "one/first": (m) => m.Book.first(),
  "one/first unordered": (m) => m.Review.first(),
  "one/first of nothing": (m) => m.Book.filter({ id: 99 }).first(),
  "one/last": (m) => m.Book.last(),
  "one/last unordered": (m) => m.Review.last(),
  "one/last with nulls": (m) => m.Book.orderBy(F("stock").asc({ nulls: "first" }), "id").last(),
  "one/first of values": (m) => m.Book.values("title").first(),
  "one/latest": (m) => m.Review.latest("written"),
  "one/latest of two": (m) => m.Review.latest("text", "-id"),
  "one/earliest": (m) => m.Review.earliest("written", "id"),
  "one/earliest descending": (m) => m.Review.earliest("-written"),
  "one/count": (m) => m.Book.count(),
  "one/count filtered": (m) => m.Book.filter({ price__gt: "5" }).count(),
  "one/count duplicates": (m) => m.Author.filter({ books__pages__gt: 200 }).count(),
  "one/count with an annotation": (m) => m.Author.annotate({ n: Count("books") }).count(),
  "one/count with having": (m) =>
    m.Author.annotate({ n: Count("books") })
      .filter({ n__gt: 1 })
      .count(),
  "one/count with an annotation after a filter of many": (m) =>
    m.Author.filter({ books__pages__gt: 200 })
      .annotate({ n: Count("books") })
      .count(),
  "one/count with an annotation over many": (m) => m.Author.annotate({ t: F("books__title") }).count(),
  "one/count with an order over many": (m) => m.Author.orderBy("books__title").count(),
  "one/exists with an order over many": (m) => m.Author.orderBy("books__title").slice(8).exists(),
  "one/count none": (m) => m.Book.none().count(),
  "one/exists": async (m) => [
    await m.Book.filter({ pages: 416 }).exists(),
    await m.Book.filter({ pages: 417 }).exists(),
    await m.Book.none().exists(),
  ],
  "one/exists with having": (m) =>
    m.Author.annotate({ n: Count("books") })
      .filter({ n__gt: 5 })
      .exists(),
  "one/contains": async (m) => [
    await m.Book.filter({ pages: 416 }).contains(await m.Book.get({ id: 3 })),
    await m.Book.filter({ pages: 416 }).contains(await m.Book.get({ id: 1 })),
  ],
  "one/inBulk": async (m) => pairs(await m.Book.inBulk([3, 1, 99])),
  "one/inBulk of all": async (m) => pairs(await m.Tag.inBulk()),
  "one/inBulk by a field": async (m) => pairs(await m.Author.inBulk(["jane@example.com"], { fieldName: "email" })),
  "one/inBulk of nothing": async (m) => pairs(await m.Book.inBulk([])),
  "set/union": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .union(m.Book.filter({ stock: 3 }).orderBy())
      .orderBy("title"),
  "set/union removes duplicates": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .union(m.Book.filter({ pages__gte: 416 }).orderBy())
      .orderBy("title"),
  "set/union all": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .union(m.Book.filter({ pages__gte: 416 }).orderBy(), { all: true })
      .orderBy("title"),
  "set/union of values": (m) =>
    m.Author.valuesList("name", { flat: true })
      .orderBy()
      .union(m.Publisher.valuesList("name", { flat: true }), m.Tag.valuesList("label", { flat: true }))
      .orderBy("name"),
  "set/union of values of two models": (m) =>
    m.Author.values("id", "name").orderBy().union(m.Publisher.values("id", "name")).orderBy("id", "name"),
  "set/union sliced": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .union(m.Book.filter({ stock: 3 }).orderBy())
      .orderBy("-title")
      .slice(1, 3),
  "set/union count": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .union(m.Book.filter({ stock: 3 }).orderBy())
      .count(),
  "set/union with annotations": (m) =>
    m.Author.orderBy()
      .annotate({ n: Count("books") })
      .filter({ n: 2 })
      .values("name", "n")
      .union(
        m.Publisher.annotate({ n: Count("books") })
          .filter({ n: 2 })
          .values("name", "n"),
      )
      .orderBy("name"),
  "set/union with nothing": (m) =>
    m.Book.filter({ pages: 416 }).orderBy().union(m.Book.none().orderBy()).orderBy("title"),
  "set/intersection": (m) =>
    m.Book.filter({ pages__gt: 300 })
      .orderBy()
      .intersection(m.Book.filter({ translated: true }).orderBy())
      .orderBy("title"),
  "set/intersection with nothing": (m) => m.Book.filter({ pages__gt: 300 }).intersection(m.Book.none()),
  "set/difference": (m) =>
    m.Book.filter({ pages__gt: 300 })
      .orderBy()
      .difference(m.Book.filter({ translated: true }).orderBy())
      .orderBy("title"),
  "set/difference of values": (m) =>
    m.Author.values("age")
      .orderBy()
      .difference(m.Author.filter({ age: 30 }).values("age").orderBy())
      .orderBy("age"),
  "set/difference with nothing": (m) =>
    m.Book.filter({ pages: 416 }).orderBy().difference(m.Book.none().orderBy()).orderBy("title"),
};
