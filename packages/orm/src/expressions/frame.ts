import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { FrameNode } from "./expression.ts";

/** What a frame leaves out. */
export interface FrameOptions {
  /** The row itself, the row and those equal to it, or those equal to it alone. Default: nothing. */
  readonly exclude?: "currentRow" | "group" | "ties";
}

const EXCLUSIONS = ["currentRow", "group", "ties"];

/** Which of the rows of its window a function is computed over; made by `RowRange` and `ValueRange`. */
export class Frame {
  readonly node: FrameNode;

  constructor(node: FrameNode) {
    this.node = Object.freeze(node);
    Object.freeze(this);
  }
}

/**
 * The rows from `start` to `end`, counted from the row itself: -1 is the row before, 0 the row, 1 the one behind; null
 * means all on that side. Source: https://docs.djangoproject.com/en/5.2/ref/models/expressions/#frames
 * @example
 * Book.objects.annotate({ mean: Window(Avg("pages"), { orderBy: "published", frame: RowRange(-2, 0) }) });
 */
export function RowRange(start: number | null = null, end: number | null = null, options: FrameOptions = {}): Frame {
  return frame("rows", { start, end, options });
}

/**
 * The rows whose value, by which the window is ordered, lies between `start` below and `end` above that of the row
 * itself; null means all on that side. The window has one order, of numbers, where these are not null or 0.
 * @example
 * // Of the seven days before each day, and itself.
 * Window(Avg("close"), { orderBy: "dayNumber", frame: ValueRange(-7, 0) })
 */
export function ValueRange(start: number | null = null, end: number | null = null, options: FrameOptions = {}): Frame {
  return frame("range", { start, end, options });
}

function frame(
  unit: FrameNode["unit"],
  { start, end, options }: { start: number | null; end: number | null; options: FrameOptions },
): Frame {
  const name = unit === "rows" ? "RowRange" : "ValueRange";
  for (const each of [start, end]) {
    if (each === null || (typeof each === "number" && Number.isSafeInteger(each))) continue;
    throw new QueryError(`${name} takes whole numbers or null; found ${describeValue(each)}.`);
  }
  if (start !== null && end !== null && start > end) {
    throw new QueryError(`${name}(${start}, ${end}): the start is behind the end.`);
  }
  const { exclude } = options;
  if (exclude !== undefined && !EXCLUSIONS.includes(exclude)) {
    throw new QueryError(`${name}: exclude is one of ${EXCLUSIONS.join(", ")}; found ${describeValue(exclude)}.`);
  }
  return new Frame({ unit, start, end, exclude });
}
