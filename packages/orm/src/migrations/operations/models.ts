import { BadMigrationError } from "../../exceptions.ts";
import { snakeCase } from "../../fields/snake-case.ts";
import { withModelRenamed } from "../renames.ts";
import {
  type ConstraintState,
  type FieldState,
  type IndexState,
  type ModelState,
  modelKey,
  type ProjectState,
} from "../state.ts";
import type { Operation } from "./operation.ts";

/** What `createModel` is told. */
export interface CreateModelOptions {
  /** In the order of the columns. */
  readonly fields: Readonly<Record<string, FieldState>>;
  /** Default: the app's label and the model's name, `blog_book`. */
  readonly dbTable?: string;
  /** False: its table is made by somebody else. */
  readonly managed?: boolean;
  /** What PostgreSQL keeps as the table's comment. */
  readonly dbTableComment?: string;
  readonly indexes?: readonly IndexState[];
  readonly constraints?: readonly ConstraintState[];
}

/** Makes a model's table. */
export function createModel(name: string, options: CreateModelOptions): Operation {
  return {
    call: ["createModel", name, options],
    description: `Create model ${name}`,
    nameFragment: name.toLowerCase(),
    changeState: (app, state) => {
      const model: ModelState = {
        app,
        name,
        dbTable: options.dbTable ?? defaultTable(app, name),
        managed: options.managed ?? true,
        ...(options.dbTableComment !== undefined && { dbTableComment: options.dbTableComment }),
        fields: options.fields,
        indexes: options.indexes ?? [],
        constraints: options.constraints ?? [],
      };
      if (state.find(modelKey(model)) !== undefined) {
        throw new BadMigrationError(`createModel("${name}"): ${modelKey(model)} exists already at this point.`);
      }
      return state.with(model);
    },
    forwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
  };
}

/** Drops a model's table, with its rows. */
export function deleteModel(name: string): Operation {
  return {
    call: ["deleteModel", name],
    description: `Delete model ${name}`,
    nameFragment: `delete_${name.toLowerCase()}`,
    destructive: true,
    changeState: (app, state) => state.without(modelKey(existing(app, state, name, "deleteModel"))),
    forwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
  };
}

/** Gives a model another name; its rows are kept. A table that was named after the model is renamed with it. */
export function renameModel(name: string, newName: string): Operation {
  return {
    call: ["renameModel", name, newName],
    description: `Rename model ${name} to ${newName}`,
    nameFragment: `rename_${name}_${newName}`.toLowerCase(),
    changeState: (app, state) => {
      const before = existing(app, state, name, "renameModel");
      if (state.find(`${app}.${newName}`) !== undefined) {
        throw new BadMigrationError(
          `renameModel("${name}", "${newName}"): ${app}.${newName} exists already at this point.`,
        );
      }
      const named = before.dbTable === defaultTable(app, name);
      const dbTable = named ? defaultTable(app, newName) : before.dbTable;
      return withModelRenamed(state, before, { ...before, name: newName, dbTable });
    },
    forwards: ({ app, changeModel }) => changeModel(`${app}.${newName}`, { was: `${app}.${name}` }),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${name}`, { was: `${app}.${newName}` }),
  };
}

/** The table of a model that names none. */
export function defaultTable(app: string, name: string): string {
  return `${app}_${snakeCase(name)}`;
}

/** The model an operation speaks of; throws where there is none at that point. */
export function existing(app: string, state: ProjectState, name: string, operation: string): ModelState {
  const model = state.find(`${app}.${name}`);
  if (model !== undefined) return model;
  const known = [...state.models.values()].filter((each) => each.app === app).map((each) => each.name);
  throw new BadMigrationError(
    `${operation}("${name}", …): the app "${app}" has no model ${name} at this point; ` +
      `it has ${known.length === 0 ? "none" : known.join(", ")}.`,
  );
}

/** Gives a model another table name; the rows stay. */
export function alterModelTable(name: string, table: string): Operation {
  return {
    call: ["alterModelTable", name, table],
    description: `Rename table of ${name} to ${table}`,
    nameFragment: `alter_${name.toLowerCase()}_table`,
    changeState: (app, state) => state.with({ ...existing(app, state, name, "alterModelTable"), dbTable: table }),
    forwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
  };
}

/** What `alterModelOptions` may say. */
export interface AlterModelOptions {
  /** Whether migrations look after the table from here on; that touches nothing in the database. */
  readonly managed?: boolean;
  /** What PostgreSQL keeps as the table's comment; null for none. */
  readonly dbTableComment?: string | null;
}

/** Changes what migrations know of a model beside its fields, indexes and constraints. */
export function alterModelOptions(name: string, options: AlterModelOptions): Operation {
  return {
    call: ["alterModelOptions", name, options],
    description: `Change options of ${name}`,
    nameFragment: `alter_${name.toLowerCase()}_options`,
    changeState: (app, state) => {
      const { dbTableComment, ...before } = existing(app, state, name, "alterModelOptions");
      const comment = options.dbTableComment === undefined ? dbTableComment : (options.dbTableComment ?? undefined);
      return state.with({
        ...before,
        ...(options.managed !== undefined && { managed: options.managed }),
        ...(comment !== undefined && { dbTableComment: comment }),
      });
    },
    forwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${name}`),
  };
}
