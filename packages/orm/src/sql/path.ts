import { didYouMean } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { FieldError } from "../exceptions.ts";
import { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey, type ReverseRelation } from "../fields/relations.ts";
import { datePartNames, lookupNames } from "../lookups/names.ts";
import type { ModelType, Options } from "../models/options.ts";

/** What a path may go through. */
export type Relation = ForeignKey | ReverseRelation | ManyToManyField;

/** A step from one table to another. */
export interface Hop {
  readonly relation: Relation;
  readonly to: Options;
  readonly fromColumn: string;
  readonly toColumn: string;
  /** Whether one row can meet several. */
  readonly multiple: boolean;
  /** Whether one row can meet none. */
  readonly nullable: boolean;
}

/** A path taken apart: the steps, the column at its end, and the names behind that. */
export interface ResolvedPath {
  readonly hops: readonly Hop[];
  readonly field: Field;
  /** The relation that the path ends with: its values are instances, too. */
  readonly relation: Relation | undefined;
  /** Transforms and lookup. */
  readonly rest: readonly string[];
}

/** The steps that a relation makes: two, by the table of links, where it is many-to-many. */
export function hopsOf(relation: Relation): Hop[] {
  if (relation instanceof ForeignKey) return [hopOf(relation)];
  if (relation instanceof ManyToManyField) return linkHops(relation, relation.sourceField, relation.targetField);
  const { forward } = relation;
  if (forward instanceof ForeignKey) return [hopOf(relation)];
  return linkHops(relation, forward.targetField, forward.sourceField);
}

function linkHops(relation: Relation, source: ForeignKey, target: ForeignKey): Hop[] {
  const fromColumn = source.targetField.column;
  const to = optionsOf(source.model as ModelType);
  const links: Hop = { relation, to, fromColumn, toColumn: source.column, multiple: true, nullable: true };
  return [links, hopOf(target)];
}

/** The step that a relation to one table makes. */
export function hopOf(relation: ForeignKey | ReverseRelation): Hop {
  if (relation instanceof ForeignKey) {
    const to = optionsOf(relation.target);
    return {
      relation,
      to,
      fromColumn: relation.column,
      toColumn: relation.targetField.column,
      multiple: false,
      nullable: relation.null,
    };
  }
  const to = optionsOf(relation.to);
  const fromColumn = relation.foreignKey.targetField.column;
  return { relation, to, fromColumn, toColumn: relation.foreignKey.column, multiple: !relation.one, nullable: true };
}

/** Takes `author__name__icontains` apart. Throws `FieldError`, naming what there is, for an unknown name. */
export function resolvePath(start: Options, path: string): ResolvedPath {
  const names = path.split(SEPARATOR);
  const hops: Hop[] = [];
  let options = start;
  for (let index = 0; ; index++) {
    const name = names[index] as string;
    const found = options.find(name);
    if (found === undefined) throw unknownName(options, name, path);
    const next = names[index + 1];
    const ends = next === undefined;
    if (!(found instanceof Field) || (found instanceof ForeignKey && name === found.name)) {
      const steps = hopsOf(found as Relation);
      const hop = steps.at(-1) as Hop;
      if (!ends && hop.to.find(next) !== undefined) {
        hops.push(...steps);
        options = hop.to;
        continue;
      }
      if (!ends && !lookupNames(hop.to.pk.storage).includes(next)) throw unknownName(hop.to, next, path);
      const rest = names.slice(index + 1);
      if (found instanceof ForeignKey) return { hops, field: found, relation: found, rest };
      return trim({ hops: [...hops, ...steps], field: hop.to.pk, relation: found, rest });
    }
    return trim({ hops, field: found, relation: undefined, rest: names.slice(index + 1) });
  }
}

/** `author__id` is the column `author_id` of the table before: that step is not needed. */
function trim(resolved: ResolvedPath): ResolvedPath {
  const { hops, field } = resolved;
  const last = hops.at(-1);
  if (last === undefined || !(last.relation instanceof ForeignKey) || field !== last.relation.targetField)
    return resolved;
  return trim({ ...resolved, hops: hops.slice(0, -1), field: last.relation });
}

/** As `resolvePath`, for a path that names a column and nothing behind it, as in `orderBy`. */
export function resolveColumn(start: Options, path: string): ResolvedPath {
  const resolved = resolvePath(start, path);
  const [extra] = resolved.rest;
  if (extra === undefined) return resolved;
  throw new FieldError(`"${path}": "${extra}" is no field. A path in orderBy names fields only.`);
}

function unknownName(options: Options, name: string, path: string): FieldError {
  const shown = name === path ? `"${name}"` : `"${name}" in "${path}"`;
  const choices = options.names;
  return new FieldError(
    `${options.modelName} has no field ${shown}.${didYouMean(name, choices)} Choices: ${choices.sort().join(", ")}.`,
  );
}

/** The error for names behind a field that are no lookup of it. */
export function unknownLookup(field: Field, name: string, path: string): FieldError {
  const { storage } = field.valueField;
  const choices = [...lookupNames(storage), ...datePartNames(storage)].sort();
  return new FieldError(
    `"${path}": ${field.label} has no lookup "${name}".${didYouMean(name, choices)} Choices: ${choices.join(", ")}.`,
  );
}
