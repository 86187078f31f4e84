import type { CallNode } from "./arithmetic.types.ts";
import { conditionOf } from "./condition.ts";
import { type AggregateName, operand, source } from "./expression.ts";
import type { ConditionsIn, Expression } from "./expression.types.ts";
import { make } from "./make.ts";
import type { Aggregate, AggregateOptions, CountOptions, Source, SourcePaths, SourceValue } from "./source.types.ts";

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

/** The sum of the values; null where there are none, unless `default` says otherwise. */
export function Sum<const E extends Source, const W extends object = never, const D = never>(
  of: E,
  options: AggregateOptions<W, D> = {},
): Aggregate<E, CallNode<"sum", [SourceValue<E>]>, W, D> {
  return aggregate("sum", of, options);
}

/** The mean of the values; null where there are none, unless `default` says otherwise. */
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

function aggregate<R>(name: AggregateName, of: Source | undefined, options: AggregateOptions<object, unknown>): R {
  return make({
    kind: "aggregate",
    name,
    of: of === undefined ? undefined : source(of, name),
    distinct: options.distinct ?? false,
    filter: options.filter === undefined ? undefined : conditionOf(options.filter),
    otherwise: options.default === undefined ? undefined : operand(options.default),
  });
}
