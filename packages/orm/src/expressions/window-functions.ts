import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import { operand, source, type WindowName } from "./expression.ts";
import type { ConditionsIn, Expression, PathsIn, ValueIn } from "./expression.types.ts";
import { make } from "./make.ts";
import type { Source, SourcePaths, SourceValue } from "./source.types.ts";

/**
 * The number of a row in its window, from 1.
 * @example
 * // The longest book of each author.
 * const longest = await Book.objects
 *   .annotate({ place: Window(RowNumber(), { partitionBy: "author", orderBy: "-pages" }) })
 *   .filter({ place: 1 });
 */
export function RowNumber(): Expression<number> {
  return rank("rowNumber");
}

/** The place of a row in its window; equal rows share one, and leave a gap after it. */
export function Rank(): Expression<number> {
  return rank("rank");
}

/** The place of a row in its window; equal rows share one, without a gap. */
export function DenseRank(): Expression<number> {
  return rank("denseRank");
}

/** The place of a row in its window, from 0 to 1: `(rank - 1) / (rows - 1)`. */
export function PercentRank(): Expression<number> {
  return rank("percentRank");
}

/** How many rows of the window are not behind this one, from above 0 to 1. */
export function CumeDist(): Expression<number> {
  return rank("cumeDist");
}

/**
 * The number of a row's part, from 1, where its window is cut into so many parts of one size.
 * @example
 * const quarters = await Book.objects.annotate({ quarter: Window(Ntile(4), { orderBy: "price" }) });
 */
export function Ntile(parts: number): Expression<number> {
  return rank("ntile", [operand(position("Ntile", parts))]);
}

/** What `Lag` and `Lead` take beside their source. */
export interface OffsetOptions<D> {
  /** How many rows away. Default 1. */
  readonly offset?: number;
  /** The value where there is no such row, instead of null. */
  readonly default?: D;
}

type Shifted<E, D> = Expression<
  SourceValue<E> | ([D] extends [never] ? null : ValueIn<D>),
  SourcePaths<E> | PathsIn<D>,
  ConditionsIn<E>
>;

/** The value of a row before this one in its window: `Window(Lag("price"), { orderBy: "published" })`. */
export function Lag<const E extends Source, const D = never>(of: E, options: OffsetOptions<D> = {}): Shifted<E, D> {
  return shifted("lag", of, options);
}

/**
 * The value of a row behind this one in its window.
 * @example
 * const books = await Book.objects.annotate({ next: Window(Lead("title", { default: "" }), { orderBy: "published" }) });
 */
export function Lead<const E extends Source, const D = never>(of: E, options: OffsetOptions<D> = {}): Shifted<E, D> {
  return shifted("lead", of, options);
}

type OneOfFrame<E> = Expression<SourceValue<E> | null, SourcePaths<E>, ConditionsIn<E>>;

/** The value of the first row of the frame. */
export function FirstValue<const E extends Source>(of: E): OneOfFrame<E> {
  return rank("firstValue", [source(of, "FirstValue")]);
}

/** The value of the last row of the frame; by itself a frame ends with the rows that are equal to this one. */
export function LastValue<const E extends Source>(of: E): OneOfFrame<E> {
  return rank("lastValue", [source(of, "LastValue")]);
}

/**
 * The value of one of the rows of the frame, counted from 1.
 * @example
 * const books = await Book.objects.annotate({
 *   second: Window(NthValue("title", 2), { partitionBy: "author", orderBy: "published", frame: RowRange(null, null) }),
 * });
 */
export function NthValue<const E extends Source>(of: E, nth: number): OneOfFrame<E> {
  return rank("nthValue", [source(of, "NthValue"), operand(position("NthValue", nth))]);
}

function shifted<R>(name: WindowName, of: Source, options: OffsetOptions<unknown>): R {
  const { offset = 1 } = options;
  if (!Number.isInteger(offset) || offset < 0 || offset >= 2 ** 31) {
    throw new QueryError(`${name}: the offset is a whole number from 0; found ${describeValue(offset)}.`);
  }
  const otherwise = options.default === undefined ? [] : [operand(options.default)];
  return rank(name, [source(of, name), operand(offset), ...otherwise]);
}

function position(name: string, given: number): number {
  if (Number.isInteger(given) && given >= 1 && given < 2 ** 31) return given;
  throw new QueryError(`${name} takes a whole number from 1; found ${describeValue(given)}.`);
}

function rank<R>(name: WindowName, args?: readonly ReturnType<typeof operand>[]): R {
  return make({ kind: "rank", name, args });
}
