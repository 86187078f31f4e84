import { performance } from "node:perf_hooks";
import { describeValue } from "@tsjango/kernel/utils";
import { readableStack, type Stretch, watchStretches } from "@tsjango/kernel/watch";
import type { MatcherResult } from "./response-matchers.ts";

/** From how many milliseconds the event loop counts as held up where a test names none: the default of the setting. */
const THRESHOLD = 50;
/** How long the thread that looks may take to tell what it saw. */
const LAST_WORD = 300;

/** The matcher behind `await expect(() => render(page)).toBlockEventLoopLessThan(50)`. */
export async function toBlockEventLoopLessThan(received: unknown, expected: number): Promise<MatcherResult> {
  if (typeof received !== "function") return notAFunction("toBlockEventLoopLessThan", received);
  const { longest, stretches } = await stretchesOf(received as () => unknown, expected);
  const shown = `${longest.toFixed(1)} ms`;
  const pass = longest < expected;
  return {
    pass,
    message: () =>
      pass
        ? `The event loop was held up for ${shown} at most; at least ${expected} ms were expected.`
        : `Expected the event loop to be held up for less than ${expected} ms; it was for ${shown}. ` +
          `Move the work to a worker thread, or let others have a turn in between.${places(stretches)}`,
  };
}

/** The matcher behind `await expect(() => client.get("/report/")).not.toBlockEventLoop()`. */
export async function toBlockEventLoop(received: unknown, threshold: number = THRESHOLD): Promise<MatcherResult> {
  if (typeof received !== "function") return notAFunction("toBlockEventLoop", received);
  const { longest, stretches } = await stretchesOf(received as () => unknown, threshold);
  const pass = longest >= threshold;
  return {
    pass,
    message: () =>
      pass
        ? `The event loop was held up for ${longest.toFixed(1)} ms; less than ${threshold} ms were expected. ` +
          `Move the work to a worker thread, or let others have a turn in between.${places(stretches)}`
        : `Expected the event loop to be held up for ${threshold} ms or more; it was for ${longest.toFixed(1)} ms.`,
  };
}

function notAFunction(name: string, received: unknown): MatcherResult {
  return { pass: false, message: () => `${name} needs a function to run; found ${describeValue(received)}.` };
}

/** Where it was held up, with the frames of the project and of tsjango. */
function places(stretches: readonly Stretch[]): string {
  const seen = new Set<string>();
  for (const { duration, samples = [] } of stretches) {
    const sample = samples.find(({ waited }) => waited > duration / 2) ?? samples.at(-1);
    const { place, lines } = readableStack(sample?.stack ?? "");
    const stack = lines.map((line) => `\n    at ${line}`).join("");
    if (lines.length > 0)
      seen.add(`\n  ${Math.round(duration)} ms${place === undefined ? "" : `, at ${place}`}:${stack}`);
  }
  return [...seen].join("");
}

/** The longest time, in milliseconds, in which nothing else had a turn, and what was seen of those over `threshold`. */
async function stretchesOf(run: () => unknown, threshold: number) {
  const stretches: Stretch[] = [];
  const watch = watchStretches({ threshold, stacks: true }, (stretch) => stretches.push(stretch));
  await watch.ready;
  let longest = 0;
  let last = performance.now();
  let next: NodeJS.Immediate;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const tick = () => {
    turn();
    next = setImmediate(tick);
  };
  next = setImmediate(tick);
  try {
    await run();
    turn();
    const end = last + LAST_WORD;
    const told = () => stretches.some(({ duration }) => duration > longest / 2);
    while (longest >= threshold && !told() && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    clearImmediate(next);
    watch.end();
  }
  return { longest, stretches };
}
