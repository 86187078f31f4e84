import { connections } from "../connections.ts";
import { type DatabaseError, FieldError, QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { postSave, preSave } from "../signals.ts";
import { planUpdate } from "../sql/plan-cache.ts";
import { changedQuery, isDistinctBy, type Query } from "../sql/query.ts";
import type { Assignment } from "../sql/update.ts";
import { runStatement } from "../transaction.ts";
import { insertRows } from "./bulk.ts";
import {
  isDeferred,
  isExpression,
  isMissing,
  keyFor,
  setLoaded,
  takeKeysOfRelations,
  valueToSave,
  writableField,
} from "./field-values.ts";
import { rowQuery } from "./identity.ts";
import { refuseRelationsTo, writeAlias } from "./routing.ts";
import { stateOf } from "./state.ts";

/** What `save` may be told. */
export interface SaveOptions {
  /** Only these fields are written; the row must exist. Fields that were not loaded are not written anyway. */
  readonly updateFields?: readonly string[] | undefined;
  /** The row must not exist yet. */
  readonly forceInsert?: boolean | undefined;
  /** The row must exist; throws `NotUpdated` where it does not. */
  readonly forceUpdate?: boolean | undefined;
  /** The alias of the database; default: where it came from. */
  readonly using?: string | undefined;
}

/** `update()` of a query set: values, or expressions, by field name. */
export async function updateRows(query: Query, values: Readonly<Record<string, unknown>>): Promise<number> {
  if (isDistinctBy(query)) {
    throw new QueryError("update() cannot follow distinct() of some fields: it takes whole rows. Call it before.");
  }
  const options = optionsOf(query.model);
  const assignments = Object.entries(values).map(([name, value]): Assignment => {
    const field = writableField(options, name);
    if (value === undefined) {
      throw new QueryError(`update(): the value of "${name}" is undefined. Leave the key out, or write null.`);
    }
    return [field, keyFor(field, value)];
  });
  if (assignments.length === 0) return 0;
  const statement = planUpdate(connections.get(query.alias), changedQuery(query, { ordering: [] }), assignments);
  return statement === undefined ? 0 : (await runStatement(query.alias, statement)).changes;
}

/**
 * Writes an instance: a new row, or its own. Source: `django.db.models.Model.save`.
 * @param raw Whether it is a fixture's: its key was given, even where the field makes keys.
 */
export async function saveInstance(instance: ModelInstance, save: SaveOptions = {}, raw = false): Promise<void> {
  const model = instance.constructor as ModelType;
  const options = optionsOf(model);
  const state = stateOf(instance);
  const using = writeAlias(instance, save.using);
  refuseRelationsTo(instance, using);
  checkSave(options, save);
  const updateFields = save.updateFields ?? loadedOnly(instance, options, using, save);
  if (updateFields?.length === 0) return;
  takeKeysOfRelations(instance, options);
  const payload = { sender: model, instance, raw, using, updateFields };
  if (preSave.hasListeners(model)) await preSave.send(payload);
  const created = await writeRow(instance, options, { ...save, using, updateFields, raw });
  state.adding = false;
  state.alias = using;
  if (postSave.hasListeners(model)) await postSave.send({ ...payload, created });
}

/** Writes an instance by its `save`, which its model may have written for itself. */
export function saveByItself(instance: ModelInstance, save: SaveOptions): Promise<void> {
  // For a `save` that passes no options on.
  if (save.using !== undefined) stateOf(instance).alias = save.using;
  return (instance as unknown as { save(options: SaveOptions): Promise<void> }).save(save);
}

function checkSave(options: Options, { forceInsert, forceUpdate, updateFields }: SaveOptions): void {
  if (forceInsert && (forceUpdate || updateFields !== undefined)) {
    throw new QueryError("save(): forceInsert makes a new row; forceUpdate and updateFields write one that is there.");
  }
  for (const name of updateFields ?? []) {
    if (!options.pk.keyFields.includes(writableField(options, name))) continue;
    throw new FieldError(`save(): "${name}" is the key of ${options.label}, which says whose row is updated.`);
  }
}

/** Of a row that was read in part, only that part is written back. */
function loadedOnly(
  instance: ModelInstance,
  options: Options,
  using: string,
  { forceInsert }: SaveOptions,
): readonly string[] | undefined {
  const state = stateOf(instance);
  if (forceInsert || state.adding || using !== state.alias) return undefined;
  if (!options.fields.some((field) => isDeferred(instance, field))) return undefined;
  return options.fields
    .filter((field) => !isDeferred(instance, field) && !field.generated && !options.pk.keyFields.includes(field))
    .map((field) => field.name);
}

/** Updates the row, else inserts it; says whether it is new. */
async function writeRow(
  instance: ModelInstance,
  options: Options,
  save: SaveOptions & { readonly using: string; readonly raw: boolean },
): Promise<boolean> {
  const { adding } = stateOf(instance);
  const { pk } = options;
  for (const field of pk.keyFields) {
    if (isMissing(instance[field.attribute]) && field.hasDefault) instance[field.attribute] = field.makeDefault();
  }
  const key = pk.keyOf(instance);
  const mustExist = save.forceUpdate === true || save.updateFields !== undefined;
  if (mustExist && isMissing(key)) {
    throw new QueryError(`${options.label} must be saved as a whole before it can be updated: it has no key.`);
  }
  // A key that was just made up belongs to no row yet.
  const madeUp =
    adding && !save.raw && !mustExist && pk.keyFields.every((field) => field.hasDefault || field.hasDbDefault);
  if (!save.forceInsert && !madeUp && !isMissing(key)) {
    if (await updateRow(instance, options, save)) return false;
    if (mustExist) throw notUpdated(options, key);
  }
  await insertRows([instance], options, save.using);
  return true;
}

function notUpdated(options: Options, key: unknown): DatabaseError {
  const { NotUpdated } = options.model as unknown as { NotUpdated: new (message: string) => DatabaseError };
  return new NotUpdated(`${options.label} ${String(key)} has no row, so it could not be updated.`);
}

async function updateRow(
  instance: ModelInstance,
  options: Options,
  { using, updateFields }: SaveOptions & { readonly using: string },
): Promise<boolean> {
  const { adding } = stateOf(instance);
  const chosen = updateFields?.map((name) => writableField(options, name)) ?? options.fields;
  // A row that is new may collide with one that exists: its own creation time is set only when it is inserted.
  // What only the database gives is left to it, and read.
  const left = chosen.filter((field) => field.hasDbDefault && instance[field.attribute] === undefined);
  const assignments = chosen
    .filter((field) => !field.generated && !options.pk.keyFields.includes(field) && !left.includes(field))
    .map((field): Assignment => [field, valueToSave(instance, field, adding)]);
  // A model of nothing but its key: writing the key itself says whether the row is there.
  if (assignments.length === 0) {
    assignments.push(...options.pk.keyFields.map((field): Assignment => [field, instance[field.attribute]]));
  }
  const computed = [
    ...assignments.filter(([, value]) => isExpression(value)).map(([field]) => field),
    ...left,
    ...options.fields.filter((field) => field.generated && !isDeferred(instance, field)),
  ];
  const backend = connections.get(using);
  const query = rowQuery(instance, options, options.concreteModel, using);
  const statement = planUpdate(backend, query, assignments, computed);
  if (statement === undefined) return false;
  const { rows, changes } = await runStatement(using, statement);
  readBack(instance, computed, rows[0], (field, value) => field.fromDatabase(value, backend));
  return changes > 0;
}

function readBack(
  instance: ModelInstance,
  fields: readonly Field[],
  row: readonly unknown[] | undefined,
  decode: (field: Field, value: unknown) => unknown,
): void {
  if (row === undefined) return;
  for (const [index, field] of fields.entries()) setLoaded(instance, field, decode(field, row[index]));
}
