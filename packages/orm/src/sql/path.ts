import { didYouMean } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { FieldError } from "../exceptions.ts";
import { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey, type ReverseRelation } from "../fields/relations.ts";
import { ARRAY_INDEX, ARRAY_SLICE, lookupNames, transformNames } from "../lookups/names.ts";
import type { ModelType, Options } from "../models/options.ts";
import type { Clause } from "./context.ts";

/** What a path may go through. */
export type Relation = ForeignKey | ReverseRelation | ManyToManyField;

/** A step from one table to another, along a foreign key or against it. */
export interface Hop {
  readonly field: ForeignKey;
  /** From the row that refers to the one that is referred to. */
  readonly forward: boolean;
  readonly to: Options;
  readonly fromColumn: string;
  readonly toColumn: string;
  /** Whether one row can meet several. */
  readonly multiple: boolean;
  /** Whether one row can meet none. */
  readonly nullable: boolean;
  /** What the rows must meet besides, for a relation of that name: it stands in the join. */
  readonly filter?: HopFilter | undefined;
}

/** A condition on the rows of a step, by the alias that their table has. */
export interface HopFilter {
  readonly name: string;
  readonly on: (alias: string) => Clause;
}

/** The names of a query that stand for relations whose rows meet a condition. */
export type FilteredRelations = ReadonlyMap<string, { readonly path: string; readonly on: HopFilter["on"] }>;

/** A path taken apart: the steps, the column at its end, and the names behind that. */
export interface ResolvedPath {
  readonly hops: readonly Hop[];
  readonly field: Field;
  /** The model that the path ends at, where it ends with a relation: its values are instances, too. */
  readonly target: ModelType | undefined;
  /** Transforms and lookup. */
  readonly rest: readonly string[];
}

/** The step from a row to the one that it refers to. */
function forwardHop(field: ForeignKey): Hop {
  return {
    field,
    forward: true,
    to: optionsOf(field.target),
    fromColumn: field.column,
    toColumn: field.targetField.column,
    multiple: false,
    nullable: field.null,
  };
}

/** The step from a row to those that refer to it. */
function backwardHop(field: ForeignKey): Hop {
  return {
    field,
    forward: false,
    to: optionsOf(field.model as ModelType),
    fromColumn: field.targetField.column,
    toColumn: field.column,
    multiple: !field.unique,
    nullable: true,
  };
}

/** The steps that a relation makes: two, by the table of links, where it is many-to-many. */
export function hopsOf(relation: Relation): Hop[] {
  if (relation instanceof ForeignKey) return [forwardHop(relation)];
  if (relation instanceof ManyToManyField) return linkHops(relation.sourceField, relation.targetField);
  const { forward } = relation;
  return forward instanceof ForeignKey ? [backwardHop(forward)] : linkHops(forward.targetField, forward.sourceField);
}

function linkHops(source: ForeignKey, target: ForeignKey): Hop[] {
  return [backwardHop(source), forwardHop(target)];
}

/** The relation of this name; the name of a foreign key's attribute, such as `authorId`, is none. */
export function findRelation(options: Options, name: string): Relation | undefined {
  const found = options.find(name);
  if (found === undefined) return undefined;
  if (!(found instanceof Field)) return found;
  return found instanceof ForeignKey && name === found.name ? found : undefined;
}

/** Takes `author__name__icontains` apart. Throws `FieldError`, naming what there is, for an unknown name. */
export function resolvePath(
  start: Options,
  path: string,
  annotations: Iterable<string> = [],
  relations?: FilteredRelations | undefined,
): ResolvedPath {
  const names = path.split(SEPARATOR);
  const hops: Hop[] = [];
  let options = start;
  const filtered = relations?.get(names[0] as string);
  if (filtered !== undefined) {
    hops.push(...filteredHops(start, names[0] as string, filtered));
    options = (hops.at(-1) as Hop).to;
    const [next] = names.slice(1);
    if (next === undefined || options.find(next) === undefined) {
      if (next !== undefined && !isLookup(options.pk, next))
        throw unknownName(options, next, { path, annotations: [] });
      return { hops, field: options.pk, target: options.model, rest: names.slice(1) };
    }
  }
  for (let index = filtered === undefined ? 0 : 1; ; index++) {
    const name = names[index] as string;
    const found = options.find(name);
    if (found === undefined) throw unknownName(options, name, { path, annotations: index === 0 ? annotations : [] });
    const relation = findRelation(options, name);
    const rest = names.slice(index + 1);
    if (relation === undefined) return trim({ hops, field: found as Field, target: undefined, rest });
    const steps = hopsOf(relation);
    const { to } = steps.at(-1) as Hop;
    hops.push(...steps);
    const [next] = rest;
    if (next !== undefined && to.find(next) !== undefined) {
      options = to;
      continue;
    }
    if (next !== undefined && !isLookup(to.pk, next)) throw unknownName(to, next, { path, annotations: [] });
    // The key that a foreign key holds need not be the primary key.
    const field = relation instanceof ForeignKey ? relation.targetField : to.pk;
    return trim({ hops, field, target: to.model, rest });
  }
}

/** The steps of a relation whose rows meet a condition: on the last one, which may miss its row. */
export function filteredHops(start: Options, name: string, { path, on }: { path: string; on: HopFilter["on"] }): Hop[] {
  let options = start;
  const hops = path.split(SEPARATOR).flatMap((each) => {
    const relation = findRelation(options, each);
    if (relation === undefined) {
      const found = options.find(each);
      if (found === undefined) throw unknownName(options, each, { path, annotations: [] });
      throw new FieldError(`FilteredRelation("${path}"): "${each}" of ${options.modelName} is no relation.`);
    }
    const steps = hopsOf(relation);
    options = (steps.at(-1) as Hop).to;
    return steps;
  });
  const last = hops.pop() as Hop;
  return [...hops, { ...last, nullable: true, filter: { name, on } }];
}

/** As `resolvePath`, for a path that rows are ordered by: a field, or a part of its values. */
export function resolveOrderPath(start: Options, path: string): ResolvedPath {
  const resolved = resolvePath(start, path);
  const [name] = resolved.rest;
  const { storage } = resolved.field.valueField;
  if (name === undefined || transformNames(storage).includes(name)) return resolved;
  if (storage === "array" && (ARRAY_INDEX.test(name) || ARRAY_SLICE.test(name))) return resolved;
  throw unknownLookup(resolved.field, name, path);
}

function isLookup(field: Field, name: string): boolean {
  return field.hasColumn
    ? [...lookupNames(field.storage), ...transformNames(field.storage)].includes(name)
    : ["exact", "in", "isnull"].includes(name);
}

/** `author__id` is the column `author_id` of the table before: that step is not needed. */
function trim(resolved: ResolvedPath): ResolvedPath {
  const last = resolved.hops.at(-1);
  if (last === undefined || last.filter !== undefined || !last.forward || resolved.field !== last.field.targetField)
    return resolved;
  return trim({ ...resolved, hops: resolved.hops.slice(0, -1), field: last.field });
}

function unknownName(
  options: Options,
  name: string,
  { path, annotations }: { path: string; annotations: Iterable<string> },
): FieldError {
  const shown = name === path ? `"${name}"` : `"${name}" in "${path}"`;
  const choices = [...options.names, ...annotations];
  return new FieldError(
    `${options.modelName} has no field ${shown}.${didYouMean(name, choices)} Choices: ${choices.sort().join(", ")}.`,
  );
}

/** The error for a name behind a field that is no lookup of it. */
export function unknownLookup(field: Field, name: string, path: string): FieldError {
  const { storage } = field.valueField;
  const choices = [...new Set([...lookupNames(storage), ...transformNames(storage)])].sort();
  return new FieldError(
    `"${path}": ${field.label} has no lookup "${name}".${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}
