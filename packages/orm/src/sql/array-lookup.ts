import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import { expressionOf } from "../expressions/expression.ts";
import { OPERATORS } from "../lookups/names.ts";
import { bound } from "./bound.ts";
import type { Clause, Context } from "./context.ts";
import { type Lookup, listOf, placeOf, rangeOf } from "./lookup.ts";
import { binary, conjunction } from "./nodes.ts";

/** Lookups that are an operator between two arrays. */
const BETWEEN_ARRAYS: Readonly<Record<string, string>> = {
  exact: "=",
  contains: "@>",
  containedBy: "<@",
  overlap: "&&",
  ...OPERATORS,
};

/** A comparison of arrays. The parameters get their type from the array beside them. */
export function compileArrayLookup(context: Context, lookup: Lookup): Clause {
  const { left, name, value } = lookup;
  const { output } = left;
  const encode = (each: unknown) => output.toDatabase(each, context.backend);
  const side = (each: unknown, place?: number): OperationNode => {
    const expression = expressionOf(each);
    return expression === undefined
      ? bound(place, each, encode)
      : context.compilers.expression(context, expression).node;
  };
  if (name === "in") {
    const values = listOf(lookup, value).filter((each) => each !== null);
    return values.length > 0 && raw(left.node, " in (", ...listed(values.map((each) => side(each))), ")");
  }
  if (name === "range") {
    const [from, to] = rangeOf(lookup);
    return conjunction([binary(left.node, ">=", side(from)), binary(left.node, "<=", side(to))]);
  }
  return compareArrays(lookup, side(value, placeOf(lookup)));
}

/** A comparison of arrays whose right side is SQL. */
export function compareArrays({ left, name, path }: Lookup, right: OperationNode): Clause {
  const operator = BETWEEN_ARRAYS[name];
  if (operator !== undefined) return raw(left.node, ` ${operator} `, right);
  throw new FieldError(`"${path}" takes a list, which may hold expressions; it takes no expression alone.`);
}
