import { shownPlace, stackPlaces } from "../utils/stack-places.ts";

/** What held up the event loop, at one place of the project's code. */
export interface BlockReport {
  /** `"stretch"`: nothing else had a turn for long; `"call"`: a function of Node that blocks, by name. */
  readonly kind: "stretch" | "call";
  /** The view's name, the task's; undefined where none was chosen yet, or it is not known. */
  readonly view: string | undefined;
  /** The project's line: `blog/views.ts:12:5`; undefined in production, where no stack is taken. */
  readonly place: string | undefined;
  /** The frames, innermost first, Node's own left out. */
  readonly stack: readonly string[];
  /** The longest time, in milliseconds; of a call the time that it took. */
  readonly duration: number;
  /** How often it was seen. */
  readonly count: number;
  /** Of a call: `"fs.readFileSync"`. */
  readonly call?: string | undefined;
  /** Of a call: what to write instead. */
  readonly instead?: string | undefined;
}

type Listener = (report: BlockReport) => void;

/** The most places that are remembered; a site with more has other things to do first. */
const MOST = 200;
const reports = new Map<string, BlockReport>();
const listeners = new Set<Listener>();

/** What has held up the event loop of this process so far, once for each place, for a debug page. Gathered while debug is on. */
export function blockReports(): readonly BlockReport[] {
  return [...reports.values()];
}

/** Forgets them. */
export function clearBlockReports(): void {
  reports.clear();
}

/**
 * Is called each time the event loop is found to be held up, until the function it returns is called.
 * @example
 * const stop = onBlocked(({ view, duration, place }) => console.warn(view, duration, place));
 */
export function onBlocked(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Adds what was seen to the report of its place, and tells the listeners; says whether the place is new. */
export function addReport(seen: Omit<BlockReport, "count">): boolean {
  const key = [seen.call, seen.view, seen.kind === "call" ? seen.place : functionOf(seen)].join("\n");
  const former = reports.get(key);
  const report = {
    ...seen,
    duration: Math.max(seen.duration, former?.duration ?? 0),
    count: (former?.count ?? 0) + 1,
  };
  if (former !== undefined || reports.size < MOST) reports.set(key, report);
  for (const listener of listeners) listener({ ...report, duration: seen.duration });
  return former === undefined;
}

/** A stretch is met anywhere in the function that makes it. */
function functionOf({ place = "", stack }: Pick<BlockReport, "place" | "stack">): string {
  const frame = stack.find((line) => line.includes(place)) ?? "";
  return frame.startsWith("(") ? place.replace(/:\d+$/, "") : frame.replace(/:\d+:\d+\)$/, "");
}

/** What of a stack the project can change: its own line, and the frames without Node's. */
export function readableStack(stack: string): { readonly place: string | undefined; readonly lines: string[] } {
  const places = stackPlaces(stack).filter(({ owner }) => owner !== "node");
  const own = places.find(({ owner }) => owner === "project");
  const lines = places.map((place) => place.text.replace(/\(?[^( ]+:\d+:\d+\)?$/, `(${shownPlace(place)})`));
  return { place: own && shownPlace(own), lines };
}
