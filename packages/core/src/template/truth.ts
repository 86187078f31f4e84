import { SafeString } from "./safe-string.ts";

/** What templates take for true, as Django does: empty texts, lists, maps and plain objects are false, and so is zero. */
export function isTrue(value: unknown): boolean {
  if (!value) return false;
  if (typeof value !== "object") return true;
  if (Array.isArray(value) || value instanceof SafeString) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.keys(value).length > 0 : true;
}
