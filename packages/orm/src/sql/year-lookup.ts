import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode } from "kysely";
import { FieldValueError } from "../exceptions.ts";
import { bound, OTHER_SQL } from "./bound.ts";
import type { Clause, Compiled, Context } from "./context.ts";
import { type Lookup, placeOf } from "./lookup.ts";
import { binary, join } from "./nodes.ts";

/** A year as the days that it has, so that an index on the column can be used; undefined for other lookups. */
export function compileYearLookup({ backend }: Context, lookup: Lookup, of: Compiled): Clause | undefined {
  const { name, value, path } = lookup;
  if (!["exact", "gt", "gte", "lt", "lte"].includes(name)) return undefined;
  if (!hasNext(path, value)) return undefined;
  const { output, node } = of;
  const start = (later: 0 | 1): OperationNode =>
    bound(placeOf(lookup), value, (year) => {
      if (!hasNext(path, year)) return OTHER_SQL;
      const day = `${String(year + later).padStart(4, "0")}-01-01`;
      const first = output.valueField.storage === "date" ? day : new Date(`${day}T00:00:00Z`);
      return output.toDatabase(first, backend);
    });
  switch (name) {
    case "exact":
      return join("and", [binary(node, ">=", start(0)), binary(node, "<", start(1))]);
    case "gt":
      return binary(node, ">=", start(1));
    case "gte":
      return binary(node, ">=", start(0));
    case "lt":
      return binary(node, "<", start(0));
    default:
      return binary(node, "<", start(1));
  }
}

/** Whether a year and the one after it are years of a date. */
function hasNext(path: string, value: unknown): value is number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new FieldValueError(`"${path}" is compared with a whole number; found ${describeValue(value)}.`);
  }
  return value >= 1 && value <= 9998;
}
