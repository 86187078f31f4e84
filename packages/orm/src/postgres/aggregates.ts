import { aggregate } from "../expressions/aggregates.ts";
import type { CallNode } from "../expressions/arithmetic.types.ts";
import { type AggregateName, source } from "../expressions/expression.ts";
import type { Computed, ConditionsIn, Expression, Ordering, PathsIn } from "../expressions/expression.types.ts";
import type {
  Aggregate,
  AggregateOptions,
  Source,
  SourcePaths,
  SourceValue,
  StringAggOptions,
} from "../expressions/source.types.ts";
import { list, type OrderPaths, orderOf } from "../expressions/window.ts";
import type { FieldType } from "../fields/field.types.ts";

/** What aggregates that keep an order take beside their source. */
export interface OrderedOptions<W, D, O> extends StringAggOptions<W, D, O> {}

/** An aggregate that keeps an order, whose value is a list. */
type ListAggregate<Name extends string, E, W, D, O> = Expression<
  CallNode<[D] extends [never] ? Name : `${Name}Or`, [SourceValue<E>]>,
  SourcePaths<E> | PathsIn<D> | OrderPaths<O>,
  W | ConditionsIn<E>
>;

/** An aggregate of pairs of numbers: of rows in which neither is null. */
type PairAggregate<Y, X, W, D> = Expression<
  [D] extends [never]
    ? CallNode<"pairs", [SourceValue<Y>, SourceValue<X>]>
    : CallNode<"pairsOr", [SourceValue<Y>, SourceValue<X>]>,
  SourcePaths<Y> | SourcePaths<X> | PathsIn<D>,
  W | ConditionsIn<Y> | ConditionsIn<X>
>;

/** An aggregate of the bits of whole numbers. */
type BitsAggregate = <const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options?: AggregateOptions<W, D>,
) => Aggregate<E, CallNode<"bits", [SourceValue<E>]>, W, D>;

/** An aggregate of what is true or false: a path, an expression or a condition. */
type TruthAggregate = <const E extends string | Computed, const W extends object = never, const D = never>(
  of: E,
  options?: AggregateOptions<W, D>,
) => E extends Source
  ? Aggregate<E, CallNode<"truth", [SourceValue<E>]>, W, D>
  : Aggregate<never, CallNode<"truth", [FieldType<boolean, true, "boolean">]>, W | E, D>;

/** What aggregates of pairs take beside their sources. */
export type PairOptions<W, D> = Omit<AggregateOptions<W, D>, "distinct">;

/** An aggregate of pairs of numbers: `y` depends on `x`. */
type PairsAggregate = <
  const Y extends Source,
  const X extends Source,
  const W extends object = never,
  D extends number = never,
>(
  y: Y,
  x: X,
  options?: PairOptions<W, D>,
) => PairAggregate<Y, X, W, D>;

/** What `CovarPop` takes beside its sources. */
export interface SampleOptions<W, D> extends PairOptions<W, D> {
  /** Whether the pairs are a sample, from which that of all is estimated. Default false: they are all. */
  readonly sample?: boolean;
}

/**
 * The values of all rows as an array, those that are null among them; null of no rows, unless `default` says otherwise.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/aggregates/#arrayagg
 * @example
 * const authors = await Author.objects.annotate({ titles: ArrayAgg("books__title", { orderBy: "books__title", default: [] }) });
 */
export function ArrayAgg<
  const E extends Source,
  const W extends object = never,
  D extends readonly unknown[] = never,
  const O extends Source | Ordering<unknown> = never,
>(of: E, options: OrderedOptions<W, D, O> = {}): ListAggregate<"arrayAgg", E, W, D, O> {
  return aggregate("arrayAgg", of, options, { orderBy: list(options.orderBy).map(orderOf) });
}

/**
 * The values of all rows as JSON; dates, decimals and 64-bit numbers are texts in it. Null of no rows.
 * @example
 * const shops = await Shop.objects.annotate({ prices: JSONBAgg("sales__price", { orderBy: "-sales__price", default: [] }) });
 */
export function JSONBAgg<
  const E extends Source,
  const W extends object = never,
  D extends readonly unknown[] = never,
  const O extends Source | Ordering<unknown> = never,
>(of: E, options: OrderedOptions<W, D, O> = {}): ListAggregate<"jsonbAgg", E, W, D, O> {
  return aggregate("jsonbAgg", of, options, { orderBy: list(options.orderBy).map(orderOf) });
}

/** The bits that are set in all of the whole numbers; null of no rows. */
export const BitAnd: BitsAggregate = (of, options = {}) => aggregate("bitAnd", of, options);

/** The bits that are set in any of the whole numbers; null of no rows. */
export const BitOr: BitsAggregate = (of, options = {}) => aggregate("bitOr", of, options);

/** The bits that are set in an odd number of the whole numbers; null of no rows. */
export const BitXor: BitsAggregate = (of, options = {}) => aggregate("bitXor", of, options);

/** Whether all of the values are true, or a condition is met by all rows: `BoolAnd(Q({ paid: true }))`; null of no rows. */
export const BoolAnd: TruthAggregate = (of, options = {}) => aggregate("boolAnd", of, options);

/** Whether any of the values is true, or a condition is met by any row; null of no rows. */
export const BoolOr: TruthAggregate = (of, options = {}) => aggregate("boolOr", of, options);

/** The coefficient of correlation of pairs of numbers; null of no pairs. */
export const Corr: PairsAggregate = (y, x, options = {}) => pairs("corr", y, x, options);

/** The covariance of pairs of numbers; null of no pairs. */
export function CovarPop<
  const Y extends Source,
  const X extends Source,
  const W extends object = never,
  D extends number = never,
>(y: Y, x: X, options: SampleOptions<W, D> = {}): PairAggregate<Y, X, W, D> {
  return pairs(options.sample === true ? "covarSample" : "covarPop", y, x, options);
}

/** The average of the second numbers of pairs; null of no pairs. */
export const RegrAvgX: PairsAggregate = (y, x, options = {}) => pairs("regrAvgX", y, x, options);

/** The average of the first numbers of pairs; null of no pairs. */
export const RegrAvgY: PairsAggregate = (y, x, options = {}) => pairs("regrAvgY", y, x, options);

/** How many pairs there are in which neither number is null. */
export function RegrCount<const Y extends Source, const X extends Source, const W extends object = never>(
  y: Y,
  x: X,
  options: Omit<PairOptions<W, never>, "default"> = {},
): PairAggregate<Y, X, W, number> {
  return pairs("regrCount", y, x, options);
}

/** Where the line that fits the pairs best crosses the axis of the first numbers; null of no pairs. */
export const RegrIntercept: PairsAggregate = (y, x, options = {}) => pairs("regrIntercept", y, x, options);

/** The square of the coefficient of correlation; null of no pairs. */
export const RegrR2: PairsAggregate = (y, x, options = {}) => pairs("regrR2", y, x, options);

/** How steep the line is that fits the pairs best; null of no pairs. */
export const RegrSlope: PairsAggregate = (y, x, options = {}) => pairs("regrSlope", y, x, options);

/** The sum of the squares of how far the second numbers lie from their mean; null of no pairs. */
export const RegrSXX: PairsAggregate = (y, x, options = {}) => pairs("regrSXX", y, x, options);

/** The sum of the products of how far the numbers of pairs lie from their means; null of no pairs. */
export const RegrSXY: PairsAggregate = (y, x, options = {}) => pairs("regrSXY", y, x, options);

/** The sum of the squares of how far the first numbers lie from their mean; null of no pairs. */
export const RegrSYY: PairsAggregate = (y, x, options = {}) => pairs("regrSYY", y, x, options);

function pairs<R>(name: AggregateName, y: Source, x: Source, options: AggregateOptions<object, unknown>): R {
  return aggregate(name, y, options, { second: source(x, name) });
}
