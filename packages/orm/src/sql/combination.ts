import { FromNode, type OperationNode, OrderByItemNode, OrderByNode, ParensNode, type SelectQueryNode } from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import { type OrderingNode, opposite, orderFromPath } from "../expressions/expression.ts";
import { optionsOf } from "../fields/prepared.ts";
import { beginSelect, newContext, type Place, type SubqueryCompilers } from "./begin.ts";
import { combinedColumns, replanned } from "./combined-columns.ts";
import type { Compiled, Context } from "./context.ts";
import { direction } from "./direction.ts";
import { columnNode, named, selection } from "./nodes.ts";
import type { Combination, Query } from "./query.ts";
import { planRows, type RowPlan } from "./rows.ts";
import { finishSelect, limits } from "./select.ts";

interface Member {
  readonly node: SelectQueryNode;
  readonly columns: readonly Compiled[];
  readonly plan: RowPlan;
}

/** Several SELECTs as one; undefined where it is known to have no rows. */
export function compileCombination(
  backend: Backend,
  query: Query,
  { subqueries, place }: { readonly subqueries: SubqueryCompilers; readonly place: Place },
): Member | undefined {
  const { operator, members } = query.combination as Combination;
  const compile = (member: Query): Member | undefined => {
    if (member.combination !== undefined) return compileCombination(backend, member, { subqueries, place });
    const select = beginSelect(backend, member, place, subqueries);
    if (select.where === false || member.limit === 0) return undefined;
    const { columns, plan } = planRows(select);
    return { node: finishSelect(select, columns, { named: true }), columns, plan };
  };
  const compiled = members.map(compile);
  const [first] = compiled;
  if (query.empty || (operator === "intersect" && compiled.includes(undefined))) return undefined;
  if (operator === "except" && first === undefined) return undefined;
  const parts = compiled.filter((member) => member !== undefined);
  const [lead] = parts;
  if (lead === undefined) return undefined;
  for (const part of parts) requireSameColumns(lead, part);
  // Where the others are known to have no rows, equal ones come once all the same.
  const alone = parts.length === 1 && members.length > 1 && operator !== "union all";
  // SQLite takes no parentheses here: each member is a table of its own.
  const context = newContext(backend, optionsOf(query.model), place, subqueries);
  const unit = combinedColumns(
    context,
    parts.map((part) => part.columns),
  );
  const sql = parts.flatMap((part, index) => [
    index > 0 ? ` ${operator} select ` : alone ? "select distinct " : "select ",
    ...(unit === undefined ? columnsOf(part, index) : listed(unit.selections[index] as readonly OperationNode[])),
    " from ",
    part.node,
    ` as m${index}`,
  ]);
  const orders = (query.ordering ?? []).map((item) => orderItem(context, lead, item, query.reversed));
  const names = lead.columns.map((_column, index) => `c${index}`);
  const node: SelectQueryNode = {
    kind: "SelectQueryNode",
    from: FromNode.create([named(ParensNode.create(raw(...sql)), "combined")]),
    selections: names.map((name) => selection(named(columnNode("combined", name), name))),
    ...(orders.length > 0 && { orderBy: OrderByNode.create(orders.map((each) => OrderByItemNode.create(each))) }),
    ...limits(query),
  };
  return unit === undefined
    ? { ...lead, node }
    : { node, columns: unit.columns, plan: replanned(lead.plan, unit.columns) };
}

/** The columns of a member: distinct rows have those besides that they are in order by. */
function columnsOf({ node, columns }: Member, index: number): readonly (string | OperationNode)[] {
  if (node.selections?.length === columns.length) return ["*"];
  return listed(columns.map((_column, place) => columnNode(`m${index}`, `c${place}`)));
}

function requireSameColumns(lead: Member, part: Member): void {
  if (lead.columns.length === part.columns.length) return;
  throw new QueryError(
    `Combined query sets have as many columns each; found ${lead.columns.length} and ${part.columns.length}.`,
  );
}

/** Combined rows are ordered by one of their columns. */
function orderItem(
  context: Context,
  { columns, plan }: Member,
  item: string | OrderingNode,
  reversed: boolean,
): OperationNode {
  const given = typeof item === "string" ? orderFromPath(item) : item;
  const path = pathOf(given);
  const index = columnIndex(plan, path);
  const column = columns[index];
  if (index < 0 || column === undefined) {
    throw new FieldError(
      `orderBy("${path}"): combined rows are ordered by one of their columns: ${columnNames(plan).join(", ")}.`,
    );
  }
  const node = columnNode("combined", `c${index}`);
  return raw(node, direction(context, { nullable: true }, reversed ? opposite(given) : given));
}

function pathOf({ expression }: OrderingNode): string {
  if (expression.kind === "reference") return expression.path;
  throw new QueryError("Combined rows are ordered by one of their columns, not by an expression.");
}

function columnIndex(plan: RowPlan, name: string): number {
  if (plan.kind !== "instances") return plan.columns.find((column) => column.name === name)?.index ?? -1;
  const { options, fields, start } = plan.load;
  const found = name === "pk" ? options.pk.keyFields[0] : options.findField(name);
  const index = found === undefined ? -1 : fields.indexOf(found);
  if (index >= 0) return start + index;
  return plan.annotations.find((column) => column.name === name)?.index ?? -1;
}

function columnNames(plan: RowPlan): string[] {
  if (plan.kind !== "instances") return plan.columns.map((column) => column.name);
  return [...plan.load.fields.map((field) => field.name), ...plan.annotations.map((column) => column.name)];
}
