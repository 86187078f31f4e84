import { QueryError } from "../exceptions.ts";
import { type ExpressionNode, type OrderingNode, opposite, orderFromPath } from "../expressions/expression.ts";
import { QUERY } from "../expressions/symbols.ts";
import type { Field } from "../fields/field.ts";
import { ManyToManyField } from "../fields/many-to-many.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import type { ModelInstance, ModelType } from "../models/options.ts";
import type { Relation } from "../sql/path.ts";
import { isDistinctBy, isSliced, newQuery, type Query } from "../sql/query.ts";
import { chunks } from "./chunks.ts";
import { isMissing } from "./field-values.ts";
import { identityOf } from "./identity.ts";
import { wayBack } from "./other-side.ts";
import type { QuerySet } from "./query-set.ts";
import { stateOf } from "./state.ts";

/** Rows by the instance they were loaded for. */
export interface Found {
  readonly rows: readonly ModelInstance[];
  readonly of: (instance: ModelInstance) => readonly ModelInstance[];
}

/** How a relation is followed with one query for many instances. */
interface Plan {
  readonly model: ModelType;
  /** The path from the rows back to the instances. */
  readonly back: string;
  /** An instance's key that the path leads to. */
  readonly keyOf: (instance: ModelInstance) => unknown;
  /** A row's key that it was found by. */
  readonly foundBy: (row: ModelInstance) => unknown;
  /** A path whose value each row carries, where the row itself does not say what it was found by. */
  readonly carried: string | undefined;
  /** The relation of a row that leads back to one instance. */
  readonly remote: string | undefined;
}

/** Loads the rows that a relation leads to. */
export async function loadPrefetched(
  instances: readonly ModelInstance[],
  relation: Relation,
  custom: QuerySet | undefined,
): Promise<Found> {
  const plan = planOf(relation);
  const { alias } = stateOf(instances[0] as ModelInstance);
  const keys = [...new Map(instances.map((each) => [identityOf(plan.keyOf(each)), plan.keyOf(each)])).values()];
  const wanted = keys.filter((key) => !isMissing(key));
  const start = custom === undefined ? defaultRows(plan.model, alias) : inDatabase(custom, alias);
  const rows: ModelInstance[] = [];
  for (const part of chunks(wanted)) {
    // As arguments of push, so many would overflow the stack.
    for (const row of await start.replaced(narrowed(start[QUERY], plan, part))) rows.push(row);
  }
  const groups = Map.groupBy(rows, (row) => identityOf(plan.foundBy(row)));
  const of = (instance: ModelInstance) => groups.get(identityOf(plan.keyOf(instance))) ?? [];
  if (plan.remote !== undefined) {
    for (const instance of instances) {
      for (const row of of(instance)) stateOf(row).relations.set(plan.remote, instance);
    }
  }
  return { rows, of };
}

function planOf(relation: Relation): Plan {
  if (relation instanceof ForeignKey) {
    const { targetField } = relation;
    return {
      model: relation.target,
      back: targetField.name,
      keyOf: (instance) => instance[relation.attribute],
      foundBy: (row) => targetField.keyOf(row),
      carried: undefined,
      remote: undefined,
    };
  }
  if (relation instanceof ManyToManyField || relation.forward instanceof ManyToManyField) {
    const back = wayBack(relation);
    const near: Field =
      relation instanceof ManyToManyField
        ? relation.sourceField.targetField
        : (relation.forward as ManyToManyField).targetField.targetField;
    return {
      model: relation.target,
      back,
      keyOf: (instance) => near.keyOf(instance),
      foundBy: (row) => stateOf(row).carried,
      carried: back,
      remote: undefined,
    };
  }
  const { foreignKey } = relation;
  return {
    model: relation.to,
    back: foreignKey.attribute,
    keyOf: (instance) => foreignKey.targetField.keyOf(instance),
    foundBy: (row) => row[foreignKey.attribute],
    carried: undefined,
    remote: foreignKey.name,
  };
}

/** Rows for which nothing says a database are where the instances came from. */
function inDatabase(rows: QuerySet, alias: string): QuerySet {
  const query = rows[QUERY];
  return query.free === true && query.alias !== alias ? rows.replaced({ ...query, alias }) : rows;
}

/** As the model's own manager gives them. */
function defaultRows(model: ModelType, alias: string): QuerySet {
  const { objects } = model as unknown as { objects: { getQuerySet(): QuerySet } };
  return objects.getQuerySet().replaced({ ...newQuery(model, alias) });
}

/** The rows of these keys alone; of a slice, the slice of each. */
function narrowed(query: Query, { back, carried }: Plan, keys: readonly unknown[]): Query {
  if (query.values !== undefined) {
    throw new QueryError("Prefetch takes query sets of instances; values() gives none.");
  }
  if (query.combination !== undefined) {
    throw new QueryError(
      "Prefetch takes no combined query sets: the rows of each instance cannot be told from them. " +
        "Name them by their keys: filter({ pk__in: one.union(other) }).",
    );
  }
  const only = { kind: "lookups", lookups: [[`${back}__in`, keys]] } as const;
  // Behind all others, as what the rows are partitioned and found by goes by the last join.
  const whole: Query = {
    ...query,
    ...distinctOfEach(query, { back, carried }),
    steps: [...query.steps, only],
    carried,
  };
  if (!isSliced(query)) return whole;
  const { offset, limit } = query;
  const range: (readonly [string, unknown])[] = [["prefetchRow__gt", offset]];
  if (limit !== undefined) range.push(["prefetchRow__lte", offset + limit]);
  const number: ExpressionNode = {
    kind: "window",
    // Equal rows, of which distinct leaves one, are counted once.
    of: { kind: "rank", name: query.distinct === undefined ? "rowNumber" : "denseRank" },
    partitionBy: [{ kind: "reference", path: back }],
    orderBy: query.distinct === undefined ? orderNodes(query) : [...orderNodes(query), orderFromPath("pk")],
  };
  return {
    ...whole,
    offset: 0,
    limit: undefined,
    steps: [
      ...whole.steps,
      { kind: "annotation", name: "prefetchRow", expression: number, selected: false },
      { kind: "lookups", lookups: range },
    ],
  };
}

/** One row for each value of a column: one for each instance. */
function distinctOfEach(query: Query, { back, carried }: Pick<Plan, "back" | "carried">): Partial<Query> {
  if (!isDistinctBy(query)) return {};
  if (isSliced(query)) {
    throw new QueryError(
      "Prefetch takes no slice of distinct() of some fields: which rows there are is known only when they were read.",
    );
  }
  const key = carried === undefined ? back : `${back}__pk`;
  const { distinct = [], ordering } = query;
  return { distinct: [key, ...distinct], ordering: [key, ...(ordering ?? optionsOf(query.model).ordering)] };
}

function orderNodes({ ordering, model, reversed }: Query): OrderingNode[] {
  const items = ordering ?? optionsOf(model).ordering;
  const nodes = (items.length === 0 ? ["pk"] : items).map((item) =>
    typeof item === "string" ? orderFromPath(item) : item,
  );
  return reversed ? nodes.map(opposite) : nodes;
}
