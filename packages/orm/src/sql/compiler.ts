import {
  ColumnNode,
  ColumnUpdateNode,
  DeleteQueryNode,
  FromNode,
  IdentifierNode,
  type OperationNode,
  ParensNode,
  ReturningNode,
  SelectModifierNode,
  type SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  WhereNode,
} from "kysely";
import type { Backend, CompiledStatement } from "../backends/base/backend.ts";
import { call, listed, raw } from "../backends/base/raw.ts";
import { SEPARATOR } from "../constants.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { assigned, readsOtherRows } from "./assigned.ts";
import { beginSelect, OUTERMOST, type Select } from "./begin.ts";
import { compileCombination } from "./combination.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { binary, columnNode, conjunction, named, selection } from "./nodes.ts";
import type { Query } from "./query.ts";
import { aliasOf, planRows, type RowPlan } from "./rows.ts";
import { finishSelect } from "./select.ts";
import { subqueries } from "./subqueries.ts";

/** A statement that gives rows, with the plan to read them. */
export interface CompiledRows {
  readonly statement: CompiledStatement;
  readonly plan: RowPlan;
}

/** The rows of a query; undefined where it is known to have none. */
export function compileRows(backend: Backend, query: Query): CompiledRows | undefined {
  if (query.limit === 0) return undefined;
  if (query.combination !== undefined) {
    const combined = compileCombination(backend, query, { subqueries, place: OUTERMOST });
    return combined && { statement: backend.compileQuery(combined.node), plan: combined.plan };
  }
  const select = beginSelect(backend, query, OUTERMOST, subqueries);
  if (select.where === false) return undefined;
  const { columns, plan } = planRows(select);
  return { statement: backend.compileQuery(locked(select, finishSelect(select, columns))), plan };
}

/** A SELECT that locks its rows, where the database can. Of a table whose row may be missing none is locked by itself. */
function locked({ context, query }: Select, node: SelectQueryNode): SelectQueryNode {
  const { lock } = query;
  if (lock === undefined) return node;
  const { joins } = context;
  const aliases =
    lock.of === undefined
      ? joins.hasOuter
        ? [joins.base, ...joins.inner()]
        : []
      : lock.of.map((path) => (path === "self" ? joins.base : lockedAlias(query, context, path)));
  if (!context.backend.features.rowLocks) return node;
  const of = aliases.length > 0 ? [" of ", ...listed(aliases.map((alias) => IdentifierNode.create(alias)))] : [];
  const end = lock.nowait ? " nowait" : lock.skipLocked ? " skip locked" : "";
  const words = raw(lock.noKey ? "for no key update" : "for update", ...of, end);
  return { ...node, endModifiers: [SelectModifierNode.createWithExpression(words)] };
}

function lockedAlias({ selectRelated }: Query, context: Context, path: string): string {
  const loaded = selectRelated.some((each) => each === path || each.startsWith(`${path}${SEPARATOR}`));
  if (loaded) return aliasOf(context, path.split(SEPARATOR));
  const choices = ["self", ...selectRelated].join(", ");
  throw new QueryError(`selectForUpdate(): of names what selectRelated loads; found "${path}". Choices: ${choices}.`);
}

/** A column with the value or expression that it gets. */
export type Assignment = readonly [field: Field, value: unknown, place?: number | undefined];

/** `update` of all rows of a query, giving the columns `returning`; undefined where there are no rows. */
export function compileUpdate(
  backend: Backend,
  query: Query,
  assignments: readonly Assignment[],
  returning: readonly Field[] = [],
): CompiledStatement | undefined {
  const select = beginSelect(backend, query, OUTERMOST, subqueries);
  const inRows = !backend.features.updatesAtOnce && assignments.some(([, value]) => readsOtherRows(value));
  const change = inRows ? changeFromRows(backend, select, assignments) : changeInPlace(backend, select, assignments);
  if (change === undefined) return undefined;
  return backend.compileQuery({
    ...UpdateQueryNode.create([TableNode.create(optionsOf(query.model).dbTable)]),
    ...change,
    ...(returning.length > 0 && {
      returning: ReturningNode.create(returning.map((field) => selection(ColumnNode.create(field.column)))),
    }),
  });
}

type Change = Pick<UpdateQueryNode, "updates" | "from" | "where">;

/** What the columns are set to. */
function valuesOf(context: Context, assignments: readonly Assignment[]): OperationNode[] {
  const before = context.joins.size;
  const nodes = assignments.map(([field, value, place]) => assigned(context, field, value, place));
  if (context.joins.size === before) return nodes;
  throw new FieldError(
    `update() computes values of the row's own fields; an expression here reads another table. Use Subquery for that.`,
  );
}

/** `set column = value where …`. */
function changeInPlace(backend: Backend, select: Select, assignments: readonly Assignment[]): Change | undefined {
  const values = valuesOf(select.context, assignments);
  const target = targetRows(backend, select);
  return target && { updates: updatesOf(assignments, values), ...target };
}

/**
 * `set column = value from (select …) where …`: all values are computed before the first row is written, as values that
 * read other rows would see those that were written before them.
 */
function changeFromRows(backend: Backend, select: Select, assignments: readonly Assignment[]): Change | undefined {
  if (select.where === false) return undefined;
  const inner = keysOf(backend, select);
  const { pk, dbTable } = inner.select.context.joins.options;
  const name = `${dbTable}_changed`;
  const computed = valuesOf(inner.select.context, assignments).map(
    (node): Compiled => ({ ...(inner.columns[0] as Compiled), node, columns: [node] }),
  );
  const rows = finishSelect(inner.select, [...inner.columns, ...computed], { ordered: false, named: true });
  const values = computed.map((_, index) => columnNode(name, `c${inner.columns.length + index}`));
  const keys = pk.keyFields.map((field, index) =>
    binary(columnNode(dbTable, field.column), "=", columnNode(name, `c${index}`)),
  );
  return {
    updates: updatesOf(assignments, values),
    from: FromNode.create([named(ParensNode.create(rows), name)]),
    where: WhereNode.create(conjunction(keys) as OperationNode),
  };
}

function updatesOf(assignments: readonly Assignment[], values: readonly OperationNode[]): ColumnUpdateNode[] {
  return assignments.map(([field], index) =>
    ColumnUpdateNode.create(ColumnNode.create(field.column), values[index] as OperationNode),
  );
}

/** `delete` of all rows of a query; undefined where there are none. */
export function compileDelete(backend: Backend, query: Query): CompiledStatement | undefined {
  const target = targetRows(backend, beginSelect(backend, query, OUTERMOST, subqueries));
  if (target === undefined) return undefined;
  const { dbTable } = optionsOf(query.model);
  return backend.compileQuery({ ...DeleteQueryNode.create([TableNode.create(dbTable)]), ...target });
}

/** The condition of an update or delete; rows that need other tables to be found are found by a query of their own. */
function targetRows(backend: Backend, select: Select): { where?: WhereNode } | undefined {
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
function keysOf(backend: Backend, { query }: Select): { readonly select: Select; readonly columns: Compiled[] } {
  const place = { depth: 1, outer: undefined };
  const select = beginSelect(backend, { ...query, ordering: [], values: undefined }, place, subqueries);
  const { base, options } = select.context.joins;
  const columns = options.pk.keyFields.map((field): Compiled => {
    const node = columnNode(base, field.column);
    return { ...NO_USES, node, output: field, nullable: false, columns: [node] };
  });
  return { select, columns };
}

/** One column, or several as a row. */
function row(nodes: readonly OperationNode[]): OperationNode {
  const [only, ...others] = nodes as [OperationNode, ...OperationNode[]];
  return others.length === 0 ? only : call("", only, ...others);
}
