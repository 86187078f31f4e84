import parseRange from "range-parser";

/** From the first to the last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The most ranges of one request that are answered; more of them is no way to read a file. */
const MOST = 8;

/**
 * The ranges that a `Range` header asks of `size` bytes: RFC 9110, section 14. Undefined where the whole is to be sent,
 * which is the answer to what is malformed, not in bytes, overlapping, or too many; "unsatisfiable" where none is there.
 */
export function requestedRanges(header: string, size: number): readonly ByteRange[] | "unsatisfiable" | undefined {
  if (!/^bytes=[\d ,-]{1,200}$/.test(header) || header.split(",").length > MOST) return undefined;
  const ranges = parseRange(size, header);
  if (ranges === -1) return "unsatisfiable";
  if (ranges === -2) return undefined;
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  const overlap = sorted.some((range, index) => index > 0 && range.start <= (sorted[index - 1] as ByteRange).end);
  return overlap ? undefined : ranges;
}

/** How many bytes a range has. */
export function lengthOf({ start, end }: ByteRange): number {
  return end - start + 1;
}
