import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import { expressionOf, type OrderingNode, orderFromPath, source } from "./expression.ts";
import type { AnyExpression, ConditionsIn, Expression, ORDER_OF, Ordering, PathsIn } from "./expression.types.ts";
import { Frame } from "./frame.ts";
import { make } from "./make.ts";
import type { Source, SourcePaths, WindowOptions } from "./source.types.ts";
import { ORDERING } from "./symbols.ts";

/** The paths that an order reads. */
export type OrderPaths<O> = O extends `-${infer P}`
  ? P
  : O extends string
    ? O
    : O extends { readonly [ORDER_OF]: infer E }
      ? PathsIn<E>
      : PathsIn<O>;

/**
 * A value computed over the rows around a row: an aggregate or a rank, over those with equal values of `partitionBy`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/expressions/#window-functions
 * @example
 * Book.objects.annotate({ rank: Window(Rank(), { partitionBy: "author", orderBy: "-pages" }) }).filter({ rank__lte: 3 });
 */
export function Window<
  V,
  P extends string,
  W,
  const B extends Source = never,
  const O extends Source | Ordering<unknown> = never,
>(
  of: Expression<V, P, W>,
  options: WindowOptions<B, O> = {},
): Expression<V, P | SourcePaths<B> | OrderPaths<O>, W | ConditionsIn<B>> {
  const node = expressionOf(of);
  if (node === undefined) throw new QueryError("Window takes an aggregate or a rank, such as Rank().");
  const { frame } = options;
  if (frame !== undefined && !(frame instanceof Frame)) {
    throw new QueryError(`Window: the frame is RowRange(…) or ValueRange(…); found ${describeValue(frame)}.`);
  }
  return make({
    kind: "window",
    of: node,
    partitionBy: list(options.partitionBy).map((each) => source(each, "partitionBy")),
    orderBy: list(options.orderBy).map(orderOf),
    frame: frame?.node,
  });
}

/** One or several as a list. */
export function list<T>(given: T | readonly T[] | undefined): readonly T[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as T];
}

/** An order as it stands in a window or an aggregate. */
export function orderOf(given: string | AnyExpression | Ordering<unknown>): OrderingNode {
  if (typeof given === "object" && ORDERING in given)
    return (given as unknown as Record<typeof ORDERING, OrderingNode>)[ORDERING];
  if (typeof given === "string") return orderFromPath(given);
  return { expression: source(given, "orderBy"), descending: false, nulls: undefined };
}
