import { lastContext, noteContexts } from "../async/context.ts";
import { logger } from "../logging/index.ts";
import { recordMetric } from "../metrics/index.ts";
import { watchBlockingCalls } from "./blocking-calls.ts";
import { addReport, readableStack } from "./report.ts";
import type { Sample } from "./sampler.ts";
import { type Stretch, watchStretches } from "./stretches.ts";

/** What `watchEventLoop` is told. */
export interface WatchOptions {
  /** From how many milliseconds the event loop counts as held up; 0 turns the watch off. */
  readonly threshold: number;
  /** In development the stacks of what held it up are taken, and calls of Node that block are told by name. */
  readonly development: boolean;
  /** For how many milliseconds no stacks are taken yet: a thread that comes up would hold up a site's first answers. Default 0. */
  readonly stacksAfter?: number;
}

/** In production a view is told of at most so often. */
const QUIET = 60_000;
const log = logger("tsjango.async");
let running: (EventLoopWatch & { count: number }) | undefined;

/** A watch that runs. */
export interface EventLoopWatch {
  /** Resolves when stacks are taken: a thread has to come up for that. */
  readonly ready: Promise<void>;
  end(): void;
}

/**
 * Watches the event loop of this process, and tells what holds it up: in development each place once, with the view and the
 * stack; in production a line for the view that started last, and a metric, `tsjango.event_loop.blocked.duration` in
 * seconds. A process has one watch, the first; it ends with the last call.
 */
export function watchEventLoop(options: WatchOptions): EventLoopWatch {
  if (options.threshold === 0) return { ready: Promise.resolve(), end: () => undefined };
  running ??= { count: 0, ...start(options) };
  const mine = running;
  mine.count += 1;
  let ended = false;
  return {
    ready: mine.ready,
    end() {
      if (ended) return;
      ended = true;
      mine.count -= 1;
      if (mine.count > 0) return;
      mine.end();
      running = undefined;
    },
  };
}

function start({ threshold, development, stacksAfter = 0 }: WatchOptions): EventLoopWatch {
  const watch = watchStretches({ threshold, stacks: development, stacksAfter }, development ? tellPlace : viewTeller());
  const stopCalls = development ? watchBlockingCalls() : noteContexts();
  return {
    ready: watch.ready,
    end() {
      watch.end();
      stopCalls();
    },
  };
}

function measure(duration: number, view: string | undefined): void {
  recordMetric({
    name: "tsjango.event_loop.blocked.duration",
    kind: "histogram",
    value: duration / 1000,
    unit: "s",
    ...(view !== undefined && { attributes: { view } }),
  });
}

/** Production: there is no stack, and who started last is likely to be the one. */
function viewTeller(): (stretch: Stretch) => void {
  const told = new Map<string, number>();
  return ({ duration }) => {
    const context = lastContext();
    measure(duration, context?.name);
    // What starts a site may take its time.
    if (context === undefined) return;
    const view = context.name ?? "not chosen yet";
    const now = performance.now();
    if (now - (told.get(view) ?? Number.NEGATIVE_INFINITY) < QUIET) return;
    told.set(view, now);
    const who = `the view that started last is ${view}. With debug on, the place is told.`;
    log.warn({ duration: Math.round(duration), view }, `${heldUp(duration)}: ${who}`);
  };
}

/** Development: once for each place. */
function tellPlace({ duration, samples = [] }: Stretch): void {
  const sample = culprit(samples, duration);
  if (sample === undefined) return;
  const view = sample.context?.name;
  measure(duration, view);
  const { place, lines } = readableStack(sample.stack);
  if (!addReport({ kind: "stretch", view, place, stack: lines, duration })) return;
  const who = `${view === undefined ? "a request" : `the view ${view}`}${place === undefined ? "" : `, at ${place}`}`;
  const advice = "Move the work to a worker thread: syncToAsync(import.meta.url, function name() {…}).";
  log.warn(
    { duration: Math.round(duration), view, stack: lines },
    `${heldUp(duration)} by ${who}. Nobody else was served. ${advice}`,
  );
}

function heldUp(duration: number): string {
  return `The event loop was held up for ${Math.round(duration)} ms`;
}

/**
 * The sample that says who held it up: of one request, twice, or of code that could not be interrupted. Modules that are
 * loaded hold up the first request of a site only.
 */
function culprit(samples: readonly Sample[], duration: number): Sample | undefined {
  const found = samples.find(
    ({ context, waited }) =>
      context !== undefined &&
      (waited > duration / 2 || samples.filter((other) => other.context?.id === context.id).length > 1),
  );
  return found !== undefined && /node:internal\/modules\//.test(found.stack) ? undefined : found;
}
