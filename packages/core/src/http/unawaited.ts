import { UnawaitedValueError } from "../exceptions.ts";
import { isThenable } from "../utils/is-thenable.ts";

/** Throws when `value` is a Promise, QuerySet or another thenable. `where` is the key that holds it. */
export function refuseThenable(value: unknown, receiver: string, where?: string): void {
  if (!isThenable(value)) return;
  const kind = value.constructor?.name || "thenable";
  const article = /^[aeiou]/i.test(kind) ? "an" : "a";
  const place = where === undefined ? "" : ` at "${where}"`;
  throw new UnawaitedValueError(
    `${receiver} was given ${article} ${kind}${place} that was not awaited. Write "await" before it.`,
  );
}

/**
 * Looks through data that is about to become JSON, as `JSON.stringify` would walk it; throws for a thenable, naming
 * its path (`books`, `pages[0].rows`). Says whether a bigint was met.
 */
export function inspectJson(data: unknown, receiver: string): { hasBigInt: boolean } {
  const found = { hasBigInt: false };
  walk(data, "", receiver, found, 0);
  return found;
}

// Deeper data is left to JSON.stringify, which tells a cycle.
const MAX_DEPTH = 200;

function walk(value: unknown, path: string, receiver: string, found: { hasBigInt: boolean }, depth: number): void {
  if (typeof value === "bigint") found.hasBigInt = true;
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH) return;
  refuseThenable(value, receiver, path === "" ? undefined : path);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++)
      walk(value[index], `${path}[${index}]`, receiver, found, depth + 1);
    return;
  }
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === "object" || typeof inner === "bigint") {
      walk(inner, path === "" ? key : `${path}.${key}`, receiver, found, depth + 1);
    }
  }
}
