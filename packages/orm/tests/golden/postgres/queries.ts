import type { PostgresQuery } from "./doors.ts";
import { aggregates } from "./queries/aggregates.ts";
import { arrays } from "./queries/arrays.ts";
import { expressions } from "./queries/expressions.ts";
import { json } from "./queries/json.ts";
import { rows } from "./queries/rows.ts";
import { search } from "./queries/search.ts";

/** The queries of scripts/golden/postgres.py, in TypeScript, under the same names. */
export const QUERIES: Readonly<Record<string, PostgresQuery>> = {
  ...aggregates,
  ...arrays,
  ...search,
  ...rows,
  ...json,
  ...expressions,
};
