import type { Backend } from "../backends/base/backend.ts";
import { operationContext } from "./operation-context.ts";
import type { Operation } from "./operations/operation.ts";
import type { PlanStep } from "./plan.ts";
import { statesOf } from "./replay.ts";
import type { ProjectState } from "./state.ts";
import type { TableStep } from "./table-changes.ts";

/** One operation with what it does to tables. */
export interface RecordedOperation {
  readonly operation: Operation;
  readonly from: ProjectState;
  readonly to: ProjectState;
  readonly steps: readonly TableStep[];
  /** Whether it also runs statements or code that cannot be looked into. */
  readonly opaque: boolean;
}

/** What a migration would do to tables, in order; nothing is executed. */
export async function recordedSteps(
  { migration, direction }: PlanStep,
  before: ProjectState,
  backend: Backend,
): Promise<RecordedOperation[]> {
  const states = statesOf(before, migration);
  const forwards = direction === "forwards";
  const recorded: RecordedOperation[] = [];
  for (const [index, operation] of migration.operations.entries()) {
    const [start, end] = [states[index] as ProjectState, states[index + 1] as ProjectState];
    const [from, to] = forwards ? [start, end] : [end, start];
    const steps: TableStep[] = [];
    let opaque = false;
    const note = async () => {
      opaque = true;
    };
    const schema = { run: async (step: TableStep) => void steps.push(step), flush: async () => {} };
    const sink = { execute: note, run: note };
    const context = operationContext(migration.app, [from, to], { schema, backend, sink, atomic: migration.atomic });
    await (forwards ? operation.forwards(context) : operation.backwards?.(context));
    recorded.push({ operation, from, to, steps, opaque });
  }
  return forwards ? recorded : recorded.reverse();
}
