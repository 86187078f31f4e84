import {
  Avg,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  Duration,
  Exists,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  F,
  FilteredRelation,
  Func,
  fields,
  Greatest,
  Lag,
  Least,
  Left,
  Length,
  Lower,
  Max,
  OuterRef,
  Q,
  Rank,
  RowNumber,
  RowRange,
  StringAgg,
  Subquery,
  Sum,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
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
} from "../../../../src/index.ts";
import { ArrayAgg, BoolOr, SearchQuery } from "../../../../src/postgres/index.ts";
import type { PostgresQuery } from "../doors.ts";

const heart = SearchQuery("heart", { config: "english" });

export const expressions: Readonly<Record<string, PostgresQuery>> = {
  "moment/parts": (m) =>
    m.Item.orderBy("id")
      .annotate({
        a: ExtractYear("begins"),
        b: ExtractIsoYear("begins"),
        c: ExtractQuarter("begins"),
        d: ExtractMonth("begins"),
        e: ExtractWeek("begins"),
        f: ExtractDay("begins"),
        g: ExtractWeekDay("begins"),
        h: ExtractIsoWeekDay("begins"),
        i: ExtractHour("begins"),
        j: ExtractSecond("begins"),
      })
      .values("id", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
  "moment/beginnings": (m) =>
    m.Item.orderBy("id")
      .annotate({
        a: TruncYear("begins"),
        b: TruncQuarter("begins"),
        c: TruncMonth("begins"),
        d: TruncWeek("begins"),
        e: TruncDay("begins"),
        f: TruncHour("begins"),
        g: TruncMinute("begins"),
        h: TruncSecond("begins"),
        i: TruncDate("begins"),
        j: TruncTime("begins"),
      })
      .values("id", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
  "moment/beginnings of a date": (m) =>
    m.Book.orderBy("id")
      .annotate({ a: TruncWeek("bought"), b: TruncQuarter("bought"), c: TruncDay("bought") })
      .values("id", "a", "b", "c"),
  "moment/between": (m) =>
    m.Item.orderBy("id")
      .annotate({ n: F("ends").minus(F("begins")) })
      .values("id", "n"),
  "moment/longer than": (m) => m.Item.filter({ ends__gt: F("begins").plus(Duration.from({ hours: 2 })) }),
  "moment/sum of durations": (m) => m.Book.aggregate({ n: Sum("loan"), m: Avg("loan"), k: Max("loan") }),
  "moment/group by a quarter": (m) =>
    m.Item.annotate({ q: TruncQuarter("begins") })
      .values("q")
      .annotate({ n: Count("id") })
      .orderBy("q"),
  "moment/lookups of a part": (m) => m.Item.filter({ begins__isoYear: 2020, begins__week__gte: 9 }),
  "moment/week day": (m) => m.Item.filter({ begins__weekDay: 1 }),
  "moment/date in": (m) => m.Item.filter({ begins__date__in: ["2024-03-31", "1999-12-31"] }),
  "moment/given in another zone": (m) => m.Item.filter({ begins: new Date("2024-03-31T02:30:00+02:00") }),
  "moment/extremes": (m) =>
    m.Item.annotate({ a: Greatest("begins", "ends"), b: Least("begins", "ends") })
      .orderBy("id")
      .values("id", "a", "b"),
  "window/a frame of values around": (m) =>
    m.Book.annotate({ n: Window(Sum("pages"), { orderBy: "pages", frame: ValueRange(null, 0) }) }),
  "window/a frame of rows around": (m) =>
    m.Book.annotate({ n: Window(Avg("pages"), { orderBy: "id", frame: RowRange(-2, 2) }) }),
  "window/rows before": (m) => m.Book.annotate({ n: Window(Max("pages"), { orderBy: "id", frame: RowRange(-3, -1) }) }),
  "window/without its ties": (m) =>
    m.Book.annotate({
      n: Window(Sum("pages"), { orderBy: "pages", frame: ValueRange(null, null, { exclude: "ties" }) }),
    }),
  "window/without its row": (m) =>
    m.Book.annotate({
      n: Window(ArrayAgg("id"), { orderBy: "id", frame: RowRange(-1, 1, { exclude: "currentRow" }) }),
    }),
  "window/strings so far": (m) => m.Book.annotate({ n: Window(StringAgg("status", ","), { orderBy: "id" }) }),
  "window/truth so far": (m) => m.Book.annotate({ n: Window(BoolOr("translated"), { orderBy: "id" }) }),
  "window/filter": (m) =>
    m.Book.annotate({ n: Window(RowNumber(), { partitionBy: "status", orderBy: ["-pages", "id"] }) })
      .filter({ n__lte: 2 })
      .orderBy("status", "n"),
  "window/by nulls last": (m) =>
    m.Book.annotate({ n: Window(Rank(), { orderBy: F("stock").desc({ nulls: "last" }) }) }).orderBy("n", "id"),
  "window/lag of a text": (m) =>
    m.Book.annotate({ n: Window(Lag("title", { default: "none" }), { orderBy: "id" }) })
      .orderBy("id")
      .values("id", "n"),
  "func/of the database": (m) =>
    m.Book.annotate({
      n: Func("regexp_replace", ["title", Value("[aeiou]"), Value("*"), Value("g")], { output: fields.text() }),
    })
      .orderBy("id")
      .values("id", "n"),
  "func/initcap": (m) => m.Tag.annotate({ n: Func("initcap", ["label"], { output: fields.text() }) }),
  "func/in a filter": (m) =>
    m.Book.annotate({ n: Func("strpos", ["title", Value("e")], { output: fields.integer() }) }).filter({ n__gt: 3 }),
  "cast/to a float": (m) =>
    m.Book.annotate({ n: Cast("price", fields.float()) })
      .orderBy("id")
      .values("id", "n"),
  "cast/of a text to a date": (m) =>
    m.Book.annotate({ n: Cast(Value("2024-02-29"), fields.date()) })
      .valuesList("n", { flat: true })
      .slice(0, 1),
  "cast/of a decimal to an integer": (m) =>
    m.Book.annotate({ n: Cast("price", fields.integer()) })
      .orderBy("id")
      .values("id", "n"),
  "cast/of a truth": (m) =>
    m.Book.annotate({ n: Cast("translated", fields.integer()) })
      .orderBy("id")
      .values("id", "n"),
  "case/of kinds": (m) =>
    m.Item.annotate({
      n: Case(When({ good: true }, F("price")), When({ good: false }, F("price").times(2)), { default: Value("0") }),
    })
      .orderBy("id")
      .values("id", "n"),
  "case/in an order": (m) =>
    m.Book.orderBy(Case(When({ status: "lost" }, 0), When({ status: "done" }, 1), { default: 2 }), "id"),
  "case/with an array": (m) =>
    m.Post.annotate({ n: Case(When({ tags__contains: ["classic"] }, F("tags__len")), { default: -1 }) })
      .orderBy("id")
      .values("id", "n"),
  "regex/case counts": (m) => m.Item.filter({ name__regex: "^[a-z]+$" }),
  "regex/iregex": (m) => m.Item.filter({ name__iregex: "^ÄP" }),
  "regex/classes": (m) => m.Book.filter({ title__regex: "\\d{3}%|\\mheights\\M|\\yHeights\\y" }),
  "regex/alternatives of null": (m) => m.Poem.exclude({ text__regex: "(cold|heart)\\w*" }),
  "relation/filtered by an array": (m) =>
    m.Poet.alias({ x: FilteredRelation("posts", { condition: Q({ posts__tags__contains: ["irony"] }) }) }).annotate({
      n: Count("x"),
    }),
  "relation/filtered, values": (m) =>
    m.Poet.alias({ x: FilteredRelation("posts", { condition: Q({ posts__scores__len__gt: 1 }) }) })
      .orderBy("id", "x__name")
      .values("id", "x__name"),
  "subquery/exists of an array": (m) =>
    m.Poet.filter(Exists(m.Post.filter({ author: OuterRef("pk"), tags__contains: ["irony"] }))),
  "subquery/not exists": (m) => m.Poet.filter(Exists(m.Poem.filter({ author: OuterRef("pk"), words: heart })).not()),
  "subquery/a count": (m) =>
    m.Poet.annotate({
      n: Coalesce(
        Subquery(
          m.Poem.filter({ author: OuterRef("pk") })
            .orderBy()
            .values("author")
            .annotate({ n: Count("id") })
            .values("n"),
        ),
        0,
      ),
    }),
  "subquery/of the outer array": (m) =>
    m.Post.annotate({ n: Exists(m.Tag.filter({ label__in: ["classic"], id: OuterRef("scores__1") })) })
      .orderBy("id")
      .values("id", "n"),
  "expr/concat of null": (m) =>
    m.Item.annotate({ n: Concat("name", Value("/"), "state", Cast("price", fields.text())) })
      .orderBy("id")
      .values("id", "n"),
  "expr/division": (m) =>
    m.Book.annotate({ a: F("pages").div(7), b: F("pages").mod(7), c: F("weight").div(2) })
      .orderBy("id")
      .values("id", "a", "b", "c"),
  "expr/negative division": (m) =>
    m.Book.annotate({ a: F("pages").minus(300).div(7), b: F("pages").minus(300).mod(7) })
      .orderBy("id")
      .values("id", "a", "b"),
  "expr/power": (m) =>
    m.Book.filter({ pages__lt: 200 })
      .annotate({ a: F("pages").pow(2) })
      .orderBy("id")
      .values("id", "a"),
  "expr/left of a text": (m) =>
    m.Item.annotate({ n: Left("name", 2) })
      .orderBy("id")
      .values("id", "n"),
  "expr/length of code points": (m) =>
    m.Item.annotate({ n: Length("name"), m: Upper("name"), k: Lower("label") })
      .orderBy("id")
      .values("id", "n", "m", "k"),
};
