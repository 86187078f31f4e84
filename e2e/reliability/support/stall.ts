import { readFileSync } from "node:fs";

const EVERY = 5;

/**
 * Measures how long nothing else could run in this process because of what it did itself: the time that the system gave to
 * other processes is taken off, where it tells (Linux).
 */
export class Stalls {
  #longest = 0;
  #last = performance.now();
  #waited = waitedForProcessor();
  readonly #timer = setInterval(() => this.#look(), EVERY);

  #look(): void {
    const now = performance.now();
    const waited = waitedForProcessor();
    const stall = now - this.#last - EVERY - (waited - this.#waited);
    this.#longest = Math.max(this.#longest, stall);
    this.#last = now;
    this.#waited = waited;
  }

  /** The longest one, in ms. */
  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#longest;
  }
}

/** Milliseconds that this thread was ready and had no processor. Source: https://docs.kernel.org/scheduler/sched-stats.html */
function waitedForProcessor(): number {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}
