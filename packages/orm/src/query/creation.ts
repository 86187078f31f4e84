import { ObjectDoesNotExist } from "@tsjango/kernel/exceptions";
import { describeValue } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { IntegrityError, QueryError } from "../exceptions.ts";
import { QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, Options } from "../models/options.ts";
import { atomic } from "../transaction.ts";
import type { QuerySet } from "./query-set.ts";
import { saveByItself } from "./writing.ts";

/** Values by the names of fields. */
export type Values = Readonly<Record<string, unknown>>;

/** What a row that is made gets besides the lookups; functions are called for their value. */
export interface GetOrCreateOptions {
  readonly defaults?: Values | undefined;
}

/** As `GetOrCreateOptions`, for a row that is updated or made. */
export interface UpdateOrCreateOptions extends GetOrCreateOptions {
  /** For a new row, in place of `defaults`. */
  readonly createDefaults?: Values | undefined;
}

/** Makes a row. */
export async function createRow(given: QuerySet, values: Values = {}): Promise<ModelInstance> {
  const rows = given.forWriting();
  const instance = new rows.model(values);
  await saveByItself(instance, { forceInsert: true, using: rows[QUERY].alias });
  return instance;
}

/** The row that meets the lookups, or a new one; and whether it is new. Source: `QuerySet.get_or_create`. */
export async function getOrCreate(
  given: QuerySet,
  where: Values,
  { defaults = {} }: GetOrCreateOptions = {},
  create: (values: Values) => Promise<ModelInstance> = (values) => createRow(given, values),
): Promise<[ModelInstance, boolean]> {
  const rows = given.forWriting();
  checkLookups("getOrCreate", where);
  const found = await getOrNothing(rows, where);
  if (found !== undefined) return [found, false];
  try {
    // A savepoint, so that a row which somebody else makes meanwhile does not spoil the caller's transaction.
    const values = { ...valuesOf(where), ...called(defaults) };
    return [await atomic(() => create(values), { using: rows[QUERY].alias }), true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const made = await getOrNothing(rows, where);
    if (made === undefined) throw error;
    return [made, false];
  }
}

/** The row that meets the lookups with new values, or a new one; and whether it is new. Source: `update_or_create`. */
export async function updateOrCreate(
  given: QuerySet,
  where: Values,
  { defaults = {}, createDefaults = defaults }: UpdateOrCreateOptions = {},
  create?: (values: Values) => Promise<ModelInstance>,
): Promise<[ModelInstance, boolean]> {
  const rows = given.forWriting();
  checkLookups("updateOrCreate", where);
  const using = rows[QUERY].alias;
  return atomic(
    async () => {
      const { distinct, groupBy } = rows[QUERY];
      const lockable = distinct === undefined && groupBy === undefined;
      // Whoever else updates the row meanwhile waits, so that no update is lost.
      const [row, created] = await getOrCreate(
        lockable ? rows.selectForUpdate() : rows,
        where,
        { defaults: createDefaults },
        create,
      );
      const values = called(defaults);
      const options = optionsOf(rows.model);
      if (created || Object.keys(values).length === 0) return [row, created];
      setValues(row, options, values);
      await saveByItself(row, { using, updateFields: writtenFields(options, values) });
      return [row, false];
    },
    { using },
  );
}

function checkLookups(method: string, where: unknown): void {
  if (typeof where === "object" && where !== null && !Array.isArray(where)) return;
  throw new QueryError(`${method} takes an object of lookups; found ${describeValue(where)}.`);
}

async function getOrNothing(rows: QuerySet, where: Values): Promise<ModelInstance | undefined> {
  try {
    return await rows.get(where);
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return undefined;
    throw error;
  }
}

/** What the lookups say of a new row: those without a lookup behind the field. */
function valuesOf(where: Values): Values {
  return Object.fromEntries(Object.entries(where).filter(([name]) => !name.includes(SEPARATOR)));
}

function called(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "function" ? value() : value]),
  );
}

function setValues(row: ModelInstance, options: Options, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      throw new QueryError(`updateOrCreate: the value of "${name}" is undefined. Leave the key out, or write null.`);
    }
    if (!(name in row)) options.field(name);
    row[name] = value;
  }
}

/** The given fields, and those that a save sets by itself; undefined where a value is none of a field. */
function writtenFields(options: Options, values: Values): readonly string[] | undefined {
  const names = Object.keys(values);
  if (names.some((name) => options.findField(name) === undefined)) return undefined;
  const keys = options.pk.keyFields;
  const stamped = options.fields.filter((field) => field.preSave(false) !== undefined).map((field) => field.name);
  return [...new Set([...names, ...stamped])].filter((name) => !keys.includes(options.field(name)));
}
