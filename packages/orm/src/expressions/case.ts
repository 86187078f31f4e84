import { QueryError } from "../exceptions.ts";
import { type ConditionNode, conditionOf } from "./condition.ts";
import { type ExpressionNode, operand } from "./expression.ts";
import type { Expression, PathsIn } from "./expression.types.ts";
import { make } from "./make.ts";
import type { AnyWhen, ConditionOf, LiteralIn, THEN, THEN_PATHS, WHEN, WhenType } from "./source.types.ts";

class Branch {
  readonly condition: ConditionNode;
  readonly value: ExpressionNode;

  constructor(condition: unknown, value: unknown) {
    this.condition = conditionOf(condition);
    this.value = operand(value);
    Object.freeze(this);
  }
}

/**
 * A branch of `Case`: what the value is where a condition is met.
 * @example
 * Case(When({ pages__gt: 300 }, "long"), When(Q({ pages: 0 }), F("title")), { default: "short" })
 */
export function When<const W extends object, const V>(
  condition: ConditionOf<W>,
  then: V,
): WhenType<W, LiteralIn<V>, PathsIn<V>> {
  return new Branch(condition, then) as unknown as WhenType<W, LiteralIn<V>, PathsIn<V>>;
}

type Then<T extends readonly AnyWhen[]> = T[number][typeof THEN];
type Paths<T extends readonly AnyWhen[]> = T[number][typeof THEN_PATHS];
type Conditions<T extends readonly AnyWhen[]> = T[number][typeof WHEN];

/**
 * The value of the first branch whose condition is met; else the default, or null.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/conditional-expressions/
 * @example
 * Book.objects.annotate({ size: Case(When({ pages__gt: 300 }, "long"), { default: "short" }) });
 */
export function Case<const T extends readonly AnyWhen[]>(
  ...branches: T
): Expression<Then<T> | null, Paths<T>, Conditions<T>>;
export function Case<const T extends readonly AnyWhen[], const D>(
  ...branches: [...T, { readonly default: D }]
): Expression<Then<T> | LiteralIn<D>, Paths<T> | PathsIn<D>, Conditions<T>>;
export function Case(...given: readonly unknown[]): unknown {
  const last = given.at(-1);
  const options = given.length > 0 && !(last instanceof Branch) ? (last as { readonly default?: unknown }) : undefined;
  const whens = options === undefined ? given : given.slice(0, -1);
  for (const when of whens) {
    if (!(when instanceof Branch)) throw new QueryError("Case takes branches, When(…), and then { default }.");
  }
  return make({
    kind: "case",
    // biome-ignore lint/suspicious/noThenProperty: a part of a node, which nothing awaits
    whens: (whens as readonly Branch[]).map(({ condition, value }) => ({ condition, then: value })),
    otherwise: options?.default === undefined ? undefined : operand(options.default),
  });
}
