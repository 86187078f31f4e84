import { isDeepStrictEqual } from "node:util";
import { UsageError } from "@tsjango/kernel/exceptions";
import { didYouMean } from "@tsjango/kernel/utils";
import { appOf, relationsOf } from "./detect-models.ts";
import { renameField } from "./operations/fields.ts";
import { renameModel } from "./operations/models.ts";
import type { PlannedOperation } from "./planned-operation.ts";
import { type FieldState, type ModelState, modelKey, type ProjectState, sortedModels } from "./state.ts";

/** Something is gone and something like it is new: was it renamed? */
export interface RenameQuestion {
  /** What is gone: `blog.Book`, `blog.Book.title`. */
  readonly key: string;
  /** The new name. */
  readonly name: string;
}

/** Says whether it was. */
export type DecideRename = (question: RenameQuestion) => Promise<boolean>;

/** What the command line says of names: old key → new name, or null where it was not renamed. */
export type GivenRenames = ReadonlyMap<string, string | null>;

/** The state in which everything has the names that it has now, and the operations that lead there. */
export interface DetectedRenames {
  readonly state: ProjectState;
  readonly operations: readonly PlannedOperation[];
}

/** Finds models and fields that go on under other names: those that are given, and those that `decide` says yes to. */
export async function detectRenames(
  from: ProjectState,
  to: ProjectState,
  { given = new Map(), decide }: { given?: GivenRenames; decide: DecideRename },
): Promise<DetectedRenames> {
  const names = new Names(given);
  const operations: PlannedOperation[] = [];
  let state = from;
  const apply = (planned: PlannedOperation) => {
    operations.push(planned);
    state = planned.operation.changeState(planned.app, state);
  };
  for (const { old, now } of await renamedModels(from, to, names, decide)) apply(plannedModel(old, now, state));
  for (const model of sortedModels(to)) {
    const before = state.find(modelKey(model));
    if (before === undefined) continue;
    const was = operations.find((each) => each.provides.includes(`+${modelKey(model)}`))?.provides[1]?.slice(1);
    for (const [old, now] of await renamedFields(before, model, { names, decide, was })) {
      const key = modelKey(model);
      const provides = [`+${key}.${now}`, `-${key}.${old}`];
      apply({ app: model.app, operation: renameField(model.name, old, now), provides, needs: [], uses: [] });
    }
  }
  names.refuseUnused(from, to);
  return { state, operations };
}

/** The names that were given, and which of them were of use. */
class Names {
  readonly #given: GivenRenames;
  readonly #used = new Set<string>();

  constructor(given: GivenRenames) {
    this.#given = given;
  }

  /** The new name; null where it was not renamed, undefined where nothing is said. */
  find(...keys: readonly (string | undefined)[]): string | null | undefined {
    for (const key of keys) {
      if (key === undefined || !this.#given.has(key)) continue;
      this.#used.add(key);
      return this.#given.get(key);
    }
    return undefined;
  }

  refuseUnused(from: ProjectState, to: ProjectState): void {
    const unused = [...this.#given].find(([key]) => !this.#used.has(key));
    if (unused === undefined) return;
    const [key, name] = unused;
    const gone = [...goneKeys(from, to)];
    const flag = name === null ? `--removed ${key}` : `--rename ${key}:${name}`;
    const list = gone.length === 0 ? "Nothing is gone from the models." : `Gone from the models: ${gone.join(", ")}.`;
    throw new UsageError(`${flag}: no migration has ${key} that the models do not.${didYouMean(key, gone)} ${list}`);
  }
}

function* goneKeys(from: ProjectState, to: ProjectState): Generator<string> {
  for (const model of sortedModels(from)) {
    const after = to.find(modelKey(model));
    if (after === undefined) yield modelKey(model);
    for (const name of Object.keys(model.fields)) {
      if (after !== undefined && !Object.hasOwn(after.fields, name)) yield `${modelKey(model)}.${name}`;
    }
  }
}

async function renamedModels(
  from: ProjectState,
  to: ProjectState,
  names: Names,
  decide: DecideRename,
): Promise<{ old: ModelState; now: ModelState }[]> {
  const added = sortedModels(to).filter((model) => from.find(modelKey(model)) === undefined);
  const removed = sortedModels(from).filter((model) => to.find(modelKey(model)) === undefined);
  const renamed: { old: ModelState; now: ModelState }[] = [];
  for (const old of removed) {
    const free = added.filter((each) => each.app === old.app && !renamed.some(({ now }) => now === each));
    const name = names.find(modelKey(old));
    if (name === null) continue;
    if (name !== undefined) {
      renamed.push({ old, now: newModel(old, name, free) });
      continue;
    }
    for (const now of free.filter((each) => isAlike(old, each))) {
      if (!(await decide({ key: modelKey(old), name: now.name }))) continue;
      renamed.push({ old, now });
      break;
    }
  }
  return renamed;
}

function newModel(old: ModelState, name: string, added: readonly ModelState[]): ModelState {
  const now = added.find((each) => each.name === name);
  if (now !== undefined) return now;
  const known = added.map((each) => each.name);
  throw new UsageError(
    `--rename ${modelKey(old)}:${name}: ${old.app} has no new model ${name}.${didYouMean(name, known)} ` +
      `New are: ${known.join(", ") || "none"}.`,
  );
}

/** The same fields, leaving out which models they refer to: those may have other names too. */
function isAlike(one: ModelState, other: ModelState): boolean {
  const fieldsOf = (model: ModelState) =>
    Object.fromEntries(Object.entries(model.fields).map(([name, { kind, options }]) => [name, { kind, options }]));
  return isDeepStrictEqual(fieldsOf(one), fieldsOf(other));
}

function plannedModel(old: ModelState, now: ModelState, state: ProjectState): PlannedOperation {
  const [was, key] = [modelKey(old), modelKey(now)];
  // What names the model must have been applied before it is called otherwise.
  const referrers = sortedModels(state).filter((model) => relationsOf(model).some(([, target]) => target === was));
  const targets = relationsOf(old).map(([, target]) => appOf(target));
  const uses = [...new Set([...referrers.map((model) => model.app), ...targets])].sort();
  const operation = renameModel(old.name, now.name);
  return { app: old.app, operation, provides: [`+${key}`, `-${was}`], needs: [], uses };
}

async function renamedFields(
  before: ModelState,
  after: ModelState,
  { names, decide, was }: { names: Names; decide: DecideRename; was: string | undefined },
): Promise<[old: string, now: string][]> {
  const added = Object.keys(after.fields).filter((name) => !Object.hasOwn(before.fields, name));
  const removed = Object.keys(before.fields).filter((name) => !Object.hasOwn(after.fields, name));
  const renamed: [string, string][] = [];
  for (const old of removed) {
    const key = `${modelKey(after)}.${old}`;
    const free = added.filter((name) => !renamed.some(([, now]) => now === name));
    const name = names.find(key, was === undefined ? undefined : `${was}.${old}`);
    if (name === null) continue;
    if (name !== undefined) {
      if (!free.includes(name)) throw noNewField(key, name, free);
      renamed.push([old, name]);
      continue;
    }
    for (const now of free.filter((each) => isSame(before.fields[old]!, after.fields[each]!))) {
      if (!(await decide({ key, name: now }))) continue;
      renamed.push([old, now]);
      break;
    }
  }
  return renamed;
}

function noNewField(key: string, name: string, added: readonly string[]): UsageError {
  return new UsageError(
    `--rename ${key}:${name}: there is no new field ${name}.${didYouMean(name, added)} New are: ${added.join(", ") || "none"}.`,
  );
}

/** The same field, leaving out a column's name of its own. */
function isSame(one: FieldState, other: FieldState): boolean {
  const plain = ({ options: { dbColumn: _dbColumn, ...options }, ...rest }: FieldState) => ({ ...rest, options });
  return isDeepStrictEqual(plain(one), plain(other));
}
