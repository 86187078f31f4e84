import {
  Case,
  Coalesce,
  Concat,
  Count,
  DenseRank,
  Duration,
  Exists,
  F,
  Length,
  Lower,
  OuterRef,
  Q,
  Rank,
  RowNumber,
  Subquery,
  Sum,
  Upper,
  Value,
  When,
  Window,
} from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const expressions: Readonly<Record<string, GoldenQuery>> = {
  "f/filter": (m) => m.Book.filter({ price: F("cost") }),
  "f/filter gt": (m) => m.Book.filter({ price__gt: F("cost") }),
  "f/filter over a relation": (m) => m.Book.filter({ author__age__lt: F("pages") }),
  "f/with a relation": (m) => m.Book.filter({ pages__gt: F("author__age") }),
  "f/with a nullable relation": (m) => m.Book.filter({ pages__lt: F("editor__age") }),
  "f/same relation on both sides": (m) => m.Book.filter({ author: F("editor") }),
  "f/different": (m) => m.Book.exclude({ author: F("editor") }),
  "f/plus": (m) => m.Book.filter({ pages__gt: F("stock").plus(400) }),
  "f/times": (m) => m.Book.filter({ pages__gt: F("stock").times(100) }),
  "f/two columns": (m) => m.Book.filter({ pages__lt: F("stock").times(F("stock")) }),
  "f/minus a decimal": (m) => m.Book.filter({ price__gt: F("cost").plus("0.005") }),
  "f/across many": (m) => m.Author.filter({ books__pages__gt: F("age").times(10) }),
  "f/in a range": (m) => m.Book.filter({ pages__range: [F("stock"), 100] }),
  "f/in": (m) => m.Book.filter({ pages__in: [F("stock"), 416] }),
  "f/annotate plus": (m) => m.Book.annotate({ more: F("pages").plus(1) }).filter({ more__gt: 416 }),
  "f/annotate null": (m) => m.Book.annotate({ more: F("stock").plus(1) }).filter({ pages__lt: 300 }),
  "f/annotate decimal": (m) => m.Book.annotate({ gain: F("price").minus(F("cost")) }),
  "f/annotate decimal times number": (m) => m.Book.annotate({ total: F("price").times(F("pages")) }),
  "f/annotate decimal times a decimal": (m) => m.Book.annotate({ taxed: F("price").times("1.19") }),
  "f/annotate float": (m) => m.Book.annotate({ double: F("weight").times(2.0) }),
  "f/annotate mod": (m) => m.Book.filter({ pages__gt: 0 }).annotate({ rest: F("pages").mod(7) }),
  "f/annotate a path": (m) => m.Book.annotate({ boss: F("author__boss__name") }),
  "f/annotate difference of date-times": (m) =>
    m.Review.filter({ book__published__year__gte: 2020 }).annotate({ after: F("written").minus(F("book__published")) }),
  "f/annotate difference of dates": (m) =>
    m.Book.annotate({ late: F("bought").minus(F("bought")) }).filter({ id__lte: 5 }),
  "f/date-time plus duration": (m) =>
    m.Review.annotate({ due: F("written").plus(Duration.from({ days: 1, seconds: 1 })) }).filter({ id__lte: 3 }),
  "f/filter by date-time plus duration": (m) =>
    m.Review.filter({ written__gt: F("book__published").plus(Duration.from({ days: 365 })) }),
  "f/order by an expression": (m) => m.Book.orderBy(F("pages").times(-1), "title"),
  "f/order nulls last": (m) => m.Book.orderBy(F("stock").desc({ nulls: "last" }), "title"),
  "f/order nulls first": (m) => m.Book.orderBy(F("stock").asc({ nulls: "first" }), "title"),
  "expr/value": (m) => m.Tag.annotate({ one: Value(1) }).filter({ id: 1 }),
  "expr/length": (m) => m.Tag.annotate({ size: Length("label") }).filter({ size__gt: 5 }),
  "expr/lower": (m) => m.Tag.annotate({ small: Lower("label") }).filter({ small: "novel" }),
  "expr/upper": (m) => m.Tag.annotate({ big: Upper("label") }).valuesList("big", { flat: true }),
  "expr/concat": (m) => m.Tag.annotate({ both: Concat("label", Value("/"), "parent__label") }),
  "expr/coalesce": (m) => m.Book.annotate({ left: Coalesce("stock", F("pages")) }),
  "expr/coalesce with a value": (m) => m.Author.annotate({ years: Coalesce("age", 0) }).filter({ years__lt: 30 }),
  "expr/coalesce over relations": (m) => m.Book.annotate({ who: Coalesce("editor__name", F("author__name")) }),
  "expr/case": (m) =>
    m.Book.annotate({
      size: Case(When({ pages__gt: 400 }, "long"), When({ pages__gt: 100 }, "medium"), { default: "short" }),
    }),
  "expr/case without a default": (m) => m.Book.annotate({ size: Case(When({ pages__gt: 400 }, "long")) }),
  "expr/case by Q over a relation": (m) =>
    m.Book.annotate({ kind: Case(When(Q({ publisher__city: "London" }).or(Q({ pages: 416 })), 1), { default: 0 }) }),
  "expr/case with F": (m) =>
    m.Book.annotate({ best: Case(When({ price__isnull: true }, F("cost")), { default: F("price") }) }),
  "expr/case, then filter": (m) =>
    m.Book.annotate({ size: Case(When({ pages__gt: 400 }, "long"), { default: "short" }) }).filter({ size: "long" }),
  "expr/order by case": (m) => m.Book.orderBy(Case(When({ status: "done" }, 0), { default: 1 }), "title"),
  "expr/subquery": (m) =>
    m.Author.annotate({
      longest: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .orderBy("-pages")
          .values("title")
          .slice(0, 1),
      ),
    }),
  "expr/subquery, then filter": (m) =>
    m.Author.annotate({
      longest: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .orderBy("-pages")
          .values("pages")
          .slice(0, 1),
      ),
    }).filter({ longest__gt: 400 }),
  "expr/subquery over a path": (m) =>
    m.Review.annotate({
      same: Subquery(
        m.Review.filter({ book: OuterRef("book"), id__lt: OuterRef("id") })
          .orderBy("-id")
          .values("stars")
          .slice(0, 1),
      ),
    }),
  "expr/subquery of an aggregate": (m) =>
    m.Author.annotate({
      total: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .orderBy()
          .values("author")
          .annotate({ s: Sum("pages") })
          .values("s"),
      ),
    }),
  "expr/exists": (m) => m.Author.annotate({ has: Exists(m.Book.filter({ author: OuterRef("pk"), pages__gt: 400 })) }),
  "expr/filter by exists": (m) => m.Author.filter(Exists(m.Book.filter({ author: OuterRef("pk"), pages__gt: 400 }))),
  "expr/filter by not exists": (m) => m.Author.filter(Q(Exists(m.Book.filter({ author: OuterRef("pk") }))).not()),
  "expr/exists or": (m) => m.Author.filter(Q(Exists(m.Book.filter({ editor: OuterRef("pk") }))).or(Q({ age: 41 }))),
  "expr/exists with a path outside": (m) =>
    m.Book.filter(Exists(m.Review.filter({ reviewer: OuterRef("author__boss") }))),
  "expr/exists in exists": (m) =>
    m.Publisher.filter(
      Exists(
        m.Book.filter({ publisher: OuterRef("pk") }).filter(
          Exists(m.Review.filter({ book: OuterRef("pk"), stars: 5 })),
        ),
      ),
    ),
  "expr/annotated exists, then filter": (m) =>
    m.Author.annotate({ has: Exists(m.Book.filter({ author: OuterRef("pk") })) }).filter({ has: false }),
  "expr/alias": (m) => m.Author.alias({ n: Count("books") }).filter({ n: 2 }),
  "window/rowNumber": (m) => m.Book.annotate({ row: Window(RowNumber(), { orderBy: F("title").asc() }) }),
  "window/rank": (m) => m.Book.annotate({ place: Window(Rank(), { orderBy: F("pages").desc() }) }),
  "window/denseRank": (m) => m.Book.annotate({ place: Window(DenseRank(), { orderBy: F("pages").desc() }) }),
  "window/partition": (m) =>
    m.Book.annotate({ place: Window(RowNumber(), { partitionBy: [F("author")], orderBy: F("title").asc() }) }),
  "window/sum": (m) => m.Book.annotate({ total: Window(Sum("pages"), { partitionBy: [F("publisher")] }) }),
  "window/running sum": (m) => m.Book.annotate({ total: Window(Sum("pages"), { orderBy: F("title").asc() }) }),
  "window/filter": (m) =>
    m.Book.annotate({
      place: Window(RowNumber(), { partitionBy: [F("author")], orderBy: [F("pages").desc(), F("title").asc()] }),
    }).filter({ place: 1 }),
};
