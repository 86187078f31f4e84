import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { Expression, ExpressionNode } from "./expression.ts";
import { CONDITION, EXPRESSION } from "./symbols.ts";

/** A path with its value; where the value stands among those of a query whose SQL is kept, of a list each one. */
export type LookupData = readonly [path: string, value: unknown, places?: number | readonly number[] | undefined];

/** A condition as plain data; paths are resolved when a query is compiled. */
export type ConditionNode =
  | { readonly kind: "lookups"; readonly lookups: readonly LookupData[] }
  | { readonly kind: "and" | "or" | "xor"; readonly children: readonly ConditionNode[] }
  | { readonly kind: "not"; readonly child: ConditionNode }
  | { readonly kind: "expression"; readonly expression: ExpressionNode };

/** What `Q(…)` makes: a condition that can be combined. */
export class ConditionBuilder {
  readonly [CONDITION]: ConditionNode;

  constructor(node: ConditionNode) {
    this[CONDITION] = node;
    Object.freeze(this);
  }

  and(other: unknown): ConditionBuilder {
    return this.#combine("and", other);
  }
  or(other: unknown): ConditionBuilder {
    return this.#combine("or", other);
  }
  xor(other: unknown): ConditionBuilder {
    return this.#combine("xor", other);
  }
  not(): ConditionBuilder {
    return new ConditionBuilder({ kind: "not", child: this[CONDITION] });
  }

  #combine(kind: "and" | "or" | "xor", other: unknown): ConditionBuilder {
    const own = this[CONDITION];
    const added = conditionOf(other);
    // Chains of one kind stay flat: a xor b xor c is the parity of three.
    const parts = (node: ConditionNode) => (node.kind === kind ? node.children : [node]);
    const children = [...parts(own), ...parts(added)].filter((child) => !isEmpty(child));
    return new ConditionBuilder(children.length === 1 ? (children[0] as ConditionNode) : { kind, children });
  }
}

function isEmpty(node: ConditionNode): boolean {
  return node.kind === "lookups" && node.lookups.length === 0;
}

/** The data of a `Q`, of an expression that is true or false, or of lookups written as an object. Throws for `undefined` as a value: it is never meant. */
export function conditionOf(given: unknown): ConditionNode {
  if (given instanceof ConditionBuilder) return given[CONDITION];
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new QueryError(
      `A condition is an object of lookups, a Q or an expression such as Exists(…); found ${describeValue(given)}.`,
    );
  }
  if (EXPRESSION in given) return { kind: "expression", expression: (given as Expression)[EXPRESSION] };
  const lookups = Object.entries(given);
  for (const [path, value] of lookups) {
    if (value === undefined) {
      throw new QueryError(
        `The condition on "${path}" is undefined. Leave the key out for no condition, or write null for "is null".`,
      );
    }
  }
  return { kind: "lookups", lookups };
}
