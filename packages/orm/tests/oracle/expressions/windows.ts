import { compareKeys, sorted, type World } from "./evaluate.ts";
import type { Aggregate, Expr, Frame, Value, WindowSpec } from "./spec.ts";

interface Means {
  readonly value: (world: World, expr: Expr) => Value;
  readonly aggregate: (among: readonly World[], of: Aggregate) => Value;
}

/** The rows of one window in its order, with the first and the last row that is equal to each. */
interface Part {
  readonly rows: readonly World[];
  readonly keys: readonly (readonly Value[])[];
  readonly firstPeer: readonly number[];
  readonly lastPeer: readonly number[];
}

/** What a window gives each of the rows. */
export function windowValues(worlds: readonly World[], window: WindowSpec, means: Means): Value[] {
  const parts = new Map<string, World[]>();
  for (const world of worlds) {
    const key = JSON.stringify(window.partition.map((each) => means.value(world, each)));
    parts.set(key, [...(parts.get(key) ?? []), world]);
  }
  const found = new Map<World, Value>();
  for (const part of parts.values()) {
    const whole = partOf(part, window, means);
    whole.rows.forEach((world, at) => void found.set(world, valueAt(whole, at, window, means)));
  }
  return worlds.map((world) => found.get(world) as Value);
}

function partOf(part: readonly World[], { order }: WindowSpec, means: Means): Part {
  const rows = sorted(part, order, means.value);
  const keys = rows.map((world) => order.map(({ by }) => means.value(world, by)));
  const equal = (a: number, b: number) =>
    compareKeys(keys[a] as readonly Value[], keys[b] as readonly Value[], order) === 0;
  const firstPeer = rows.map((_, at) => rows.findIndex((_row, other) => equal(at, other)));
  const lastPeer = rows.map((_, at) => rows.findLastIndex((_row, other) => equal(at, other)));
  return { rows, keys, firstPeer, lastPeer };
}

function valueAt(part: Part, at: number, window: WindowSpec, means: Means): Value {
  const { of } = window;
  const { rows, firstPeer, lastPeer } = part;
  const size = rows.length;
  const value = (index: number | undefined, expr: Expr) =>
    index === undefined ? null : means.value(rows[index] as World, expr);
  switch (of.name) {
    case "RowNumber":
      return at + 1;
    case "Rank":
      return (firstPeer[at] as number) + 1;
    case "DenseRank":
      return new Set(firstPeer.slice(0, at + 1)).size;
    case "PercentRank":
      return size === 1 ? 0 : (firstPeer[at] as number) / (size - 1);
    case "CumeDist":
      return ((lastPeer[at] as number) + 1) / size;
    case "Ntile": {
      // The first parts have one row more where it does not come out even.
      const [each, more] = [Math.floor(size / of.count), size % of.count];
      const large = more * (each + 1);
      return at < large ? Math.floor(at / (each + 1)) + 1 : more + Math.floor((at - large) / each) + 1;
    }
    case "Lag":
    case "Lead": {
      const index = of.name === "Lag" ? at - of.offset : at + of.offset;
      return index in rows ? value(index, of.of) : (of.otherwise ?? null);
    }
    case "FirstValue":
      return value(framed(part, at, window)[0], of.of);
    case "LastValue":
      return value(framed(part, at, window).at(-1), of.of);
    case "NthValue":
      return value(framed(part, at, window)[of.count - 1], of.of);
    case "aggregate":
      return means.aggregate(
        framed(part, at, window).map((index) => rows[index] as World),
        of.of,
      );
  }
}

/** The rows of the frame of a row. */
function framed(part: Part, at: number, { order, frame }: WindowSpec): number[] {
  const all = part.rows.map((_, index) => index);
  if (frame === undefined) return order.length === 0 ? all : all.slice(0, (part.lastPeer[at] as number) + 1);
  const [from, to] =
    frame.unit === "rows"
      ? rowBounds(frame, at, all.length)
      : valueBounds(part, at, frame, order[0]?.descending === true);
  const inFrame = all.filter((index) => index >= from && index <= to);
  const peer = (index: number) => part.firstPeer[index] === part.firstPeer[at];
  if (frame.exclude === "currentRow") return inFrame.filter((index) => index !== at);
  if (frame.exclude === "group") return inFrame.filter((index) => !peer(index));
  return frame.exclude === "ties" ? inFrame.filter((index) => index === at || !peer(index)) : inFrame;
}

function rowBounds({ start, end }: Frame, at: number, size: number): [number, number] {
  return [start === null ? 0 : at + start, end === null ? size - 1 : at + end];
}

/** Where the order's value lies so far below and above that of the row; a row without one has its equals alone. */
function valueBounds(part: Part, at: number, { start, end }: Frame, descending: boolean): [number, number] {
  const { keys, firstPeer, lastPeer } = part;
  const own = keys[at]?.[0] as number | null;
  const sign = descending ? -1 : 1;
  const distance = (index: number) => {
    const value = keys[index]?.[0] as number | null;
    return value === null || own === null ? undefined : (value - own) * sign;
  };
  // A row without a value lies beyond all distances, on the side on which it stands.
  const reached = (test: (distance: number) => boolean, side: "before" | "behind") =>
    keys.flatMap((_, index) => {
      const found = distance(index);
      const met = found === undefined ? (side === "behind" ? index > at : index < at) : test(found);
      return met ? [index] : [];
    });
  const bound = (given: number, side: "first" | "last"): number => {
    if (given === 0 || own === null) return (side === "first" ? firstPeer : lastPeer)[at] as number;
    if (side === "first") return reached((found) => found >= given, "behind")[0] ?? Number.POSITIVE_INFINITY;
    return reached((found) => found <= given, "before").at(-1) ?? Number.NEGATIVE_INFINITY;
  };
  return [start === null ? 0 : bound(start, "first"), end === null ? keys.length - 1 : bound(end, "last")];
}
