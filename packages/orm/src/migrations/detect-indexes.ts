import { isDeepStrictEqual } from "node:util";
import { addConstraint, addIndex, removeConstraint, removeIndex, renameIndex } from "./operations/indexes.ts";
import type { Operation } from "./operations/operation.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import { type IndexState, type ModelState, modelKey } from "./state.ts";

/** Indexes and constraints that are gone, or not the same any more. */
export function removedIndexes(before: ModelState, after: ModelState): PlannedOperation[] {
  return [
    ...missing(before.constraints, after.constraints).map(({ name }) =>
      plan(after, removeConstraint(after.name, name)),
    ),
    ...missing(before.indexes, after.indexes)
      .filter((index) => !renamedIndexes(before, after).some(([old]) => old === index))
      .map(({ name }) => plan(after, removeIndex(after.name, name))),
  ];
}

/** Indexes of the same columns and condition that only have another name. */
function renamedIndexes(before: ModelState, after: ModelState): [old: IndexState, now: IndexState][] {
  const content = ({ name: _name, ...rest }: IndexState) => rest;
  const free = missing(before.indexes, after.indexes).filter(
    (index) => !after.indexes.some((each) => each.name === index.name),
  );
  return missing(after.indexes, before.indexes).flatMap((now): [IndexState, IndexState][] => {
    if (before.indexes.some((each) => each.name === now.name)) return [];
    const position = free.findIndex((each) => isDeepStrictEqual(content(each), content(now)));
    return position < 0 ? [] : [[free.splice(position, 1)[0] as IndexState, now]];
  });
}

/** Indexes and constraints that are new, or not the same any more. */
export function addedIndexes(before: ModelState, after: ModelState): PlannedOperation[] {
  // Fields first: an index may be on a new one.
  const needs = Object.keys(after.fields).flatMap((field) => [
    `+${modelKey(after)}.${field}`,
    `~${modelKey(after)}.${field}`,
  ]);
  return [
    ...renamedIndexes(before, after).map(([old, now]) => plan(after, renameIndex(after.name, old.name, now.name))),
    ...missing(after.indexes, before.indexes)
      .filter((index) => !renamedIndexes(before, after).some(([, now]) => now === index))
      .map((index) => plan(after, addIndex(after.name, index), needs)),
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
