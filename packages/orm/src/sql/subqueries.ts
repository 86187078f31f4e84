import { FromNode, type OperationNode, ParensNode, type SelectionNode, type SelectQueryNode, WhereNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import { QueryError } from "../exceptions.ts";
import { beginSelect, newContext, type Place, type Select, type SubqueryCompilers } from "./begin.ts";
import { compileCombination } from "./combination.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import type { Joins } from "./joins.ts";
import { binary, columnNode, conjunction, immediate, named, selection } from "./nodes.ts";
import { outputOf } from "./outputs.ts";
import { isDistinctBy, isSliced, type Query, standsIn, valuesOf } from "./query.ts";
import { planRows, type RowPlan } from "./rows.ts";
import { finishSelect } from "./select.ts";

/** What compiles a query inside of another one. */
export const subqueries: SubqueryCompilers = {
  subquery(context, query, width = 1) {
    if (query.combination !== undefined) return combined(context, query, width);
    const select = begin(context, query);
    const columns = columnsOf(select, width);
    const { output } = columns[0] as Compiled;
    if (select.where === false) return { node: undefined, output };
    if (query.distinct !== undefined && isSliced(query)) return { node: cutOut(select), output };
    const ordered = isSliced(query) || isDistinctBy(query);
    return { node: finishSelect(select, columns, { ordered }), output };
  },

  exists(context, query) {
    const limit = Math.min(query.limit ?? 1, 1);
    if (limit === 0) return false;
    if (query.combination !== undefined) {
      refuseOther(context, query);
      const any = { ...query, limit, ordering: [] };
      const found = compileCombination(context.backend, any, { subqueries, place: inner(context) });
      return found !== undefined && raw("exists ", found.node);
    }
    const select = begin(context, { ...query, limit, ...(!isSliced(query) && { values: undefined }) });
    return select.where !== false && raw("exists ", anyRow(select));
  },

  existsBehind(context, { hop, from, condition }) {
    const place = inner(context);
    const own = newContext(context.backend, hop.to, place, subqueries);
    const clause = condition?.({ ...own, reuse: "all" }) ?? true;
    const where = conjunction([clause, binary(columnNode(own.joins.base, hop.toColumn), "=", from)]);
    if (typeof where === "boolean") return false;
    return raw("exists ", bareSelect(own.joins, where));
  },
};

function begin(context: Context, query: Query): Select {
  refuseOther(context, query);
  return beginSelect(context.backend, query, inner(context), subqueries);
}

/** A database knows nothing of another one's rows. */
function refuseOther({ backend }: Context, query: Query): void {
  if (standsIn(query, backend.alias)) return;
  const { model, alias } = query;
  throw new QueryError(
    `A query of the database "${backend.alias}" holds one of ${model.name} in the database "${alias}". Await the inner one ` +
      "first, and give its values.",
  );
}

function inner(context: Context): Place {
  return { depth: context.depth + 1, outer: context };
}

/** Any row of a query. Distinct rows that are passed over must be told from each other. */
export function anyRow(select: Select): SelectQueryNode {
  const { distinct, offset } = select.query;
  const counted = distinct !== undefined && offset > 0;
  return finishSelect(select, counted ? planRows(select).columns : [one()], { ordered: counted });
}

/** The value `1`, where any will do. */
export function one(): Compiled {
  return { ...NO_USES, node: immediate(1), output: outputOf("integer"), nullable: false };
}

/** The columns of a subquery: what `values` names, else the key. One, but where it is compared with a key of several. */
function columnsOf(select: Select, width: number): readonly Compiled[] {
  const { query } = select;
  const { pk, modelName } = select.context.joins.options;
  if (query.values !== undefined) {
    const { columns } = planRows(select);
    if (columns.length === width) return columns;
    const wanted = width === 1 ? "one column" : `the ${width} columns of the key that it is compared with`;
    throw new QueryError(
      `A query set inside of another one has ${wanted}; this one has ${columns.length}: ${query.values.names.join(", ")}.`,
    );
  }
  if (pk.keyFields.length !== width) {
    const what = pk.hasColumn ? `${modelName} has a key of one column` : `${modelName} has a key of several columns`;
    throw new QueryError(`${what}. Name ${width === 1 ? "one" : `${width} columns`} with values("…").`);
  }
  return keyOfRows(select);
}

/** The columns of the key of a query's rows. */
export function keyOfRows({ context: { joins } }: Select): Compiled[] {
  return joins.options.pk.keyFields.map((field) => {
    const node = columnNode(joins.base, field.column);
    return { ...NO_USES, node, output: field, nullable: false, columns: [node] };
  });
}

/** The column of combined rows, or the columns of a key. */
function combined(
  context: Context,
  query: Query,
  width: number,
): { node: SelectQueryNode; output: Compiled["output"] } | undefined {
  refuseOther(context, query);
  const narrowed = query.values === undefined && isOfKeys(query) ? valuesOf(query, ["pk"]) : query;
  const compiled = compileCombination(context.backend, narrowed, { subqueries, place: inner(context) });
  if (compiled === undefined) return undefined;
  const { node, columns, plan } = compiled;
  const wanted = wantedPlaces(columns, plan);
  if (wanted.length !== width) {
    throw new QueryError(
      `Combined query sets inside of another query have ${width} columns; these have ${wanted.length}.`,
    );
  }
  const selections = wanted.map((index) => node.selections?.[index] as SelectionNode);
  return { node: { ...node, selections }, output: (columns[wanted[0] as number] as Compiled).output };
}

/** Of distinct rows that are cut out the wanted columns: others may be what they are distinct and in order by. */
function cutOut(select: Select): SelectQueryNode {
  const { columns, plan } = planRows(select);
  const rows = finishSelect(select, columns, { named: true });
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([named(ParensNode.create(rows), "rows")]),
    selections: wantedPlaces(columns, plan).map((index) => selection(columnNode("rows", `c${index}`))),
  };
}

/** Where the columns of a subquery stand among those of its rows: what `values` names, else the key. */
function wantedPlaces(columns: readonly Compiled[], plan: RowPlan): number[] {
  if (plan.kind !== "instances") return columns.map((_column, index) => index);
  const { options, fields, start } = plan.load;
  return options.pk.keyFields.map((field) => start + fields.indexOf(field));
}

/** Whether rows with the same key are the same, and any order of them will do: only the keys matter then. */
function isOfKeys(query: Query): boolean {
  const { combination } = query;
  if (combination !== undefined) return !isSliced(query) && combination.members.every(isOfKeys);
  return query.steps.every((step) => step.kind !== "annotation" || !step.selected);
}

/** `select 1 from … where …`. */
function bareSelect(joins: Joins, where: OperationNode): SelectQueryNode {
  const nodes = joins.nodes();
  return {
    kind: "SelectQueryNode",
    from: FromNode.create([joins.fromNode()]),
    selections: [selection(immediate(1))],
    ...(nodes.length > 0 && { joins: nodes }),
    where: WhereNode.create(where),
  };
}
