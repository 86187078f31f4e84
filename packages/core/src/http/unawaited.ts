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
export function inspectJson(data: unknown, receiver: string): { readonly hasBigInt: boolean } {
  switch (scan(data, 0)) {
    case "thenable":
      refuseAt(data, "", receiver, 0);
      return PLAIN;
    case "bigint":
      return { hasBigInt: true };
    default:
      return PLAIN;
  }
}

const PLAIN = Object.freeze({ hasBigInt: false });

// Deeper data is left to JSON.stringify, which tells a cycle.
const MAX_DEPTH = 200;

type Found = "thenable" | "bigint" | undefined;

/** What is in the data that needs care: a thenable before a bigint. Keeps no paths: nearly all data is plain. */
function scan(value: unknown, depth: number): Found {
  if (typeof value === "bigint") return "bigint";
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH) return undefined;
  if (isThenable(value)) return "thenable";
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return undefined;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let found: Found;
  for (let index = 0; index < inner.length; index++) {
    const item = inner[index];
    if (typeof item !== "object" && typeof item !== "bigint") continue;
    const one = scan(item, depth + 1);
    if (one === "thenable") return one;
    found ??= one;
  }
  return found;
}

/** Throws for the first thenable. */
function refuseAt(value: unknown, path: string, receiver: string, depth: number): void {
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH) return;
  refuseThenable(value, receiver, path === "" ? undefined : path);
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) refuseAt(value[index], `${path}[${index}]`, receiver, depth + 1);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    refuseAt(inner, path === "" ? key : `${path}.${key}`, receiver, depth + 1);
  }
}
