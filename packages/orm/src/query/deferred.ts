import { FieldError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import type { ModelInstance } from "../models/options.ts";
import { stateOf } from "./state.ts";

/** Marks fields that were not loaded: reading one throws, until it is set or `refreshFromDb` loads it. */
export function deferFields(instance: ModelInstance, fields: readonly Field[]): void {
  stateOf(instance).deferred = true;
  for (const field of fields) {
    const { attribute } = field;
    Object.defineProperty(instance, attribute, {
      configurable: true,
      enumerable: false,
      get: () => {
        throw notLoaded(instance, field);
      },
      set: (value: unknown) => {
        Object.defineProperty(instance, attribute, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
}

function notLoaded(instance: ModelInstance, { attribute, name }: Field): FieldError {
  const model = instance.constructor.name;
  return new FieldError(
    `${model}.${attribute} was not loaded: the query left it out by only() or defer(). ` +
      `Load it with the query, or write await ${model.toLowerCase()}.refreshFromDb({ fields: ["${name}"] }).`,
  );
}
