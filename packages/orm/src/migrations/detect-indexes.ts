import { isDeepStrictEqual } from "node:util";
import { addConstraint, addIndex, removeConstraint, removeIndex } from "./operations/indexes.ts";
import type { Operation } from "./operations/operation.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import { type ModelState, modelKey } from "./state.ts";

/** Indexes and constraints that are gone, or not the same any more. */
export function removedIndexes(before: ModelState, after: ModelState): PlannedOperation[] {
  return [
    ...missing(before.constraints, after.constraints).map(({ name }) =>
      plan(after, removeConstraint(after.name, name)),
    ),
    ...missing(before.indexes, after.indexes).map(({ name }) => plan(after, removeIndex(after.name, name))),
  ];
}

/** Indexes and constraints that are new, or not the same any more. */
export function addedIndexes(before: ModelState, after: ModelState): PlannedOperation[] {
  // Fields first: an index may be on a new one.
  const needs = Object.keys(after.fields).flatMap((field) => [
    `+${modelKey(after)}.${field}`,
    `~${modelKey(after)}.${field}`,
  ]);
  return [
    ...missing(after.indexes, before.indexes).map((index) => plan(after, addIndex(after.name, index), needs)),
    ...missing(after.constraints, before.constraints).map((each) =>
      plan(after, addConstraint(after.name, each), needs),
    ),
  ];
}

function plan({ app }: ModelState, operation: Operation, needs: readonly string[] = []): PlannedOperation {
  return { app, operation, provides: [], needs, uses: [] };
}

function missing<T extends { readonly name: string }>(list: readonly T[], other: readonly T[]): T[] {
  return list.filter((item) => !other.some((each) => isDeepStrictEqual(each, item)));
}
