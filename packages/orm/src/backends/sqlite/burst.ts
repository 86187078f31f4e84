/** How long statements may follow each other before other work has its turn, in ms. */
const LONGEST = 10;

/** The real one, whatever a test puts in its place later. */
const later = setImmediate;

let since: number | undefined;

/**
 * Whether statements have gone on for so long that others must have their turn. SQLite answers at once: a loop that awaits
 * one statement after the other would keep the event loop to itself until it ends.
 */
export function isLongBurst(): boolean {
  const now = performance.now();
  if (since !== undefined) return now - since > LONGEST;
  since = now;
  later(() => {
    since = undefined;
  });
  return false;
}
