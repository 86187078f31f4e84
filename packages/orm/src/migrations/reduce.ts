import { addField, alterField, type FillOptions, renameField } from "./operations/fields.ts";
import { addIndex } from "./operations/indexes.ts";
import { type CreateModelOptions, createModel, defaultTable, deleteModel, renameModel } from "./operations/models.ts";
import type { Operation } from "./operations/operation.ts";
import { type FieldState, type IndexState, type ModelState, ProjectState } from "./state.ts";

/** What may be folded into the making of its model. */
const FOLDED: ReadonlySet<string> = new Set([
  "addField",
  "alterField",
  "removeField",
  "renameField",
  "addIndex",
  "removeIndex",
  "renameIndex",
  "addConstraint",
  "removeConstraint",
  "alterModelTable",
  "alterModelOptions",
]);

/** Operations on one field: its name is their second argument. */
const OF_FIELD: ReadonlySet<string> = new Set(["addField", "alterField", "removeField", "renameField"]);

/** Operations that speak of one model, their first argument, and of nothing that cannot be seen. */
const OF_MODEL: ReadonlySet<string> = new Set([...FOLDED, "createModel", "deleteModel", "renameModel"]);

/** What two operations are together; else whether the first may stand behind the second. */
export function reduce(one: Operation, other: Operation, app: string): readonly Operation[] | boolean {
  if (one.elidable) return [other];
  if (other.elidable) return [one];
  return together(one, other, app) ?? canPass(one, other, app);
}

function together(one: Operation, other: Operation, app: string): readonly Operation[] | undefined {
  const [first, model] = one.call as [string, string];
  const [second, otherModel] = other.call as [string, string];
  const same = model === otherModel;
  if (first === "createModel" && same) {
    if (second === "deleteModel") return [];
    if (second === "renameModel") return [created(one, other, app)];
    return FOLDED.has(second) ? [created(one, other, app)] : undefined;
  }
  if (first === "renameModel" && second === "renameModel" && one.call[2] === otherModel) {
    return model === other.call[2] ? [] : [renameModel(model, other.call[2] as string)];
  }
  if (!same) return undefined;
  if (OF_FIELD.has(first) && OF_FIELD.has(second)) return fieldsTogether(one, other);
  if (first === "alterModelTable" || first === "alterModelOptions") {
    if (second === first) return first === "alterModelTable" ? [other] : undefined;
    return second === "deleteModel" ? [deleteModel(model)] : undefined;
  }
  return indexesTogether(one, other);
}

/** The making of a model with another operation on it done already. */
function created(creation: Operation, other: Operation, app: string): Operation {
  const made = creation.changeState(app, new ProjectState());
  const [after] = other.changeState(app, made).models.values() as Iterator<ModelState> & Iterable<ModelState>;
  const { name, dbTable, managed, dbTableComment, fields, indexes, constraints } = after as ModelState;
  const options: CreateModelOptions = {
    fields,
    ...(dbTable !== defaultTable(app, name) && { dbTable }),
    ...(!managed && { managed }),
    ...(dbTableComment !== undefined && { dbTableComment }),
    ...(indexes.length > 0 && { indexes }),
    ...(constraints.length > 0 && { constraints }),
  };
  return createModel(name, options);
}

function fieldsTogether(one: Operation, other: Operation): readonly Operation[] | undefined {
  const [first, model, name, field, given] = one.call as [string, string, string, FieldState, FillOptions | undefined];
  const [second, , otherName, otherField, otherGiven] = other.call as typeof one.call as [
    string,
    string,
    string,
    FieldState,
    FillOptions | undefined,
  ];
  const continues = first === "renameField" ? (one.call[3] as string) === otherName : name === otherName;
  if (!continues) return undefined;
  switch (`${first} ${second}`) {
    case "addField alterField":
      return [addField(model, name, otherField, given ?? otherGiven)];
    case "addField removeField":
      return [];
    case "addField renameField":
      return [addField(model, other.call[3] as string, field, given)];
    case "alterField alterField":
      return [alterField(model, name, otherField, otherGiven ?? given)];
    case "alterField removeField":
      return [other];
    case "renameField renameField":
      return name === other.call[3] ? [] : [renameField(model, name, other.call[3] as string)];
    default:
      return undefined;
  }
}

function indexesTogether(one: Operation, other: Operation): readonly Operation[] | undefined {
  const [first, model, item] = one.call as [string, string, IndexState];
  const [second, , name, newName] = other.call as [string, string, string, string];
  if (first === "addIndex" && item.name === name) {
    if (second === "removeIndex") return [];
    if (second === "renameIndex") return [addIndex(model, { ...item, name: newName })];
  }
  return first === "addConstraint" && second === "removeConstraint" && item.name === name ? [] : undefined;
}

/** Whether two operations may change places. */
function canPass(one: Operation, other: Operation, app: string): boolean {
  const [first, model, field] = one.call as [string, string, string];
  const [second] = other.call as [string];
  if (!OF_MODEL.has(first) || !OF_MODEL.has(second)) return false;
  // What a field that is gone referred to cannot be seen any more.
  if (first === "removeField" && second === "deleteModel") return false;
  const names = first === "renameModel" ? [model, one.call[2] as string] : [model];
  if (OF_FIELD.has(first) && OF_FIELD.has(second) && other.call[1] === model) {
    const touched = [field, ...(first === "renameField" ? [one.call[3]] : [])];
    const others = [other.call[2], ...(second === "renameField" ? [other.call[3]] : [])];
    const refers = relations(other).includes(`${app}.${model}`);
    return !refers && !touched.some((each) => others.includes(each));
  }
  if (names.some((name) => speaksOf(other, name, app))) return false;
  // The first may also refer to what the second makes, renames or drops.
  const changed = second === "renameModel" ? [other.call[1], other.call[2]] : [other.call[1]];
  return (
    !["createModel", "deleteModel", "renameModel"].includes(second) ||
    !changed.some((name) => relations(one).includes(`${app}.${String(name)}`))
  );
}

function speaksOf(operation: Operation, model: string, app: string): boolean {
  const [name, own, newName] = operation.call as [string, string, unknown];
  return (
    own === model || (name === "renameModel" && newName === model) || relations(operation).includes(`${app}.${model}`)
  );
}

/** The models that an operation's fields refer to. */
function relations({ call: [name, , ...args] }: Operation): string[] {
  const fields =
    name === "createModel"
      ? Object.values((args[0] as CreateModelOptions).fields)
      : name === "addField" || name === "alterField"
        ? [args[1] as FieldState]
        : [];
  return fields.flatMap(({ to, options }) => [to, options["through"]].filter((each) => typeof each === "string"));
}
