import { Avg, Case, Coalesce, Count, F, Lower, Max, Min, Q, Sum, When } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const aggregates: Readonly<Record<string, GoldenQuery>> = {
  "annotate/count": (m) => m.Author.annotate({ n: Count("books") }),
  "annotate/count m2m": (m) => m.Book.annotate({ n: Count("tags") }),
  "annotate/count the reverse of m2m": (m) => m.Tag.annotate({ n: Count("books") }),
  "annotate/count a nullable column": (m) => m.Author.annotate({ n: Count("books__price") }),
  "annotate/count distinct": (m) => m.Author.annotate({ n: Count("books__price", { distinct: true }) }),
  "annotate/count *": (m) => m.Author.annotate({ n: Count() }),
  "annotate/sum": (m) => m.Author.annotate({ n: Sum("books__pages") }),
  "annotate/sum of decimals": (m) => m.Author.annotate({ n: Sum("books__price") }),
  "annotate/sum with a default": (m) => m.Author.annotate({ n: Sum("books__pages", { default: 0 }) }),
  "annotate/sum distinct": (m) => m.Publisher.annotate({ n: Sum("books__pages", { distinct: true }) }),
  "annotate/avg": (m) => m.Author.annotate({ n: Avg("books__pages") }),
  "annotate/avg of decimals": (m) => m.Author.annotate({ n: Avg("books__price") }),
  "annotate/avg of floats": (m) => m.Publisher.annotate({ n: Avg("books__weight") }),
  "annotate/min": (m) => m.Author.annotate({ n: Min("books__price") }),
  "annotate/max": (m) => m.Author.annotate({ n: Max("books__pages") }),
  "annotate/max of text": (m) => m.Author.annotate({ n: Max("books__title") }),
  "annotate/max of a date-time": (m) => m.Author.annotate({ n: Max("books__published") }),
  "annotate/min of a date": (m) => m.Publisher.annotate({ n: Min("books__bought") }),
  "annotate/max of a duration": (m) => m.Publisher.annotate({ n: Max("books__loan") }),
  "annotate/three hops": (m) => m.Author.annotate({ n: Avg("books__reviews__stars") }),
  "annotate/filter": (m) => m.Author.annotate({ n: Count("books", { filter: Q({ books__pages__gt: 400 }) }) }),
  "annotate/filter by another relation": (m) =>
    m.Author.annotate({ n: Count("books", { filter: Q({ books__tags__label: "novel" }) }) }),
  "annotate/sum with a filter": (m) =>
    m.Author.annotate({ n: Sum("books__pages", { filter: Q({ books__translated: true }) }) }),
  "annotate/of an expression": (m) => m.Author.annotate({ n: Sum(F("books__pages").plus(F("books__stock"))) }),
  "annotate/of an expression with decimals": (m) =>
    m.Author.annotate({ n: Sum(F("books__price").times(F("books__stock"))) }),
  "annotate/two multi-valued relations multiply": (m) => m.Book.annotate({ n: Count("tags"), m: Count("reviews") }),
  "annotate/two multi-valued relations, distinct": (m) =>
    m.Book.annotate({ n: Count("tags", { distinct: true }), m: Count("reviews", { distinct: true }) }),
  "annotate/two aggregates of one relation": (m) => m.Author.annotate({ n: Count("books"), m: Max("books__pages") }),
  "annotate/filter before": (m) => m.Author.filter({ books__pages__gt: 400 }).annotate({ n: Count("books") }),
  "annotate/filter after": (m) => m.Author.annotate({ n: Count("books") }).filter({ books__pages__gt: 100 }),
  "annotate/exclude before": (m) => m.Author.exclude({ books__title: "Emma" }).annotate({ n: Count("books") }),
  "annotate/exclude after": (m) => m.Author.annotate({ n: Count("books") }).exclude({ books__title: "Emma" }),
  "having/filter by the count": (m) => m.Author.annotate({ n: Count("books") }).filter({ n__gte: 2 }),
  "having/exclude by the count": (m) => m.Author.annotate({ n: Count("books") }).exclude({ n: 0 }),
  "having/exclude by a null sum": (m) => m.Author.annotate({ n: Sum("books__pages") }).exclude({ n__gt: 400 }),
  "having/or with a column": (m) =>
    m.Author.annotate({ n: Count("books") }).filter(Q({ n__gt: 1 }).or(Q({ name: "Nobody" }))),
  "having/or with a relation": (m) =>
    m.Author.annotate({ n: Count("books") }).filter(Q({ n__gt: 1 }).or(Q({ profile__lucky: 13 }))),
  "having/and with a column": (m) => m.Author.annotate({ n: Count("books") }).filter({ n__gt: 1, age: 30 }),
  "having/compared with F": (m) => m.Author.annotate({ n: Sum("books__pages") }).filter({ n__gt: F("age").times(10) }),
  "having/column compared with the annotation": (m) =>
    m.Author.annotate({ n: Count("books") }).filter({ age__lt: F("n").times(20) }),
  "having/not": (m) => m.Author.annotate({ n: Count("books") }).filter(Q({ n: 2 }).not()),
  "having/in": (m) => m.Author.annotate({ n: Count("books") }).filter({ n__in: [0, 1] }),
  "having/over a null sum isnull": (m) => m.Author.annotate({ n: Sum("books__price") }).filter({ n__isnull: true }),
  "annotate/order by": (m) => m.Author.annotate({ n: Count("books") }).orderBy("-n", "name"),
  "annotate/order by and slice": (m) =>
    m.Author.annotate({ n: Count("books") })
      .orderBy("-n", "name")
      .slice(1, 4),
  "annotate/on an annotation": (m) => m.Author.annotate({ n: Count("books") }).annotate({ twice: F("n").times(2) }),
  "annotate/with selectRelated": (m) => m.Book.selectRelated("author").annotate({ n: Count("reviews") }),
  "annotate/with distinct": (m) =>
    m.Author.filter({ books__pages__gt: 0 })
      .annotate({ n: Count("books") })
      .distinct(),
  "group/by a column": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .orderBy("pages"),
  "group/by a column without order": (m) => m.Book.values("pages").annotate({ n: Count("id") }),
  "group/by a nullable column": (m) =>
    m.Book.values("stock")
      .annotate({ n: Count("id"), m: Sum("pages") })
      .orderBy(),
  "group/by two columns": (m) =>
    m.Book.values("status", "translated")
      .annotate({ n: Count("id") })
      .orderBy("status", "translated"),
  "group/by a path": (m) =>
    m.Book.values("author__name")
      .annotate({ n: Count("id") })
      .orderBy("author__name"),
  "group/by a nullable path": (m) =>
    m.Book.values("publisher__city")
      .annotate({ n: Count("id"), m: Min("price") })
      .orderBy(),
  "group/by a foreign key": (m) =>
    m.Book.values("publisher")
      .annotate({ n: Count("id") })
      .orderBy(),
  "group/by m2m": (m) =>
    m.Book.values("tags__label")
      .annotate({ n: Count("id") })
      .orderBy(),
  "group/by date part": (m) =>
    m.Book.values("bought__year")
      .annotate({ n: Count("id") })
      .orderBy(),
  "group/order by joins the group": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .orderBy("title"),
  "group/order by the aggregate": (m) =>
    m.Book.values("status")
      .annotate({ n: Count("id") })
      .orderBy("-n", "status"),
  "group/by an annotation": (m) =>
    m.Book.annotate({ small: Lower("status") })
      .values("small")
      .annotate({ n: Count("id") })
      .orderBy("small"),
  "group/by a case": (m) =>
    m.Book.annotate({ long: Case(When({ pages__gt: 300 }, "y"), { default: "n" }) })
      .values("long")
      .annotate({ n: Count("id") })
      .orderBy("long"),
  "group/having": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .filter({ n__gt: 1 })
      .orderBy("pages"),
  "group/where and having": (m) =>
    m.Book.filter({ translated: true })
      .values("status")
      .annotate({ n: Count("id") })
      .filter({ n__gt: 2 })
      .orderBy("status"),
  "group/values after annotate does not group": (m) =>
    m.Book.annotate({ n: Count("tags") })
      .values("pages", "n")
      .orderBy("title"),
  "group/valuesList": (m) =>
    m.Book.valuesList("status")
      .annotate({ n: Count("id") })
      .orderBy("status"),
  "group/count of groups": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .count(),
  "group/slice": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .orderBy("-n", "pages")
      .slice(0, 2),
  "aggregate/all": (m) =>
    m.Book.aggregate({
      n: Count("id"),
      total: Sum("pages"),
      mean: Avg("pages"),
      low: Min("pages"),
      high: Max("pages"),
    }),
  "aggregate/decimals": (m) =>
    m.Book.aggregate({ total: Sum("price"), mean: Avg("price"), low: Min("price"), high: Max("price") }),
  "aggregate/dates": (m) =>
    m.Book.aggregate({ a: Min("bought"), b: Max("bought"), c: Min("published"), d: Max("published") }),
  "aggregate/times and durations": (m) =>
    m.Book.aggregate({ a: Min("opens"), b: Max("opens"), c: Min("loan"), d: Sum("loan") }),
  "aggregate/count of a nullable column": (m) =>
    m.Book.aggregate({ n: Count("price"), m: Count("price", { distinct: true }) }),
  "aggregate/filter": (m) =>
    m.Book.aggregate({
      n: Count("id", { filter: Q({ translated: true }) }),
      m: Sum("pages", { filter: Q({ pages__gt: 9999 }) }),
    }),
  "aggregate/nothing": (m) =>
    m.Book.filter({ pages__gt: 9999 }).aggregate({ n: Count("id"), m: Sum("pages"), k: Max("title") }),
  "aggregate/none()": (m) => m.Book.none().aggregate({ n: Count("id"), m: Sum("pages") }),
  "aggregate/default": (m) => m.Book.filter({ pages__gt: 9999 }).aggregate({ m: Sum("pages", { default: 7 }) }),
  "aggregate/coalesce": (m) => m.Book.filter({ pages__gt: 9999 }).aggregate({ m: Coalesce(Sum("pages"), 7) }),
  "aggregate/over relations": (m) => m.Book.aggregate({ n: Count("tags"), m: Avg("reviews__stars") }),
  "aggregate/after filter on many": (m) =>
    m.Author.filter({ books__pages__gt: 200 }).aggregate({ n: Count("id"), m: Count("id", { distinct: true }) }),
  "aggregate/over an annotation": (m) =>
    m.Author.annotate({ n: Count("books") }).aggregate({ mean: Avg("n"), most: Max("n") }),
  "aggregate/over an annotation with having": (m) =>
    m.Author.annotate({ n: Count("books") })
      .filter({ n__gt: 0 })
      .aggregate({ total: Sum("n"), k: Count("id") }),
  "aggregate/over a slice": (m) =>
    m.Book.orderBy("title")
      .slice(0, 4)
      .aggregate({ total: Sum("pages"), n: Count("id") }),
  "aggregate/over distinct": (m) =>
    m.Book.values("pages")
      .distinct()
      .orderBy()
      .aggregate({ total: Sum("pages") }),
  "aggregate/expression of aggregates": (m) => m.Book.aggregate({ d: Max("pages").minus(Min("pages")) }),
  "aggregate/of an expression": (m) => m.Book.aggregate({ v: Sum(F("price").times(F("stock"))) }),
  "aggregate/count *": (m) => m.Book.aggregate({ n: Count() }),
  "aggregate/over F annotation": (m) =>
    m.Book.annotate({ gain: F("price").minus(F("cost")) }).aggregate({ total: Sum("gain") }),
};
