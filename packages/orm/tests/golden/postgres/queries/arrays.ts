import { Count, F, Max, Min, OuterRef, Q, Subquery } from "../../../../src/index.ts";
import type { PostgresQuery } from "../doors.ts";

export const arrays: Readonly<Record<string, PostgresQuery>> = {
  "array/rows": (m) => m.Post.orderBy("id").values("id", "tags", "scores", "board", "days", "prices"),
  "array/exact": (m) => m.Post.filter({ tags: ["classic", "irony"] }),
  "array/exact: the order counts": (m) => m.Post.filter({ tags: ["irony", "classic"] }),
  "array/exact of nothing": (m) => m.Post.filter({ tags: [] }),
  "array/null": (m) => m.Post.filter({ scores: null }),
  "array/is not null": (m) => m.Post.filter({ scores__isnull: false }),
  "array/contains": (m) => m.Post.filter({ tags__contains: ["classic"] }),
  "array/contains two": (m) => m.Post.filter({ tags__contains: ["irony", "classic"] }),
  "array/contains nothing": (m) => m.Post.filter({ tags__contains: [] }),
  "array/contains: case counts": (m) => m.Post.filter({ tags__contains: ["Classic"] }),
  "array/contains hostile texts": (m) => m.Post.filter({ tags__contains: ["it's", 'a "b"', "{e}"] }),
  "array/contains the text NULL": (m) => m.Post.filter({ tags__contains: ["NULL"] }),
  "array/containedBy": (m) => m.Post.filter({ tags__containedBy: ["classic", "irony", "other"] }),
  "array/containedBy nothing": (m) => m.Post.filter({ tags__containedBy: [] }),
  "array/containedBy, numbers": (m) => m.Post.filter({ scores__containedBy: [1, 2, 3, 4] }),
  "array/overlap": (m) => m.Post.filter({ tags__overlap: ["long", "irony"] }),
  "array/overlap nothing": (m) => m.Post.filter({ tags__overlap: [] }),
  "array/overlap, numbers": (m) => m.Post.filter({ scores__overlap: [2, 99] }),
  "array/overlap a query set": (m) =>
    m.Post.filter({ tags__overlap: Subquery(m.Post.filter({ name: "dune" }).values("tags")) }),
  "array/len": (m) => m.Post.filter({ tags__len: 2 }),
  "array/len 0": (m) => m.Post.filter({ tags__len: 0 }),
  "array/len gt": (m) => m.Post.filter({ tags__len__gt: 2 }),
  "array/len of null": (m) => m.Post.filter({ scores__len__isnull: true }),
  "array/len of lists": (m) => m.Post.filter({ board__len: 2 }),
  "array/index 0": (m) => m.Post.filter({ tags__0: "classic" }),
  "array/index 1, icontains": (m) => m.Post.filter({ tags__1__icontains: "IRO" }),
  "array/index beyond the end": (m) => m.Post.filter({ tags__9: "x" }),
  "array/index isnull": (m) => m.Post.filter({ tags__1__isnull: true }),
  "array/index gt": (m) => m.Post.filter({ scores__0__gt: 1 }),
  "array/index in": (m) => m.Post.filter({ scores__0__in: [2, 3] }),
  "array/index of an index": (m) => m.Post.filter({ board__1__0: 3 }),
  "array/index of a date, its year": (m) => m.Post.filter({ days__1__year: 2025 }),
  "array/index of a decimal": (m) => m.Post.filter({ prices__0__lt: "2" }),
  "array/exclude an index": (m) => m.Post.exclude({ tags__0: "classic" }),
  "array/slice": (m) => m.Post.filter({ tags__0_2: ["desert", "classic"] }),
  "array/slice contains": (m) => m.Post.filter({ tags__1_3__contains: ["long"] }),
  "array/slice overlap": (m) => m.Post.filter({ scores__0_1__overlap: [1] }),
  "array/slice beyond the end": (m) => m.Post.filter({ tags__7_9: [] }),
  "array/slice len": (m) => m.Post.filter({ scores__0_2__len: 2 }),
  "array/in": (m) => m.Post.filter({ tags__in: [["classic", "irony"], []] }),
  "array/gt": (m) => m.Post.filter({ scores__gt: [1, 2] }),
  "array/lte": (m) => m.Post.filter({ scores__lte: [1, 2] }),
  "array/range": (m) => m.Post.filter({ scores__range: [[], [2]] }),
  "array/exclude contains": (m) => m.Post.exclude({ tags__contains: ["classic"] }),
  "array/exclude contains of null": (m) => m.Post.exclude({ scores__contains: [1] }),
  "array/exclude len of null": (m) => m.Post.exclude({ scores__len: 3 }),
  "array/not overlap of null": (m) => m.Post.filter(Q({ scores__overlap: [1] }).not()),
  "array/or": (m) => m.Post.filter(Q({ tags__contains: ["long"] }).or({ scores__len: 1 })),
  "array/over a relation": (m) => m.Poet.filter({ posts__tags__contains: ["irony"] }),
  "array/over a relation, exclude": (m) => m.Poet.exclude({ posts__tags__contains: ["irony"] }),
  "array/dates": (m) => m.Post.filter({ days__contains: ["2026-11-21"] }),
  "array/decimals": (m) => m.Post.filter({ prices__contains: ["1.5"] }),
  "array/lists in lists": (m) =>
    m.Post.filter({
      board: [
        [1, 2],
        [3, 4],
      ],
    }),
  "array/lists in lists contain": (m) => m.Post.filter({ board__contains: [[1]] }),
  "array/values of an index": (m) => m.Post.orderBy("id").values("id", "tags__0", "scores__1"),
  "array/values of a slice": (m) => m.Post.orderBy("id").valuesList("tags__0_2", { flat: true }),
  "array/values of len": (m) => m.Post.orderBy("id").values("id", "tags__len", "scores__len"),
  "array/order by len": (m) => m.Post.orderBy("-tags__len", "id"),
  "array/order by an index": (m) => m.Post.orderBy("tags__0", "id"),
  "array/order by the array": (m) => m.Post.orderBy("scores", "id"),
  "array/group by len": (m) =>
    m.Post.values("tags__len")
      .annotate({ n: Count("id") })
      .orderBy("tags__len"),
  "array/group by the array": (m) =>
    m.Post.values("tags")
      .annotate({ n: Count("id") })
      .orderBy("tags"),
  "array/compared with itself": (m) => m.Post.filter({ tags__contains: F("tags") }).count(),
  "array/an element compared with a column": (m) => m.Post.filter({ name__lt: F("tags__0") }),
  "array/F of an index": (m) =>
    m.Post.annotate({ n: F("scores__0").plus(10) })
      .orderBy("id")
      .values("id", "n"),
  "array/distinct": (m) => m.Post.orderBy("tags").valuesList("tags", { flat: true }).distinct(),
  "array/max": (m) => m.Post.aggregate({ n: Max("scores"), m: Min("tags__len") }),
  "array/in a subquery": (m) =>
    m.Poet.annotate({
      n: Subquery(
        m.Post.filter({ author: OuterRef("pk") })
          .orderBy("id")
          .values("tags")
          .slice(0, 1),
      ),
    }),
};
