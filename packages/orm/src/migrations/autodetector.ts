import { detectFields, type FieldQuestion, fieldQuestions } from "./detect-fields.ts";
import { addedIndexes, removedIndexes } from "./detect-indexes.ts";
import { createdModels, deletedModels } from "./detect-models.ts";
import { alterModelOptions, alterModelTable } from "./operations/models.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import { type ModelState, modelKey, type ProjectState, sortedModels } from "./state.ts";

/** Values for the rows that exist, by `blog.Book.pages`. */
export type Fills = ReadonlyMap<string, unknown>;

/** The fields that would leave existing rows without a value, unless an answer gives one. */
export function questionsOf(from: ProjectState, to: ProjectState): FieldQuestion[] {
  return keptModels(from, to).flatMap(([before, after]) => fieldQuestions(before, after));
}

/** What leads from one state to the other, with what each step waits for; not yet cut into migrations. */
export function detectChanges(from: ProjectState, to: ProjectState, fills: Fills = new Map()): PlannedOperation[] {
  const kept = keptModels(from, to);
  return [
    ...kept.flatMap(([before, after]) => removedIndexes(before, after)),
    ...kept.flatMap(([before, after]) => alteredOptions(before, after)),
    ...kept.flatMap(([before, after]) => detectFields(before, after, fills, "removed")),
    ...deletedModels(from, to),
    ...createdModels(from, to),
    ...kept.flatMap(([before, after]) => detectFields(before, after, fills, "added")),
    ...kept.flatMap(([before, after]) => detectFields(before, after, fills, "altered")),
    ...kept.flatMap(([before, after]) => addedIndexes(before, after)),
  ];
}

function keptModels(from: ProjectState, to: ProjectState): [before: ModelState, after: ModelState][] {
  return sortedModels(to).flatMap((after): [ModelState, ModelState][] => {
    const before = from.find(modelKey(after));
    return before === undefined ? [] : [[before, after]];
  });
}

function alteredOptions(before: ModelState, after: ModelState): PlannedOperation[] {
  const { app, name } = after;
  const plan = (operation: PlannedOperation["operation"]) => ({ app, operation, provides: [], needs: [], uses: [] });
  const options = {
    ...(before.managed !== after.managed && { managed: after.managed }),
    ...(before.dbTableComment !== after.dbTableComment && { dbTableComment: after.dbTableComment ?? null }),
  };
  return [
    ...(before.dbTable === after.dbTable ? [] : [plan(alterModelTable(name, after.dbTable))]),
    ...(Object.keys(options).length === 0 ? [] : [plan(alterModelOptions(name, options))]),
  ];
}
