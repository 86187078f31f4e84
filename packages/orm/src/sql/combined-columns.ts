import type { OperationNode } from "kysely";
import type { Storage } from "../backends/base/operations.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { columnNode, named } from "./nodes.ts";
import type { NamedColumn, RowPlan } from "./rows.ts";
import { unified } from "./unify.ts";

/** The columns of combined rows in one unit. */
export interface CombinedColumns {
  readonly columns: readonly Compiled[];
  /** For each member, what is read of its rows, which are called m0, m1 … and have the columns c0, c1 … */
  readonly selections: readonly (readonly OperationNode[])[];
}

/** Brings the columns of combined rows into one unit; undefined where they are. */
export function combinedColumns(
  context: Context,
  members: readonly (readonly Compiled[])[],
): CombinedColumns | undefined {
  const [lead = []] = members;
  const differing = lead.map((_column, place) => differ(members.map((columns) => columns[place] as Compiled)));
  if (!differing.includes(true)) return undefined;
  const each = lead.map((column, place) => {
    const given = members.map((columns, index) => ({
      ...NO_USES,
      node: columnNode(`m${index}`, `c${place}`),
      output: (columns[place] as Compiled).output,
      nullable: (columns[place] as Compiled).nullable,
    }));
    const fitting = differing[place] ? unified(context, given, "A combination of query sets") : given;
    return { column: { ...column, output: (fitting[0] as Compiled).output }, fitting };
  });
  const selections = members.map((_columns, index) =>
    each.map(({ fitting }, place) => named((fitting[index] as Compiled).node, `c${place}`)),
  );
  return { columns: each.map(({ column }) => column), selections };
}

/** Whether values are kept in different units: whole numbers of all sizes are in one. */
function differ(columns: readonly Compiled[]): boolean {
  const outputs = new Set(columns.map(({ output }) => output.valueField));
  if (outputs.size === 1) return false;
  const storages = new Set<Storage>(columns.map(({ output }) => output.valueField.storage));
  if (storages.size === 1) return storages.has("decimal");
  return ![...storages].every((storage) => storage === "integer" || storage === "bigint");
}

/** A plan that reads the columns as what they are by now. */
export function replanned(plan: RowPlan, columns: readonly Compiled[]): RowPlan {
  const replaced = (column: NamedColumn): NamedColumn =>
    column.output.hasColumn ? { ...column, output: (columns[column.index] as Compiled).output } : column;
  return plan.kind === "instances"
    ? { ...plan, annotations: plan.annotations.map(replaced) }
    : { ...plan, columns: plan.columns.map(replaced) };
}
