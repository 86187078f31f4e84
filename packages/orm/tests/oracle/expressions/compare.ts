import { replaced } from "./catalogue.ts";
import { isJson, type Json, type Lookup, type Value } from "./spec.ts";

/** True, false, or unknown. */
export type Truth = boolean | null;

/** What a lookup says of a value and what it is compared with. */
export function compare(left: Value, lookup: Lookup, right: Value | readonly Value[]): Truth {
  if (left === null || right === null) return lookup === "in" && emptyList(right) ? false : null;
  if (isJson(left)) return compareJson(left.json, lookup, right);
  if (Array.isArray(right)) {
    if (lookup === "range") return left >= right[0] && left <= right[1];
    return right.some((each) => each !== null && each === left);
  }
  const [a, b] = [left, right as string | number | boolean];
  const [text, other] = [String(a), String(b)];
  const [folded, otherFolded] = [text.toUpperCase(), other.toUpperCase()];
  switch (lookup) {
    case "exact":
      return a === b;
    case "gt":
      return a > b;
    case "gte":
      return a >= b;
    case "lt":
      return a < b;
    case "lte":
      return a <= b;
    case "contains":
      return text.includes(other);
    case "icontains":
      return folded.includes(otherFolded);
    case "startswith":
      return text.startsWith(other);
    case "iendswith":
      return folded.endsWith(otherFolded);
    case "iexact":
      return folded === otherFolded;
    case "regex":
      return new RegExp(other, "u").test(text);
    case "iregex":
      return new RegExp(other, "iu").test(text);
    case "sameLetters":
      return replaced(text, " ", "") === replaced(other, " ", "");
    case "longerThan":
      return [...text].length > (b as number);
    default:
      throw new Error(`${lookup} of ${text}`);
  }
}

/** Nothing is in a list of nothing. */
function emptyList(right: Value | readonly Value[]): boolean {
  return Array.isArray(right) && right.every((each) => each === null);
}

function compareJson(left: Json, lookup: Lookup, given: Value | readonly Value[]): Truth {
  const json = (value: Value): Json => (value !== null && isJson(value) ? value.json : (value as Json));
  if (Array.isArray(given)) {
    if (lookup === "in") return (given as readonly Value[]).some((each) => equal(left, json(each)));
    if (lookup === "hasKeys") return (given as readonly string[]).every((key) => hasKey(left, key));
    return (given as readonly string[]).some((key) => hasKey(left, key));
  }
  const right = json(given as Value);
  switch (lookup) {
    case "exact":
      return equal(left, right);
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return typeof left === typeof right ? compare(left as Value, lookup, right as Value) : false;
    case "hasKey":
      return hasKey(left, right as string);
    case "containedBy":
      return holds(right, left);
    case "contains":
      if (typeof right !== "string") return holds(left, right);
  }
  const text = typeof left === "string" ? left : JSON.stringify(left);
  return left === null ? null : compare(text, lookup, right as string);
}

function equal(a: Json, b: Json): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a, b] as Record<string, Json>[] as [Record<string, Json>, Record<string, Json>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && equal(x[key] as Json, y[key] as Json))
  );
}

function hasKey(of: Json, key: string): boolean {
  if (typeof of === "string") return of === key;
  if (Array.isArray(of)) return of.includes(key);
  return typeof of === "object" && of !== null && Object.hasOwn(of, key);
}

/** Whether JSON has another one in it, as PostgreSQL's `@>`. */
function holds(whole: Json, part: Json): boolean {
  const alone = typeof part !== "object" || part === null;
  return inside(whole, part) || (alone && Array.isArray(whole) && whole.includes(part));
}

function inside(whole: Json, part: Json): boolean {
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((each) => whole.some((other) => inside(other, each)));
  if (typeof part !== "object" || part === null) return whole === part;
  if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return false;
  const of = whole as Record<string, Json>;
  return Object.entries(part).every(([key, each]) => Object.hasOwn(of, key) && inside(of[key] as Json, each as Json));
}
