import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import type { ExpressionNode, OrderingNode } from "../expressions/expression.ts";
import { compileAggregate } from "./aggregates.ts";
import { compileArithmetic } from "./arithmetic.ts";
import { type Compiled, type Context, NO_USES, type Ordered, usesOf } from "./context.ts";
import { compileFunction } from "./functions.ts";
import { truth } from "./nodes.ts";
import { outputOf } from "./outputs.ts";
import { compilePath } from "./path-compiler.ts";
import { compileAlike, unified } from "./unify.ts";
import { compileValue, NULL_NAME } from "./values.ts";

/** An expression as SQL; the tables that it needs are joined. */
export function compileExpression(context: Context, node: ExpressionNode): Compiled {
  switch (node.kind) {
    case "reference":
      return compilePath(context, node.path);
    case "outer":
      return compileOuter(context, node.path);
    case "value":
      return compileValue(context, node.value, undefined, node.place);
    case "arithmetic":
      return compileArithmetic(context, node);
    case "function":
      return compileFunction(context, node);
    case "aggregate":
      return compileAggregate(context, node);
    case "case":
      return compileCase(context, node);
    case "condition": {
      const { clause, uses } = context.compilers.condition(context, node.condition);
      return { ...uses, node: truth(clause), output: outputOf("boolean"), nullable: typeof clause !== "boolean" };
    }
    case "exists": {
      const clause = context.compilers.exists(context, node.query);
      const sql = truth(clause);
      return { ...NO_USES, columns: [sql], node: sql, output: outputOf("boolean"), nullable: false };
    }
    case "subquery":
      return compileSubquery(context, node);
    case "rank":
      throw new QueryError(`${node.name} needs an order: write Window(…, { orderBy: … }).`);
    case "window":
      return compileWindow(context, node);
  }
}

function compileOuter(context: Context, path: string): Compiled {
  if (context.outer === undefined) {
    throw new QueryError(
      `OuterRef("${path}") names a field of the query around; use it in a query that stands in Subquery or Exists.`,
    );
  }
  // Nothing of the outer query counts in the grouping of this one.
  return { ...compilePath({ ...context.outer, reuse: "all" }, path), ...NO_USES };
}

function compileSubquery(context: Context, { query }: Extract<ExpressionNode, { kind: "subquery" }>): Compiled {
  const compiled = context.compilers.subquery(context, query);
  if (compiled === undefined) return compileValue(context, null);
  const sql = compiled.node;
  // A group has it once: it counts as a column.
  return { ...NO_USES, columns: [sql], node: sql, output: compiled.output, nullable: true };
}

function compileCase(context: Context, node: Extract<ExpressionNode, { kind: "case" }>): Compiled {
  const conditions = node.whens.map(({ condition }) => context.compilers.condition(context, condition));
  const values = [...node.whens.map(({ then }) => then), ...(node.otherwise ? [node.otherwise] : [])];
  const compiled = unified(context, compileAlike(context, values), "Case");
  const branches = conditions.flatMap(({ clause }, index) => [
    " when ",
    truth(clause),
    " then ",
    (compiled[index] as Compiled).node,
  ]);
  const otherwise = node.otherwise === undefined ? [] : [" else ", (compiled.at(-1) as Compiled).node];
  return {
    ...usesOf([...conditions.map(({ uses }) => uses), ...compiled]),
    node: raw("case", ...branches, ...otherwise, " end"),
    output: (compiled.find(({ output }) => output.name !== NULL_NAME) ?? (compiled[0] as Compiled)).output,
    nullable: node.otherwise === undefined || compiled.some(({ nullable }) => nullable),
  };
}

const RANKS = { rowNumber: "row_number()", rank: "rank()", denseRank: "dense_rank()" } as const;

function compileWindow(context: Context, node: Extract<ExpressionNode, { kind: "window" }>): Compiled {
  const of: Compiled =
    node.of.kind === "rank"
      ? { ...NO_USES, node: raw(RANKS[node.of.name]), output: outputOf("integer"), nullable: false }
      : context.compilers.expression(context, node.of);
  if (node.of.kind !== "rank" && !of.aggregate) {
    throw new FieldError("Window takes an aggregate, such as Sum, or a function of the rows around, such as Rank().");
  }
  const partitions = node.partitionBy.map((each) => context.compilers.expression(context, each));
  const orders = node.orderBy.map((each) => compileOrder(context, each));
  const by = partitions.length > 0 ? ["partition by ", ...listed(partitions.map((each) => each.node))] : [];
  const order = orders.length > 0 ? [by.length > 0 ? " order by " : "order by ", ...listed(orders.map(orderNode))] : [];
  const { columns } = usesOf([...partitions, ...orders.map((each) => each.of)]);
  return { ...of, node: raw(of.node, " over (", ...by, ...order, ")"), aggregate: false, window: true, columns };
}

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
