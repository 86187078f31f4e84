import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode } from "kysely";
import { FieldValueError } from "../exceptions.ts";
import type { Clause, Compiled, Context } from "./context.ts";
import type { Lookup } from "./lookup.ts";
import { binary, join, parameter } from "./nodes.ts";

/** A year as the days that it has, so that an index on the column can be used; undefined for other lookups. */
export function compileYearLookup(context: Context, { name, value, path }: Lookup, of: Compiled): Clause | undefined {
  if (!["exact", "gt", "gte", "lt", "lte"].includes(name)) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new FieldValueError(`"${path}" is compared with a whole number; found ${describeValue(value)}.`);
  }
  // The next year must be a year, too.
  if (value < 1 || value > 9998) return undefined;
  const { output, node } = of;
  const start = (year: number): OperationNode => {
    const day = `${String(year).padStart(4, "0")}-01-01`;
    const first = output.valueField.storage === "date" ? day : new Date(`${day}T00:00:00Z`);
    return parameter(output.toDatabase(first, context.backend));
  };
  switch (name) {
    case "exact":
      return join("and", [binary(node, ">=", start(value)), binary(node, "<", start(value + 1))]);
    case "gt":
      return binary(node, ">=", start(value + 1));
    case "gte":
      return binary(node, ">=", start(value));
    case "lt":
      return binary(node, "<", start(value));
    default:
      return binary(node, "<", start(value + 1));
  }
}
