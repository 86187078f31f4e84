import { describeValue } from "@tsjango/kernel/utils";

/** Deeper values are refused: both databases and `JSON.parse` have limits of their own. */
const DEEPEST = 500;

/** Whether every database can keep a text. */
export function isKeepable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/**
 * Why JSON cannot hold a value and give it back as it was: `found NaN at "a.0"`. Undefined for one that it can.
 * Properties that are undefined are left out, as `JSON.stringify` does.
 */
export function notJson(value: unknown, path: readonly (string | number)[] = []): string | undefined {
  switch (typeof value) {
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : found(value, path);
    case "string":
      return isKeepable(value) ? undefined : badText(path);
    case "object":
      return value === null ? undefined : notJsonObject(value, path);
    default:
      return found(value, path);
  }
}

function notJsonObject(value: object, path: readonly (string | number)[]): string | undefined {
  if (path.length > DEEPEST) return `found more than ${DEEPEST} levels, or a value that contains itself`;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const problem = notJson(value[index], [...path, index]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Such as a Date, which would come back as a string, or a Map, which would come back empty.
  if (prototype !== Object.prototype && prototype !== null) return found(value, path);
  for (const [key, each] of Object.entries(value)) {
    if (!isKeepable(key)) return badText(path);
    const problem = each === undefined ? undefined : notJson(each, [...path, key]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function badText(path: readonly (string | number)[]): string {
  return `found a text with a NUL character or half of a surrogate pair${at(path)}`;
}

function found(value: unknown, path: readonly (string | number)[]): string {
  return `found ${describeValue(value)}${at(path)}`;
}

function at(path: readonly (string | number)[]): string {
  return path.length === 0 ? "" : ` at "${path.join(".")}"`;
}
