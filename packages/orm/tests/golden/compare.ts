import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { asSet, encode } from "../support/encode.ts";

/** What Django answers. */
export interface Golden {
  /** Whether the order of the rows counts. */
  readonly ordered: boolean;
  readonly rows: unknown;
}

/** What is answered otherwise here than in Django, on purpose: the reason, and the rows. */
export interface Deviation {
  readonly reason: string;
  readonly rows: unknown;
}

type Answers = Readonly<Record<string, Golden>>;

/** A file of answers; `otherwise` are those of queries that Django answers in another way than on SQLite. */
export function goldenFile(name: string): { readonly queries: Answers; readonly otherwise?: Answers } {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
}

/** Holds what was found against what Django answers, or against the deviation from it. */
export function expectGolden(given: unknown, wanted: Golden, deviation: Deviation | undefined): void {
  const found = encode(given);
  const rows = normal(deviation === undefined ? wanted.rows : deviation.rows);
  if (deviation !== undefined) expect(rows, "what Django gives").not.toEqual(normal(wanted.rows));
  if (wanted.ordered || !Array.isArray(found)) expect(found).toEqual(rows);
  else expect(asSet(found)).toEqual(asSet(rows as unknown[]));
}

/** Types that JSON has no word for, in the form of `encode`. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [type, given] = first;
    if (type === "decimal") return { decimal: Number(given) };
    if (type === "date" || type === "time") return given;
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, normal(each)]));
}
