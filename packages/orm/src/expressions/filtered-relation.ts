import { QueryError } from "../exceptions.ts";
import type { ROW } from "../query/path.types.ts";
import { type ConditionNode, conditionOf } from "./condition.ts";
import { Expression, type ExpressionNode, expressionOf } from "./expression.ts";
import type { ConditionOf } from "./source.types.ts";
import { QUERY } from "./symbols.ts";

/** Carries the path of a relation; no value has it. */
export declare const RELATION_PATH: unique symbol;
/** Carries the condition on a relation; no value has it. */
export declare const RELATION_CONDITION: unique symbol;

/** A relation whose rows meet a condition. P: its path. W: the condition. */
export interface FilteredRelationType<P extends string, W> {
  readonly [RELATION_PATH]: P;
  readonly [RELATION_CONDITION]: W;
}

/** In the types, a name that stands for the rows of M. */
export interface RelationName<M> {
  readonly relationTo: M;
  readonly [ROW]?: never;
}

/** What `FilteredRelation` makes: plain data under a class that tells it from expressions. */
export class FilteredRelationData {
  readonly path: string;
  readonly condition: ConditionNode;

  constructor(path: string, condition: ConditionNode) {
    this.path = path;
    this.condition = condition;
    Object.freeze(this);
  }
}

/**
 * The rows of a relation that meet a condition, under a name of its own: the condition stands in the join itself, so that
 * rows without any stay. Its lookups name fields behind the relation, by their paths from the model.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#filteredrelation-objects
 * @example
 * Author.objects
 *   .alias({ cheap: FilteredRelation("books", { condition: Q({ books__price__lt: "5" }) }) })
 *   .annotate({ n: Count("cheap") });
 */
export function FilteredRelation<const P extends string, const W extends object>(
  path: P,
  options: { readonly condition: ConditionOf<W> },
): FilteredRelationType<P, W> {
  if (typeof path !== "string" || path === "") throw new QueryError("FilteredRelation takes the path of a relation.");
  const condition = behind(path, conditionOf(options.condition)) as ConditionNode;
  return new FilteredRelationData(path, condition) as unknown as FilteredRelationType<P, W>;
}

/** What is compared with: an expression is seen from the rows of the relation, too. */
function within(path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => within(path, each));
  if (typeof value === "object" && value !== null && QUERY in value) {
    throw new QueryError(`FilteredRelation("${path}"): the condition holds no other query.`);
  }
  const node = expressionOf(value);
  return node === undefined ? value : new Expression(behind(path, node) as ExpressionNode);
}

/** A condition as it is seen from the rows of the relation. */
function behind(path: string, node: unknown): unknown {
  const shorter = (given: string): string => {
    if (given.startsWith(`${path}__`)) return given.slice(path.length + 2);
    throw new QueryError(`FilteredRelation("${path}"): the condition names fields behind it; found "${given}".`);
  };
  if (Array.isArray(node)) return node.map((each) => behind(path, each));
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const { kind } = node as { kind?: unknown };
  if (kind === "subquery" || kind === "exists" || kind === "outer") {
    throw new QueryError(`FilteredRelation("${path}"): the condition holds no other query.`);
  }
  if (kind === "lookups") {
    const { lookups } = node as Extract<ConditionNode, { kind: "lookups" }>;
    return { kind, lookups: lookups.map(([given, value]) => [shorter(given), within(path, value)]) };
  }
  const changed = Object.entries(node).map(([name, value]) => [name, behind(path, value)] as const);
  if (kind === "reference")
    return { ...Object.fromEntries(changed), path: shorter((node as unknown as { path: string }).path) };
  return Object.fromEntries(changed);
}
