import { url as inspectorUrl } from "node:inspector";
import { isMainThread, Worker } from "node:worker_threads";
import { currentContext } from "../async/context.ts";

/** What the event loop was found to be doing while it was held up. */
export interface Sample {
  /** The stack as V8 writes it, without the message. */
  readonly stack: string;
  /** The request or task, by a number that is its own, and its name; none outside of any. */
  readonly context: { readonly id: number; readonly name: string | undefined } | undefined;
  /** For how many ms the thread was asked before it could answer: code of Node that cannot be interrupted ran so long. */
  readonly waited: number;
}

/** What the thread sends when a stretch is over. */
export interface Stretch {
  /** The number of the beat before it. */
  readonly beat: number;
  readonly samples: readonly Sample[];
}

/** What the thread is given at its start. */
export interface SamplerData {
  /** `BEAT` counts up as long as the event loop goes round; with `END` set the thread lets go of this one. */
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly threshold: number;
}

/** The place in `beats` that counts. */
export const BEAT = 0;
/** The place in `beats` that says that the thread is to let go. */
export const END = 1;
/** What the thread writes to `END` when it has let go. */
export const ENDED = 2;
/** For how many ms the end of the process may wait for that. */
const MOST_WAITED = 500;

/** The name under which the thread finds `describeNow`. */
export const PROBE = "tsjango.watch.probe";
const MOST_FRAMES = 200;

const ids = new WeakMap<object, number>();
let lastId = 0;

/** The code that runs and its context, as text; the sampler has it called in the middle of that code. */
function describeNow(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = MOST_FRAMES;
  const now: { stack?: string } = {};
  Error.captureStackTrace(now, describeNow);
  Error.stackTraceLimit = stackTraceLimit;
  const stack = String(now.stack);
  const context = currentContext();
  if (context === undefined) return JSON.stringify({ stack });
  const id = ids.get(context) ?? ++lastId;
  ids.set(context, id);
  return JSON.stringify({ stack, context: { id, name: context.name } });
}

/** A thread that watches. */
export interface Sampler {
  /** Resolves when it does. */
  readonly ready: Promise<void>;
  end(): void;
}

/**
 * Starts the thread that looks at this one whenever it does not beat: by the inspector, without a port. Undefined where this
 * is not the main thread, or somebody debugs it: a breakpoint is no mistake. No debugger is attached: at that, V8 would
 * describe each script that is loaded, and nothing else had a turn for 300 ms.
 */
export function startSampler(
  data: SamplerData,
  onStretch: (stretch: Stretch) => void,
  after: number,
): Sampler | undefined {
  if (!isMainThread || inspectorUrl() !== undefined) return undefined;
  Object.defineProperty(globalThis, Symbol.for(PROBE), { value: describeNow, configurable: true });
  const { promise: ready, resolve: up } = Promise.withResolvers<void>();
  let thread: Worker | undefined;
  const start = () => {
    thread = startThread(data, up, onStretch);
  };
  // Begun at once, it keeps the process running until it is up.
  let timer: NodeJS.Timeout | undefined;
  if (after > 0) timer = setTimeout(start, after).unref();
  else start();
  const end = () => {
    process.off("exit", end);
    clearTimeout(timer);
    up();
    if (thread === undefined) return;
    letGo(data.beats);
    void thread.terminate();
  };
  process.on("exit", end);
  return { ready, end };
}

function startThread(data: SamplerData, up: () => void, onStretch: (stretch: Stretch) => void): Worker {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const entry = new URL(`./sampler-thread.${extension}`, import.meta.url);
  const thread = new Worker(entry, { workerData: data, execArgv: [] });
  // Once it is up it keeps the process running no longer.
  const isUp = () => {
    thread.unref();
    up();
  };
  thread.on("message", (message: Stretch | "ready") => (message === "ready" ? isUp() : onStretch(message)));
  // Without it there are no stacks, and the site runs as well.
  thread.on("error", (error: unknown) => {
    process.emitWarning(`The watch of the event loop failed: ${String(error)}`);
    Atomics.store(data.beats, END, ENDED);
    isUp();
  });
  return thread;
}

/** A process that ends with an inspector attached says so, and waits for it. */
function letGo(beats: SamplerData["beats"]): void {
  Atomics.compareExchange(beats, END, 0, 1);
  const until = performance.now() + MOST_WAITED;
  while (Atomics.load(beats, END) !== ENDED && performance.now() < until) Atomics.wait(beats, END, 1, 10);
}
