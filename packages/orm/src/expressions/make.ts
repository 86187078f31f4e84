import { Expression, type ExpressionNode } from "./expression.ts";

/** An expression of the type that is promised: what its value is, only the types know. */
export function make<E>(node: ExpressionNode): E {
  return new Expression(node) as unknown as E;
}
