import type { OperationNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import type { Select } from "./begin.ts";
import type { Compiled, Ordered } from "./context.ts";
import { columnNode, hasParameters, nodeKey } from "./nodes.ts";
import { compilePath } from "./path-compiler.ts";

/** What rows are grouped by: what was asked for, and whatever else is read of a group. */
export function groupItems(
  { query, context, values, havingColumns }: Select,
  columns: readonly Compiled[],
  orders: readonly Ordered[],
): OperationNode[] {
  const { joins } = context;
  const byModel = query.groupBy === "model";
  const items = new Map<string, OperationNode>();
  const add = (node: OperationNode) => {
    // Of a row of the model itself, its key says all.
    if (byModel && joins.options.managed && tableOf(node) === joins.base) return;
    items.set(nodeKey(node), node);
  };
  if (byModel) {
    const fields = joins.options.managed ? joins.options.pk.keyFields : joins.options.fields;
    for (const field of fields) {
      const node = columnNode(joins.base, field.column);
      items.set(nodeKey(node), node);
    }
  } else if (query.groupBy !== undefined) {
    for (const name of query.groupBy) addCompiled(add, values.get(name) ?? compilePath(context, name), columns);
  }
  for (const [index, column] of columns.entries()) addCompiled(add, column, columns, index);
  // A value of many rows makes several groups of one, whether it is among the columns or not.
  for (const step of byModel ? query.steps : []) {
    const named = step.kind === "annotation" && step.selected ? context.annotations.get(step.name) : undefined;
    if (named?.columns.some((node) => joins.isMany(tableOf(node)))) addCompiled(add, named, columns);
  }
  for (const { of } of orders) addOrder(add, of, columns);
  for (const node of havingColumns) add(node);
  return [...items.values()];
}

/** A value that needs parameters is named by its place: two parameters are never known to be the same. */
function addCompiled(
  add: (node: OperationNode) => void,
  compiled: Compiled,
  columns: readonly Compiled[],
  own?: number,
): void {
  if (compiled.aggregate || compiled.window) {
    for (const node of compiled.columns) add(node);
    return;
  }
  if (compiled.columns.length === 0) return;
  const place = own ?? columns.findIndex(({ node }) => nodeKey(node) === nodeKey(compiled.node));
  add(hasParameters(compiled.node) && place >= 0 ? raw(String(place + 1)) : compiled.node);
}

/** Of an order whose parameters stand in the way, and that is no column, the columns it is made of. */
function addOrder(add: (node: OperationNode) => void, of: Compiled, columns: readonly Compiled[]): void {
  const key = nodeKey(of.node);
  if (!hasParameters(of.node) || columns.some(({ node }) => nodeKey(node) === key)) addCompiled(add, of, columns);
  else for (const node of of.columns) add(node);
}

function tableOf(node: OperationNode): string | undefined {
  if (node.kind !== "ReferenceNode") return undefined;
  return (node as { table?: { table: { identifier: { name: string } } } }).table?.table.identifier.name;
}
