import { Count, F, JSONObject } from "../../../../src/index.ts";
import type { PostgresQuery } from "../doors.ts";

/** Of the column `prefs` of items. */
export const json: Readonly<Record<string, PostgresQuery>> = {
  "json/hasKey": (m) => m.Item.filter({ prefs__hasKey: "theme" }),
  "json/hasKey whose value is null": (m) => m.Item.filter({ prefs__hasKey: "theme", prefs__theme: null }),
  "json/hasKeys": (m) => m.Item.filter({ prefs__hasKeys: ["theme", "size"] }),
  "json/hasAnyKeys": (m) => m.Item.filter({ prefs__hasAnyKeys: ["tags", "owner"] }),
  "json/hasKey of a key": (m) => m.Item.filter({ prefs__owner__hasKey: "age" }),
  "json/hasKey of a list": (m) => m.Item.filter({ prefs__hasKey: "two" }),
  "json/contains": (m) => m.Item.filter({ prefs__contains: { theme: "dark" } }),
  "json/contains two": (m) => m.Item.filter({ prefs__contains: { theme: "dark", size: 12 } }),
  "json/contains nothing": (m) => m.Item.filter({ prefs__contains: {} }),
  "json/contains inside": (m) => m.Item.filter({ prefs__contains: { owner: { name: "Ann" } } }),
  "json/contains an element": (m) => m.Item.filter({ prefs__contains: [1] }),
  "json/contains an element of a key": (m) => m.Item.filter({ prefs__tags__contains: "a" }),
  "json/contains elements of a key": (m) => m.Item.filter({ prefs__tags__contains: ["b", "a"] }),
  "json/contains null": (m) => m.Item.filter({ prefs__contains: { theme: null } }),
  "json/exclude contains": (m) => m.Item.exclude({ prefs__contains: { theme: "dark" } }),
  "json/containedBy": (m) =>
    m.Item.filter({ prefs__containedBy: { theme: "dark", size: 12, tags: ["a", "b", "c"], x: 1 } }),
  "json/containedBy nothing": (m) => m.Item.filter({ prefs__containedBy: {} }),
  "json/a key": (m) => m.Item.filter({ prefs__theme: "dark" }),
  "json/a number": (m) => m.Item.filter({ prefs__size: 12 }),
  "json/a number in a text": (m) => m.Item.filter({ prefs__size: "12" }),
  "json/a number gt": (m) => m.Item.filter({ prefs__size__gt: 11 }),
  "json/a number lte": (m) => m.Item.filter({ prefs__size__lte: 12 }),
  "json/null of a key": (m) => m.Item.filter({ prefs__theme: null }),
  "json/isnull of a key": (m) => m.Item.filter({ prefs__theme__isnull: true }),
  "json/an index": (m) => m.Item.filter({ prefs__0: 1 }),
  "json/a key of an index": (m) => m.Item.filter({ prefs__2__three: 3 }),
  "json/an index of a key": (m) => m.Item.filter({ prefs__tags__1: "b" }),
  "json/exact object": (m) => m.Item.filter({ prefs: { size: 12, theme: "dark", tags: ["a", "b"] } }),
  "json/exact of nothing": (m) => m.Item.filter({ prefs: {} }),
  "json/in": (m) => m.Item.filter({ prefs__theme__in: ["dark", "other"] }),
  "json/text lookups of a key": (m) => m.Item.filter({ prefs__owner__name__iendswith: "N" }),
  "json/regex of a key": (m) => m.Item.filter({ prefs__theme__regex: "^d.rk$" }),
  "json/exclude a key": (m) => m.Item.exclude({ prefs__theme: "dark" }),
  "json/values of paths": (m) =>
    m.Item.orderBy("id").values("id", "prefs__theme", "prefs__owner__name", "prefs__tags__0", "prefs__size"),
  "json/order by a key": (m) => m.Item.orderBy(F("prefs__owner__name").asc({ nulls: "last" }), "id"),
  "json/group by a key": (m) =>
    m.Item.values("prefs__theme")
      .annotate({ n: Count("id") })
      .orderBy("-n", "prefs__theme"),
  "json/max of a key": (m) => m.Item.aggregate({ n: Count("prefs__size"), m: Count("prefs__owner__age") }),
  "json/object": (m) =>
    m.Item.orderBy("id")
      .annotate({ n: JSONObject({ name: "name", good: "good", owner: "prefs__owner", list: F("prefs__tags") }) })
      .values("id", "n"),
};
