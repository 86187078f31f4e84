import { renameInCondition } from "./condition-state.ts";
import {
  type ConstraintState,
  type FieldState,
  type IndexState,
  type ModelState,
  modelKey,
  ProjectState,
} from "./state.ts";

/** The state with a field of a model called otherwise, wherever it is spoken of. */
export function withFieldRenamed(state: ProjectState, model: ModelState, old: string, name: string): ProjectState {
  const rename = (each: string) => (each === old ? name : each === `${old}Id` ? `${name}Id` : each);
  const key = modelKey(model);
  const fields = Object.entries(model.fields).map(([each, spec]) => [rename(each), inOwn(spec, rename)] as const);
  const renamed: ModelState = {
    ...model,
    fields: Object.fromEntries(fields),
    indexes: model.indexes.map((index) => indexRenamed(index, rename)),
    constraints: model.constraints.map((constraint) => constraintRenamed(constraint, rename)),
  };
  return new ProjectState(
    [...state.models.values()].map((each) => {
      const next = modelKey(each) === key ? renamed : each;
      return mapFields(next, (spec) => inReference(spec, key, rename));
    }),
  );
}

/** The state with a model called otherwise, and all that refers to it. */
export function withModelRenamed(state: ProjectState, model: ModelState, renamed: ModelState): ProjectState {
  const [old, key] = [modelKey(model), modelKey(renamed)];
  return new ProjectState(
    [...state.models.values()].map((each) =>
      mapFields(modelKey(each) === old ? renamed : each, (spec) => {
        const through = spec.options["through"] === old ? { options: { ...spec.options, through: key } } : {};
        return spec.to === old ? { ...spec, to: key, ...through } : { ...spec, ...through };
      }),
    ),
  );
}

function mapFields(model: ModelState, change: (spec: FieldState) => FieldState): ModelState {
  const fields = Object.entries(model.fields).map(([name, spec]) => [name, change(spec)] as const);
  return { ...model, fields: Object.fromEntries(fields) };
}

/** A key of several fields names them, and so do expressions. */
function inOwn(spec: FieldState, rename: (name: string) => string): FieldState {
  const { names, expression, dbDefault } = spec.options;
  if (spec.kind === "compositePrimaryKey") {
    return { ...spec, options: { ...spec.options, names: (names as readonly string[]).map(rename) } };
  }
  if (expression === undefined && typeof dbDefault !== "object") return spec;
  const changed = Object.entries(spec.options).map(([name, value]) =>
    name === "expression" || name === "dbDefault" ? [name, inExpression(value, rename)] : [name, value],
  );
  return { ...spec, options: Object.fromEntries(changed) };
}

/** An expression as data, about fields of other names. */
function inExpression(node: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(node)) return node.map((each) => inExpression(each, rename));
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const { kind } = node as { kind?: unknown };
  const renamed = (path: string) => {
    const [name = "", ...rest] = path.split("__");
    return [rename(name), ...rest].join("__");
  };
  const entries = Object.entries(node).map(([key, value]) => {
    if (kind === "reference" && key === "path") return [key, renamed(value as string)];
    if (kind === "lookups" && key === "lookups") {
      return [key, (value as [string, unknown][]).map(([each, given]) => [renamed(each), inExpression(given, rename)])];
    }
    return [key, inExpression(value, rename)];
  });
  return Object.fromEntries(entries);
}

/** A relation may name fields of the model that it leads to, or leads through. */
function inReference(spec: FieldState, key: string, rename: (name: string) => string): FieldState {
  const { toField, through, throughFields } = spec.options;
  if (spec.to === key && typeof toField === "string") {
    return { ...spec, options: { ...spec.options, toField: rename(toField) } };
  }
  if (through === key && Array.isArray(throughFields)) {
    return { ...spec, options: { ...spec.options, throughFields: throughFields.map((each) => rename(String(each))) } };
  }
  return spec;
}

function indexRenamed(index: IndexState, rename: (name: string) => string): IndexState {
  const fields = index.fields.map((name) => (name.startsWith("-") ? `-${rename(name.slice(1))}` : rename(name)));
  return { ...index, fields, ...(index.where && { where: renameInCondition(index.where, rename) }) };
}

function constraintRenamed(constraint: ConstraintState, rename: (name: string) => string): ConstraintState {
  if ("check" in constraint) return { ...constraint, check: renameInCondition(constraint.check, rename) };
  const where = constraint.where && { where: renameInCondition(constraint.where, rename) };
  return { ...constraint, unique: constraint.unique.map(rename), ...where };
}
