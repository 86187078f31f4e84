import type { Deviation } from "./compare.ts";

const CASE =
  "SQLite's LIKE ignores case within ASCII even in contains and startswith; here case counts, as on PostgreSQL";
const FOLD = "SQLite's LIKE folds case within ASCII only; here Unicode's case folding counts, as on PostgreSQL";

const NULLS =
  "null is greater than any value in an order, on both databases, as PostgreSQL has it; on SQLite it is less";
const BEFORE = "an update reads all rows as they were before it; SQLite sets one row after the other";
const MEAN = "a mean of decimals is a floating-point number: most have no exact end";

const LOCAL = "Django forgets the time zone around a moment that was cut off, and takes its local time for one of UTC";

/** Queries that this ORM answers otherwise than Django on SQLite, on purpose: the reason, and the rows. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  "text/contains: case counts": { reason: CASE, rows: [] },
  "text/startswith": { reason: CASE, rows: [{ Book: 1 }] },
  "text/startswith: case counts": { reason: CASE, rows: [{ Book: 6 }] },
  "text/iexact: beyond ASCII": { reason: FOLD, rows: [{ Author: 4 }] },
  "text/icontains beyond ASCII": { reason: FOLD, rows: [{ Publisher: 2 }] },
  "set/difference of values": { reason: NULLS, rows: [{ age: 29 }, { age: 38 }, { age: 41 }, { age: null }] },
  "json/no value": {
    reason: "a column that is compared with null is asked for NULL; JSON's own null stands inside of values only",
    rows: [{ Store: 3 }],
  },
  "annotate/avg of decimals": {
    reason: MEAN,
    rows: [
      { Author: 1, n: 8.375 },
      { Author: 2, n: 10.75 },
      { Author: 3, n: 12.0 },
      { Author: 4, n: -0.835 },
      { Author: 5, n: 0.99 },
      { Author: 6, n: null },
      { Author: 7, n: 100.0 },
      { Author: 8, n: 7.25 },
    ],
  },
  "aggregate/decimals": {
    reason: MEAN,
    rows: { total: { decimal: "156.82" }, mean: 15.682, low: { decimal: "-5" }, high: { decimal: "100" } },
  },
  "update/to what others have": {
    reason: BEFORE,
    rows: [
      8,
      [
        [1, null],
        [2, 41],
        [3, 41],
        [4, 30],
        [5, 30],
        [6, null],
        [7, null],
        [8, 41],
      ],
    ],
  },
  "zone/aggregate": { reason: LOCAL, rows: { a: { dateTime: "2024-03-01T18:30:00.000Z" }, b: 7 } },
};
