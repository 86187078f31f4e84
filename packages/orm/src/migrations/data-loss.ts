import type { Backend } from "../backends/base/backend.ts";
import { quoteName, type TableChange } from "../backends/base/schema-editor.ts";
import { migrationKey } from "./migration.ts";
import type { PlanStep } from "./plan.ts";
import { recordedSteps } from "./recorded-steps.ts";
import type { ProjectState } from "./state.ts";
import { introspections } from "./vendors.ts";

/** Where a table of the plan stands in the database now: its name and those of its columns, by later name. */
interface Origin {
  readonly table: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** What a plan would delete that is there: one line each, such as `blog.0003_x: Remove field pages from Book …`. */
export async function lossesOf(
  plan: readonly { readonly step: PlanStep; readonly before: ProjectState }[],
  backend: Backend,
): Promise<string[]> {
  const tables = new Set(await introspections[backend.vendor].tableNames(backend));
  // Undefined: the plan itself makes it, or it is not there.
  const origins = new Map<string, Origin | undefined>();
  const originOf = (table: string): Origin | undefined => {
    if (!origins.has(table)) origins.set(table, tables.has(table) ? { table, columns: new Map() } : undefined);
    return origins.get(table);
  };
  const losses: string[] = [];
  for (const { step, before } of plan) {
    for (const { operation, steps } of await recordedSteps(step, before, backend)) {
      const undo = step.direction === "backwards" ? "Undo: " : "";
      const subject = `${migrationKey(step.migration)}: ${undo}${operation.description}`;
      for (const each of steps) {
        if (each.kind === "create") origins.set(each.table.name, undefined);
        else if (each.kind === "drop") {
          const origin = originOf(each.table.name);
          if (origin && (await hasRows(backend, origin))) losses.push(`${subject} deletes the rows of ${origin.table}`);
          origins.set(each.table.name, undefined);
        } else {
          const origin = originOf(each.change.from.name);
          for (const column of origin ? goneColumns(each.change) : []) {
            const name = origin?.columns.has(column) ? origin.columns.get(column) : column;
            if (name === "" || !(await hasRows(backend, origin as Origin, name))) continue;
            losses.push(`${subject} deletes the values of ${origin?.table}.${name}`);
          }
          origins.delete(each.change.from.name);
          origins.set(each.change.to.name, origin && followed(origin, each.change));
        }
      }
    }
  }
  return losses;
}

function goneColumns({ from, sources }: TableChange): string[] {
  const kept = new Set(sources.values());
  return from.columns
    .filter((column) => !kept.has(column.name) && column.generated === undefined)
    .map((column) => column.name);
}

/** Columns that the plan adds have the name "": nothing is in them. */
function followed(origin: Origin, { to, sources }: TableChange): Origin {
  const columns = to.columns.map(({ name }) => {
    const source = sources.get(name);
    return [name, source === undefined ? "" : (origin.columns.get(source) ?? source)] as const;
  });
  return { table: origin.table, columns: new Map(columns) };
}

async function hasRows(backend: Backend, { table }: Origin, column?: string): Promise<boolean> {
  const where = column === undefined ? "" : ` WHERE ${quoteName(column)} IS NOT NULL`;
  const { rows } = await backend.execute(`SELECT 1 FROM ${quoteName(table)}${where} LIMIT 1`);
  return rows.length > 0;
}
