import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import type { Storage } from "../backends/base/operations.ts";
import type { Expression } from "../expressions/expression.types.ts";
import { make } from "../expressions/make.ts";
import type { SqlFragment } from "../expressions/sql.ts";
import type { Field } from "../fields/field.ts";
import type { Kind } from "../fields/field.types.ts";

/** Carries the value that a lookup compares with; no value has it. */
declare const COMPARED: unique symbol;

/**
 * A comparison of one's own, behind a field of some kinds: `filter({ title__soundsLike: "Emma" })`. V: what it compares
 * with. Source: https://docs.djangoproject.com/en/5.2/howto/custom-lookups/
 * @example
 * class SoundsLike extends Lookup<string> {
 *   readonly name = "soundsLike";
 *   readonly kinds = ["text"] as const;
 *   sql(left: Operand, right: Operand) {
 *     return sql`soundex(${left}) = soundex(${right})`;
 *   }
 * }
 * registerLookup(new SoundsLike());
 * declare module "tsjango/db" {
 *   interface CustomLookups {
 *     text: { soundsLike: SoundsLike };
 *   }
 * }
 */
export abstract class Lookup<V> {
  declare readonly [COMPARED]: V;
  /** Its name in a condition. */
  abstract readonly name: string;
  /** The kinds of fields that have it. */
  abstract readonly kinds: readonly Kind[];
  /** The kind of field that the right side is encoded as. Default: the field itself. */
  readonly right?: unknown;

  /** The condition, of the field on the left and the value on the right. */
  abstract sql(left: Operand, right: Operand): SqlFragment<unknown>;
}

/**
 * What is made of a field's values before they are compared, in conditions and paths: `filter({ title__initial: "E" })`,
 * `values("title__initial")`. F: the kind of field that it gives.
 * Source: https://docs.djangoproject.com/en/5.2/howto/custom-lookups/#a-transformer-example
 * @example
 * class Initial extends Transform<ReturnType<typeof fields.char>> {
 *   readonly name = "initial";
 *   readonly kinds = ["text"] as const;
 *   readonly output = fields.char();
 *   sql(of: Operand) {
 *     return sql`substr(${of}, 1, 1)`;
 *   }
 * }
 */
export abstract class Transform<F> {
  /** Its name in a path. */
  abstract readonly name: string;
  /** The kinds of fields that have it. */
  abstract readonly kinds: readonly Kind[];
  /** The kind of field that its values are. */
  abstract readonly output: F;

  /** The value, of the field's. */
  abstract sql(of: Operand): SqlFragment<unknown>;
}

/** A side of a comparison, to be put into a fragment of SQL. */
export type Operand = Expression<unknown>;

const STORAGES: Readonly<Partial<Record<Kind, readonly Storage[]>>> = {
  text: ["text"],
  number: ["integer", "real"],
  bigint: ["bigint"],
  decimal: ["decimal"],
  date: ["dateTime"],
  day: ["date"],
  time: ["time"],
  duration: ["duration"],
  boolean: ["boolean"],
  uuid: ["uuid"],
  binary: ["binary"],
  json: ["json"],
  array: ["array"],
  searchVector: ["searchVector"],
};

const lookups = new Map<string, Lookup<unknown>>();
const transforms = new Map<string, Transform<unknown>>();

/** Makes a lookup known behind the fields of its kinds. The types learn of it by `CustomLookups`. */
export function registerLookup(lookup: Lookup<unknown>): void {
  add(lookups, lookup, "lookup");
}

/** Makes a transform known behind the fields of its kinds. The types learn of it by `CustomTransforms`. */
export function registerTransform(transform: Transform<unknown>): void {
  add(transforms, transform, "transform");
}

function add<T extends { readonly name: string; readonly kinds: readonly Kind[] }>(
  known: Map<string, T>,
  added: T,
  what: string,
): void {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(added.name)) {
    throw new ImproperlyConfigured(`A ${what} is called in camelCase, of letters and digits; found "${added.name}".`);
  }
  for (const kind of added.kinds) {
    const storages = STORAGES[kind];
    if (storages === undefined) throw new ImproperlyConfigured(`The ${what} "${added.name}": no field is a "${kind}".`);
    for (const storage of storages) known.set(`${storage} ${added.name}`, added);
  }
}

/** The lookup of this name behind fields that are kept so. */
export function customLookup(storage: Storage, name: string): Lookup<unknown> | undefined {
  return lookups.get(`${storage} ${name}`);
}

/** The transform of this name behind fields that are kept so. */
export function customTransform(storage: Storage, name: string): Transform<Field> | undefined {
  return transforms.get(`${storage} ${name}`) as Transform<Field> | undefined;
}

/** The names of what is registered for fields that are kept so. */
export function customNames(storage: Storage): {
  readonly lookups: readonly string[];
  readonly transforms: readonly string[];
} {
  const names = (known: ReadonlyMap<string, unknown>) =>
    [...known.keys()].flatMap((key) => (key.startsWith(`${storage} `) ? [key.slice(storage.length + 1)] : []));
  return {
    lookups: lookups.size === 0 ? [] : names(lookups),
    transforms: transforms.size === 0 ? [] : names(transforms),
  };
}

/** What stands for the sides of a comparison while its SQL is made. */
export const LEFT: Operand = make({ kind: "argument", index: 0 });
/** What stands on the right of a lookup: the value that is asked for. */
export const RIGHT: Operand = make({ kind: "argument", index: 1 });
