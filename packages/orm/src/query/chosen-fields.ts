import { didYouMean } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { Options } from "../models/options.ts";
import { findRelation, hopsOf } from "../sql/path.ts";
import type { Query } from "../sql/query.ts";

type Change = Pick<Query, "attributes" | "relatedAttributes">;
/** Attributes by the path of the relation whose rows have them; "" for the query's own rows. */
type Chosen = Map<string, Set<string>>;

/** Instances with these fields alone; of related rows, which are loaded with them, those behind their path. */
export function only(query: Query, names: readonly string[]): Change {
  const chosen: Chosen = new Map([["", new Set()]]);
  for (const name of names) {
    const { path, attribute, keys } = fieldAt(query, "only", name);
    add(chosen, path, attribute);
    // A row must know which one it refers to.
    for (const [at, key] of keys) add(chosen, at, key);
  }
  return changeOf(chosen);
}

/** Instances without these fields; and related rows without those behind their path. */
export function defer(query: Query, names: readonly string[]): Change {
  const chosen: Chosen = new Map(query.relatedAttributes?.map(([path, attributes]) => [path, new Set(attributes)]));
  if (query.attributes !== undefined) chosen.set("", new Set(query.attributes));
  for (const name of names) {
    const { path, attribute, options } = fieldAt(query, "defer", name);
    if (!chosen.has(path)) chosen.set(path, new Set(options.fields.map((field) => field.attribute)));
    chosen.get(path)?.delete(attribute);
  }
  return changeOf(chosen);
}

function add(chosen: Chosen, path: string, attribute: string): void {
  const known = chosen.get(path);
  if (known === undefined) chosen.set(path, new Set([attribute]));
  else known.add(attribute);
}

function changeOf(chosen: Chosen): Change {
  const own = chosen.get("");
  const others = [...chosen].flatMap(([path, attributes]) => (path === "" ? [] : [[path, [...attributes]] as const]));
  return { attributes: own && [...own], relatedAttributes: others.length === 0 ? undefined : others };
}

interface Found {
  /** The path of the relation whose rows have the field. */
  readonly path: string;
  readonly attribute: string;
  readonly options: Options;
  /** The keys on the way: which path has which attribute. */
  readonly keys: readonly (readonly [path: string, attribute: string])[];
}

function fieldAt(query: Query, method: string, name: string): Found {
  if (query.values !== undefined) throw new QueryError(`${method}() cannot follow values(): there are no instances.`);
  let options = optionsOf(query.model);
  const steps = name.split(SEPARATOR);
  const last = steps.pop() as string;
  const keys: [string, string][] = [];
  for (const [index, step] of steps.entries()) {
    const relation = findRelation(options, step);
    const [hop, second] = relation === undefined ? [] : hopsOf(relation);
    if (relation === undefined || hop === undefined || hop.multiple || second !== undefined) {
      throw new FieldError(`${method}(): "${step}" in "${name}" is no relation of ${options.modelName} to one row.`);
    }
    if (relation instanceof ForeignKey) keys.push([steps.slice(0, index).join(SEPARATOR), relation.attribute]);
    options = hop.to;
  }
  const field = last === "pk" ? options.pk.keyFields[0] : options.findField(last);
  if (field !== undefined) return { path: steps.join(SEPARATOR), attribute: field.attribute, options, keys };
  const choices = options.fields.map((each) => each.name);
  throw new FieldError(
    `${method}(): ${options.modelName} has no field "${last}".${didYouMean(last, choices)} Choices: ${choices.join(", ")}.`,
  );
}
