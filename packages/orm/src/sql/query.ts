import type { FetchMode } from "../connections.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import type { ExpressionNode, OrderingNode } from "../expressions/expression.ts";
import type { ModelType } from "../models/options.ts";

/** A named expression of a query, by `annotate` or `alias`. */
export interface AnnotationStep {
  readonly kind: "annotation";
  readonly name: string;
  readonly expression: ExpressionNode;
  /** Whether its value is among the columns of the rows: `annotate`, not `alias`. */
  readonly selected: boolean;
}

/** A relation whose rows meet a condition: one that is seen from these rows. */
export interface NamedRelation {
  readonly name: string;
  readonly path: string;
  readonly condition: ConditionNode;
}

/** What was asked in order: a call of `filter` or `exclude`, or a named expression. */
export type Step = ConditionNode | AnnotationStep;

/** How rows are locked. */
export interface LockOptions {
  /** Throws where a row is locked already, instead of waiting for it. */
  readonly nowait?: boolean;
  /** Leaves out the rows that are locked already. */
  readonly skipLocked?: boolean;
  /** Which of the tables have their rows locked: `"self"`, and relations that are loaded by `selectRelated`. Default: all that are sure to have a row. */
  readonly of?: readonly string[];
  /** Whether others may refer to the rows meanwhile. */
  readonly noKey?: boolean;
}

/** Rows that are not instances: which columns, and in which form. */
export interface ValuesOptions {
  /** Paths and names of annotations, in the order of the columns. */
  readonly names: readonly string[];
  readonly form: "object" | "list" | "named" | "flat";
  /** How many steps came before: the tables of the columns are joined then. */
  readonly at: number;
}

/** Several queries as one: `union`, `intersection`, `difference`. */
export interface Combination {
  readonly operator: "union" | "union all" | "intersect" | "except";
  readonly members: readonly Query[];
}

/** What a query set asks for, as immutable plain data. */
export interface Query {
  readonly model: ModelType;
  /** The alias of the database. */
  readonly alias: string;
  readonly steps: readonly Step[];
  /** Relations whose rows meet a condition, by their names. */
  readonly relations?: readonly NamedRelation[] | undefined;
  /** Whether the second step shares the multi-valued joins of the first: the filter after `tag.books`. */
  readonly sticky: boolean;
  /** A path whose value each instance carries besides: which of several rows it is prefetched for. */
  readonly carried: string | undefined;
  /** Undefined: the model's own order. */
  readonly ordering: readonly (string | OrderingNode)[] | undefined;
  readonly reversed: boolean;
  readonly offset: number;
  /** Where the offset stands among the values of a query whose SQL is kept. */
  readonly offsetPlace?: number | undefined;
  readonly limit: number | undefined;
  readonly selectRelated: readonly string[];
  /** Undefined: duplicates stay. Names: one row for each value of these, on PostgreSQL. */
  readonly distinct: readonly string[] | undefined;
  readonly values: ValuesOptions | undefined;
  /** The attributes that instances have; undefined for all. */
  readonly attributes: readonly string[] | undefined;
  /** The attributes that rows loaded by `selectRelated` have, by the path of their relation; all where none is named. */
  readonly relatedAttributes?: readonly (readonly [path: string, attributes: readonly string[]])[] | undefined;
  /** What aggregates are for: each row of the model, or each combination of these names. */
  readonly groupBy: "model" | readonly string[] | undefined;
  readonly combination: Combination | undefined;
  readonly fetchMode: FetchMode | undefined;
  /** Whether routers choose the database; else it is `alias`. */
  readonly routed?: boolean | undefined;
  /** Whether nothing has said a database yet: inside of another query it is asked where that one is. */
  readonly free?: boolean | undefined;
  /** How the rows are locked until the transaction ends. */
  readonly lock?: LockOptions | undefined;
  /** Whether it has no rows, by `none()`. */
  readonly empty: boolean;
}

/** Everything of a model. */
export function newQuery(model: ModelType, alias: string): Query {
  return Object.freeze({
    model,
    alias,
    steps: [],
    sticky: false,
    carried: undefined,
    ordering: undefined,
    reversed: false,
    offset: 0,
    limit: undefined,
    selectRelated: [],
    distinct: undefined,
    values: undefined,
    attributes: undefined,
    groupBy: undefined,
    combination: undefined,
    fetchMode: undefined,
    empty: false,
  });
}

/** The same query, but for a change. Not frozen: that, or a spread, costs more than all else of a chain. */
export function changedQuery(query: Query, change: Partial<Query>): Query {
  const copy: { readonly [K in keyof Required<Query>]: Query[K] } = {
    model: query.model,
    alias: query.alias,
    steps: query.steps,
    relations: query.relations,
    sticky: query.sticky,
    carried: query.carried,
    ordering: query.ordering,
    reversed: query.reversed,
    offset: query.offset,
    offsetPlace: query.offsetPlace,
    limit: query.limit,
    selectRelated: query.selectRelated,
    distinct: query.distinct,
    values: query.values,
    attributes: query.attributes,
    relatedAttributes: query.relatedAttributes,
    groupBy: query.groupBy,
    combination: query.combination,
    fetchMode: query.fetchMode,
    empty: query.empty,
    routed: query.routed,
    free: query.free,
    lock: query.lock,
  };
  return Object.assign(copy, change);
}

/** The rows of a model that meet lookups, in no order. */
export function lookupQuery(model: ModelType, alias: string, lookups: Readonly<Record<string, unknown>>): Query {
  return {
    ...newQuery(model, alias),
    ordering: [],
    steps: [{ kind: "lookups", lookups: Object.entries(lookups) }],
  };
}

/** A query of instances for the values of these names alone; of combined ones each. */
export function valuesOf(query: Query, names: readonly string[]): Query {
  const values = { names, form: "flat", at: 0 } as const;
  const { combination } = query;
  if (combination === undefined) return { ...query, values };
  const members = combination.members.map((member) => valuesOf(member, names));
  return {
    ...query,
    values,
    ordering: isSliced(query) ? query.ordering : [],
    combination: { ...combination, members },
  };
}

/** Whether a query can stand inside of one of a database: each knows its own rows alone. */
export function standsIn({ alias, routed, free }: Query, database: string): boolean {
  return routed === true || free === true || alias === database;
}

/** Whether rows are one for each value of named columns: the first in their order. */
export function isDistinctBy({ distinct }: Query): boolean {
  return (distinct?.length ?? 0) > 0;
}

/** Whether a part of the rows was cut out. */
export function isSliced(query: Query): boolean {
  return query.offset > 0 || query.limit !== undefined;
}
