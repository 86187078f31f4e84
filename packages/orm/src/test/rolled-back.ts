import { connections } from "../connections.ts";
import { atomic } from "../transaction.ts";

/** Thrown to roll a transaction back. */
class RollBack extends Error {}

/** Runs `run` in a transaction on each database, or a savepoint where there is one, and rolls all of them back. */
export function rolledBack(run: () => Promise<void>): Promise<void> {
  const nested = connections
    .aliases()
    .reduceRight<() => Promise<void>>((inner, using) => () => rolledBackOn(using, inner), run);
  return nested();
}

async function rolledBackOn(using: string, run: () => Promise<void>): Promise<void> {
  const end = new RollBack();
  try {
    await atomic(
      async () => {
        await run();
        throw end;
      },
      { using },
    );
  } catch (error) {
    if (error !== end) throw error;
  }
}
