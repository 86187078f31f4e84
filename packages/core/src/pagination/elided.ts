/** How much of a long range of pages is shown. */
export interface ElidedOptions {
  /** Pages on each side of the current one. Default 3. */
  readonly onEachSide?: number;
  /** Pages at both ends. Default 2. */
  readonly onEnds?: number;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** The numbers around `number` and at both ends; "…" stands for those between. */
export function elidedPageRange(number: number, numPages: number, options: ElidedOptions = {}): (number | "…")[] {
  const { onEachSide = 3, onEnds = 2 } = options;
  if (numPages <= (onEachSide + onEnds) * 2) return range(1, numPages);
  const before: (number | "…")[] =
    number > 1 + onEachSide + onEnds + 1
      ? [...range(1, onEnds), "…", ...range(number - onEachSide, number)]
      : range(1, number);
  const after: (number | "…")[] =
    number < numPages - onEachSide - onEnds - 1
      ? [...range(number + 1, number + onEachSide), "…", ...range(numPages - onEnds + 1, numPages)]
      : range(number + 1, numPages);
  return [...before, ...after];
}
