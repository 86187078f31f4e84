import { type OperationNode, WhereNode } from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import { call } from "../backends/base/raw.ts";
import { beginSelect, type Select } from "./begin.ts";
import type { Compiled } from "./context.ts";
import { binary, columnNode } from "./nodes.ts";
import { finishSelect } from "./select.ts";
import { keyOfRows, subqueries } from "./subqueries.ts";

/** The condition of an update or delete; rows that need other tables to be found are found by a query of their own. */
export function targetRows(backend: Backend, select: Select): { where?: WhereNode } | undefined {
  if (select.where === false) return undefined;
  if (select.context.joins.size === 0 && !select.grouped && select.qualify === true) {
    return typeof select.where === "boolean" ? {} : { where: WhereNode.create(select.where) };
  }
  const keys = keysOf(backend, select);
  const { pk, dbTable } = select.context.joins.options;
  const left = pk.keyFields.map((field) => columnNode(dbTable, field.column));
  return {
    where: WhereNode.create(binary(row(left), "in", finishSelect(keys.select, keys.columns, { ordered: false }))),
  };
}

/** The same rows as a query inside of a statement, with the columns of their keys. */
export function keysOf(backend: Backend, { query }: Select): { readonly select: Select; readonly columns: Compiled[] } {
  const place = { depth: 1, outer: undefined };
  const select = beginSelect(backend, { ...query, ordering: [], values: undefined }, place, subqueries);
  return { select, columns: keyOfRows(select) };
}

/** One column, or several as a row. */
function row(nodes: readonly OperationNode[]): OperationNode {
  const [only, ...others] = nodes as [OperationNode, ...OperationNode[]];
  return others.length === 0 ? only : call("", only, ...others);
}
