import { EXPRESSION } from "../expressions/symbols.ts";

/** Whether a value is an expression, which the database computes. */
export function isExpression(value: unknown): value is { readonly [EXPRESSION]: unknown } {
  return typeof value === "object" && value !== null && EXPRESSION in value;
}

/** An expression as a migration can write it: no undefined, no classes. */
export function expressionData(node: unknown): unknown {
  if (isExpression(node)) return expressionData(node[EXPRESSION]);
  if (Array.isArray(node)) return node.map(expressionData);
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const entries = Object.entries(node).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, expressionData(value)]));
}
