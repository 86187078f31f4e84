import { inspect } from "node:util";

/** A value as an error message shows it: its kind and, shortened, itself: `number 3`, `array []`, `undefined`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const shown = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60 });
  const kind = Array.isArray(value) ? "array" : typeof value;
  return kind === "function" || kind === "object" ? shown : `${kind} ${shown}`;
}
