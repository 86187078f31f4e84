import {
  ColumnNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  FromNode,
  type OperationNode,
  ParensNode,
  RawNode,
  ReturningNode,
  type RootOperationNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
  WhereNode,
} from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { binary, columnNode } from "./joins.ts";
import { isSliced, type Query } from "./query.ts";
import { beginSelect, finishSelect, type LoadPlan, named, planColumns, type Select, selection } from "./select.ts";

const ONE = ValueNode.createImmediate(1);

/** The rows of a query with the plan to read them; undefined where it is known to have none. */
export function compileRows(
  backend: Backend,
  query: Query,
): { readonly statement: CompiledStatement; readonly plan: LoadPlan } | undefined {
  const select = beginSelect(backend, query);
  if (select.where === false) return undefined;
  const { columns, plan } = planColumns(select);
  return { statement: backend.compileQuery(finishSelect(select, columns)), plan };
}

/** `select count(*)`; undefined where it is known to be 0. */
export function compileCount(backend: Backend, query: Query): CompiledStatement | undefined {
  const select = beginSelect(backend, query);
  if (select.where === false) return undefined;
  const count = RawNode.createWithSql("count(*)");
  if (!isSliced(query)) return backend.compileQuery(finishSelect(select, [count], { ordered: false }));
  const rows = finishSelect(select, [named(ONE, "one")]);
  return backend.compileQuery({
    kind: "SelectQueryNode",
    from: FromNode.create([named(ParensNode.create(rows), "rows")]),
    selections: [selection(count)],
  } as RootOperationNode);
}

/** `select 1 … limit 1`; undefined where there is nothing. */
export function compileExistence(backend: Backend, query: Query): CompiledStatement | undefined {
  const limit = Math.min(query.limit ?? 1, 1);
  const select = beginSelect(backend, { ...query, limit });
  if (select.where === false || limit === 0) return undefined;
  return backend.compileQuery(finishSelect(select, [named(ONE, "one")], { ordered: false }));
}

/** A column with the value it gets. */
export type Assignment = readonly [field: Field, value: unknown];

/** `update` of all rows of a query, giving the columns `returning`; undefined where there are no rows. */
export function compileUpdate(
  backend: Backend,
  query: Query,
  assignments: readonly Assignment[],
  returning: readonly Field[] = [],
): CompiledStatement | undefined {
  const target = targetRows(backend, query);
  if (target === undefined) return undefined;
  const { dbTable } = optionsOf(query.model);
  return backend.compileQuery({
    ...UpdateQueryNode.create([TableNode.create(dbTable)]),
    updates: assignments.map(([field, value]) =>
      ColumnUpdateNode.create(ColumnNode.create(field.column), ValueNode.create(field.toSave(value, backend))),
    ),
    ...target,
    ...(returning.length > 0 && {
      returning: ReturningNode.create(returning.map((field) => selection(ColumnNode.create(field.column)))),
    }),
  });
}

/** `delete` of all rows of a query; undefined where there are none. */
export function compileDelete(backend: Backend, query: Query): CompiledStatement | undefined {
  const target = targetRows(backend, query);
  if (target === undefined) return undefined;
  const { dbTable } = optionsOf(query.model);
  return backend.compileQuery({ ...DeleteQueryNode.create([TableNode.create(dbTable)]), ...target });
}

/** The condition of an update or delete; rows that need other tables to be found are found by a query of their own. */
function targetRows(backend: Backend, query: Query): { where?: WhereNode } | undefined {
  const select = beginSelect(backend, query);
  if (select.where === false) return undefined;
  if (select.joins.size === 0) {
    return typeof select.where === "boolean" ? {} : { where: WhereNode.create(select.where) };
  }
  return { where: WhereNode.create(inKeys(beginSelect(backend, query, 1))) };
}

function inKeys(select: Select): OperationNode {
  const { options, base } = select.joins;
  const keys = finishSelect(select, [columnNode(base, options.pk.column)], { ordered: false });
  return binary(columnNode(options.dbTable, options.pk.column), "in", keys);
}
