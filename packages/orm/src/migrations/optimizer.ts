import { isDeepStrictEqual } from "node:util";
import { BadMigrationError } from "../exceptions.ts";
import type { Operation } from "./operations/operation.ts";
import { reduce } from "./reduce.ts";
import type { ProjectState } from "./state.ts";

/**
 * Fewer operations that lead to the same state: what is made and changed is made as it is in the end.
 * Source: Django's `MigrationOptimizer`.
 * @param before The state that the first operation finds.
 */
export function optimize(operations: readonly Operation[], app: string, before: ProjectState): readonly Operation[] {
  let current = operations;
  for (;;) {
    const next = optimizeOnce(current, app);
    if (next.length >= current.length && next.every((each, index) => each === current[index])) break;
    current = next;
  }
  return leadToTheSame(operations, current, { app, before }) ? current : operations;
}

function optimizeOnce(operations: readonly Operation[], app: string): readonly Operation[] {
  const done: Operation[] = [];
  for (const [index, operation] of operations.entries()) {
    const rest = operations.slice(index + 1);
    let right = true;
    for (const [position, other] of rest.entries()) {
      const result = reduce(operation, other, app);
      if (typeof result !== "boolean") {
        const between = rest.slice(0, position);
        const after = rest.slice(position + 1);
        if (right) return [...done, ...between, ...result, ...after];
        // Otherwise what is between must let the other one come before it.
        if (between.every((each) => reduce(each, other, app) === true))
          return [...done, ...result, ...between, ...after];
        break;
      }
      if (!result) right = false;
    }
    done.push(operation);
  }
  return done;
}

/** A proof on the spot, rather than trust in the rules. */
function leadToTheSame(
  one: readonly Operation[],
  other: readonly Operation[],
  { app, before }: { app: string; before: ProjectState },
): boolean {
  const end = (operations: readonly Operation[]) =>
    operations.reduce((state, operation) => operation.changeState(app, state), before);
  try {
    return isDeepStrictEqual(new Map(end(one).models), new Map(end(other).models));
  } catch (error) {
    if (error instanceof BadMigrationError) return false;
    throw error;
  }
}
