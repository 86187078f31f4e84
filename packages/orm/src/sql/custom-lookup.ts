import { customLookup, LEFT, RIGHT } from "../lookups/custom.ts";
import { boundValue } from "./bound.ts";
import { type Clause, type Compiled, type Context, NO_USES } from "./context.ts";
import { type Lookup, placeOf, plainValue } from "./lookup.ts";
import { compileSql } from "./sql-fragment.ts";

const CONDITION = { kind: "boolean", options: {} } as const;

/** The SQL of a lookup of one's own; undefined where it is none. */
export function compileCustomLookup(context: Context, lookup: Lookup, right?: Compiled): Clause | undefined {
  const { left, name, value } = lookup;
  const custom = customLookup(left.output.valueField.storage, name);
  if (custom === undefined) return undefined;
  const output = (custom.right as Compiled["output"] | undefined) ?? left.output;
  const encode = (each: unknown) => output.toDatabase(plainValue(lookup, each), context.backend);
  const given = right ?? {
    ...NO_USES,
    node: context.backend.functions.typed(boundValue(placeOf(lookup), value, encode), output.valueField),
    output,
    nullable: false,
  };
  const { pieces, args } = custom.sql(LEFT, RIGHT);
  return compileSql({ ...context, args: [left, given] }, { kind: "sql", pieces, args, output: CONDITION }).node;
}
