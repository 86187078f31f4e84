import { BEAT, type Sample, type Sampler, type SamplerData, startSampler } from "./sampler.ts";

/** A stretch in which nothing else had a turn. */
export interface Stretch {
  /** In milliseconds, give or take a tenth of the threshold. */
  readonly duration: number;
  /** What was seen meanwhile; undefined where nobody looked. */
  readonly samples?: readonly Sample[];
}

/** What `watchStretches` is told. */
export interface StretchOptions {
  /** From how many ms a stretch counts. */
  readonly threshold: number;
  /** Whether a thread looks at what runs: for development, since it takes memory. */
  readonly stacks: boolean;
  /** After how many ms that thread starts. */
  readonly stacksAfter?: number;
}

/** How many stretches are remembered until the thread's samples of them arrive. */
const MOST_PENDING = 64;

/** Calls `onStretch` for each stretch: one timer for the process. Gives what ends it, and when it has begun. */
export function watchStretches(
  { threshold, stacks, stacksAfter = 0 }: StretchOptions,
  onStretch: (stretch: Stretch) => void,
): { readonly ready: Promise<void>; end(): void } {
  const data: SamplerData = { beats: new Int32Array(new SharedArrayBuffer(8)), threshold };
  const { beats } = data;
  const pending = new Map<number, number>();
  const sampler: Sampler | undefined = stacks
    ? startSampler(
        data,
        ({ beat, samples }) => {
          const duration = pending.get(beat);
          pending.delete(beat);
          if (duration !== undefined) onStretch({ duration, samples });
        },
        stacksAfter,
      )
    : undefined;
  const interval = Math.max(1, threshold / (sampler === undefined ? 2 : 10));
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // It began somewhere between the last two beats.
    const duration = now - last - interval / 2;
    last = now;
    const beat = Atomics.add(beats, BEAT, 1);
    if (duration < threshold) return;
    if (sampler === undefined) return onStretch({ duration });
    if (pending.size >= MOST_PENDING) pending.clear();
    pending.set(beat, duration);
  }, interval);
  timer.unref();
  return {
    ready: sampler?.ready ?? Promise.resolve(),
    end() {
      clearInterval(timer);
      sampler?.end();
    },
  };
}
