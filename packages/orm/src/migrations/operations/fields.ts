import { BadMigrationError } from "../../exceptions.ts";
import { withFieldRenamed } from "../renames.ts";
import { type FieldState, type ModelState, namesOf, type ProjectState } from "../state.ts";
import { existing } from "./models.ts";
import type { Operation } from "./operation.ts";

/** What `addField` and `alterField` may be told. */
export interface FillOptions {
  /** For rows that have no value: put in once, when the migration is applied. It is not the field's default. */
  readonly fill?: unknown;
}

/** Adds a field to a model. */
export function addField(model: string, name: string, field: FieldState, options?: FillOptions): Operation {
  return fieldOperation({
    call: ["addField", model, name, field, ...(options ? [options] : [])],
    description: `Add field ${name} to ${model}`,
    nameFragment: `${model}_${name}`.toLowerCase(),
    model,
    fills: fillsOf(name, options),
    change: (state) => {
      if (Object.hasOwn(state.fields, name)) {
        throw new BadMigrationError(`addField("${model}", "${name}", …): ${model} has this field already.`);
      }
      return { ...state, fields: { ...state.fields, [name]: field } };
    },
  });
}

/** Removes a field from a model, with its values. */
export function removeField(model: string, name: string): Operation {
  return fieldOperation({
    call: ["removeField", model, name],
    description: `Remove field ${name} from ${model}`,
    nameFragment: `remove_${model}_${name}`.toLowerCase(),
    destructive: true,
    model,
    change: (state) => {
      const { [name]: removed, ...fields } = state.fields;
      if (removed === undefined) throw noField("removeField", state, name);
      const user = [...state.indexes, ...state.constraints].find((item) => namesOf(item).includes(name));
      if (user !== undefined) {
        throw new BadMigrationError(
          `removeField("${model}", "${name}"): "${user.name}" is on this field; remove that before.`,
        );
      }
      const key = Object.entries(fields).find(([, spec]) =>
        (spec.options["names"] as string[] | undefined)?.includes(name),
      );
      if (key !== undefined) {
        throw new BadMigrationError(
          `removeField("${model}", "${name}"): the key ${key[0]} is made of it; remove that before.`,
        );
      }
      return { ...state, fields };
    },
  });
}

/** Gives a field other options or another kind; its values are kept. */
export function alterField(model: string, name: string, field: FieldState, options?: FillOptions): Operation {
  return fieldOperation({
    call: ["alterField", model, name, field, ...(options ? [options] : [])],
    description: `Alter field ${name} on ${model}`,
    nameFragment: `alter_${model}_${name}`.toLowerCase(),
    model,
    fills: fillsOf(name, options),
    change: (state) => {
      if (!Object.hasOwn(state.fields, name)) throw noField("alterField", state, name);
      return { ...state, fields: { ...state.fields, [name]: field } };
    },
  });
}

/** Gives a field another name; its values are kept, and so is what is on it. */
export function renameField(model: string, name: string, newName: string): Operation {
  return {
    call: ["renameField", model, name, newName],
    description: `Rename field ${name} of ${model} to ${newName}`,
    nameFragment: `rename_${name}_${model}_${newName}`.toLowerCase(),
    changeState: (app, state) => {
      const before = existing(app, state, model, "renameField");
      if (!Object.hasOwn(before.fields, name)) throw noField("renameField", before, name);
      if (Object.hasOwn(before.fields, newName)) {
        throw new BadMigrationError(
          `renameField("${model}", "${name}", "${newName}"): ${model} has a field ${newName} already.`,
        );
      }
      return withFieldRenamed(state, before, name, newName);
    },
    forwards: ({ app, changeModel }) => changeModel(`${app}.${model}`, { renamed: { [newName]: name } }),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${model}`, { renamed: { [name]: newName } }),
  };
}

function fillsOf(name: string, options: FillOptions | undefined): Readonly<Record<string, unknown>> {
  return options !== undefined && "fill" in options ? { [name]: options.fill } : {};
}

function noField(operation: string, model: ModelState, name: string): BadMigrationError {
  const known = Object.keys(model.fields).join(", ");
  return new BadMigrationError(
    `${operation}("${model.name}", "${name}"): ${model.name} has no such field at this point; it has ${known}.`,
  );
}

interface FieldOperation extends Pick<Operation, "call" | "description" | "nameFragment" | "destructive"> {
  readonly model: string;
  readonly fills?: Readonly<Record<string, unknown>>;
  readonly change: (model: ModelState) => ModelState;
}

function fieldOperation({ model, fills = {}, change, ...operation }: FieldOperation): Operation {
  return {
    ...operation,
    changeState: (app, state: ProjectState) => state.with(change(existing(app, state, model, operation.call[0]))),
    forwards: ({ app, changeModel }) => changeModel(`${app}.${model}`, { fills }),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${model}`),
  };
}
