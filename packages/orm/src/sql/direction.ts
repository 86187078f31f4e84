import type { OperationNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import type { OrderingNode } from "../expressions/expression.ts";
import type { Compiled, Context, Ordered } from "./context.ts";

/** An expression with its direction, and where null stands where that is not how the database does it anyway. */
export function compileOrder(context: Context, { expression, descending, nulls }: OrderingNode): Ordered {
  const of = context.compilers.expression(context, expression);
  return { of, direction: direction(context, of, { descending, nulls }) };
}

/** The SQL of an order. */
export function orderNode({ of, direction: words }: Ordered): OperationNode {
  return words === "" ? of.node : raw(of.node, words);
}

/** ` desc nulls last`. Without a word null is greater than any value, on every database. */
export function direction(
  { backend }: Context,
  { nullable }: Pick<Compiled, "nullable">,
  { descending, nulls }: Pick<OrderingNode, "descending" | "nulls">,
): string {
  const wanted = nulls ?? (descending ? "first" : "last");
  const given = descending === backend.functions.nullsLast ? "first" : "last";
  const said = nullable && wanted !== given ? ` nulls ${wanted}` : "";
  return (descending ? " desc" : "") + said;
}
