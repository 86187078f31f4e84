import {
  ColumnNode,
  ColumnUpdateNode,
  FromNode,
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
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import { expressionOf } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { assigned, readsOtherRows } from "./assigned.ts";
import { beginSelect, OUTERMOST, type Select } from "./begin.ts";
import type { Compiled, Context } from "./context.ts";
import { binary, columnNode, conjunction, named, selection, tablesIn } from "./nodes.ts";
import type { Query } from "./query.ts";
import { finishSelect } from "./select.ts";
import { subqueries } from "./subqueries.ts";
import { keysOf, targetRows } from "./target-rows.ts";

/** A column with the value or expression that it gets. */
export type Assignment = readonly [field: Field, value: unknown, place?: number | undefined];

/** `update` of all rows of a query, giving the columns `returning`; undefined where there are no rows. */
export function compileUpdate(
  backend: Backend,
  query: Query,
  assignments: readonly Assignment[],
  returning: readonly Field[] = [],
): CompiledStatement | undefined {
  const { dbTable } = optionsOf(query.model);
  const change = changeOf(backend, beginSelect(backend, query, OUTERMOST, subqueries), assignments);
  if (change === undefined) return undefined;
  const columns = returning.map(({ column }) =>
    change.from ? columnNode(dbTable, column) : ColumnNode.create(column),
  );
  return backend.compileQuery({
    ...UpdateQueryNode.create([TableNode.create(dbTable)]),
    ...change,
    ...(columns.length > 0 && { returning: ReturningNode.create(columns.map(selection)) }),
  });
}

type Change = Pick<UpdateQueryNode, "updates" | "from" | "where">;

function changeOf(backend: Backend, select: Select, assignments: readonly Assignment[]): Change | undefined {
  const apart = !backend.features.updatesAtOnce && assignments.some(([, value]) => readsOtherRows(value));
  const values = apart ? [] : valuesOf(select.context, assignments);
  if (select.where === false) return undefined;
  if (apart || joinedIn(values, select.context).length > 0) return changeFromRows(backend, select, assignments);
  const target = targetRows(backend, select);
  return target && { updates: updatesOf(assignments, values), ...target };
}

/** What the columns are set to. */
function valuesOf(context: Context, assignments: readonly Assignment[]): OperationNode[] {
  return assignments.map(([field, value, place]) => assigned(context, field, value, place));
}

/** The tables beside the first that values read. */
function joinedIn(values: readonly OperationNode[], { joins }: Context): string[] {
  return [...tablesIn(values)].filter((table) => joins.has(table));
}

/**
 * `set column = value from (select …) where …`: all values are computed before the first row is written, as values that
 * read other rows would see those that were written before them; and those of tables that a statement cannot join itself.
 */
function changeFromRows(backend: Backend, select: Select, assignments: readonly Assignment[]): Change {
  const inner = keysOf(backend, select);
  const { context } = inner.select;
  const { pk, dbTable } = context.joins.options;
  const name = `${dbTable}_changed`;
  const columns = [...inner.columns];
  const values = assignments.map((assignment) => {
    const [field, value] = assignment;
    const [node] = valuesOf(context, [assignment]) as [OperationNode];
    // A value is of the column's type only where it is given to the column.
    if (expressionOf(value) === undefined) return node;
    if (joinedIn([node], context).some((table) => context.joins.isMany(table))) {
      throw new FieldError(
        `${field.label} cannot be set to what several rows say: the expression reads a relation to many. Use Subquery, which gives one value.`,
      );
    }
    const place = columns.push({ ...(columns[0] as Compiled), node, columns: [node] }) - 1;
    return columnNode(name, `c${place}`);
  });
  const rows = finishSelect(inner.select, columns, { ordered: false, named: true });
  const keys = pk.keyFields.map((field, index) =>
    binary(columnNode(dbTable, field.column), "=", columnNode(name, `c${index}`)),
  );
  return {
    updates: updatesOf(assignments, values),
    from: FromNode.create([named(ParensNode.create(locked(inner.select, rows)), name)]),
    where: WhereNode.create(conjunction(keys) as OperationNode),
  };
}

/** Rows that another transaction changes meanwhile are read as it leaves them; groups cannot be locked. */
function locked({ context, grouped, qualify }: Select, rows: SelectQueryNode): SelectQueryNode {
  if (!context.backend.features.rowLocks || grouped || qualify !== true) return rows;
  const words = raw("for no key update of ", ...listed([TableNode.create(context.joins.base)]));
  return { ...rows, endModifiers: [SelectModifierNode.createWithExpression(words)] };
}

function updatesOf(assignments: readonly Assignment[], values: readonly OperationNode[]): ColumnUpdateNode[] {
  return assignments.map(([field], index) =>
    ColumnUpdateNode.create(ColumnNode.create(field.column), values[index] as OperationNode),
  );
}
