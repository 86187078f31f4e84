import * as aggregates from "../../src/expressions/aggregates.ts";
import * as cases from "../../src/expressions/case.ts";
import * as casts from "../../src/expressions/cast.ts";
import * as dates from "../../src/expressions/date-functions.ts";
import * as frames from "../../src/expressions/frame.ts";
import * as functions from "../../src/expressions/functions.ts";
import * as json from "../../src/expressions/json-functions.ts";
import * as maths from "../../src/expressions/math-functions.ts";
import * as references from "../../src/expressions/references.ts";
import * as subqueries from "../../src/expressions/subquery.ts";
import * as texts from "../../src/expressions/text-functions.ts";
import * as windows from "../../src/expressions/window.ts";
import * as ranks from "../../src/expressions/window-functions.ts";
import { Q } from "../../src/index.ts";
import { Prefetch as TypedPrefetch } from "../../src/query/prefetch.ts";

/** A query set without its types: for queries that are made of data, and for those that no program should contain. */
export interface LooseQuerySet extends PromiseLike<unknown[]>, AsyncIterable<unknown> {
  all(): LooseQuerySet;
  none(): LooseQuerySet;
  filter(...conditions: unknown[]): LooseQuerySet;
  exclude(...conditions: unknown[]): LooseQuerySet;
  annotate(values: Readonly<Record<string, unknown>>): LooseQuerySet;
  alias(values: Readonly<Record<string, unknown>>): LooseQuerySet;
  aggregate(values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  orderBy(...paths: unknown[]): LooseQuerySet;
  reverse(): LooseQuerySet;
  distinct(...names: string[]): LooseQuerySet;
  slice(start: number, end?: number): LooseQuerySet;
  values(...paths: unknown[]): LooseQuerySet;
  valuesList(...paths: unknown[]): LooseQuerySet;
  selectRelated(...paths: string[]): LooseQuerySet;
  prefetchRelated(...paths: unknown[]): LooseQuerySet;
  only(...names: string[]): LooseQuerySet;
  defer(...names: string[]): LooseQuerySet;
  union(...others: unknown[]): LooseQuerySet;
  intersection(...others: unknown[]): LooseQuerySet;
  difference(...others: unknown[]): LooseQuerySet;
  get(...conditions: unknown[]): Promise<LooseRow>;
  first(): Promise<LooseRow | null>;
  last(): Promise<LooseRow | null>;
  latest(...paths: unknown[]): Promise<LooseRow>;
  earliest(...paths: unknown[]): Promise<LooseRow>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  contains(row: unknown): Promise<boolean>;
  iterator(options?: { readonly chunkSize?: number }): AsyncIterable<unknown>;
  selectForUpdate(options?: object): LooseQuerySet;
  inBulk(...given: unknown[]): Promise<Map<unknown, LooseRow>>;
  update(values: Readonly<Record<string, unknown>>): Promise<number>;
  delete(): Promise<number>;
}

export interface LooseManager extends LooseQuerySet {
  create(values: Readonly<Record<string, unknown>>): Promise<LooseRow>;
  bulkCreate(rows: readonly Readonly<Record<string, unknown>>[]): Promise<LooseRow[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: a row without its type
export type LooseRow = Record<string, any>;

/** The door to a model's rows, without its types. */
export function loose(model: { readonly objects: unknown }): LooseManager {
  return model.objects as LooseManager;
}

/** An expression, a condition or an order without its type. */
export interface LooseExpression {
  plus(other: unknown): LooseExpression;
  minus(other: unknown): LooseExpression;
  times(other: unknown): LooseExpression;
  div(other: unknown): LooseExpression;
  mod(other: unknown): LooseExpression;
  bitand(other: unknown): LooseExpression;
  bitor(other: unknown): LooseExpression;
  bitxor(other: unknown): LooseExpression;
  bitleftshift(other: unknown): LooseExpression;
  bitrightshift(other: unknown): LooseExpression;
  pow(other: unknown): LooseExpression;
  asc(options?: object): LooseExpression;
  desc(options?: object): LooseExpression;
  and(other: unknown): LooseExpression;
  or(other: unknown): LooseExpression;
  xor(other: unknown): LooseExpression;
  not(): LooseExpression;
}

type Make = (...given: unknown[]) => LooseExpression;
const makers = {
  ...aggregates,
  ...cases,
  ...casts,
  ...dates,
  ...frames,
  ...functions,
  ...json,
  ...maths,
  ...references,
  ...subqueries,
  ...texts,
  ...windows,
  ...ranks,
  Q,
};

/** What makes expressions and conditions, without the types. */
export const expressions = makers as unknown as Readonly<Record<keyof typeof makers, Make>>;

/** What `prefetchRelated` takes besides paths, without the types. */
export const Prefetch = TypedPrefetch as unknown as new (...given: unknown[]) => unknown;
