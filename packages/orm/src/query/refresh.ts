import { didYouMean } from "@tsjango/kernel/utils";
import { FieldError, QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { optionsOf } from "../fields/prepared.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { isDeferred, isMissing, setLoaded } from "./field-values.ts";
import { rowQuery } from "./identity.ts";
import { QuerySet } from "./query-set.ts";
import { getRow } from "./retrieval.ts";
import { stateOf } from "./state.ts";

/** What `refreshFromDb` may be told. */
export interface RefreshOptions {
  /** Only these are read again; of a relation to many, its prefetched rows are forgotten. Default: all that is loaded. */
  readonly fields?: readonly string[] | undefined;
  /** The alias of the database; default: where it came from. */
  readonly using?: string | undefined;
}

/** Reads a row again. Throws the model's `DoesNotExist` where it is gone. Source: `Model.refresh_from_db`. */
export async function refreshInstance(instance: ModelInstance, refresh: RefreshOptions = {}): Promise<void> {
  const options = optionsOf(instance.constructor as ModelType);
  const state = stateOf(instance);
  const key = options.pk.keyOf(instance);
  if (isMissing(key)) throw new QueryError(`${options.label} has no key, so its row cannot be read. Save it first.`);
  const alias = refresh.using ?? state.alias;
  const fields = chosenFields(instance, options, refresh.fields);
  if (fields.length > 0) {
    const whole = fields.length === options.fields.length;
    const attributes = [...new Set([...options.pk.keyFields, ...fields])].map((field) => field.attribute);
    const query = rowQuery(instance, options, options.model, alias);
    const fresh = await getRow(new QuerySet(whole ? query : { ...query, attributes }));
    for (const field of fields) {
      setLoaded(instance, field, fresh[field.attribute]);
      state.relations.delete(field.name);
    }
    state.adding = false;
    state.alias = alias;
  }
  forget(instance, refresh.fields);
}

function chosenFields(
  instance: ModelInstance,
  options: Options,
  names: readonly string[] | undefined,
): readonly Field[] {
  if (names === undefined) return options.fields.filter((field) => !isDeferred(instance, field));
  return names.flatMap((name) => {
    const member = options.find(name);
    if (member === undefined) {
      throw new FieldError(
        `refreshFromDb: ${options.modelName} has no field "${name}".${didYouMean(name, options.names)} ` +
          `Choices: ${options.names.join(", ")}.`,
      );
    }
    const field = options.findField(name);
    return field === undefined ? [] : [field];
  });
}

/** What was loaded of relations may have changed too. */
function forget(instance: ModelInstance, names: readonly string[] | undefined): void {
  const { relations, prefetched } = stateOf(instance);
  if (names === undefined) {
    relations.clear();
    prefetched?.clear();
    return;
  }
  for (const name of names) {
    relations.delete(name);
    prefetched?.delete(name);
  }
}
