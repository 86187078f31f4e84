import {
  Count,
  ExtractDay,
  ExtractHour,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  Max,
  OuterRef,
  Q,
  Subquery,
  Sum,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncTime,
  TruncWeek,
  TruncYear,
} from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

const prague = { timeZone: "Europe/Prague" };
const kolkata = { timeZone: "Asia/Kolkata" };
const newYork = { timeZone: "America/New_York" };

/** The queries of scripts/golden/zones.py. */
export const zones: Readonly<Record<string, GoldenQuery>> = {
  "zone/parts of a date": (m) =>
    m.Review.annotate({
      a: ExtractYear("written", newYork),
      b: ExtractIsoYear("written", newYork),
      c: ExtractQuarter("written", prague),
      d: ExtractMonth("written", prague),
      e: ExtractWeek("written", newYork),
      f: ExtractDay("written", kolkata),
      g: ExtractWeekDay("written", prague),
    }),
  "zone/parts of a time": (m) =>
    m.Review.annotate({
      a: ExtractHour("written", prague),
      b: ExtractHour("written", newYork),
      c: ExtractMinute("written", kolkata),
    }),
  "zone/beginnings": (m) =>
    m.Review.annotate({
      a: TruncYear("written", newYork),
      b: TruncQuarter("written", prague),
      c: TruncMonth("written", prague),
      d: TruncWeek("written", newYork),
      e: TruncDay("written", kolkata),
      f: TruncHour("written", kolkata),
      g: TruncMinute("written", prague),
    }),
  "zone/dates and times": (m) =>
    m.Review.annotate({
      a: TruncDate("written", prague),
      b: TruncTime("written", kolkata),
      c: TruncDate("written", newYork),
    }),
  "zone/of null": (m) =>
    m.Book.annotate({ a: TruncDay("published", kolkata) })
      .filter({ published: null })
      .values("id", "a"),
  "zone/filter by an hour": (m) => m.Review.annotate({ n: ExtractHour("written", prague) }).filter({ n__lt: 9 }),
  "zone/exclude a day": (m) => m.Review.annotate({ n: TruncDate("written", prague) }).exclude({ n: "2022-07-01" }),
  "zone/order by an hour": (m) => m.Review.orderBy(ExtractHour("written", newYork).desc(), "id"),
  "zone/group by a month": (m) =>
    m.Review.annotate({ n: TruncMonth("written", prague) })
      .values("n")
      .annotate({ m: Count("id"), p: Sum("stars") })
      .orderBy("n"),
  "zone/group by two zones": (m) =>
    m.Review.annotate({ n: TruncDate("written", prague), m: TruncDate("written", newYork) })
      .values("n", "m")
      .annotate({ p: Count("id") })
      .orderBy("n", "m"),
  "zone/aggregate": (m) =>
    m.Review.aggregate({ a: Max(TruncDay("written", kolkata)), b: Count("id", { filter: Q({ stars__gt: 2 }) }) }),
  "zone/over a relation": (m) => m.Book.annotate({ n: Max(TruncDate("reviews__written", prague)) }).values("id", "n"),
  "zone/in a subquery": (m) =>
    m.Book.annotate({
      n: Subquery(
        m.Review.filter({ book: OuterRef("pk") })
          .orderBy("-written")
          .annotate({ d: TruncDate("written", kolkata) })
          .values("d")
          .slice(0, 1),
      ),
    }).values("id", "n"),
  "zone/datetimes": (m) => m.Review.datetimes("written", "day", prague),
  "zone/datetimes, descending": (m) => m.Review.datetimes("written", "month", { order: "desc", ...newYork }),
};
