import type { Sandbox } from "@tsjango/kernel/apps";
import { connections } from "../connections.ts";
import { atomicHarness, type HarnessOptions } from "./atomic.ts";

/** Runs `run` in a transaction on each database, or a savepoint where there is one, and rolls all of them back. */
export function rolledBack(run: () => Promise<void>): Promise<void> {
  return onEach(run, {});
}

/** What keeps a shell from leaving anything in the databases of the settings; undefined where they name none. */
export function sandbox(): Sandbox | undefined {
  const aliases = connections.aliases();
  if (aliases.length === 0) return undefined;
  const names = aliases.map((alias) => JSON.stringify(alias)).join(", ");
  return {
    covers: aliases.length === 1 ? `the database ${names}` : `the databases ${names}`,
    around: rolledBack,
    step: (run) => onEach(run, { keep: true }),
  };
}

function onEach(run: () => Promise<void>, options: HarnessOptions): Promise<void> {
  const nested = connections
    .aliases()
    .reduceRight<() => Promise<void>>((inner, using) => () => atomicHarness(inner, { ...options, using }), run);
  return nested();
}
