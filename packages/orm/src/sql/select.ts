import {
  FromNode,
  GroupByItemNode,
  GroupByNode,
  HavingNode,
  LimitNode,
  OffsetNode,
  type OperationNode,
  OrderByItemNode,
  OrderByNode,
  ParensNode,
  SelectModifierNode,
  type SelectQueryNode,
  ValueNode,
  WhereNode,
} from "kysely";
import { raw } from "../backends/base/raw.ts";
import { NotSupportedError } from "../exceptions.ts";
import type { Select } from "./begin.ts";
import { bound } from "./bound.ts";
import type { Compiled, Ordered } from "./context.ts";
import { orderNode } from "./direction.ts";
import { groupItems } from "./grouping.ts";
import { columnNode, hasParameters, named, nodeKey, selection } from "./nodes.ts";
import { compileOrdering } from "./ordering.ts";
import { compilePath } from "./path-compiler.ts";
import type { Query } from "./query.ts";

/** What of a query counts besides its columns. */
export interface Finish {
  /** Default true. */
  readonly ordered?: boolean;
  /** Default true. */
  readonly sliced?: boolean;
  /** The names of the columns, `c0`, `c1` …, for a SELECT around it. */
  readonly named?: boolean;
  /** Columns for what is computed around it. */
  readonly extra?: () => readonly { readonly node: OperationNode; readonly compiled: Compiled }[];
}

/** The SELECT of these columns, with everything that follows them. */
export function finishSelect(select: Select, columns: readonly Compiled[], finish: Finish = {}): SelectQueryNode {
  return select.qualify === true ? plainSelect(select, columns, finish) : qualifiedSelect(select, columns, finish);
}

function plainSelect(
  select: Select,
  columns: readonly Compiled[],
  { ordered = true, sliced = true, named: withNames = false, extra }: Finish,
): SelectQueryNode {
  const { query, context, grouped } = select;
  const orders = ordered ? compileOrdering(context, query, grouped) : [];
  const added = extra?.() ?? [];
  const distinctOn = query.distinct?.map((name) => compilePath(context, name).node) ?? [];
  if (distinctOn.length > 0 && !context.backend.features.distinctOn) {
    throw new NotSupportedError(
      `${context.backend.displayName} has no distinct by fields; write distinct() without names.`,
    );
  }
  const plainDistinct = query.distinct !== undefined && distinctOn.length === 0;
  const listed = [...columns, ...(plainDistinct ? missing(orders, columns) : [])];
  const groups = grouped ? groupItems(select, [...listed, ...added.map(({ compiled }) => compiled)], orders) : [];
  // Everything is compiled by now that may add a table.
  const joins = context.joins.nodes();
  const nodes = listed.map(({ node }, index) => (withNames ? named(node, `c${index}`) : node));
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([context.joins.fromNode()]),
    ...(plainDistinct && { frontModifiers: [SelectModifierNode.create("Distinct")] }),
    ...(distinctOn.length > 0 && { distinctOn }),
    selections: [...nodes, ...added.map(({ node }) => node)].map(selection),
    ...(joins.length > 0 && { joins }),
    ...(typeof select.where !== "boolean" && { where: WhereNode.create(select.where) }),
    ...(groups.length > 0 && { groupBy: GroupByNode.create(groups.map((node) => GroupByItemNode.create(node))) }),
    ...(typeof select.having !== "boolean" && { having: HavingNode.create(select.having) }),
    ...(orders.length > 0 && { orderBy: orderByNode(placed(orders, listed)) }),
    ...(sliced && limits(query)),
  } as SelectQueryNode;
}

/** `distinct` asks for what it is ordered by among its columns; the rows are read without it. */
function missing(orders: readonly Ordered[], columns: readonly Compiled[]): Compiled[] {
  const known = new Set(columns.map(({ node }) => nodeKey(node)));
  return orders.map(({ of }) => of).filter((of) => !known.has(nodeKey(of.node)));
}

/** What is among the columns and has parameters is named by its place: two parameters are never known to be the same. */
function placed(orders: readonly Ordered[], columns: readonly Compiled[]): Ordered[] {
  return orders.map((order) => {
    if (!hasParameters(order.of.node)) return order;
    const key = nodeKey(order.of.node);
    const place = columns.findIndex(({ node }) => nodeKey(node) === key);
    return place < 0 ? order : { ...order, of: { ...order.of, node: raw(String(place + 1)) } };
  });
}

/** Conditions on window functions are asked of the SELECT as an inner one. */
function qualifiedSelect(
  select: Select,
  columns: readonly Compiled[],
  { ordered = true, sliced = true, named: withNames = false, extra }: Finish,
): SelectQueryNode {
  const { query, context, hidden, qualify } = select;
  const lifted = { ...context, lift: hidden.lift };
  const orders = ordered ? compileOrdering(lifted, query, select.grouped) : [];
  const added = extra?.() ?? [];
  const inner = plainSelect({ ...select, qualify: true }, columns, {
    ordered: false,
    sliced: false,
    named: true,
    extra: () => [
      ...added,
      ...hidden.nodes.map((node, index) => ({ node, compiled: hidden.columns[index] as Compiled })),
    ],
  });
  const outer = columns.map((_column, index) => columnNode("qualify", `c${index}`));
  const names = added.map(({ node }) => (node as unknown as { alias: { name: string } }).alias.name);
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([named(ParensNode.create(inner), "qualify")]),
    selections: [
      ...outer.map((node, index) => (withNames ? named(node, `c${index}`) : node)),
      ...names.map((name) => columnNode("qualify", name)),
    ].map(selection),
    where: WhereNode.create(qualify as OperationNode),
    ...(orders.length > 0 && { orderBy: orderByNode(orders) }),
    ...(sliced && limits(query)),
  };
}

function orderByNode(orders: readonly Ordered[]): OrderByNode {
  return OrderByNode.create(orders.map((order) => OrderByItemNode.create(orderNode(order))));
}

/** Which rows are cut out. SQLite has no OFFSET without a LIMIT. */
export function limits({
  limit,
  offset,
  offsetPlace,
}: Pick<Query, "limit" | "offset" | "offsetPlace">): Pick<SelectQueryNode, "limit" | "offset"> {
  return {
    ...((limit !== undefined || offset > 0) && { limit: LimitNode.create(limitNode(limit)) }),
    ...(offset > 0 && { offset: OffsetNode.create(bound(offsetPlace, offset, (rows) => rows)) }),
  };
}

/** Written out: SQLite plans a statement anew each time a parameter of LIMIT is bound, which doubles a small query. */
function limitNode(limit: number | undefined): OperationNode {
  return ValueNode.createImmediate(limit ?? Number.MAX_SAFE_INTEGER);
}
