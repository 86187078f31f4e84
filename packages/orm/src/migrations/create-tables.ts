import type { Backend } from "../backends/base/backend.ts";
import { detectChanges } from "./autodetector.ts";
import { runUnrecorded } from "./executor.ts";
import { MigrationGraph } from "./graph.ts";
import { partition } from "./partition.ts";
import { replay, stateAfter } from "./replay.ts";
import type { ProjectState } from "./state.ts";

/** Makes the tables of all models in an empty database, without migration files and without a record of any. */
export async function createTables(backend: Backend, state: ProjectState): Promise<void> {
  const empty = replay([]);
  const migrations = partition(detectChanges(empty, state), new MigrationGraph([]));
  let before = empty;
  for (const migration of migrations) {
    await runUnrecorded({ migration, direction: "forwards" }, before, backend);
    before = stateAfter(before, migration);
  }
}
