import {
  Avg,
  Case,
  Coalesce,
  Count,
  Exists,
  F,
  Max,
  Min,
  OuterRef,
  Q,
  Subquery,
  Sum,
  When,
} from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const mixed: Readonly<Record<string, GoldenQuery>> = {
  "mixed/many in a query set": (m) => m.Author.filter({ books__in: m.Book.filter({ pages__gt: 400 }) }).distinct(),
  "mixed/exclude many in a query set": (m) => m.Author.exclude({ books__in: m.Book.filter({ pages__gt: 400 }) }),
  "mixed/m2m in keys": (m) => m.Book.filter({ tags__in: [1, 2] }),
  "mixed/m2m in keys, distinct": (m) => m.Book.filter({ tags__in: [1, 2] }).distinct(),
  "mixed/exclude m2m in keys": (m) => m.Book.exclude({ tags__in: [1, 2] }),
  "mixed/m2m or m2m": (m) => m.Book.filter(Q({ tags__in: [1] }).or(Q({ tags__in: [2] }))),
  "mixed/m2m in nothing or a column": (m) => m.Book.filter(Q({ tags__in: [] }).or(Q({ pages: 416 }))),
  "mixed/exclude m2m in nothing": (m) => m.Book.exclude({ tags__in: [] }),
  "mixed/many in values": (m) => m.Author.filter({ books__pages__in: [416, 249] }),
  "mixed/annotated minimum, then its year": (m) =>
    m.Author.annotate({ first: Min("books__published") }).filter({ first__year: 1815 }),
  "mixed/annotated maximum over three hops, then a range": (m) =>
    m.Author.annotate({ n: Max("books__reviews__stars") }).filter({ n__range: [3, 4] }),
  "mixed/having or a relation to one": (m) =>
    m.Author.annotate({ n: Count("books") }).filter(Q({ n: 0 }).or(Q({ boss__name: "Jane" }))),
  "mixed/two counts and a filter on one": (m) =>
    m.Author.annotate({ a: Count("books"), b: Count("edited") }).filter({ b__gt: 1 }),
  "mixed/count, then a filter on the same relation": (m) =>
    m.Book.annotate({ n: Count("reviews") }).filter({ reviews__stars__gt: 2 }),
  "mixed/count, then exclude on the same relation": (m) =>
    m.Book.annotate({ n: Count("reviews") }).exclude({ reviews__stars__gt: 3 }),
  "mixed/group, then filter by the group": (m) =>
    m.Author.values("age")
      .annotate({ n: Count("id") })
      .filter({ age__gt: 29 })
      .orderBy("age"),
  "mixed/group, then exclude by the count": (m) =>
    m.Book.values("author")
      .annotate({ n: Count("id") })
      .exclude({ n: 1 })
      .orderBy("author__id"),
  "mixed/group, then other values": (m) =>
    m.Book.values("author__name")
      .annotate({ n: Count("id") })
      .values("n")
      .orderBy("n"),
  "mixed/group twice": (m) =>
    m.Book.values("status")
      .annotate({ n: Count("id"), m: Sum("pages") })
      .orderBy("status"),
  "mixed/group by a relation over many": (m) =>
    m.Author.values("books__publisher")
      .annotate({ n: Count("id") })
      .orderBy(),
  "mixed/group of a filter on many": (m) =>
    m.Author.filter({ books__pages__gt: 200 })
      .values("age")
      .annotate({ n: Count("id") })
      .orderBy(),
  "mixed/aggregate of groups": (m) =>
    m.Book.values("author")
      .annotate({ n: Count("tags") })
      .aggregate({ most: Max("n") }),
  "mixed/in a query set about the same": (m) =>
    m.Book.filter({ author__in: m.Author.filter({ books__pages__gt: 400 }) }).count(),
  "mixed/in values of a foreign key": (m) =>
    m.Author.filter({ pk__in: m.Book.filter({ pages__gt: 400 }).values("authorId") }),
  "mixed/in a group": (m) =>
    m.Book.filter({
      id__in: m.Review.values("book")
        .annotate({ n: Count("id") })
        .filter({ n__gt: 1 })
        .values("book"),
    }),
  "mixed/in texts of a query set": (m) =>
    m.Tag.filter({ label__in: m.Tag.filter({ parent__isnull: true }).values("label") }),
  "mixed/group by exists": (m) =>
    m.Author.annotate({ has: Exists(m.Book.filter({ author: OuterRef("pk") })) })
      .values("has")
      .annotate({ n: Count("id") })
      .orderBy("has"),
  "mixed/compared with a subquery": (m) =>
    m.Book.filter({ pages__gt: Subquery(m.Book.filter({ id: 2 }).values("pages")) }),
  "mixed/exclude compared with a subquery": (m) =>
    m.Book.exclude({ pages__gt: Subquery(m.Book.filter({ id: 2 }).values("pages")) }),
  "mixed/coalesced sum": (m) => m.Author.annotate({ x: Coalesce(Sum("books__pages"), 0) }).filter({ x: 0 }),
  "mixed/mean compared with a column": (m) => m.Author.annotate({ x: Avg("books__pages") }).filter({ x__gt: F("age") }),
  "mixed/sum of a case": (m) => m.Book.aggregate({ n: Sum(Case(When({ pages__gt: 400 }, 1), { default: 0 })) }),
  "mixed/sum of a case by group": (m) =>
    m.Publisher.annotate({ n: Sum(Case(When({ books__translated: true }, F("books__pages")), { default: 0 })) }),
  "mixed/distinct count over two relations": (m) =>
    m.Author.annotate({ n: Count("books__publisher", { distinct: true }) }),
  "mixed/distinct count of values": (m) =>
    m.Book.filter({ status: "done" }).orderBy().values("author").distinct().count(),
  "mixed/two hops of one relation": (m) => m.Tag.filter({ children__children__label: "gothic" }),
  "mixed/exclude two hops of one relation": (m) => m.Tag.exclude({ children__children__label: "gothic" }),
  "mixed/there and back": (m) => m.Tag.filter({ parent__children__label: "classic" }),
  "mixed/there and back, exclude": (m) => m.Book.exclude({ author__books__pages__lt: 300 }),
  "mixed/team of the team": (m) => m.Author.filter({ team__team__isnull: false }).distinct(),
  "mixed/two nots of relations": (m) =>
    m.Book.filter(
      Q({ author__boss: null })
        .not()
        .and(Q({ editor: null }).not()),
    ),
  "mixed/key compared with F over many": (m) => m.Author.filter({ team: F("books__editor") }),
  "mixed/four hops, counted": (m) => m.Book.filter({ author__books__tags__label: "novel" }).distinct().count(),
  "mixed/union of slices": (m) =>
    m.Author.orderBy()
      .filter({ age: 30 })
      .union(m.Author.orderBy().filter({ age: 41 }))
      .orderBy("name")
      .valuesList("name", "age"),
  "mixed/exists of a group": (m) =>
    m.Book.values("pages")
      .annotate({ n: Count("id") })
      .filter({ n__gt: 5 })
      .exists(),
  "mixed/first of a group": (m) =>
    m.Book.values("status")
      .annotate({ n: Count("id") })
      .orderBy("-n", "status")
      .first(),
  "mixed/last by an annotation": (m) =>
    m.Author.annotate({ n: Count("books") })
      .orderBy("n", "name")
      .last(),
  "mixed/filter by an annotation of an annotation": (m) =>
    m.Author.annotate({ n: Count("books") })
      .annotate({ m: F("n").times(10) })
      .filter({ m__gte: 20 }),
  "mixed/annotation over many, then values": (m) => m.Author.annotate({ t: F("books__title") }).values("name", "t"),
  "mixed/annotation over many, then a filter on it": (m) =>
    m.Author.annotate({ t: F("books__title") }).filter({ t: "Emma" }),
  "mixed/annotation over many, then exclude on it": (m) =>
    m.Author.annotate({ t: F("books__title") }).exclude({ t: "Emma" }),
  "mixed/filter with a nullable relation in a case": (m) =>
    m.Book.annotate({ k: Case(When({ publisher__name: "Insel" }, 1), { default: 0 }) }).filter({ k: 0 }),
  "mixed/selectRelated with exclude": (m) => m.Book.selectRelated("publisher").exclude({ publisher__city: "London" }),
  "mixed/or of exclusions": (m) =>
    m.Author.filter(
      Q({ books__title: "Emma" })
        .not()
        .or(Q({ books__pages__gt: 100 }).not()),
    ),
  "mixed/and of exclusions": (m) =>
    m.Author.filter(
      Q({ books__title: "Emma" })
        .not()
        .and(Q({ books__pages__gt: 400 }).not()),
    ),
  "mixed/not of an or over many": (m) =>
    m.Author.filter(
      Q({ books__title: "Emma" })
        .or(Q({ age: 30 }))
        .not(),
    ),
  "mixed/isnull over many in or": (m) =>
    m.Book.filter(Q({ reviews__isnull: true }).or(Q({ reviews__stars__isnull: true }))),
  "mixed/exclude isnull over many in or": (m) =>
    m.Book.exclude(Q({ reviews__isnull: true }).or(Q({ reviews__stars__gt: 3 }))),
};
