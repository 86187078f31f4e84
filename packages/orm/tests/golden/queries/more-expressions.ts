import {
  Abs,
  ACos,
  ASin,
  ATan2,
  Avg,
  Case,
  Cast,
  Coalesce,
  Cot,
  Count,
  Exists,
  Exp,
  ExtractDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractSecond,
  F,
  fields,
  Greatest,
  JSONObject,
  Least,
  Length,
  Lower,
  LTrim,
  Max,
  MD5,
  Min,
  NullIf,
  OuterRef,
  Pi,
  Q,
  Radians,
  Rank,
  RowNumber,
  RowRange,
  RTrim,
  SHA224,
  SHA512,
  Sign,
  Subquery,
  Sum,
  Tan,
  Trim,
  TruncDate,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
  Upper,
  Value,
  ValueRange,
  When,
  Window,
} from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

const spaced = Value("  a b ");
const byRank = { n: Window(Rank(), { orderBy: "-pages" }) };

/** The queries of scripts/golden/expressions.py, but for JSON. */
export const moreExpressions: Readonly<Record<string, GoldenQuery>> = {
  "fn/trims": (m) => m.Tag.annotate({ a: Trim(spaced), b: LTrim(spaced), c: RTrim(spaced) }),
  "fn/more hashes": (m) => m.Author.annotate({ a: SHA224("name"), b: SHA512("name"), c: MD5(Upper("name")) }),
  "fn/abs and sign": (m) =>
    m.Book.annotate({
      a: Abs("price"),
      c: Abs(F("pages").minus(300)),
      d: Sign(F("pages").minus(300)),
    }),
  "fn/more trigonometry": (m) =>
    m.Author.annotate({
      a: Tan("rating"),
      b: Radians("rating"),
      c: ATan2("rating", 2),
      d: Cot(Abs("rating").plus(1)),
      e: Pi(),
    }),
  "fn/inverse trigonometry": (m) =>
    m.Author.annotate({ a: ACos(F("rating").div(100)), b: ASin(F("rating").div(100)), c: Exp(F("rating").div(10)) }),
  "fn/greatest and least": (m) =>
    m.Book.annotate({
      a: Greatest("pages", Value(300)),
      b: Least("pages", Value(300)),
      c: Greatest("title", "status"),
    }),
  "fn/nullIf": (m) => m.Book.annotate({ a: NullIf("pages", 416), b: NullIf("status", "draft") }),
  "fn/coalesce of three": (m) => m.Book.annotate({ n: Coalesce("stock", F("pages").minus(1000), 0) }),
  "fn/cast to a date": (m) => m.Review.annotate({ n: Cast("written", fields.date()) }),
  "fn/cast text to a number": (m) => m.Book.annotate({ n: Cast(Cast("pages", fields.text()), fields.integer()) }),
  "fn/cast in a filter": (m) => m.Book.annotate({ n: Cast("pages", fields.text()) }).filter({ n__startswith: "4" }),
  "fn/more extract": (m) =>
    m.Review.annotate({
      a: ExtractIsoYear("written"),
      b: ExtractMonth("written"),
      c: ExtractDay("written"),
      d: ExtractMinute("written"),
      e: ExtractSecond("written"),
    }),
  "fn/extract of a date": (m) =>
    m.Book.annotate({ a: ExtractIsoYear("bought"), b: ExtractMonth("bought"), c: ExtractDay("bought") }),
  "fn/more trunc": (m) =>
    m.Review.annotate({ a: TruncDate("written"), b: TruncTime("written"), c: TruncSecond("written") }),
  "fn/trunc of a date": (m) =>
    m.Book.annotate({
      a: TruncYear("bought"),
      b: TruncQuarter("bought"),
      c: TruncMonth("bought"),
      d: TruncWeek("bought"),
    }),
  "fn/trunc in a filter": (m) =>
    m.Review.annotate({ n: TruncMonth("written") }).filter({
      n__lt: Subquery(m.Review.orderBy("-written").values("written").slice(0, 1)),
    }),
  "fn/json object": (m) =>
    m.Author.annotate({ n: JSONObject({ name: "name", age: "age", nested: JSONObject({ id: "id" }) }) }).values(
      "id",
      "n",
    ),
  "fn/length of a function": (m) =>
    m.Author.annotate({ n: Length(Upper("name")) })
      .orderBy("-n", "id")
      .valuesList("id", "n"),
  "fn/functions of relations": (m) => m.Book.annotate({ n: Length("author__name"), m: Upper("publisher__name") }),
  "fn/exclude by a function": (m) => m.Book.annotate({ n: Upper("publisher__name") }).exclude({ n__contains: "A" }),
  "aggregate/of a case": (m) =>
    m.Book.aggregate({
      n: Sum(Case(When({ pages__gt: 300 }, 1), { default: 0 })),
      m: Count(Case(When({ stock: null }, 1))),
    }),
  "aggregate/of a function": (m) =>
    m.Book.aggregate({ a: Max(Length("title")), b: Avg(Abs(F("pages").minus(300))), c: Min(Lower("title")) }),
  "annotate/filter and default": (m) =>
    m.Author.annotate({ n: Sum("books__pages", { filter: Q({ books__stock__gt: 1 }), default: 0 }) }),
  "annotate/filter by Exists": (m) =>
    m.Author.annotate({ n: Count("books", { filter: Exists(m.Review.filter({ book: OuterRef("books") })) }) }),
  "annotate/of a subquery": (m) =>
    m.Author.annotate({
      n: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .values("author")
          .annotate({ n: Max("pages") })
          .values("n"),
      ),
    }),
  "annotate/a subquery in a case": (m) =>
    m.Author.annotate({
      n: Case(When(Exists(m.Book.filter({ author: OuterRef("pk"), pages__gt: 400 })), "long"), { default: "none" }),
    }),
  "group/by a function": (m) =>
    m.Book.annotate({ n: TruncYear("bought") })
      .values("n")
      .annotate({ m: Count("id"), p: Sum("pages") })
      .orderBy(F("n").asc({ nulls: "last" })),
  "group/by a function, with having": (m) =>
    m.Book.annotate({ n: Length("title") })
      .values("n")
      .annotate({ m: Count("id") })
      .filter({ m__gt: 1 })
      .orderBy("n"),
  "window/values around": (m) =>
    m.Book.annotate({ n: Window(Count("id"), { orderBy: "pages", frame: ValueRange(null, 0) }) }),
  "window/sum of all others": (m) =>
    m.Book.annotate({
      n: Window(Sum("pages"), { orderBy: "id", frame: RowRange(null, null, { exclude: "currentRow" }) }),
    }),
  "window/without its group": (m) =>
    m.Book.annotate({
      n: Window(Count("id"), { orderBy: "pages", frame: ValueRange(null, null, { exclude: "group" }) }),
    }),
  "window/without its ties": (m) =>
    m.Book.annotate({
      n: Window(Count("id"), { orderBy: "pages", frame: ValueRange(null, null, { exclude: "ties" }) }),
    }),
  "window/a frame ahead": (m) => m.Book.annotate({ n: Window(Max("pages"), { orderBy: "id", frame: RowRange(1, 2) }) }),
  "window/by a function": (m) =>
    m.Book.annotate({ n: Window(Rank(), { partitionBy: Length("status"), orderBy: "-pages" }) }),
  "window/of a function": (m) =>
    m.Book.annotate({ n: Window(Sum(Abs(F("pages").minus(300))), { partitionBy: "author" }) }),
  "window/of a filtered aggregate": (m) =>
    m.Book.annotate({ n: Window(Count("id", { filter: Q({ pages__gt: 300 }) }), { partitionBy: "author" }) }),
  "window/filter by a rank in each": (m) =>
    m.Book.annotate({ n: Window(RowNumber(), { partitionBy: "author", orderBy: ["-pages", "id"] }) }).filter({ n: 1 }),
  "window/filter with another condition": (m) => m.Book.annotate(byRank).filter({ n__lte: 3, translated: false }),
  "window/filter by either": (m) => m.Book.annotate(byRank).filter(Q({ n__lte: 2 }).or({ title: "Emma" })),
  "window/exclude": (m) => m.Book.annotate(byRank).exclude({ n__gt: 4 }),
  "window/count of the filtered": (m) => m.Book.annotate(byRank).filter({ n__lte: 3 }).count(),
  "window/aggregate of the filtered": (m) =>
    m.Book.annotate(byRank)
      .filter({ n__lte: 3 })
      .aggregate({ m: Sum("pages") }),
  "window/slice of the filtered": (m) =>
    m.Book.annotate({ n: Window(RowNumber(), { orderBy: "id" }) })
      .filter({ n__gt: 2 })
      .orderBy("id")
      .slice(1, 3),
};
