import { performance } from "node:perf_hooks";
import { describeValue } from "@tsjango/kernel/utils";
import type { MatcherResult } from "./response-matchers.ts";

/** The matcher behind `await expect(() => render(page)).toBlockEventLoopLessThan(50)`. */
export async function toBlockEventLoopLessThan(received: unknown, expected: number): Promise<MatcherResult> {
  if (typeof received !== "function") {
    const message = `toBlockEventLoopLessThan needs a function to run; found ${describeValue(received)}.`;
    return { pass: false, message: () => message };
  }
  const blocked = await longestStretch(received as () => unknown);
  const shown = `${blocked.toFixed(1)} ms`;
  const pass = blocked < expected;
  return {
    pass,
    message: () =>
      pass
        ? `The event loop was held up for ${shown} at most; at least ${expected} ms were expected.`
        : `Expected the event loop to be held up for less than ${expected} ms; it was for ${shown}. ` +
          "Move the work to a worker thread, or let others have a turn in between.",
  };
}

/** The longest time, in milliseconds, in which nothing else had a turn. */
async function longestStretch(run: () => unknown): Promise<number> {
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
  } finally {
    clearImmediate(next);
  }
  return longest;
}
