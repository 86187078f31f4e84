import { describeValue, didYouMean } from "@tsjango/kernel/utils";
import { SEPARATOR } from "../constants.ts";
import { FieldError, QueryError } from "../exceptions.ts";
import { QUERY } from "../expressions/symbols.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, ModelType, Options } from "../models/options.ts";
import { findRelation, type Relation } from "../sql/path.ts";
import type { PrefetchType } from "./load.types.ts";
import type { ROW } from "./path.types.ts";
import { loadPrefetched } from "./prefetch-query.ts";
import type { QuerySet } from "./query-set.ts";
import { stateOf } from "./state.ts";

interface PrefetchOptions<To extends string> {
  /** The property that gets the rows, as a list, in place of the relation. */
  readonly toAttr?: To;
}

/**
 * Which rows of a relation to load with a query, and where to.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#prefetch-objects
 * @example
 * Author.objects.prefetchRelated(new Prefetch("books", Book.objects.published(), { toAttr: "recent" }));
 */
export class Prefetch<const P extends string = string, R = never, const To extends string = never>
  implements PrefetchType<P, R, To>
{
  declare readonly [ROW]: R;
  readonly path: P;
  readonly rows: QuerySet | undefined;
  readonly toAttr: To;

  constructor(path: P, rows?: { readonly [ROW]: R }, options: PrefetchOptions<To> = {}) {
    if (rows !== undefined && !(QUERY in rows)) {
      throw new QueryError(`Prefetch("${path}") takes a query set as its rows; found ${describeValue(rows)}.`);
    }
    this.path = path;
    this.rows = rows as unknown as QuerySet | undefined;
    this.toAttr = options.toAttr as To;
  }
}

/** Loads relations into instances, one query for each step of a path. */
export async function prefetchInto(
  instances: readonly ModelInstance[],
  wanted: readonly (string | Prefetch)[],
): Promise<void> {
  const done = new Map<string, readonly ModelInstance[]>();
  for (const each of wanted) {
    const prefetch = typeof each === "string" ? new Prefetch(each) : each;
    await followPath(instances, prefetch as Prefetch, done);
  }
}

async function followPath(
  instances: readonly ModelInstance[],
  prefetch: Prefetch,
  done: Map<string, readonly ModelInstance[]>,
): Promise<void> {
  const names = prefetch.path.split(SEPARATOR);
  let rows = instances;
  for (const [index, name] of names.entries()) {
    if (rows.length === 0) return;
    const last = index === names.length - 1;
    const custom = last ? prefetch : undefined;
    const key = [...names.slice(0, index), custom?.toAttr ?? name].join(SEPARATOR);
    const known = done.get(key);
    if (known !== undefined && custom?.rows !== undefined) {
      throw new QueryError(
        `prefetchRelated: "${prefetch.path}" is loaded already, by an earlier path. Put the Prefetch with a query set first.`,
      );
    }
    rows = known ?? (await loadStep(rows, name, custom));
    done.set(key, rows);
  }
}

/** Loads one relation of all instances, and gives the rows that it led to. */
async function loadStep(
  instances: readonly ModelInstance[],
  name: string,
  prefetch: Prefetch | undefined,
): Promise<readonly ModelInstance[]> {
  const [first] = instances as [ModelInstance];
  const options = optionsOf(first.constructor as ModelType);
  // A list that an earlier Prefetch made is followed as it is.
  const list = first[name];
  const relation = findRelation(options, name);
  if (relation === undefined) {
    if (!Array.isArray(list)) throw noRelation(options, name);
    return instances.flatMap((instance) => instance[name] as ModelInstance[]);
  }
  const { toAttr } = prefetch ?? {};
  if (toAttr !== undefined && (options.find(toAttr) !== undefined || toAttr in options.model.prototype)) {
    throw new QueryError(
      `prefetchRelated: ${options.modelName} has a field or method "${toAttr}"; choose another toAttr.`,
    );
  }
  const custom = prefetch?.rows;
  const loaded = toAttr === undefined && custom === undefined ? alreadyLoaded(instances, relation) : undefined;
  if (loaded !== undefined) return loaded;
  const found = await loadPrefetched(instances, relation, custom);
  for (const instance of instances) keep(instance, relation, found.of(instance), toAttr);
  return found.rows;
}

/** What `selectRelated` or an earlier query loaded need not be loaded again. */
function alreadyLoaded(instances: readonly ModelInstance[], relation: Relation): ModelInstance[] | undefined {
  const rows: ModelInstance[] = [];
  for (const instance of instances) {
    const state = stateOf(instance);
    const many = state.prefetched?.get(relation.name);
    const one = state.relation(relation.name);
    // As arguments of push, so many would overflow the stack.
    if (many !== undefined) for (const row of many) rows.push(row);
    else if (one === undefined) return undefined;
    else if (one !== null) rows.push(one);
  }
  return rows;
}

function keep(
  instance: ModelInstance,
  relation: Relation,
  rows: readonly ModelInstance[],
  toAttr: string | undefined,
): void {
  const state = stateOf(instance);
  const single = relation instanceof ForeignKey || (!(relation instanceof ManyToManyField) && relation.one);
  if (toAttr !== undefined) instance[toAttr] = single ? (rows[0] ?? null) : [...rows];
  else if (single) state.relations.set(relation.name, rows[0] ?? null);
  else {
    state.prefetched ??= new Map();
    state.prefetched.set(relation.name, rows);
  }
}

function noRelation(options: Options, name: string): FieldError {
  const choices = [
    ...options.fields.filter((field) => field instanceof ForeignKey),
    ...options.manyToMany,
    ...options.reverseRelations,
  ].map((relation) => relation.name);
  return new FieldError(
    `prefetchRelated: ${options.modelName} has no relation "${name}".${didYouMean(name, choices)} ` +
      `Choices: ${choices.join(", ")}.`,
  );
}
