import { isThenable } from "../utils/is-thenable.ts";

/** What was awaited or drained once in a rendering is not awaited again: a generator can be read only once. */
export type Settled = WeakMap<object, Promise<unknown>>;

function isIterating(value: object): value is (Iterator<unknown> | AsyncIterator<unknown>) & object {
  return typeof (value as { next?: unknown }).next === "function";
}

/** Whether a value must be settled before the engine sees it: it would drive a generator itself, for ever. */
export function needsSettling(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (isThenable(value) || Symbol.asyncIterator in value) return true;
  return isIterating(value) && (Symbol.iterator in value || "throw" in value);
}

/** A value for the engine: promises and query sets awaited, (async) iterators drained into arrays. */
export function settle(value: unknown, settled: Settled): unknown {
  if (!needsSettling(value)) return value;
  let promise = settled.get(value);
  if (promise === undefined) {
    promise = settleNow(value);
    settled.set(value, promise);
  }
  return promise;
}

async function settleNow(value: unknown): Promise<unknown> {
  let current = isThenable(value) ? await value : value;
  while (needsSettling(current)) current = await drain(current);
  return typeof current === "function" ? undefined : current;
}

async function drain(value: object): Promise<unknown[]> {
  const items: unknown[] = [];
  if (Symbol.asyncIterator in value) {
    for await (const item of value as AsyncIterable<unknown>) items.push(item);
    return items;
  }
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  for (const iterator = value as Iterator<unknown>; ; ) {
    const step = await iterator.next();
    if (step.done === true) return items;
    items.push(step.value);
  }
}
