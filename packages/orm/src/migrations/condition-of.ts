import { ModelError } from "../exceptions.ts";
import { type ConditionNode, conditionOf } from "../expressions/condition.ts";
import type { ConditionState } from "./condition-state.ts";

/** A model's condition, made with `q(…)` or as its plain data, as a migration writes it. */
export function conditionStateOf(condition: unknown): ConditionState {
  return stateOf(isNode(condition) ? condition : conditionOf(condition));
}

function isNode(value: unknown): value is ConditionNode {
  const { kind, ...rest } = value as { kind?: unknown };
  const [content] = ["lookups", "children", "child"].filter((key) => key in rest);
  return typeof kind === "string" && content !== undefined && typeof rest[content as keyof typeof rest] === "object";
}

function stateOf(node: ConditionNode): ConditionState {
  switch (node.kind) {
    case "lookups": {
      const paths = node.lookups.map(([path]) => path);
      if (new Set(paths).size === paths.length) return Object.fromEntries(node.lookups);
      return { $and: node.lookups.map(([path, value]) => ({ [path]: value })) };
    }
    case "not":
      return { $not: stateOf(node.child) };
    case "expression":
      throw new ModelError(
        "A condition in a model's meta compares its own fields with values; expressions have no place there.",
      );
    default:
      return { [`$${node.kind}`]: node.children.map(stateOf) };
  }
}
