import type { Deviation } from "../compare.ts";

/** Queries that this ORM answers otherwise than Django on PostgreSQL, on purpose: the reason, and the rows. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  "jsonbAgg/of decimals": {
    reason: "decimals are exact: they are texts in JSON, whose numbers are not",
    rows: { n: [{ decimal: "9.5" }, { decimal: "12" }, { decimal: "12" }, { decimal: "100" }, { decimal: "9.5" }] },
  },
  "search/rank of a path": {
    reason: "a path to a vector is that vector with its weights; Django makes a vector of its text unless it is F(…)",
    rows: [1, 2, 3, 4, 5, 6, 7].map((id) => ({ id, r: id <= 2 ? 0.24317084 : 0 })),
  },
  "json/a number lte": {
    reason:
      "numbers in JSON are compared with numbers; in PostgreSQL's own order of JSON any text is less than any number",
    rows: [{ Item: 1 }],
  },
};
