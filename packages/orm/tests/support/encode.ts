import { STATE } from "../../src/constants.ts";
import { optionsOf } from "../../src/fields/prepared.ts";
import type { ModelInstance, ModelType } from "../../src/models/options.ts";

/**
 * Rows in a form to compare: instances as their model's name with their key and what was added to them, numbers and
 * decimals rounded to nine digits, decimals marked as such.
 */
export function encode(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return round(value);
  if (typeof value === "string") return /^-?\d+\.\d+$/.test(value) ? { decimal: round(Number(value)) } : value;
  if (value instanceof Date) return { dateTime: value.toISOString() };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Map) return [...value].map(encode);
  if (typeof value !== "object") throw new TypeError(`${typeof value} in a row: ${String(value)}`);
  if ("microseconds" in value && "days" in value) return encodeDuration(value as unknown as Parts);
  if (STATE in value) return encodeInstance(value as ModelInstance);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, encode(each)]));
}

interface Parts {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;
}

function encodeDuration({ days, seconds, microseconds }: Parts): unknown {
  return { microseconds: (days * 86_400 + seconds) * 1_000_000 + microseconds };
}

function encodeInstance(instance: ModelInstance): unknown {
  const model = instance.constructor as unknown as ModelType;
  const options = optionsOf(model);
  const own = new Set(options.fields.map((field) => field.attribute));
  const added = Object.entries(instance).filter(([name]) => !own.has(name));
  return { [model.name]: instance["pk"], ...Object.fromEntries(added.map(([name, value]) => [name, encode(value)])) };
}

function round(value: number): number {
  return Number(value.toPrecision(9)) + 0;
}

/** Rows sorted by their text, for results without an order. */
export function asSet(rows: readonly unknown[]): unknown[] {
  return [...rows].sort((a, b) => (JSON.stringify(sorted(a)) < JSON.stringify(sorted(b)) ? -1 : 1));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
