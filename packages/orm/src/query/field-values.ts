import { didYouMean } from "@tsjango/kernel/utils";
import { STATE } from "../constants.ts";
import { FieldError, FieldValueError, QueryError } from "../exceptions.ts";
import { expressionOf } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, Options } from "../models/options.ts";
import { stateOf } from "./state.ts";

/** Whether there is no value. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A value as an instance of a relation or its key, for the relation's column. */
export function keyFor(field: Field, value: unknown): unknown {
  if (!(field instanceof ForeignKey) || typeof value !== "object" || value === null || !(STATE in value)) return value;
  if (!(value instanceof field.target)) {
    throw new FieldValueError(
      `${field.label} takes ${field.target.name}, or its key; found an instance of ${value.constructor.name}.`,
    );
  }
  const key = field.targetField.keyOf(value);
  if (!isMissing(key)) return key;
  throw new QueryError(`${field.label}: the ${field.target.name} has not been saved. Save it first.`);
}

/** The field of this name that is written; throws `FieldError` naming the choices. */
export function writableField(options: Options, name: string): Field {
  const field = options.findField(name);
  if (field?.generated) {
    throw new FieldError(`${field.label} is computed by the database and cannot be written.`);
  }
  if (field !== undefined) return field;
  const choices = options.fields.filter((each) => !each.generated).map((each) => each.name);
  throw new FieldError(
    `${options.modelName} has no field "${name}" to write.${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}

/** Whether a field was not loaded: its attribute is absent, or a getter that says so. */
export function isDeferred(instance: ModelInstance, field: Field): boolean {
  const { attribute } = field;
  if (!Object.hasOwn(instance, attribute)) return true;
  return stateOf(instance).deferred && Object.getOwnPropertyDescriptor(instance, attribute)?.get !== undefined;
}

/** Sets what the database says of a field, also where it was not loaded. */
export function setLoaded(instance: ModelInstance, field: Field, value: unknown): void {
  if (isDeferred(instance, field)) {
    const property = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(instance, field.attribute, property);
  } else {
    instance[field.attribute] = value;
  }
}

/** What is written for a field; the instance gets what saving sets. Throws where there is no value and must be one. */
export function valueToSave(instance: ModelInstance, field: Field, adding: boolean): unknown {
  const stamped = field.preSave(adding);
  if (stamped !== undefined) instance[field.attribute] = stamped;
  const value = instance[field.attribute];
  if (!isMissing(value)) return value;
  if (field.null) return null;
  throw new FieldValueError(`${field.label} has no value, and may not be null. Give it one before saving.`);
}

/** Whether the value is one that the database computes. */
export function isExpression(value: unknown): boolean {
  return expressionOf(value) !== undefined;
}

/** A related instance that was assigned before it had a key has one by now. */
export function takeKeysOfRelations(instance: ModelInstance, options: Options): void {
  const state = stateOf(instance);
  if (!state.hasRelations) return;
  const { relations } = state;
  for (const field of options.fields) {
    if (!(field instanceof ForeignKey)) continue;
    const related = relations.get(field.name);
    if (related && !isDeferred(instance, field) && isMissing(instance[field.attribute])) {
      instance[field.attribute] = keyFor(field, related);
    }
  }
}
