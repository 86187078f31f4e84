import type { GoldenQuery } from "./doors.ts";
import { aggregates } from "./queries/aggregates.ts";
import { conditions } from "./queries/conditions.ts";
import { dates } from "./queries/dates.ts";
import { exclude } from "./queries/exclude.ts";
import { expressions } from "./queries/expressions.ts";
import { functions } from "./queries/functions.ts";
import { joins } from "./queries/joins.ts";
import { json } from "./queries/json.ts";
import { load } from "./queries/load.ts";
import { mixed } from "./queries/mixed.ts";
import { moreExpressions } from "./queries/more-expressions.ts";
import { numbers } from "./queries/numbers.ts";
import { rows } from "./queries/rows.ts";
import { text } from "./queries/text.ts";
import { updates } from "./queries/updates.ts";
import { zones } from "./queries/zones.ts";

/** The queries of scripts/golden/queries.py, in TypeScript, under the same names. */
export const QUERIES: Readonly<Record<string, GoldenQuery>> = {
  ...text,
  ...numbers,
  ...dates,
  ...joins,
  ...exclude,
  ...conditions,
  ...expressions,
  ...functions,
  ...moreExpressions,
  ...json,
  ...aggregates,
  ...rows,
  ...load,
  ...mixed,
  ...updates,
  ...zones,
};
