import type { Backend } from "../backends/base/backend.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { lookupQuery, type Query } from "../sql/query.ts";
import { isMissing } from "./field-values.ts";

/** Sets the primary key; of several fields, from a list. */
export function setKey(instance: ModelInstance, { pk }: Options, value: unknown): void {
  if (pk.hasColumn) {
    instance[pk.attribute] = value;
    return;
  }
  const parts = partsOf(pk, value);
  for (const [index, field] of pk.keyFields.entries()) instance[field.attribute] = parts[index];
}

/** The query of an instance's own row. */
export function rowQuery(instance: ModelInstance, { pk }: Options, model: ModelType, alias: string): Query {
  const parts = pk.keyFields.map((field) => [field.attribute, instance[field.attribute]] as const);
  return lookupQuery(model, alias, Object.fromEntries(parts));
}

/** Something that is equal for keys that are: a key of several fields, a date or bytes are another object each time. */
export function identityOf(key: unknown): unknown {
  if (typeof key !== "object" || key === null) return key;
  if (Array.isArray(key))
    return JSON.stringify(key.map(identityOf), (_, part) => (typeof part === "bigint" ? `${part}n` : part));
  if (key instanceof Date) return key.toISOString();
  return key instanceof Uint8Array ? Buffer.from(key).toString("hex") : String(key);
}

/** A key in the form in which the database gives it, such as a UUID in lower case. Throws `FieldValueError` for none. */
export function keyAsRead(field: Field, key: unknown, backend: Backend): unknown {
  if (field.hasColumn) return field.fromDatabase(field.toDatabase(key, backend), backend);
  return partsOf(field, key).map((part, index) => keyAsRead(field.keyFields[index] as Field, part, backend));
}

function partsOf(pk: Field, value: unknown): readonly unknown[] {
  return (pk as unknown as { normalize(value: unknown): readonly unknown[] }).normalize(value);
}

/** Whether both are the same row of the same table. Source: `Model.__eq__`. */
export function sameRow(instance: ModelInstance, other: unknown): boolean {
  if (typeof other !== "object" || other === null) return false;
  const own = optionsOf(instance.constructor as ModelType);
  const concrete = own.concreteModel;
  if (!(other instanceof concrete) || !(instance instanceof concrete)) return false;
  const key = own.pk.keyOf(instance);
  if (isMissing(key)) return false;
  const others = optionsOf(other.constructor as unknown as ModelType).pk.keyOf(other);
  return !isMissing(others) && identityOf(key) === identityOf(others);
}
