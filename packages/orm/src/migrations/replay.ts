import { BadMigrationError } from "../exceptions.ts";
import { migrationKey, type NamedMigration } from "./migration.ts";
import { ProjectState } from "./state.ts";

/** The state after `migration`, when `state` is the one before. */
export function stateAfter(state: ProjectState, migration: NamedMigration): ProjectState {
  return statesOf(state, migration).at(-1) as ProjectState;
}

/** The states between the operations of a migration: one more than it has operations. */
export function statesOf(state: ProjectState, migration: NamedMigration): ProjectState[] {
  const states = [state];
  for (const operation of migration.operations) {
    states.push(inMigration(migration, () => operation.changeState(migration.app, states.at(-1) as ProjectState)));
  }
  return states;
}

/** The state after all of `migrations`, which stand in order. */
export function replay(migrations: Iterable<NamedMigration>): ProjectState {
  let state = new ProjectState();
  for (const migration of migrations) state = stateAfter(state, migration);
  return state;
}

function inMigration<T>(migration: NamedMigration, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (!(cause instanceof BadMigrationError)) throw cause;
    throw new BadMigrationError(
      `Migration ${migrationKey(migration)} is wrong: ${cause.message}${migration.file === undefined ? "" : ` (${migration.file})`}`,
      {
        cause,
      },
    );
  }
}
