import { customTransform, LEFT } from "../lookups/custom.ts";
import type { Compiled, Context } from "./context.ts";
import { compileSql } from "./sql-fragment.ts";

/** What a transform of one's own makes of a value; undefined where there is none of this name. */
export function applyCustomTransform(context: Context, of: Compiled, name: string): Compiled | undefined {
  const custom = customTransform(of.output.valueField.storage, name);
  if (custom === undefined) return undefined;
  const { pieces, args } = custom.sql(LEFT);
  const inner = { ...context, args: [of] };
  const compiled = compileSql(inner, { kind: "sql", pieces, args, output: custom.output.deconstruct() });
  return { ...of, node: compiled.node, output: compiled.output };
}
