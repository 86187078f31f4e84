import {
  Cast,
  F,
  fields,
  JSONObject,
  Lower,
  OuterRef,
  Q,
  StdDev,
  StringAgg,
  Subquery,
  Variance,
  Window,
} from "../../../../src/index.ts";
import {
  ArrayAgg,
  BitAnd,
  BitOr,
  BitXor,
  BoolAnd,
  BoolOr,
  Corr,
  CovarPop,
  JSONBAgg,
  RegrAvgX,
  RegrAvgY,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  RegrSXY,
  RegrSYY,
} from "../../../../src/postgres/index.ts";
import type { PostgresQuery } from "../doors.ts";

export const aggregates: Readonly<Record<string, PostgresQuery>> = {
  "arrayAgg/of rows": (m) => m.Author.annotate({ n: ArrayAgg("books__title", { orderBy: "books__title" }) }),
  "arrayAgg/of no rows": (m) =>
    m.Book.none().aggregate({ n: ArrayAgg("title"), m: ArrayAgg("title", { default: [] }) }),
  "arrayAgg/with a default": (m) =>
    m.Author.annotate({
      n: ArrayAgg("books__pages", { filter: { books__pages__gt: 400 }, orderBy: "books__pages", default: [0] }),
    }),
  "arrayAgg/descending": (m) => m.Author.annotate({ n: ArrayAgg("books__pages", { orderBy: "-books__pages" }) }),
  "arrayAgg/by two": (m) =>
    m.Author.annotate({ n: ArrayAgg("books__title", { orderBy: ["books__pages", "-books__id"] }) }),
  "arrayAgg/by an expression, nulls last": (m) =>
    m.Author.annotate({
      n: ArrayAgg("books__id", { orderBy: [F("books__stock").desc({ nulls: "last" }), "books__id"] }),
    }),
  "arrayAgg/each once": (m) => m.Book.aggregate({ n: ArrayAgg("status", { distinct: true }) }),
  "arrayAgg/each once, ordered": (m) =>
    m.Book.aggregate({ n: ArrayAgg("pages", { distinct: true, orderBy: "-pages" }) }),
  "arrayAgg/each once, with null": (m) =>
    m.Book.aggregate({ n: ArrayAgg("stock", { distinct: true, orderBy: "stock" }) }),
  "arrayAgg/filtered": (m) =>
    m.Author.annotate({ n: ArrayAgg("books__title", { filter: { books__pages__gt: 300 }, orderBy: "books__title" }) }),
  "arrayAgg/filtered over many": (m) =>
    m.Author.annotate({
      n: ArrayAgg("books__title", { filter: Q({ books__tags__label: "novel" }), orderBy: "books__title" }),
    }),
  "arrayAgg/of an expression": (m) =>
    m.Author.annotate({ n: ArrayAgg(Lower("books__title"), { orderBy: "books__id" }) }),
  "arrayAgg/of arithmetic": (m) => m.Book.aggregate({ n: ArrayAgg(F("pages").minus(300), { orderBy: "id" }) }),
  "arrayAgg/of decimals": (m) => m.Book.aggregate({ n: ArrayAgg("price", { orderBy: "id" }) }),
  "arrayAgg/of dates": (m) => m.Book.aggregate({ n: ArrayAgg("bought", { orderBy: "id" }) }),
  "arrayAgg/of moments": (m) => m.Review.aggregate({ n: ArrayAgg("written", { orderBy: "id" }) }),
  "arrayAgg/of truths": (m) => m.Item.aggregate({ n: ArrayAgg("good", { orderBy: "id" }) }),
  "arrayAgg/of keys over many": (m) => m.Book.annotate({ n: ArrayAgg("tags", { orderBy: "tags" }) }),
  "arrayAgg/by group": (m) =>
    m.Book.values("status")
      .annotate({ n: ArrayAgg("title", { orderBy: "title" }) })
      .orderBy("status"),
  "arrayAgg/then contains": (m) => m.Author.annotate({ n: ArrayAgg("books__title") }).filter({ n__contains: ["Emma"] }),
  "arrayAgg/then len": (m) => m.Author.annotate({ n: ArrayAgg("books__pages") }).filter({ n__len: 2 }),
  "arrayAgg/then an index": (m) =>
    m.Author.annotate({ n: ArrayAgg("books__pages", { orderBy: "books__pages" }) }).filter({ n__0__gt: 100 }),
  "arrayAgg/exclude overlap": (m) =>
    m.Author.annotate({ n: ArrayAgg("books__pages") }).exclude({ n__overlap: [416, 249] }),
  "arrayAgg/in a subquery": (m) =>
    m.Author.annotate({
      n: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .orderBy()
          .values("author")
          .annotate({ n: ArrayAgg("pages", { orderBy: "pages" }) })
          .values("n"),
      ),
    }),
  "arrayAgg/as a window": (m) =>
    m.Book.annotate({ n: Window(ArrayAgg("pages"), { partitionBy: "author", orderBy: "id" }) }),
  "jsonbAgg/of texts": (m) => m.Author.annotate({ n: JSONBAgg("books__title", { orderBy: "books__title" }) }),
  "jsonbAgg/of numbers, each once": (m) =>
    m.Book.aggregate({ n: JSONBAgg("pages", { distinct: true, orderBy: "pages" }) }),
  "jsonbAgg/filtered": (m) =>
    m.Author.annotate({ n: JSONBAgg("books__pages", { filter: { books__pages__gt: 300 }, orderBy: "books__pages" }) }),
  "jsonbAgg/of truths": (m) => m.Item.aggregate({ n: JSONBAgg("good", { orderBy: "id" }) }),
  "jsonbAgg/of objects": (m) =>
    m.Author.annotate({
      n: JSONBAgg(JSONObject({ title: "books__title", pages: "books__pages" }), { orderBy: "books__id" }),
    }),
  "jsonbAgg/of JSON": (m) => m.Item.aggregate({ n: JSONBAgg("prefs", { orderBy: "id" }) }),
  "jsonbAgg/of no rows": (m) => m.Book.none().aggregate({ n: JSONBAgg("title") }),
  "jsonbAgg/of decimals": (m) =>
    m.Book.aggregate({ n: JSONBAgg("price", { orderBy: "id", filter: { price__gt: "9" } }) }),
  "stringAgg/ordered": (m) => m.Author.annotate({ n: StringAgg("books__title", ", ", { orderBy: "books__title" }) }),
  "stringAgg/descending": (m) =>
    m.Author.annotate({ n: StringAgg("books__title", " | ", { orderBy: "-books__title" }) }),
  "stringAgg/by another column": (m) =>
    m.Author.annotate({ n: StringAgg("books__title", ", ", { orderBy: "-books__pages" }) }),
  "stringAgg/each once": (m) =>
    m.Book.aggregate({ n: StringAgg("status", "; ", { distinct: true, orderBy: "status" }) }),
  "stringAgg/filtered": (m) =>
    m.Author.annotate({
      n: StringAgg("books__title", "", { filter: { books__stock__isnull: false }, orderBy: "books__id" }),
    }),
  "stringAgg/with a default": (m) =>
    m.Author.annotate({ n: StringAgg("books__title", ",", { orderBy: "books__id", default: "nothing" }) }),
  "stringAgg/by group": (m) =>
    m.Book.values("status")
      .annotate({ n: StringAgg("title", "+", { orderBy: "title" }) })
      .orderBy("status"),
  "stringAgg/of a function": (m) => m.Book.aggregate({ n: StringAgg(Lower("title"), ",", { orderBy: "id" }) }),
  "stringAgg/of numbers as texts": (m) =>
    m.Book.aggregate({ n: StringAgg(Cast("pages", fields.text()), ",", { orderBy: "id" }) }),
  "stringAgg/a hostile delimiter": (m) => m.Tag.aggregate({ n: StringAgg("label", "'); --", { orderBy: "id" }) }),
  "bits/of all": (m) => m.Item.aggregate({ a: BitAnd("flags"), o: BitOr("flags"), x: BitXor("flags") }),
  "bits/filtered": (m) =>
    m.Item.aggregate({
      a: BitAnd("flags", { filter: { good: true } }),
      o: BitOr("flags", { filter: { good: true } }),
      x: BitXor("flags", { filter: { good: true } }),
    }),
  "bits/by group": (m) =>
    m.Item.values("good")
      .annotate({ a: BitAnd("flags"), o: BitOr("flags"), e: BitXor("flags") })
      .orderBy("good"),
  "bits/of no rows": (m) => m.Item.none().aggregate({ a: BitAnd("flags"), o: BitOr("flags", { default: 0 }) }),
  "truths/of all": (m) => m.Item.aggregate({ a: BoolAnd("good"), o: BoolOr("good") }),
  "truths/filtered": (m) =>
    m.Item.aggregate({
      a: BoolAnd("good", { filter: { flags__gt: 3 } }),
      o: BoolOr("good", { filter: { flags__lt: 0 } }),
    }),
  "truths/of a condition": (m) =>
    m.Author.annotate({ a: BoolAnd(Q({ books__pages__gt: 100 })), o: BoolOr(Q({ books__pages__gt: 400 })) }),
  "truths/with a default": (m) => m.Author.annotate({ a: BoolAnd("books__translated", { default: false }) }),
  "truths/then a filter": (m) => m.Author.annotate({ a: BoolOr("books__translated") }).filter({ a: true }),
  "pairs/all of them": (m) =>
    m.Item.aggregate({
      a: Corr("y", "x"),
      b: CovarPop("y", "x"),
      c: CovarPop("y", "x", { sample: true }),
      d: RegrAvgX("y", "x"),
      e: RegrAvgY("y", "x"),
      f: RegrCount("y", "x"),
      g: RegrIntercept("y", "x"),
      h: RegrR2("y", "x"),
      i: RegrSlope("y", "x"),
      j: RegrSXX("y", "x"),
      k: RegrSXY("y", "x"),
      l: RegrSYY("y", "x"),
    }),
  "pairs/filtered": (m) =>
    m.Item.aggregate({
      a: RegrSlope("y", "x", { filter: { x__gt: 1 } }),
      b: RegrCount("y", "x", { filter: { good: true } }),
    }),
  "pairs/of whole numbers": (m) =>
    m.Book.aggregate({ a: Corr("stock", "pages"), b: RegrSlope("stock", "pages"), n: RegrCount("stock", "pages") }),
  "pairs/by group": (m) =>
    m.Item.values("state")
      .annotate({ a: RegrCount("y", "x"), b: RegrAvgX("y", "x") })
      .orderBy("state"),
  "pairs/of one row": (m) =>
    m.Item.filter({ id: 1 }).aggregate({
      a: Corr("y", "x"),
      b: RegrSlope("y", "x"),
      c: CovarPop("y", "x", { sample: true }),
    }),
  "pairs/with a default": (m) => m.Item.none().aggregate({ a: Corr("y", "x", { default: 0 }), b: RegrCount("y", "x") }),
  "spread/of pages": (m) =>
    m.Book.aggregate({
      a: StdDev("pages"),
      b: StdDev("pages", { sample: true }),
      c: Variance("pages"),
      d: Variance("pages", { sample: true }),
    }),
  "spread/by group": (m) =>
    m.Book.values("status")
      .annotate({ a: StdDev("pages"), b: Variance("weight") })
      .orderBy("status"),
};
