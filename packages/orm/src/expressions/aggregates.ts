import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { CallNode } from "./arithmetic.types.ts";
import { conditionOf } from "./condition.ts";
import { type AggregateName, type ExpressionNode, operand, source } from "./expression.ts";
import type { Computed, ConditionsIn, Expression, Ordering, PathsIn, ValueIn } from "./expression.types.ts";
import { make } from "./make.ts";
import type {
  Aggregate,
  AggregateOptions,
  CountOptions,
  Source,
  SourcePaths,
  SourceValue,
  StringAggOptions,
} from "./source.types.ts";
import { list, type OrderPaths, orderOf } from "./window.ts";

/**
 * How many values there are that are not null; how many rows where no source is given.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#count
 * @example
 * const authors = await Author.objects.annotate({ n: Count("books", { distinct: true }) });
 */
export function Count<const E extends Source = never, const W extends object = never>(
  of?: E,
  options: CountOptions<W> = {},
): Expression<number, SourcePaths<E>, W | ConditionsIn<E>> {
  return aggregate("count", of, options);
}

/**
 * The sum of the values; null where there are none, unless `default` says otherwise.
 * @example
 * const { worth } = await Book.objects.aggregate({ worth: Sum(F("price").times(F("stock")), { default: "0" }) });
 */
export function Sum<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: AggregateOptions<W, D> = {},
): Aggregate<E, CallNode<"sum", [SourceValue<E>]>, W, D> {
  return aggregate("sum", of, options);
}

/**
 * The mean of the values; null where there are none, unless `default` says otherwise.
 * @example
 * const authors = await Author.objects.annotate({ mean: Avg("books__pages", { filter: { books__pages__gt: 0 } }) });
 */
export function Avg<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: AggregateOptions<W, D> = {},
): Aggregate<E, CallNode<"avg", [SourceValue<E>]>, W, D> {
  return aggregate("avg", of, options);
}

/** The least value; null where there are none, unless `default` says otherwise. */
export function Min<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: AggregateOptions<W, D> = {},
): Aggregate<E, SourceValue<E>, W, D> {
  return aggregate("min", of, options);
}

/** The greatest value; null where there are none, unless `default` says otherwise. */
export function Max<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: AggregateOptions<W, D> = {},
): Aggregate<E, SourceValue<E>, W, D> {
  return aggregate("max", of, options);
}

/** What the spread of numbers takes beside its source. */
export interface SpreadOptions<W, D> extends AggregateOptions<W, D> {
  /** Whether the values are a sample, from which the spread of all is estimated. Default false: they are all. */
  readonly sample?: boolean;
}

/** The standard deviation of the values; null where there are none, or of a sample of one. */
export function StdDev<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: SpreadOptions<W, D> = {},
): Aggregate<E, CallNode<"avg", [SourceValue<E>]>, W, D> {
  return aggregate(options.sample === true ? "stdDevSample" : "stdDev", of, options);
}

/** The variance of the values; null where there are none, or of a sample of one. */
export function Variance<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: SpreadOptions<W, D> = {},
): Aggregate<E, CallNode<"avg", [SourceValue<E>]>, W, D> {
  return aggregate(options.sample === true ? "varianceSample" : "variance", of, options);
}

/** One of the values that are not null, whichever; null where there are none. */
export function AnyValue<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: Omit<AggregateOptions<W, D>, "distinct"> = {},
): Aggregate<E, SourceValue<E>, W, D> {
  return aggregate("anyValue", of, options);
}

/**
 * The texts one after the other, with a delimiter between them; those that are null are left out.
 * Source: https://docs.djangoproject.com/en/6.0/ref/models/querysets/#stringagg
 * @example
 * const authors = await Author.objects.annotate({ titles: StringAgg("books__title", ", ", { orderBy: "books__title" }) });
 */
export function StringAgg<
  const E extends Source,
  const W extends object = never,
  const D = never,
  const O extends Source | Ordering<unknown> = never,
>(
  of: E,
  delimiter: string,
  options: StringAggOptions<W, D, O> = {},
): Expression<
  [D] extends [never]
    ? CallNode<"stringAgg", [SourceValue<E>]>
    : CallNode<"coalesce", [CallNode<"stringAgg", [SourceValue<E>]>, ValueIn<D>]>,
  SourcePaths<E> | PathsIn<D> | OrderPaths<O>,
  W | ConditionsIn<E>
> {
  if (typeof delimiter !== "string") {
    throw new QueryError(`StringAgg takes a delimiter, such as ", "; found ${describeValue(delimiter)}.`);
  }
  return aggregate("stringAgg", of, options, {
    delimiter: operand(delimiter),
    orderBy: list(options.orderBy).map(orderOf),
  });
}

type Parts = Partial<Pick<Extract<ExpressionNode, { kind: "aggregate" }>, "delimiter" | "orderBy" | "second">>;

/** An aggregate of the type that is promised. */
export function aggregate<R>(
  name: AggregateName,
  of: string | Computed | undefined,
  options: AggregateOptions<object, unknown>,
  parts: Parts = {},
): R {
  return make({
    kind: "aggregate",
    name,
    of: of === undefined ? undefined : source(of, name),
    distinct: options.distinct ?? false,
    filter: options.filter === undefined ? undefined : conditionOf(options.filter),
    otherwise: options.default === undefined ? undefined : operand(options.default),
    ...parts,
  });
}
