import type { Database } from "better-sqlite3";
import { sortedJson } from "./sorted-json.ts";

/** Questions about JSON as PostgreSQL answers them. Source: https://www.postgresql.org/docs/current/datatype-json.html */
export function registerJson(database: Database): void {
  const ofJson = (name: string, make: (...given: string[]) => boolean) =>
    database.function(name, { deterministic: true, varargs: true }, (...given: unknown[]) =>
      given.includes(null) ? null : BigInt(make(...given.map(String))),
    );
  ofJson("tsjango_json_contains", (whole = "", part = "") => {
    const [a, b] = [JSON.parse(whole), JSON.parse(part)] as [unknown, unknown];
    // A list also contains what stands alone.
    return (
      contains(a, b) || (Array.isArray(a) && !isPlainObject(b) && !Array.isArray(b) && a.some((each) => each === b))
    );
  });
  database.function("tsjango_json_sorted", { deterministic: true }, (text: unknown) =>
    text === null ? null : sortedJson(String(text)),
  );
  ofJson("tsjango_json_has_keys", (text = "", keys = "", which = "") => {
    const value: unknown = JSON.parse(text);
    const has = (key: string): boolean =>
      Array.isArray(value) || typeof value === "string"
        ? (Array.isArray(value) ? value : [value]).includes(key)
        : isPlainObject(value) && Object.hasOwn(value, key);
    const wanted = JSON.parse(keys) as string[];
    return which === "all" ? wanted.every(has) : wanted.some(has);
  });
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((wanted) => whole.some((each) => contains(each, wanted)));
  }
  if (!isPlainObject(part)) return whole === part;
  if (!isPlainObject(whole)) return false;
  return Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && contains(whole[key], value));
}
