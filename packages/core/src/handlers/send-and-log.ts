import type { Signal } from "@tsjango/kernel/signals";
import { log } from "../log.ts";

/** Tells the receivers of a signal; what they throw is logged, and changes nothing for the request. */
export async function sendAndLog<T>(signal: Signal<T>, payload: T): Promise<void> {
  for (const outcome of await signal.sendRobust(payload)) {
    if ("error" in outcome) log().error(`A receiver of ${signal.name} failed:`, outcome.error);
  }
}
