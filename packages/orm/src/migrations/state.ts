import type { IndexMethod } from "../backends/base/schema-editor.ts";
import { type ConditionState, namesIn } from "./condition-state.ts";

/** A field as a migration writes it: what `fieldFrom` makes a field of again. */
export interface FieldState {
  /** Its name under `fields`: `"char"`. */
  readonly kind: string;
  /** The other model of a relation: `"blog.Author"`. */
  readonly to?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** An index as a migration writes it. */
export interface IndexState {
  readonly name: string;
  /** Field names; a leading `-` means descending. */
  readonly fields: readonly string[];
  readonly where?: ConditionState;
  /** How PostgreSQL builds it: `"gin"`. Other databases build it as they do. */
  readonly using?: IndexMethod;
  /** What compares the fields' values in it, in their order: `["gin_trgm_ops"]`. */
  readonly opclasses?: readonly string[];
}

/** A constraint as a migration writes it. */
export type ConstraintState =
  | { readonly name: string; readonly check: ConditionState }
  | { readonly name: string; readonly unique: readonly string[]; readonly where?: ConditionState };

/** A model at one point of its history. */
export interface ModelState {
  readonly app: string;
  readonly name: string;
  readonly dbTable: string;
  /** False: its table is made by somebody else. */
  readonly managed: boolean;
  /** What the database keeps as the table's comment, where it can. */
  readonly dbTableComment?: string;
  /** In the order of the columns. */
  readonly fields: Readonly<Record<string, FieldState>>;
  readonly indexes: readonly IndexState[];
  readonly constraints: readonly ConstraintState[];
}

/** `"blog.Book"`. */
export function modelKey(model: { readonly app: string; readonly name: string }): string {
  return `${model.app}.${model.name}`;
}

/** All models at one point of the history. Immutable: each change gives another state. */
export class ProjectState {
  #models: ReadonlyMap<string, ModelState>;

  constructor(models: Iterable<ModelState> = []) {
    this.#models = new Map([...models].map((model) => [modelKey(model), model]));
  }

  static #of(models: ReadonlyMap<string, ModelState>): ProjectState {
    const state = new ProjectState();
    state.#models = models;
    return state;
  }

  /** The models by key. */
  get models(): ReadonlyMap<string, ModelState> {
    return this.#models;
  }

  /** The model of this key (`"blog.Book"`), if there is one at this point. */
  find(key: string): ModelState | undefined {
    return this.#models.get(key);
  }

  /** This state with `model` added, or in the place of the one with its key. */
  with(model: ModelState): ProjectState {
    const models = new Map(this.#models);
    return ProjectState.#of(models.set(modelKey(model), model));
  }

  /** This state without the model of this key. */
  without(key: string): ProjectState {
    const models = new Map(this.#models);
    models.delete(key);
    return ProjectState.#of(models);
  }
}

/** The models of a state, by key: the order of modules and imports makes no difference. */
export function sortedModels(state: ProjectState): ModelState[] {
  return [...state.models.values()].sort((a, b) => (modelKey(a) < modelKey(b) ? -1 : 1));
}

/** The names of fields that an index or constraint is on, or has a condition on. */
export function namesOf(item: IndexState | ConstraintState): string[] {
  const own = "fields" in item ? item.fields : "unique" in item ? item.unique : [];
  const condition = "check" in item ? item.check : item.where;
  return [...own.map((name) => name.replace(/^-/, "")), ...(condition ? namesIn(condition) : [])];
}
