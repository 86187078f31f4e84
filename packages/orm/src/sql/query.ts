import type { ConditionNode } from "../expressions/condition.ts";
import type { ModelType } from "../models/options.ts";

/** What a query set asks for, as immutable plain data. */
export interface Query {
  readonly model: ModelType;
  /** The alias of the database. */
  readonly alias: string;
  /** One entry for each call of `filter` or `exclude`, in order. */
  readonly conditions: readonly ConditionNode[];
  /** Undefined: the model's own order. */
  readonly ordering: readonly string[] | undefined;
  readonly reversed: boolean;
  readonly offset: number;
  readonly limit: number | undefined;
  readonly selectRelated: readonly string[];
  /** Whether it has no rows, by `none()`. */
  readonly empty: boolean;
}

/** Everything of a model. */
export function newQuery(model: ModelType, alias: string): Query {
  return Object.freeze({
    model,
    alias,
    conditions: [],
    ordering: undefined,
    reversed: false,
    offset: 0,
    limit: undefined,
    selectRelated: [],
    empty: false,
  });
}

/** Whether a part of the rows was cut out. */
export function isSliced(query: Query): boolean {
  return query.offset > 0 || query.limit !== undefined;
}

/** Where a query set shows its query to the compiler, for `author__in: Author.objects.filter(…)`. */
export const QUERY: unique symbol = Symbol("tsjango.query");
