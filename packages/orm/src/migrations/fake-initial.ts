import type { Backend } from "../backends/base/backend.ts";
import type { NamedMigration } from "./migration.ts";
import { recordedSteps } from "./recorded-steps.ts";
import type { ProjectState } from "./state.ts";
import { introspections } from "./vendors.ts";

/** Whether everything that a first migration makes is there: then it need only be recorded. */
export async function isThereAlready(
  migration: NamedMigration,
  before: ProjectState,
  backend: Backend,
): Promise<boolean> {
  if (!migration.initial) return false;
  let some = false;
  for (const { steps } of await recordedSteps({ migration, direction: "forwards" }, before, backend)) {
    for (const step of steps) {
      if (step.kind === "drop") return false;
      const wanted = step.kind === "create" ? step.table : step.change.to;
      const found = await introspections[backend.vendor].table(backend, wanted.name);
      const names = new Set(found?.columns.map(({ name }) => name));
      if (found === undefined || !wanted.columns.every(({ name }) => names.has(name))) return false;
      some = true;
    }
  }
  return some;
}
