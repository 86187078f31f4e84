import type { UrlEntry } from "./types.ts";

/**
 * The segments that every path of an entry begins with: "blog/" of `blog/<int:year>/`; of a route without parameters all
 * of them, the last one without "/".
 */
export function literalSegments({ compiled }: UrlEntry): readonly string[] {
  const segments = compiled.literal.split("/");
  const rest = segments.pop() as string;
  const complete = segments.map((segment) => `${segment}/`);
  return compiled.exact ? [...complete, rest] : complete;
}

interface Indexed {
  readonly entry: UrlEntry;
  readonly segments: readonly string[];
}

/** Lists so short are tried one by one. */
const FEW = 4;

/**
 * Finds the entries of a list that a path may match, by its first segments: those that certainly do not are left out, the
 * others keep their order, so that trying them one by one gives what trying all would.
 */
export class Candidates {
  readonly #entries: readonly UrlEntry[];
  /** By the segment at this depth, those that begin with it and those that leave it open; made when first asked for. */
  readonly #children: Map<string, Candidates | undefined> | undefined;
  readonly #open: readonly UrlEntry[];
  readonly #indexed: readonly Indexed[];
  readonly #depth: number;

  private constructor(indexed: readonly Indexed[], depth: number) {
    this.#indexed = indexed;
    this.#depth = depth;
    this.#entries = indexed.map(({ entry }) => entry);
    const closed = indexed.filter(({ segments }) => segments.length > depth);
    this.#open = indexed.filter(({ segments }) => segments.length <= depth).map(({ entry }) => entry);
    if (indexed.length > FEW && closed.length > 0) {
      this.#children = new Map(closed.map(({ segments }) => [segments[depth] as string, undefined]));
    }
  }

  /** @param segmentsOf What every path of an entry begins with. */
  static of(entries: readonly UrlEntry[], segmentsOf: typeof literalSegments = literalSegments): Candidates {
    return new Candidates(
      entries.map((entry) => ({ entry, segments: segmentsOf(entry) })),
      0,
    );
  }

  /** The entries that `path` may match from `at` on, in order. */
  for(path: string, at: number): readonly UrlEntry[] {
    if (this.#children === undefined) return this.#entries;
    const slash = path.indexOf("/", at);
    const end = slash === -1 ? path.length : slash + 1;
    const child = this.#child(path.slice(at, end));
    return child === undefined ? this.#open : child.for(path, end);
  }

  #child(segment: string): Candidates | undefined {
    const known = this.#children?.get(segment);
    // Only segments of the routes are kept, so clients cannot fill the map.
    if (known !== undefined || this.#children?.has(segment) !== true) return known;
    const depth = this.#depth;
    const child = new Candidates(
      this.#indexed.filter(({ segments }) => segments.length <= depth || segments[depth] === segment),
      depth + 1,
    );
    this.#children.set(segment, child);
    return child;
  }
}
