import { Avg, atomic, Count, F, Length, Max, Sum } from "../../../../src/index.ts";
import type { PostgresQuery } from "../doors.ts";

/** What is read in a transaction of its own. */
const locked = (rows: PromiseLike<unknown>) => atomic(async () => await rows);

async function all(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

export const rows: Readonly<Record<string, PostgresQuery>> = {
  "distinctOn/one of each": (m) => m.Book.orderBy("status", "-pages", "id").distinct("status"),
  "distinctOn/of two": (m) => m.Book.orderBy("status", "translated", "id").distinct("status", "translated"),
  "distinctOn/over a relation": (m) => m.Book.orderBy("author__age", "title").distinct("author__age"),
  "distinctOn/values": (m) => m.Review.orderBy("book", "-stars", "id").distinct("book").values("book", "stars"),
  "distinctOn/count": (m) => m.Book.orderBy("status").distinct("status").count(),
  "distinctOn/of a slice": (m) => m.Book.orderBy("status", "id").distinct("status").slice(1, 3),
  "distinctOn/filtered": (m) => m.Book.filter({ pages__gt: 100 }).orderBy("authorId", "id").distinct("authorId"),
  "distinctOn/in a condition": (m) => m.Author.filter({ books__in: m.Book.orderBy("status", "id").distinct("status") }),
  "distinctOn/by an annotation": (m) =>
    m.Book.annotate({ n: Length("title") })
      .orderBy("n", "id")
      .distinct("n"),
  "lock/rows": (m) => locked(m.Book.selectForUpdate().filter({ pages__gt: 300 }).orderBy("id")),
  "lock/of itself": (m) =>
    locked(
      m.Book.selectRelated("author")
        .selectForUpdate({ of: ["self"] })
        .orderBy("id"),
    ),
  "lock/of a relation": (m) =>
    locked(
      m.Book.selectRelated("author")
        .selectForUpdate({ of: ["author"], noKey: true })
        .orderBy("id"),
    ),
  "lock/skipLocked": (m) =>
    locked(m.Book.selectForUpdate({ skipLocked: true }).filter({ status: "lost" }).orderBy("id")),
  "lock/nowait": (m) => locked(m.Book.selectForUpdate({ nowait: true }).filter({ status: "lost" }).orderBy("id")),
  "lock/a slice": (m) => locked(m.Book.selectForUpdate().orderBy("id").slice(2, 5)),
  "iterator/rows": (m) => all(m.Book.orderBy("id").iterator({ chunkSize: 5 })),
  "iterator/values": (m) => all(m.Book.orderBy("id").values("id", "title").iterator({ chunkSize: 2 })),
  "iterator/annotated": (m) =>
    all(
      m.Author.annotate({ n: Count("books") })
        .orderBy("id")
        .iterator({ chunkSize: 3 }),
    ),
  "order/nulls first": (m) => m.Book.orderBy(F("stock").asc({ nulls: "first" }), "id"),
  "order/nulls last, descending": (m) => m.Book.orderBy(F("stock").desc({ nulls: "last" }), "id"),
  "order/nulls as the database has them": (m) => m.Book.orderBy("stock", "id"),
  "order/nulls as the database has them, descending": (m) => m.Book.orderBy("-stock", "id"),
  "order/over a nullable relation": (m) => m.Book.orderBy("publisher__name", "id"),
  "order/reverse with nulls": (m) => m.Book.orderBy(F("stock").asc({ nulls: "first" }), "id").reverse(),
  "order/first and last with nulls": async (m) => [
    await m.Book.orderBy("stock", "id").first(),
    await m.Book.orderBy("stock", "id").last(),
  ],
  "order/texts by code points": (m) => m.Item.orderBy("name"),
  "set/union of arrays": (m) =>
    m.Post.filter({ tags__len: 2 })
      .values("tags")
      .union(m.Post.filter({ tags__len: 0 }).values("tags"))
      .orderBy("tags"),
  "set/intersection of nulls": (m) =>
    m.Author.values("age")
      .orderBy()
      .intersection(m.Author.filter({ boss: null }).values("age").orderBy())
      .orderBy("age"),
  "set/difference of nulls": (m) =>
    m.Book.values("stock")
      .orderBy()
      .difference(m.Book.filter({ stock__gt: 2 }).values("stock").orderBy())
      .orderBy("stock"),
  "set/union all": (m) =>
    m.Book.filter({ pages: 416 })
      .orderBy()
      .values("id")
      .union(m.Book.filter({ stock: 0 }).orderBy().values("id"), { all: true })
      .orderBy("id"),
  "dates/months": (m) => m.Item.dates("begins", "month"),
  "dates/weeks": (m) => m.Book.dates("bought", "week", { order: "desc" }),
  "datetimes/hours": (m) => m.Item.datetimes("begins", "hour"),
  "datetimes/months, descending": (m) => m.Item.datetimes("ends", "month", { order: "desc" }),
  "default/of the database": (m) => m.Item.orderBy("id").values("id", "count", "state"),
  "default/in a filter": (m) => m.Item.filter({ state: "new", count: 3 }),
  "generated/values": (m) => m.Item.orderBy("id").values("id", "total", "label", "size", "mark"),
  "generated/filter": (m) => m.Item.filter({ total__gt: "5" }),
  "generated/exclude null": (m) => m.Item.exclude({ total__gt: "5" }),
  "generated/order": (m) => m.Item.orderBy("-size", "id"),
  "generated/aggregate": (m) => m.Item.aggregate({ n: Sum("total"), m: Max("label"), k: Avg("size") }),
  "generated/group": (m) =>
    m.Item.values("mark")
      .annotate({ n: Count("id"), m: Sum("total") })
      .orderBy("mark"),
};
