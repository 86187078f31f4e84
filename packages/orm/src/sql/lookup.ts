import { describeValue } from "@tsjango/kernel/utils";
import { STATE } from "../constants.ts";
import { FieldValueError, QueryError } from "../exceptions.ts";
import { isKeepable } from "../fields/json-value.ts";
import { ForeignKey } from "../fields/relations.ts";
import { lookupNames } from "../lookups/names.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import { applyArray, isArray } from "./array-path.ts";
import type { Compiled, Context } from "./context.ts";
import { unknownLookup } from "./path.ts";
import { applyJson } from "./path-compiler.ts";
import { applyTransform } from "./transforms.ts";

/** A comparison before it is SQL: what is compared, how, and with what. */
export interface Lookup {
  readonly left: Compiled;
  readonly name: string;
  readonly value: unknown;
  /** Where the value stands among those of a query whose SQL is kept; of a list each one. */
  readonly places: number | readonly number[] | undefined;
  /** As it was written, for messages. */
  readonly path: string;
  /** The model whose instances stand for their keys. */
  readonly target: ModelType | undefined;
  /** The date or date-time whose year is compared. */
  readonly yearOf: Compiled | undefined;
  /** Whether a value inside of JSON is compared. */
  readonly insideJson: boolean;
  /** Whether both sides are compared without accents. */
  readonly unaccented?: boolean;
}

/** What of a comparison is the same for all values. */
export type Compared = Pick<Lookup, "left" | "path" | "target">;

/** The place of a value that is no list. */
export function placeOf({ places }: Pick<Lookup, "places">): number | undefined {
  return typeof places === "object" ? undefined : places;
}

/** Reads the names behind a field, and turns comparisons with null into what they mean. */
export function readLookup(
  context: Context,
  start: Compiled,
  names: readonly string[],
  given: Pick<Lookup, "value" | "places" | "path" | "target">,
): Lookup {
  let lookup: Lookup = { ...given, left: start, name: "exact", yearOf: undefined, insideJson: false };
  let rest = names;
  for (let [name] = rest; name !== undefined; [name] = rest) {
    const { left } = lookup;
    const known = namesOf(left);
    if (rest.length === 1 && known.includes(name)) return withNull({ ...lookup, name });
    if (isJson(left)) {
      const last = rest.at(-1) as string;
      const keys = rest.length > 1 && known.includes(last) ? rest.slice(0, -1) : rest;
      lookup = { ...lookup, left: applyJson(context, left, keys), insideJson: true };
      return withNull(keys.length < rest.length ? { ...lookup, name: last } : lookup);
    }
    const element = isArray(left) ? applyArray(left, rest, given.path) : undefined;
    if (element !== undefined) {
      lookup = { ...lookup, left: element.compiled };
      rest = rest.slice(element.used);
      continue;
    }
    const next = left.output.hasColumn ? applyTransform(context, left, { name }) : undefined;
    if (next === undefined) throw unknownLookup(left.output, name, given.path);
    lookup = {
      ...lookup,
      left: next,
      yearOf: name === "year" ? left : undefined,
      unaccented: name === "unaccent" || lookup.unaccented === true,
    };
    rest = rest.slice(1);
  }
  return withNull(lookup);
}

function isJson({ output }: Compiled): boolean {
  return output.hasColumn && output.valueField.storage === "json";
}

/** A key of several columns has only the lookups that compare it as a whole. */
function namesOf({ output }: Compiled): readonly string[] {
  return output.hasColumn ? lookupNames(output.valueField.storage) : ["exact", "in", "isnull"];
}

function withNull(lookup: Lookup): Lookup {
  const { name, value, path } = lookup;
  if (name === "isnull") {
    if (typeof value === "boolean") return lookup;
    throw new QueryError(`"${path}" takes true or false; found ${describeValue(value)}.`);
  }
  // Inside of JSON null is a value like any other.
  if (value !== null || (name === "exact" && lookup.insideJson)) return lookup;
  if (name === "exact" || name === "iexact") return { ...lookup, name: "isnull", value: true };
  throw new QueryError(
    `"${path}" cannot be compared with null. Write { ${path.replace(/__\w+$/, "")}__isnull: true }.`,
  );
}

/** A value with instances as their keys. */
export function plainValue({ target, left, path }: Compared, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(STATE in value)) return value;
  if (target === undefined || !(value instanceof target)) {
    const expected = target === undefined ? `a value of ${left.output.label}` : `${target.name}, or its key`;
    throw new FieldValueError(`"${path}" takes ${expected}; found an instance of ${value.constructor.name}.`);
  }
  const field = left.output instanceof ForeignKey ? left.output.targetField : left.output;
  const key = field.keyOf(value as unknown as ModelInstance);
  if (key !== undefined && key !== null) return key;
  throw new QueryError(`"${path}": the ${value.constructor.name} has not been saved, so nothing can refer to it.`);
}

/** A text to look for, as the database can be told it. */
export function textOf({ path }: Pick<Lookup, "path">, value: unknown): string {
  if (typeof value !== "string") throw new QueryError(`"${path}" takes a string; found ${describeValue(value)}.`);
  if (isKeepable(value)) return value;
  throw new FieldValueError(
    `"${path}" takes a string without NUL characters and halves of surrogate pairs, which no database keeps; ` +
      `found ${describeValue(value)}.`,
  );
}

/** A list of values; throws for anything else. */
export function listOf({ path }: Lookup, value: unknown): unknown[] {
  if (typeof value === "object" && value !== null && Symbol.iterator in value) {
    const values = [...(value as Iterable<unknown>)];
    if (values.includes(undefined)) throw new QueryError(`A value in the list of "${path}" is undefined.`);
    return values;
  }
  throw new QueryError(`"${path}" takes a list; found ${describeValue(value)}.`);
}

/** The two ends of a range. */
export function rangeOf(lookup: Lookup): [from: unknown, to: unknown] {
  const [from, to, ...more] = listOf(lookup, lookup.value);
  if (from !== undefined && to !== undefined && more.length === 0) return [from, to];
  throw new QueryError(`"${lookup.path}" takes [from, to]; found ${describeValue(lookup.value)}.`);
}
