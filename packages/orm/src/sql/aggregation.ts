import { FromNode, ParensNode, type RootOperationNode, type SelectQueryNode } from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { raw } from "../backends/base/raw.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { beginSelect, OUTERMOST, type Select } from "./begin.ts";
import { compileCombination } from "./combination.ts";
import type { Compiled } from "./context.ts";
import { compileExpression } from "./expression-compiler.ts";
import { HiddenColumns } from "./hidden-columns.ts";
import { named, selection } from "./nodes.ts";
import { withoutUnused } from "./prune.ts";
import { isDistinctBy, isSliced, type Query } from "./query.ts";
import { type NamedColumn, planRows } from "./rows.ts";
import { finishSelect } from "./select.ts";
import { anyRow, one, subqueries } from "./subqueries.ts";

/** `select count(*)`; undefined where it is known to be 0. */
export function compileCount(backend: Backend, given: Query): CompiledStatement | undefined {
  const query = withoutUnused(given);
  const count = raw("count(*)");
  if (query.combination !== undefined) {
    const combined = compileCombination(backend, query, { subqueries, place: OUTERMOST });
    return combined && backend.compileQuery(around(combined.node, "rows", [count]));
  }
  const select = beginSelect(backend, query, OUTERMOST, subqueries);
  if (select.where === false || query.limit === 0) return undefined;
  if (!isNested(select)) {
    const column = { ...one(), node: count };
    return backend.compileQuery(finishSelect(select, [column], { ordered: false }));
  }
  const columns = query.distinct === undefined && !isNamedGroup(query) ? [one()] : planRows(select).columns;
  const rows = finishSelect(select, columns, {
    ordered: isOrderTelling(query),
    named: columns.length > 1,
  });
  return backend.compileQuery(around(rows, "rows", [count]));
}

/** Aggregates by the names that they are given. */
export type Aggregates = readonly (readonly [name: string, node: ExpressionNode])[];

/** The aggregates of all rows of a query; undefined where it is known to have no rows. */
export function compileAggregates(
  backend: Backend,
  given: Query,
  aggregates: Aggregates,
): { readonly statement: CompiledStatement; readonly columns: readonly NamedColumn[] } | undefined {
  const query = { ...given, ordering: isOrderTelling(given) ? given.ordering : [] };
  if (query.combination !== undefined) {
    throw new QueryError(
      "aggregate() cannot follow union(), intersection() or difference(). Ask for the rows by their keys: " +
        `${query.model.name}.objects.filter({ pk__in: one.values("pk").union(other.values("pk")) }).aggregate(…).`,
    );
  }
  const begun = beginSelect(backend, query, OUTERMOST, subqueries);
  const known = begun.where === false || query.limit === 0;
  if (known && aggregates.every(([, node]) => valueOfNothing(node) !== undefined)) return undefined;
  const select = begun.where === false ? { ...begun, where: raw("1 = 0") } : begun;
  const nested = isNested(select);
  const hidden = new HiddenColumns("rows", "r");
  const totals = new Map<string, Compiled>();
  const context = { ...select.context, totals, ...(nested && { lift: hidden.lift }) };
  const compiled = aggregates.map(([name, node]): Compiled => {
    const column = compileExpression(context, node);
    if (!column.aggregate) throw new FieldError(`aggregate(): "${name}" is no aggregate, such as Count or Sum.`);
    // A later one may name it; it stands there as it is.
    totals.set(name, { ...column, columns: [] });
    return column;
  });
  const nodes = compiled.map(({ node }) => node);
  const columns = compiled.map(({ output }, index) => ({
    name: (aggregates[index] as Aggregates[number])[0],
    output,
    index,
  }));
  if (!nested)
    return { statement: backend.compileQuery(finishSelect(plain(select), compiled, { ordered: false })), columns };
  const inner = query.distinct === undefined ? [] : planRows(select).columns;
  const rows = finishSelect(select, inner, {
    ordered: isOrderTelling(query),
    named: true,
    extra: () => hidden.nodes.map((node, index) => ({ node, compiled: hidden.columns[index] as Compiled })),
  });
  const filled = rows.selections?.length ? rows : { ...rows, selections: [selection(one().node)] };
  return { statement: backend.compileQuery(around(filled, "rows", nodes)), columns };
}

/** What an aggregate of no rows is; undefined where only the database knows. */
export function valueOfNothing(node: ExpressionNode): unknown {
  if (node.kind === "value") return node.value;
  if (node.kind === "aggregate") {
    if (node.name === "count" || node.name === "regrCount") return 0;
    return node.otherwise === undefined ? null : valueOfNothing(node.otherwise);
  }
  if (node.kind !== "function" || node.name !== "coalesce") return undefined;
  const values = node.args.map(valueOfNothing);
  return values.includes(undefined) ? undefined : (values.find((value) => value !== null) ?? null);
}

/** `select 1 … limit 1`; undefined where there is nothing. */
export function compileExistence(backend: Backend, query: Query): CompiledStatement | undefined {
  const limit = Math.min(query.limit ?? 1, 1);
  if (limit === 0) return undefined;
  if (query.combination !== undefined) {
    const combined = compileCombination(backend, { ...query, limit, ordering: [] }, { subqueries, place: OUTERMOST });
    return combined && backend.compileQuery(combined.node);
  }
  const select = beginSelect(backend, withoutUnused({ ...query, limit }), OUTERMOST, subqueries);
  if (select.where === false) return undefined;
  return backend.compileQuery(anyRow(select));
}

/** An aggregate of everything has no groups. */
function plain(select: Select): Select {
  return { ...select, grouped: false };
}

/** Whether the rows must be put together before anything can be computed of all of them. */
function isNested({ query, grouped, qualify }: Select): boolean {
  return grouped || query.distinct !== undefined || isSliced(query) || qualify !== true;
}

/** Whether the order says which rows there are. */
function isOrderTelling(query: Query): boolean {
  return isSliced(query) || isDistinctBy(query);
}

function isNamedGroup({ groupBy }: Query): boolean {
  return groupBy !== undefined && groupBy !== "model";
}

function around(rows: SelectQueryNode, name: string, columns: readonly Compiled["node"][]): RootOperationNode {
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([named(ParensNode.create(rows), name)]),
    selections: columns.map(selection),
  } as RootOperationNode;
}
