import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Compiled, Context } from "./context.ts";
import { compileOrder, orderNode } from "./direction.ts";
import { nodeKey } from "./nodes.ts";

type Aggregate = Extract<ExpressionNode, { kind: "aggregate" }>;

/** `order by …` inside of an aggregate's call; undefined for none. */
export function compileAggregateOrder(context: Context, node: Aggregate, of: Compiled): OperationNode | undefined {
  const { name, distinct, orderBy = [] } = node;
  if (distinct && !orderedByItself(context, node)) {
    const [what, called] = name === "stringAgg" ? ["texts", "StringAgg"] : ["values", name];
    throw new FieldError(`${called}: equal ${what} that count once can be ordered by themselves alone.`);
  }
  const orders = orderBy.map((each) => compileOrder(context, each));
  // What counts once is ordered by the very same nodes: a database compares them, with their parameters.
  const same = distinct ? orders.slice(0, 1).map((order) => ({ ...order, of })) : orders;
  return same.length === 0 ? undefined : raw("order by ", ...listed(same.map(orderNode)));
}

/** Whether all orders are of the very value; where rows are put together first, columns stand for both. */
function orderedByItself(context: Context, { of, orderBy = [] }: Aggregate): boolean {
  const apart: Context = { ...context, lift: undefined };
  const keyOf = (each: ExpressionNode) => nodeKey(apart.compilers.expression(apart, each).node);
  return orderBy.every(({ expression }) => keyOf(expression) === keyOf(of as ExpressionNode));
}
