import { syncToAsync } from "tsjango/async";

/** Keeps a processor busy for so many milliseconds. */
export function compute(milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let rounds = 0;
  while (performance.now() < end) rounds++;
  return rounds;
}

export const computeInWorker = syncToAsync(import.meta.url, function heavy(milliseconds: number) {
  return compute(milliseconds);
});
