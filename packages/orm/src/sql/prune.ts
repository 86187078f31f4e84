import { SEPARATOR } from "../constants.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import { type ExpressionNode, expressionOf } from "../expressions/expression.ts";
import { QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import { resolvePath } from "./path.ts";
import { isSliced, type Query, type Step } from "./query.ts";

/**
 * A query without the named expressions that change neither which rows there are nor how many: counting need not
 * compute them. Source: `Query.get_aggregation`.
 */
export function withoutUnused(query: Query): Query {
  if (query.combination !== undefined || query.distinct !== undefined || query.values !== undefined) return query;
  if (query.groupBy !== undefined && query.groupBy !== "model") return query;
  const used = new Paths();
  // What is cut out depends on the order.
  for (const item of isSliced(query) ? (query.ordering ?? []) : []) {
    if (typeof item !== "string") namesInExpression(item.expression, used);
    else if (!/^-?\?$/.test(item)) used.add(item.replace(/^-/, ""));
  }
  const kept: Step[] = [];
  for (const step of [...query.steps].reverse()) {
    if (step.kind === "annotation") {
      if (!used.has(step.name) && !multiplies(query, step.expression)) continue;
      namesInExpression(step.expression, used);
    } else namesInCondition(step, used);
    kept.unshift(step);
  }
  // A query inside may name any of them by OuterRef.
  if (used.has(ANY)) return query;
  const grouped = kept.some((step) => step.kind === "annotation" && hasAggregate(step.expression));
  // Of each row that an unused one puts beside these, the aggregates that are left are computed as well.
  if (grouped && query.steps.some((step) => !kept.includes(step) && joinsMany(query, step))) return query;
  // Rows that a condition repeats are one group all the same.
  const repeated = query.groupBy === "model" && [...used.all].some((path) => leadsToMany(query, path));
  return { ...query, steps: kept, groupBy: grouped || repeated ? "model" : undefined };
}

const ANY = "*";

/** What a query names: fields and relations with what is behind them, and named expressions. */
class Paths {
  readonly all = new Set<string>();
  readonly #heads = new Set<string>();

  add(path: string): void {
    this.all.add(path);
    this.#heads.add(path.split(SEPARATOR)[0] as string);
  }
  has(name: string): boolean {
    return this.#heads.has(name);
  }
}

/** Whether a path is to many rows for one. */
function leadsToMany(query: Query, path: string): boolean {
  const names = query.steps.flatMap((step) => (step.kind === "annotation" ? [step.name] : []));
  if (path === ANY || names.includes(path.split(SEPARATOR)[0] as string)) return false;
  const relations = new Map(query.relations?.map(({ name, path: to }) => [name, { path: to, on: () => true }]));
  return resolvePath(optionsOf(query.model), path, [], relations).hops.some((hop) => hop.multiple);
}

/** Whether an expression has an aggregate that is its own, not that of a named one. */
export function hasAggregate(node: ExpressionNode): boolean {
  return node.kind === "aggregate" || (node.kind !== "window" && childrenOf(node).some(hasAggregate));
}

/** Outside of an aggregate, a path to many rows makes one row many. */
function multiplies(query: Query, node: ExpressionNode): boolean {
  if (node.kind === "aggregate") return false;
  if (node.kind === "reference") return leadsToMany(query, node.path);
  if (node.kind === "case" || node.kind === "condition") return true;
  return childrenOf(node).some((child) => multiplies(query, child));
}

/** Whether a step puts many rows beside one, in an aggregate or outside. */
function joinsMany(query: Query, step: Step): boolean {
  return step.kind === "annotation" && [...namesIn(step).all].some((path) => leadsToMany(query, path));
}

/** The expressions that an expression is made of; those of other queries, and of conditions, are not among them. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case "arithmetic":
      return [node.left, node.right];
    case "function":
      return node.args;
    case "aggregate":
      return [node.of, node.second, node.otherwise, ...(node.orderBy ?? []).map(({ expression }) => expression)].filter(
        (each) => each !== undefined,
      );
    case "case":
      return [...node.whens.map(({ then }) => then), node.otherwise].filter((each) => each !== undefined);
    case "window":
      return [node.of, ...node.partitionBy, ...node.orderBy.map(({ expression }) => expression)];
    case "rank":
      return node.args ?? [];
    case "transform":
    case "cast":
    case "collate":
      return [node.of];
    case "searchVector":
    case "searchQuery":
      return node.config === undefined ? node.of : [...node.of, node.config];
    case "sql":
      return node.args;
    default:
      return [];
  }
}

/** What a step names: fields, relations and named expressions. */
export function namesIn(step: Step): Paths {
  const names = new Paths();
  if (step.kind === "annotation") namesInExpression(step.expression, names);
  else namesInCondition(step, names);
  return names;
}

/** Whether a value is one of a window of rows. */
export function hasWindow(node: ExpressionNode): boolean {
  return node.kind === "window" || childrenOf(node).some(hasWindow);
}

function namesInExpression(node: ExpressionNode, names: Paths): void {
  if (node.kind === "reference") names.add(node.path);
  if (node.kind === "subquery" || node.kind === "exists") names.add(ANY);
  if (node.kind === "aggregate" && node.filter !== undefined) namesInCondition(node.filter, names);
  if (node.kind === "case") for (const { condition } of node.whens) namesInCondition(condition, names);
  if (node.kind === "condition") namesInCondition(node.condition, names);
  for (const child of childrenOf(node)) namesInExpression(child, names);
}

function namesInCondition(node: ConditionNode, names: Paths): void {
  switch (node.kind) {
    case "lookups":
      for (const [path, value] of node.lookups) {
        names.add(path);
        if (typeof value === "object" && value !== null && QUERY in value) names.add(ANY);
        for (const each of Array.isArray(value) ? value : [value]) {
          const expression = expressionOf(each);
          if (expression !== undefined) namesInExpression(expression, names);
        }
      }
      return;
    case "not":
      namesInCondition(node.child, names);
      return;
    case "expression":
      namesInExpression(node.expression, names);
      return;
    default:
      for (const child of node.children) namesInCondition(child, names);
  }
}
