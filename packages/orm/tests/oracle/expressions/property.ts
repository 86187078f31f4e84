import fc from "fast-check";
import { Duration } from "../../../src/index.ts";
import { asSet } from "../../support/encode.ts";
import { type PropertyOptions, searchDifference } from "../search.ts";
import { query, tables } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Alias, Query, Tables } from "./spec.ts";
import { ask, load } from "./subject.ts";

const ALIASES: readonly Alias[] = ["default", "other"];

/** Expressions mean the same to two databases, filled differently, as to the oracle. */
export function expressionsMeanTheSame(options: PropertyOptions): Promise<void> {
  return searchDifference(
    {
      queries: query,
      async fill(seed) {
        const filled = fc.sample(tables, { numRuns: ALIASES.length, seed });
        const rows = Object.fromEntries(ALIASES.map((alias, index) => [alias, filled[index]])) as Record<Alias, Tables>;
        for (const alias of ALIASES) await load(alias, rows[alias]);
        return rows;
      },
      compare: (rows, each) => sameAnswer(rows[each.alias], each, options.plant),
      tablesOf: (rows, each) => rows[each.alias],
    },
    options,
  );
}

async function sameAnswer(rows: Tables, each: Query, plant = () => () => {}): Promise<void> {
  const undo = plant();
  const answer = await ask(each).finally(undo);
  const unordered = each.ask.kind === "groups" || each.ask.kind === "raw";
  const [wanted, found] = [evaluate(rows, each), answer].map((rowsOf) => comparable(rowsOf, unordered));
  if (wanted !== found) throw new Error(`the oracle says ${wanted}\nthe database says ${found}`);
}

/** Floats that are 0 but for their last digits. */
const TINY = 1e-9;

/** Durations of many microseconds. */
const LONG = 1e9;

/** The answer as text: numbers and decimals to nine digits, long durations to eleven (their means are off by one in PostgreSQL), moments as texts, JSON by its keys in order. */
function comparable(answer: unknown, unordered: boolean): string {
  const plain = plainOf(answer);
  return JSON.stringify(unordered ? asSet(plain as unknown[]) : plain);
}

function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && Math.abs(value) < TINY) return 0;
  if (typeof value === "number" && Math.abs(value) > LONG) return Number(value.toPrecision(11));
  if (typeof value === "number") return Number((value * (1 + 1e-12)).toPrecision(9)) + 0;
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return plainOf(Number(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return plainOf(Number(value.toMicroseconds()));
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, plainOf(each)]));
}
