import type { Signal } from "@tsjango/kernel/signals";
import { atTestEnd } from "./at-test-end.ts";

/**
 * Gathers what a signal sends until the end of the test; the array grows while it does.
 * @example
 * const sent = captureSignal(orderPlaced);
 * await client.post("/orders/", { json: { book: 1 } });
 * expect(sent).toEqual([{ book: 1 }]);
 */
export function captureSignal<T>(signal: Signal<T>): readonly T[] {
  const sent: T[] = [];
  const disconnect = signal.connect((payload) => {
    sent.push(payload);
  });
  atTestEnd("captureSignal", disconnect);
  return sent;
}
