import type { TableChange } from "../backends/base/schema-editor.ts";
import { openDatabase } from "../connections.ts";
import { type MigrationKey, migrationKey, type NamedMigration } from "./migration.ts";
import type { Operation } from "./operations/operation.ts";
import { recordedSteps } from "./recorded-steps.ts";
import { stateAfter } from "./replay.ts";
import type { ProjectState } from "./state.ts";

/** Only asked how PostgreSQL would do it; nothing connects. */
const postgres = () => openDatabase("plan", { url: "postgres:" });

/**
 * Takes what would lock tables for long on PostgreSQL into migrations that are not atomic, which build indexes
 * concurrently, validate constraints afterwards and fill values in batches.
 */
export async function planOnline(
  migrations: readonly NamedMigration[],
  before: ProjectState,
): Promise<NamedMigration[]> {
  const planned: NamedMigration[] = [];
  const last = new Map<string, MigrationKey>();
  const shift = new Map<string, number>();
  let state = before;
  for (const migration of migrations) {
    const groups = await groupsOf(migration, state);
    state = stateAfter(state, migration);
    for (const [position, { operations, online }] of groups.entries()) {
      const number = Number(/^\d+/.exec(migration.name)?.[0]) + (shift.get(migration.app) ?? 0) + position;
      const rest = migration.name.replace(/^\d+_/, "");
      const suffix = position === 0 ? "" : online ? "_online" : `_${position + 1}`;
      const previous = planned.at(-1);
      const own: NamedMigration = {
        ...migration,
        name: `${String(number).padStart(4, "0")}_${rest}${suffix}`,
        initial: migration.initial && position === 0,
        atomic: !online,
        dependencies:
          position === 0
            ? migration.dependencies.map((key) => last.get(key.join(".")) ?? key)
            : [[migration.app, previous?.name as string] as const],
        operations,
      };
      planned.push(own);
      last.set(migrationKey(migration), [own.app, own.name]);
    }
    shift.set(migration.app, (shift.get(migration.app) ?? 0) + groups.length - 1);
  }
  return planned;
}

interface Group {
  readonly operations: Operation[];
  readonly online: boolean;
}

async function groupsOf(migration: NamedMigration, before: ProjectState): Promise<Group[]> {
  const fresh = new Set<string>();
  const groups: Group[] = [];
  const recorded = await recordedSteps({ migration, direction: "forwards" }, before, postgres());
  for (const { operation, steps } of recorded) {
    for (const step of steps) if (step.kind === "create") fresh.add(step.table.name);
    const online = steps.some(
      (step) => step.kind === "alter" && !fresh.has(step.change.from.name) && isSlow(step.change),
    );
    const group = groups.at(-1);
    if (group?.online === online) group.operations.push(operation);
    else groups.push({ operations: [operation], online });
  }
  return groups.length === 0 ? [{ operations: [], online: false }] : groups;
}

/** Whether rows are looked at, or an index is built, while others are kept out. */
function isSlow({ from, to, sources }: TableChange): boolean {
  const known = (list: readonly unknown[], item: unknown) =>
    list.some((each) => JSON.stringify(each) === JSON.stringify(item));
  const content = ({ name: _name, ...rest }: { readonly name: string }) => rest;
  const before = (name: string) => from.columns.find((column) => column.name === sources.get(name));
  return (
    to.indexes.some((index) => !known(from.indexes.map(content), content(index))) ||
    to.checks.some((check) => !known(from.checks.map(content), content(check))) ||
    to.columns.some((column) => {
      const old = before(column.name);
      return (column.references !== undefined && old?.references === undefined) || (old?.null === true && !column.null);
    })
  );
}
