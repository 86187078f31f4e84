import { BadMigrationError } from "../../exceptions.ts";
import type { ConstraintState, IndexState, ModelState } from "../state.ts";
import { existing } from "./models.ts";
import type { Operation } from "./operation.ts";

/** Adds an index to a model. */
export function addIndex(model: string, index: IndexState): Operation {
  return listOperation({
    call: ["addIndex", model, index],
    description: `Create index ${index.name} on ${model}`,
    nameFragment: index.name.toLowerCase(),
    model,
    change: (state) => ({ ...state, indexes: added(state, "indexes", index) }),
  });
}

/** Removes an index from a model. */
export function removeIndex(model: string, name: string): Operation {
  return listOperation({
    call: ["removeIndex", model, name],
    description: `Remove index ${name} from ${model}`,
    nameFragment: `remove_${name}`.toLowerCase(),
    model,
    change: (state) => ({ ...state, indexes: removed(state, "indexes", name) }),
  });
}

/** Gives an index another name; nothing is built anew where the database can. */
export function renameIndex(model: string, name: string, newName: string): Operation {
  return listOperation({
    call: ["renameIndex", model, name, newName],
    description: `Rename index ${name} of ${model} to ${newName}`,
    nameFragment: `rename_${name}_${newName}`.toLowerCase(),
    model,
    change: (state) => {
      removed(state, "indexes", name);
      if (state.indexes.some((each) => each.name === newName)) added(state, "indexes", { name: newName });
      const indexes = state.indexes.map((each) => (each.name === name ? { ...each, name: newName } : each));
      return { ...state, indexes };
    },
  });
}

/** Adds a check or a unique constraint to a model; rows that break it make the migration fail. */
export function addConstraint(model: string, constraint: ConstraintState): Operation {
  return listOperation({
    call: ["addConstraint", model, constraint],
    description: `Create constraint ${constraint.name} on ${model}`,
    nameFragment: constraint.name.toLowerCase(),
    model,
    change: (state) => ({ ...state, constraints: added(state, "constraints", constraint) }),
  });
}

/** Removes a constraint from a model. */
export function removeConstraint(model: string, name: string): Operation {
  return listOperation({
    call: ["removeConstraint", model, name],
    description: `Remove constraint ${name} from ${model}`,
    nameFragment: `remove_${name}`.toLowerCase(),
    model,
    change: (state) => ({ ...state, constraints: removed(state, "constraints", name) }),
  });
}

function added<T extends { readonly name: string }>(
  model: ModelState,
  list: "indexes" | "constraints",
  item: T,
): readonly T[] {
  const items = model[list] as readonly { readonly name: string }[] as readonly T[];
  if (!items.some((each) => each.name === item.name)) return [...items, item];
  throw new BadMigrationError(
    `${model.name} has "${item.name}" among its ${list} already; give the new one another name.`,
  );
}

function removed<T extends { readonly name: string }>(
  model: ModelState,
  list: "indexes" | "constraints",
  name: string,
): readonly T[] {
  const items = model[list] as readonly { readonly name: string }[] as readonly T[];
  const kept = items.filter((each) => each.name !== name);
  if (kept.length < items.length) return kept;
  const names = items.map((each) => each.name).join(", ") || "none";
  throw new BadMigrationError(`${model.name} has no "${name}" among its ${list} at this point; it has ${names}.`);
}

interface ListOperation extends Pick<Operation, "call" | "description" | "nameFragment"> {
  readonly model: string;
  readonly change: (model: ModelState) => ModelState;
}

function listOperation({ model, change, ...operation }: ListOperation): Operation {
  return {
    ...operation,
    changeState: (app, state) => state.with(change(existing(app, state, model, operation.call[0]))),
    forwards: ({ app, changeModel }) => changeModel(`${app}.${model}`),
    backwards: ({ app, changeModel }) => changeModel(`${app}.${model}`),
  };
}
