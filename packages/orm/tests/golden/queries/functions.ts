import {
  ATan,
  Avg,
  Cast,
  Ceil,
  Chr,
  Cos,
  Count,
  CumeDist,
  Degrees,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractQuarter,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  F,
  FilteredRelation,
  FirstValue,
  Floor,
  fields,
  Lag,
  LastValue,
  Lead,
  Left,
  Ln,
  Log,
  LPad,
  MD5,
  Mod,
  NthValue,
  Ntile,
  Ord,
  PercentRank,
  Power,
  Q,
  Repeat,
  Replace,
  Reverse,
  Right,
  Round,
  RowRange,
  RPad,
  SHA256,
  SHA384,
  Sin,
  Sqrt,
  StrIndex,
  Substr,
  Sum,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncWeek,
  TruncYear,
  Window,
} from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

export const functions: Readonly<Record<string, GoldenQuery>> = {
  "fn/left": (m) => m.Tag.annotate({ n: Left("label", 3) }),
  "fn/right": (m) => m.Tag.annotate({ n: Right("label", 3) }),
  "fn/substr": (m) => m.Tag.annotate({ n: Substr("label", 2, 3) }),
  "fn/substr to the end": (m) => m.Tag.annotate({ n: Substr("label", 3) }),
  "fn/lpad": (m) => m.Tag.annotate({ n: LPad("label", 9, "xy") }),
  "fn/rpad": (m) => m.Tag.annotate({ n: RPad("label", 9, "xy") }),
  "fn/repeat": (m) => m.Tag.annotate({ n: Repeat("label", 2) }),
  "fn/replace": (m) => m.Author.annotate({ n: Replace("name", "a", "oo") }),
  "fn/reverse": (m) => m.Author.annotate({ n: Reverse("name") }),
  "fn/strIndex": (m) => m.Author.annotate({ n: StrIndex("name", "a") }),
  "fn/ord and chr": (m) => m.Author.annotate({ n: Ord("name"), c: Chr(F("id").plus(64)) }),
  "fn/hashes": (m) => m.Author.annotate({ a: MD5("name"), b: SHA384("name"), c: SHA256("name") }),
  "fn/round, ceil, floor": (m) =>
    m.Author.annotate({ a: Ceil("rating"), b: Floor("rating"), c: Round("rating"), d: Round("rating", { places: 1 }) }),
  "fn/trigonometry": (m) =>
    m.Author.annotate({ a: Sin("rating"), b: Cos("rating"), c: ATan("rating"), d: Degrees("rating") }),
  "fn/roots and powers": (m) =>
    m.Book.filter({ pages__gt: 0 }).annotate({
      a: Sqrt("pages"),
      b: Ln("pages"),
      c: Log(2, "pages"),
      d: Power("pages", 2),
      e: Mod("pages", 7),
    }),
  "fn/extract": (m) =>
    m.Review.annotate({
      a: ExtractYear("written"),
      b: ExtractQuarter("written"),
      c: ExtractWeek("written"),
      d: ExtractWeekDay("written"),
      e: ExtractIsoWeekDay("written"),
      f: ExtractHour("written"),
    }),
  "fn/trunc": (m) =>
    m.Review.annotate({
      a: TruncYear("written"),
      b: TruncQuarter("written"),
      c: TruncMonth("written"),
      d: TruncWeek("written"),
      e: TruncDay("written"),
      f: TruncHour("written"),
      g: TruncMinute("written"),
    }),
  "fn/trunc in a group": (m) =>
    m.Review.annotate({ month: TruncMonth("written") })
      .values("month")
      .annotate({ n: Count("id") })
      .orderBy("month"),
  "fn/cast to text": (m) => m.Book.annotate({ n: Cast("pages", fields.text()) }),
  "fn/cast to a float": (m) => m.Book.annotate({ n: Cast("pages", fields.float()) }),
  "fn/bits": (m) =>
    m.Book.annotate({
      a: F("pages").bitand(12),
      b: F("pages").bitor(3),
      c: F("pages").bitleftshift(2),
      d: F("pages").bitrightshift(1),
      e: F("pages").bitxor(5),
    }),
  "fn/filter by a function": (m) => m.Author.alias({ n: Left("name", 1) }).filter({ n__in: ["A", "J"] }),
  "window/lag and lead": (m) =>
    m.Book.annotate({
      a: Window(Lag("pages"), { orderBy: "id" }),
      b: Window(Lead("pages", { offset: 2, default: -1 }), { orderBy: "id" }),
    }),
  "window/first, last, nth": (m) =>
    m.Book.annotate({
      a: Window(FirstValue("pages"), { partitionBy: "author", orderBy: "id" }),
      b: Window(LastValue("pages"), { partitionBy: "author", orderBy: "id" }),
      c: Window(NthValue("pages", 2), { partitionBy: "author", orderBy: "id" }),
    }),
  "window/ntile and shares": (m) =>
    m.Book.annotate({
      a: Window(Ntile(3), { orderBy: "id" }),
      b: Window(PercentRank(), { orderBy: "pages" }),
      c: Window(CumeDist(), { orderBy: "pages" }),
    }),
  "window/a frame of rows": (m) =>
    m.Book.annotate({ n: Window(Sum("pages"), { orderBy: "id", frame: RowRange(-1, 0) }) }),
  "window/a frame to the end": (m) =>
    m.Book.annotate({ n: Window(Avg("pages"), { orderBy: "id", frame: RowRange(0) }) }),
  "window/filter by lag": (m) => m.Book.annotate({ n: Window(Lag("pages"), { orderBy: "id" }) }).filter({ n__gt: 300 }),
  "relation/filtered, counted": (m) =>
    m.Author.alias({ x: FilteredRelation("books", { condition: Q({ books__pages__gte: 300 }) }) }).annotate({
      n: Count("x"),
    }),
  "relation/filtered, as a value": (m) =>
    m.Author.alias({ x: FilteredRelation("books", { condition: Q({ books__pages__gte: 300 }) }) })
      .orderBy("name", "x__title")
      .values("name", "x__title"),
  "relation/filtered, in a filter": (m) =>
    m.Author.alias({ x: FilteredRelation("books", { condition: Q({ books__pages__gte: 300 }) }) }).filter({
      x__stock__isnull: false,
    }),
  "relation/filtered, excluded": (m) =>
    m.Author.alias({ x: FilteredRelation("books", { condition: Q({ books__pages__gte: 300 }) }) }).exclude({
      x__pages__lt: 450,
    }),
  "relation/filtered, to one row": (m) =>
    m.Book.alias({ x: FilteredRelation("editor", { condition: Q({ editor__age__gte: 35 }) }) }).values(
      "title",
      "x__name",
    ),
  "dates/months": (m) => m.Book.dates("bought", "month"),
  "dates/years, descending": (m) => m.Book.dates("bought", "year", { order: "desc" }),
  "datetimes/days": (m) => m.Review.datetimes("written", "day"),
};
