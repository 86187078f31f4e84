import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Compiled, Context } from "./context.ts";
import { compileOrder, orderNode } from "./direction.ts";
import { nodeKey } from "./nodes.ts";

/** `order by …` inside of an aggregate's call; undefined for none. */
export function compileAggregateOrder(
  context: Context,
  { name, distinct, orderBy = [] }: Extract<ExpressionNode, { kind: "aggregate" }>,
  of: Compiled,
): OperationNode | undefined {
  const orders = orderBy.map((each) => compileOrder(context, each));
  const key = nodeKey(of.node);
  if (distinct && orders.some((order) => nodeKey(order.of.node) !== key)) {
    const [what, called] = name === "stringAgg" ? ["texts", "StringAgg"] : ["values", name];
    throw new FieldError(`${called}: equal ${what} that count once can be ordered by themselves alone.`);
  }
  return orders.length === 0 ? undefined : raw("order by ", ...listed(orders.map(orderNode)));
}
