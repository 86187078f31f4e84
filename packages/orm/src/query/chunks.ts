/** The keys that one statement names. */
export const CHUNK = 1000;

/** Parts of a list, each as long as a statement takes. */
export function* chunks<T>(values: readonly T[], size: number = CHUNK): Generator<readonly T[], void, undefined> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
