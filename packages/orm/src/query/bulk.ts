import { describeValue } from "@tsjango/kernel/utils";
import { TimeSlice } from "../backends/base/time-slice.ts";
import { connections } from "../connections.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { compileBulkUpdate } from "../sql/bulk-update.ts";
import { type Conflict, compileInsert } from "../sql/insert.ts";
import { planInsert } from "../sql/insert-plan.ts";
import { planUpdate } from "../sql/plan-cache.ts";
import { atomic, runStatement } from "../transaction.ts";
import { type Decode, decoderOf } from "./decoders.ts";
import { isExpression, isMissing, setLoaded, takeKeysOfRelations, valueToSave, writableField } from "./field-values.ts";
import { identityOf, rowQuery } from "./identity.ts";
import { stateOf } from "./state.ts";

/** The most rows of one `bulkCreate` statement, where nobody says: more gain nothing, and keep others waiting. */
const MOST_CREATED = 2000;

/** The most rows of one `bulkUpdate` statement: each row is compared with all of them. */
const MOST_UPDATED = 500;

/** After how many rows the clock is looked at, whether other work must have its turn. */
const BETWEEN_LOOKS = 100;

/** What `bulkCreate` may be told. */
export interface BulkCreateOptions {
  /** The most rows of one statement. Default: as many as the database takes, at most 2,000. */
  readonly batchSize?: number | undefined;
  /** Rows that a constraint refuses are left out; the instances get no keys. */
  readonly ignoreConflicts?: boolean | undefined;
  /** Rows that `uniqueFields` refuse update the row that is there. */
  readonly updateConflicts?: boolean | undefined;
  /** What `updateConflicts` updates. */
  readonly updateFields?: readonly string[] | undefined;
  /** The fields of the unique constraint, or `pk`. */
  readonly uniqueFields?: readonly string[] | undefined;
}

/** Where and how rows are inserted. */
interface InsertRows {
  readonly conflict?: Conflict | undefined;
  readonly batchSize?: number | undefined;
}

/** Inserts instances of one model, and gives them what the database made: keys, defaults, computed values. */
export async function insertRows(
  instances: readonly ModelInstance[],
  options: Options,
  alias: string,
  { conflict, batchSize = MOST_CREATED }: InsertRows = {},
): Promise<void> {
  const backend = connections.get(alias);
  const ignores = conflict?.action === "ignore";
  const slice = new TimeSlice();
  for (const { fields, left, group } of byWrittenFields(instances, options)) {
    const most = Math.floor(backend.features.maxParameters / Math.max(fields.length, 1));
    // Rows without any value have no list form: DEFAULT VALUES makes one row.
    const step = fields.length === 0 ? 1 : Math.max(1, Math.min(most, batchSize));
    for (let start = 0; start < group.length; start += step) {
      if (slice.over) await slice.next();
      const part = group.length <= step ? group : group.slice(start, start + step);
      const rows = part.map((each) => fields.map((field) => valueToSave(each, field, true)));
      const computed = fields.filter((_, index) => rows.some((row) => isExpression(row[index])));
      // Rows that are left out would shift what is given of the others.
      const returning = ignores ? [] : computed.length === 0 ? left : [...left, ...computed];
      const make = computed.length > 0 ? compileInsert : planInsert;
      const statement = make(backend, options, fields, rows, { returning, conflict });
      if (slice.over) await slice.next();
      const result = await runStatement(alias, statement);
      const read = returning.map((field) => decoderOf(field, backend));
      for (let index = 0; index < part.length; index++) {
        const each = part[index] as ModelInstance;
        readBack(each, returning, result.rows[index], read);
        const state = stateOf(each);
        state.adding = false;
        state.alias = alias;
      }
    }
  }
}

/** Instances with the same fields to write: a key or default that is missing is the database's to give. */
interface WrittenGroup {
  readonly fields: readonly Field[];
  /** The others. */
  readonly left: readonly Field[];
  readonly group: ModelInstance[];
}

function byWrittenFields(instances: readonly ModelInstance[], options: Options): Iterable<WrittenGroup> {
  const groups = new Map<string, WrittenGroup>();
  const given = options.fields.filter((field) => field.auto || field.hasDbDefault);
  for (const instance of instances) {
    let name = "";
    for (const field of given) name += isLeft(instance, field) ? "-" : "+";
    let known = groups.get(name);
    if (known === undefined) {
      const isWritten = (field: Field) => !field.generated && !(given.includes(field) && isLeft(instance, field));
      const fields = options.fields.filter(isWritten);
      known = { fields, left: options.fields.filter((field) => !fields.includes(field)), group: [] };
      groups.set(name, known);
    }
    known.group.push(instance);
  }
  return groups.values();
}

function isLeft(instance: ModelInstance, field: Field): boolean {
  const value = instance[field.attribute];
  return value === undefined || (field.auto && value === null);
}

function readBack(
  instance: ModelInstance,
  fields: readonly Field[],
  row: readonly unknown[] | undefined,
  read: readonly (Decode | undefined)[],
): void {
  if (row === undefined) return;
  for (let index = 0; index < fields.length; index++) {
    const decode = read[index];
    const value = row[index];
    setLoaded(instance, fields[index] as Field, decode === undefined ? value : decode(value));
  }
}

/** Inserts many rows with as few statements as there can be, in one transaction. No signals, no `save`. */
export async function bulkCreate(
  model: ModelType,
  given: readonly unknown[],
  alias: string,
  bulk: BulkCreateOptions = {},
): Promise<ModelInstance[]> {
  const options = optionsOf(model);
  const conflict = conflictOf(options, bulk);
  const batchSize = checkBatchSize("bulkCreate", bulk.batchSize);
  const instances: ModelInstance[] = [];
  const slice = new TimeSlice();
  for (const row of given) {
    const instance =
      row instanceof model ? (row as ModelInstance) : new model(row as Readonly<Record<string, unknown>>);
    takeKeysOfRelations(instance, options);
    for (const field of options.pk.keyFields) {
      if (isMissing(instance[field.attribute]) && field.hasDefault) instance[field.attribute] = field.makeDefault();
    }
    if (instances.push(instance) % BETWEEN_LOOKS === 0 && slice.over) await slice.next();
  }
  if (instances.length === 0) return instances;
  if (conflict?.action === "update") refuseTwice(instances, options, conflict.unique);
  await atomic(() => insertRows(instances, options, alias, { conflict, batchSize }), {
    using: alias,
    savepoint: false,
  });
  return instances;
}

/** Two rows that update the same one: PostgreSQL refuses them in one statement, SQLite would take the last. */
function refuseTwice(instances: readonly ModelInstance[], options: Options, unique: readonly Field[]): void {
  const seen = new Set<unknown>();
  for (const instance of instances) {
    const values = unique.map((field) => instance[field.attribute]);
    if (values.some((value) => value === undefined || value === null || isExpression(value))) continue;
    const key = identityOf(values);
    if (!seen.has(key)) seen.add(key);
    else {
      const names = unique.map((field) => field.name).join(", ");
      const shown = values.map(describeValue).join(", ");
      throw new QueryError(
        `bulkCreate: two ${options.modelName} rows have the same ${names}: ${shown}. With updateConflicts both would update ` +
          "one row: give it once.",
      );
    }
  }
}

function conflictOf(options: Options, bulk: BulkCreateOptions): Conflict | undefined {
  const { ignoreConflicts, updateConflicts, updateFields = [], uniqueFields = [] } = bulk;
  if (!updateConflicts) {
    if (updateFields.length > 0 || uniqueFields.length > 0) {
      throw new QueryError("bulkCreate: updateFields and uniqueFields belong to updateConflicts: true.");
    }
    return ignoreConflicts ? { action: "ignore" } : undefined;
  }
  if (ignoreConflicts) throw new QueryError("bulkCreate: choose ignoreConflicts or updateConflicts.");
  if (updateFields.length === 0 || uniqueFields.length === 0) {
    throw new QueryError(
      'bulkCreate: updateConflicts needs updateFields, and the uniqueFields whose constraint it is about: ["pk"], or others.',
    );
  }
  const fields = updateFields.map((name) => writableField(options, name));
  const unique = uniqueFields.flatMap((name) =>
    name === "pk" ? options.pk.keyFields : [writableField(options, name)],
  );
  const key = fields.find((field) => options.pk.keyFields.includes(field));
  if (key !== undefined) throw new FieldError(`bulkCreate: ${key.label} is a key, which updateFields cannot change.`);
  return { action: "update", fields, unique };
}

function checkBatchSize(method: string, batchSize: number | undefined): number | undefined {
  if (batchSize === undefined || (Number.isSafeInteger(batchSize) && batchSize > 0)) return batchSize;
  throw new QueryError(`${method}: batchSize is a whole number from 1; found ${describeValue(batchSize)}.`);
}

/** What `bulkUpdate` may be told. */
export interface BulkUpdateOptions {
  /** The most rows of one statement. Default: as many as the database takes, at most 500. */
  readonly batchSize?: number | undefined;
}

/** Writes these fields of many rows with as few statements as there can be, in one transaction. Gives how many matched. */
export async function bulkUpdate(
  model: ModelType,
  instances: readonly unknown[],
  names: readonly string[],
  { alias, batchSize }: BulkUpdateOptions & { readonly alias: string },
): Promise<number> {
  const options = optionsOf(model);
  const fields = names.map((name) => writableField(options, name));
  if (fields.length === 0) throw new QueryError("bulkUpdate: name the fields to write.");
  const key = fields.find((field) => options.pk.keyFields.includes(field));
  if (key !== undefined) throw new FieldError(`bulkUpdate: ${key.label} is a key, which says whose row is updated.`);
  const size = checkBatchSize("bulkUpdate", batchSize) ?? MOST_UPDATED;
  const rows = instances.map((instance) => ({ instance: checkSaved(options, instance), values: [] as unknown[] }));
  for (const row of rows) {
    takeKeysOfRelations(row.instance, options);
    row.values = fields.map((field) => valueToSave(row.instance, field, false));
  }
  const { computed = [], plain = [] } = Object.groupBy(rows, ({ values }) =>
    values.some(isExpression) ? "computed" : "plain",
  );
  const backend = connections.get(alias);
  const perRow = (fields.length + 1) * options.pk.keyFields.length + fields.length;
  const step = Math.max(1, Math.min(size, MOST_UPDATED, Math.floor(backend.features.maxParameters / perRow)));
  let count = 0;
  const run = async () => {
    for (let start = 0; start < plain.length; start += step) {
      const statement = compileBulkUpdate(backend, options, fields, plain.slice(start, start + step));
      count += (await runStatement(alias, statement)).changes;
    }
    for (const { instance, values } of computed) {
      const query = rowQuery(instance, options, options.concreteModel, alias);
      const assignments = fields.map((field, index) => [field, values[index]] as const);
      const statement = planUpdate(backend, query, assignments);
      if (statement !== undefined) count += (await runStatement(alias, statement)).changes;
    }
  };
  if (rows.length > 0) await atomic(run, { using: alias, savepoint: false });
  return count;
}

function checkSaved(options: Options, instance: unknown): ModelInstance {
  if (!(instance instanceof options.model)) {
    throw new QueryError(`bulkUpdate takes instances of ${options.modelName}; found ${describeValue(instance)}.`);
  }
  const row = instance as ModelInstance;
  if (!isMissing(options.pk.keyOf(row))) return row;
  throw new QueryError(`bulkUpdate: a ${options.modelName} has no key. Save it first, or use bulkCreate.`);
}
