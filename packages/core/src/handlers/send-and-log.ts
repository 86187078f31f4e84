import { logger } from "@tsjango/kernel/logging";
import type { Signal } from "@tsjango/kernel/signals";

const log = logger("tsjango.signals");

/** Tells the receivers of a signal; what they throw is logged, and changes nothing for the request. */
export async function sendAndLog<T>(signal: Signal<T>, payload: T): Promise<void> {
  for (const outcome of await signal.sendRobust(payload)) {
    if ("error" in outcome) log.error({ error: outcome.error }, `A receiver of ${signal.name} failed`);
  }
}
