import { connections } from "../connections.ts";
import { atomicHarness } from "../transaction.ts";

/** Runs `run` in a transaction on each database, or a savepoint where there is one, and rolls all of them back. */
export function rolledBack(run: () => Promise<void>): Promise<void> {
  const nested = connections
    .aliases()
    .reduceRight<() => Promise<void>>((inner, using) => () => atomicHarness(inner, { using }), run);
  return nested();
}
