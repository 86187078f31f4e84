import { addField, removeField } from "./operations/fields.ts";
import { addConstraint, addIndex, removeConstraint, removeIndex } from "./operations/indexes.ts";
import { createModel, defaultTable, deleteModel } from "./operations/models.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import {
  type ConstraintState,
  type IndexState,
  type ModelState,
  modelKey,
  namesOf,
  type ProjectState,
  sortedModels,
} from "./state.ts";

/** New models, those that others refer to first; a foreign key that closes a ring is added when all are there. */
export function createdModels(from: ProjectState, to: ProjectState): PlannedOperation[] {
  const created = new Map(
    sortedModels(to).flatMap((model) => (from.find(modelKey(model)) ? [] : [[modelKey(model), model]])),
  );
  const deleted = sortedModels(from).filter((model) => to.find(modelKey(model)) === undefined);
  const planned: PlannedOperation[] = [];
  const later: PlannedOperation[] = [];
  const done = new Set<string>();
  const underway = new Set<string>();
  const visit = (key: string, model: ModelState) => {
    if (done.has(key)) return;
    underway.add(key);
    const split = new Set<string>();
    for (const [name, target] of relationsOf(model)) {
      const next = created.get(target);
      if (target === key || next === undefined) continue;
      if (underway.has(target)) split.add(name);
      else visit(target, next);
    }
    underway.delete(key);
    done.add(key);
    const replaced = deleted.filter((each) => each.dbTable === model.dbTable).map((each) => `-${modelKey(each)}`);
    planned.push(creation(model, split, replaced));
    later.push(...additions(model, split));
  };
  for (const [key, model] of created) visit(key, model);
  return [...planned, ...later];
}

function creation(model: ModelState, split: ReadonlySet<string>, replaced: readonly string[]): PlannedOperation {
  const { app, name } = model;
  const fields = Object.fromEntries(Object.entries(model.fields).filter(([field]) => !split.has(field)));
  const indexes = model.indexes.filter((index) => !isOn(index, split));
  const constraints = model.constraints.filter((constraint) => !isOn(constraint, split));
  const targets = relationsOf({ fields }).map(([, target]) => target);
  return {
    app,
    operation: createModel(name, {
      fields,
      ...(model.dbTable !== defaultTable(app, name) && { dbTable: model.dbTable }),
      ...(!model.managed && { managed: false }),
      ...(model.dbTableComment !== undefined && { dbTableComment: model.dbTableComment }),
      ...(indexes.length > 0 && { indexes }),
      ...(constraints.length > 0 && { constraints }),
    }),
    provides: [`+${modelKey(model)}`, ...Object.keys(fields).map((field) => `+${modelKey(model)}.${field}`)],
    needs: [
      ...targets.filter((target) => target !== modelKey(model)).map((target) => `+${target}`),
      ...replaced,
      // One that was renamed had this name.
      `-${modelKey(model)}`,
    ],
    uses: targets.map(appOf),
  };
}

function additions(model: ModelState, split: ReadonlySet<string>): PlannedOperation[] {
  const { app, name } = model;
  const key = modelKey(model);
  const fieldKeys = [...split].map((field) => `+${key}.${field}`);
  const after = { app, provides: [], needs: [`+${key}`, ...fieldKeys], uses: [] };
  return [
    ...relationsOf(model)
      .filter(([field]) => split.has(field))
      .map(([field, target]) => ({
        app,
        operation: addField(name, field, model.fields[field]!),
        provides: [`+${key}.${field}`],
        needs: [`+${key}`, `+${target}`],
        uses: [appOf(target)],
      })),
    ...model.indexes.filter((each) => isOn(each, split)).map((each) => ({ ...after, operation: addIndex(name, each) })),
    ...model.constraints
      .filter((each) => isOn(each, split))
      .map((each) => ({ ...after, operation: addConstraint(name, each) })),
  ];
}

/** Models that are gone, those that refer to others first; in a ring, a foreign key is removed before. */
export function deletedModels(from: ProjectState, to: ProjectState): PlannedOperation[] {
  const deleted = new Map(
    sortedModels(from).flatMap((model) => (to.find(modelKey(model)) ? [] : [[modelKey(model), model]])),
  );
  const planned: PlannedOperation[] = [];
  const done = new Set<string>();
  const underway = new Set<string>();
  const visit = (key: string, model: ModelState) => {
    if (done.has(key)) return;
    underway.add(key);
    const needs: string[] = [];
    for (const [referrer, field] of referrersOf(key, from)) {
      const other = deleted.get(referrer);
      if (referrer === key) continue;
      if (other === undefined) needs.push(`-${referrer}.${field}`, `~${referrer}.${field}`);
      else if (underway.has(referrer)) {
        const provides = [`-${referrer}.${field}`];
        planned.push(...removals(other, field, provides));
        needs.push(...provides);
      } else {
        visit(referrer, other);
        needs.push(`-${referrer}`);
      }
    }
    underway.delete(key);
    done.add(key);
    planned.push({ app: model.app, operation: deleteModel(model.name), provides: [`-${key}`], needs, uses: [] });
  };
  for (const [key, model] of deleted) visit(key, model);
  return planned;
}

/** Removes a field, and first what is on it. */
function removals(model: ModelState, field: string, provides: readonly string[]): PlannedOperation[] {
  const { app, name } = model;
  const on = new Set([field]);
  const plan = (operation: PlannedOperation["operation"]) => ({ app, operation, provides: [], needs: [], uses: [] });
  return [
    ...model.constraints.filter((each) => isOn(each, on)).map((each) => plan(removeConstraint(name, each.name))),
    ...model.indexes.filter((each) => isOn(each, on)).map((each) => plan(removeIndex(name, each.name))),
    { ...plan(removeField(name, field)), provides },
  ];
}

function referrersOf(key: string, state: ProjectState): [referrer: string, field: string][] {
  return sortedModels(state).flatMap((model) =>
    relationsOf(model)
      .filter(([, target]) => target === key)
      .map(([field]): [string, string] => [modelKey(model), field]),
  );
}

/** The relations of a model, with the keys of the models they point to. */
export function relationsOf(model: Pick<ModelState, "fields">): [field: string, target: string][] {
  return Object.entries(model.fields).flatMap(([name, { to }]): [string, string][] =>
    to === undefined ? [] : [[name, to]],
  );
}

/** The app's label in `"blog.Book"`. */
export function appOf(key: string): string {
  return key.slice(0, key.lastIndexOf("."));
}

function isOn(item: IndexState | ConstraintState, fields: ReadonlySet<string>): boolean {
  return namesOf(item).some((name) => fields.has(name) || fields.has(name.replace(/Id$/, "")));
}
