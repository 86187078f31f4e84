import { Count, F, Q } from "../../../src/index.ts";
import type { GoldenQuery } from "../doors.ts";

/** Of the column `extra` of stores, whose JSON is of any form. */
export const json: Readonly<Record<string, GoldenQuery>> = {
  "json/a key": (m) => m.Store.filter({ extra__size: 12 }),
  "json/a key of a key": (m) => m.Store.filter({ extra__owner__name: "Ann" }),
  "json/a place in a list": (m) => m.Store.filter({ extra__tags__0: "old" }),
  "json/a boolean": (m) => m.Store.filter({ extra__open: true }),
  "json/a list": (m) => m.Store.filter({ extra__tags: ["old", "small"] }),
  "json/an object": (m) => m.Store.filter({ extra__owner: { name: "Ann" } }),
  "json/null": (m) => m.Store.filter({ extra__owner: null }),
  "json/no value": (m) => m.Store.filter({ extra: null }),
  "json/isnull": (m) => m.Store.filter({ extra__open__isnull: true }),
  "json/is not null": (m) => m.Store.filter({ extra__owner__isnull: false }),
  "json/in": (m) => m.Store.filter({ extra__size__in: [40, "any"] }),
  "json/text": (m) => m.Store.filter({ extra__owner__name__istartswith: "a" }),
  "json/hasKey": (m) => m.Store.filter({ extra__hasKey: "open" }),
  "json/hasKeys": (m) => m.Store.filter({ extra__hasKeys: ["size", "tags"] }),
  "json/hasAnyKeys": (m) => m.Store.filter({ extra__hasAnyKeys: ["tags", "other"] }),
  "json/hasKey of a key": (m) => m.Store.filter({ extra__owner__hasKey: "age" }),
  "json/exclude hasKey": (m) => m.Store.exclude({ extra__hasKey: "open" }),
  "json/exclude a key": (m) => m.Store.exclude({ extra__size: 12 }),
  "json/exclude a key that some have not": (m) => m.Store.exclude({ extra__open: true }),
  "json/not a key": (m) => m.Store.filter(Q({ extra__owner__name: "Ann" }).not()),
  "json/values": (m) => m.Store.orderBy("id").values("id", "extra__owner__name"),
  "json/as a value": (m) => m.Store.orderBy("id").valuesList("extra__tags", { flat: true }),
  "json/count": (m) => m.Store.aggregate({ n: Count("extra"), m: Count("extra__tags") }),
  "json/in an expression": (m) =>
    m.Store.annotate({ n: F("extra__owner__name") })
      .orderBy("id")
      .values("id", "n"),
  "json/over a relation": (m) => m.Book.filter({ stores__extra__size: 12 }),
};
