import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { FieldError, FieldValueError, ModelError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import type { ModelInstance, Options } from "../models/options.ts";
import { allModels } from "../models/prepare.ts";
import type { FixtureRow } from "./fixture.ts";
import { valueFromJson } from "./from-json.ts";

/** A row of a fixture as what is to be written. */
export interface ReadRow {
  readonly options: Options;
  readonly instance: ModelInstance;
  /** The fields that the row gives a value. */
  readonly given: readonly Field[];
  /** The keys on the other side, of its many-to-many relations. */
  readonly links: ReadonlyMap<ManyToManyField, readonly unknown[]>;
}

/** Makes an instance of a row. Throws for a model or field that does not exist, and a value that JSON cannot give it. */
export function readRow(row: FixtureRow): ReadRow {
  const options = modelOf(row.model);
  const values = new Map<Field, unknown>();
  const links = new Map<ManyToManyField, readonly unknown[]>();
  for (const [name, value] of Object.entries(row.fields ?? {})) {
    const member = options.find(name);
    if (member instanceof ManyToManyField) links.set(member, keysOf(member, value));
    else values.set(fieldOf(options, name), value);
  }
  for (const [field, value] of keyValues(options, row.pk)) values.set(field, value);
  const attributes = [...values].map(([field, value]) => [field.attribute, valueFromJson(field, value)]);
  const instance = new options.model(Object.fromEntries(attributes));
  return { options, instance, given: [...values.keys()], links };
}

function modelOf(label: string): Options {
  const models = allModels();
  const found = models.find((options) => options.label === label);
  if (found !== undefined) return found;
  const labels = models.map((options) => options.label);
  throw new ModelError(`No installed app has the model "${label}".${didYouMean(label, labels)}`);
}

function fieldOf(options: Options, name: string): Field {
  const field = name === "pk" ? undefined : options.findField(name);
  if (field !== undefined) return field;
  if (name === "pk") throw new FieldError(`"pk" stands beside "fields", not among them.`);
  const names = [...options.fields, ...options.manyToMany].map((each) => each.name);
  throw new FieldError(
    `${options.label} has no field "${name}".${didYouMean(name, names)} Choices: ${names.join(", ")}.`,
  );
}

function keyValues({ pk }: Options, value: unknown): readonly (readonly [Field, unknown])[] {
  if (value === undefined || value === null) return [];
  const parts = pk.keyFields;
  if (parts.length === 1) return [[pk, value]];
  if (!Array.isArray(value) || value.length !== parts.length) {
    const names = parts.map((part) => part.name).join(", ");
    throw new FieldValueError(`pk takes a list of ${parts.length} values (${names}); found ${describeValue(value)}.`);
  }
  return parts.map((part, index) => [part, value[index]]);
}

function keysOf(relation: ManyToManyField, value: unknown): readonly unknown[] {
  if (!relation.autoThrough) {
    throw new FieldError(
      `${relation.label} keeps its links in ${relation.through.name}: write rows of that model in its place.`,
    );
  }
  if (!Array.isArray(value)) {
    throw new FieldValueError(`${relation.label} takes a list of keys; found ${describeValue(value)}.`);
  }
  const keys = value.map((key) => valueFromJson(relation.targetField, key));
  const seen = new Set<unknown>();
  const twin = keys.find((key) => seen.size === seen.add(key).size);
  if (twin === undefined) return keys;
  throw new FieldValueError(`${relation.label} has ${describeValue(twin)} twice.`);
}
