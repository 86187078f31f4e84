import { didYouMean } from "@tsjango/kernel/utils";
import { connections } from "../connections.ts";
import { STATE } from "../constants.ts";
import { DatabaseError, FieldError, FieldValueError, QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { type Assignment, compileInsert, compileUpdate } from "../sql/compiler.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { runStatement } from "../transaction.ts";
import { stateOf } from "./state.ts";

/** What `save` may be told. */
export interface SaveOptions {
  /** Only these fields are written; the row must exist. */
  readonly updateFields?: readonly string[] | undefined;
  /** The row must not exist yet. */
  readonly forceInsert?: boolean | undefined;
  /** The alias of the database; default: where it came from. */
  readonly using?: string | undefined;
}

/** A value as an instance of a relation or its key, for the relation's column. */
export function keyFor(field: Field, value: unknown): unknown {
  if (!(field instanceof ForeignKey) || typeof value !== "object" || value === null || !(STATE in value)) return value;
  if (!(value instanceof field.target)) {
    throw new FieldValueError(
      `${field.label} takes ${field.target.name}, or its key; found an instance of ${value.constructor.name}.`,
    );
  }
  const pk = (value as { pk?: unknown }).pk;
  if (pk !== undefined && pk !== null) return pk;
  throw new QueryError(`${field.label}: the ${field.target.name} has not been saved. Save it first.`);
}

/** `update()` of a query set: values by field name. */
export async function updateRows(query: Query, values: Readonly<Record<string, unknown>>): Promise<number> {
  const options = optionsOf(query.model);
  const assignments = Object.entries(values).map(([name, value]): Assignment => {
    const field = writableField(options, name);
    if (value === undefined) {
      throw new QueryError(`update(): the value of "${name}" is undefined. Leave the key out, or write null.`);
    }
    return [field, keyFor(field, value)];
  });
  if (assignments.length === 0) return 0;
  const statement = compileUpdate(connections.get(query.alias), { ...query, ordering: [] }, assignments);
  return statement === undefined ? 0 : (await runStatement(query.alias, statement)).changes;
}

/** The field of this name that has a column; throws `FieldError` naming the choices. */
export function writableField(options: Options, name: string): Field {
  const field = options.findField(name);
  if (field !== undefined) return field;
  const choices = options.fields.map((each) => each.name);
  throw new FieldError(
    `${options.modelName} has no field "${name}" to write.${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}

/** Writes an instance: a new row, or its own. Source: `Model.save`. */
export async function saveInstance(instance: ModelInstance, save: SaveOptions = {}): Promise<void> {
  const options = optionsOf(instance.constructor as ModelType);
  const state = stateOf(instance);
  const alias = save.using ?? state.alias;
  takeKeysOfRelations(instance, options);
  const names = save.updateFields;
  const chosen = names === undefined ? options.fields : names.map((name) => writableField(options, name));
  const key = instance[options.pk.attribute];
  const hasKey = key !== undefined && key !== null;
  if (save.forceInsert !== true && hasKey && !(state.adding && options.pk.hasDefault)) {
    if (await updateRow(instance, options, chosen, { alias, adding: state.adding })) {
      Object.assign(state, { adding: false, alias });
      return;
    }
    if (names !== undefined) {
      throw new DatabaseError(`${options.label} ${String(key)} has no row, so updateFields could not be saved.`);
    }
  }
  if (names !== undefined)
    throw new QueryError(`${options.label} must be saved as a whole before updateFields can be used.`);
  await insertRows([instance], options, alias);
}

async function updateRow(
  instance: ModelInstance,
  options: Options,
  fields: readonly Field[],
  { alias, adding }: { alias: string; adding: boolean },
): Promise<boolean> {
  const backend = connections.get(alias);
  // A row that is new may collide with one that exists: its own creation time is set only when it is inserted.
  const assignments = fields
    .filter((field) => field !== options.pk)
    .map((field): Assignment => [field, valueToSave(instance, field, adding)]);
  const key = instance[options.pk.attribute];
  const query = lookupQuery(options.model, alias, { pk: key });
  // A model of nothing but its key: writing the key itself says whether the row is there.
  const written = assignments.length > 0 ? assignments : [[options.pk, key] as const];
  const statement = compileUpdate(backend, query, written);
  return statement !== undefined && (await runStatement(alias, statement)).changes > 0;
}

/** Inserts instances of one model, and gives them the keys that the database made. */
export async function insertRows(instances: readonly ModelInstance[], options: Options, alias: string): Promise<void> {
  const backend = connections.get(alias);
  const numbered = instances.filter((each) => options.pk.auto && isMissing(each[options.pk.attribute]));
  const keyed = instances.filter((each) => !numbered.includes(each));
  for (const group of [numbered, keyed]) {
    const fields = group === numbered ? options.fields.filter((field) => field !== options.pk) : options.fields;
    const size = Math.max(1, Math.floor(backend.features.maxParameters / Math.max(fields.length, 1)));
    // Rows without any value have no list form: DEFAULT VALUES makes one row.
    const step = fields.length === 0 ? 1 : size;
    for (let start = 0; start < group.length; start += step) {
      const part = group.slice(start, start + step);
      const rows = part.map((each) => fields.map((field) => valueToSave(each, field, true)));
      const result = await runStatement(alias, compileInsert(backend, options, fields, rows));
      for (const [index, each] of part.entries()) {
        if (group === numbered) {
          each[options.pk.attribute] = options.pk.fromDatabase(result.rows[index]?.[0], backend);
        }
        Object.assign(stateOf(each), { adding: false, alias });
      }
    }
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** What is written for a field; the instance gets what saving sets. Throws where there is no value and must be one. */
function valueToSave(instance: ModelInstance, field: Field, adding: boolean): unknown {
  const stamped = field.preSave(adding);
  if (stamped !== undefined) instance[field.attribute] = stamped;
  const value = instance[field.attribute];
  if (value !== undefined && value !== null) return value;
  if (field.null) return null;
  throw new FieldValueError(`${field.label} has no value, and may not be null. Give it one before saving.`);
}

/** A related instance that was assigned before it had a key has one by now. */
function takeKeysOfRelations(instance: ModelInstance, options: Options): void {
  for (const field of options.fields) {
    if (!(field instanceof ForeignKey)) continue;
    const related = stateOf(instance).relations.get(field.name);
    if (related && isMissing(instance[field.attribute])) instance[field.attribute] = keyFor(field, related);
  }
}
