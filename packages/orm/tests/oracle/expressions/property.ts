import fc from "fast-check";
import { asSet } from "../../support/encode.ts";
import { query, tables } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Alias, Query, Tables } from "./spec.ts";
import { ask, load } from "./subject.ts";

/** How many queries each set of tables is asked. */
const QUERIES_A_WORLD = 20;
const ALIASES: readonly Alias[] = ["default", "other"];

export interface PropertyOptions {
  readonly cases: number;
  readonly seed: number;
  /** Plants a mistake while a query is asked, and gives what takes it away. */
  readonly plant?: () => () => void;
}

/**
 * Fills two databases at random and asks random queries of expressions, until one is answered otherwise than by the
 * oracle: it is then made smaller, and thrown with its tables.
 */
export async function expressionsMeanTheSame({ cases, seed, plant }: PropertyOptions): Promise<void> {
  for (let world = 0; world * QUERIES_A_WORLD < cases; world++) {
    const filled = fc.sample(tables, { numRuns: ALIASES.length, seed: seed + world });
    const rows = Object.fromEntries(ALIASES.map((alias, index) => [alias, filled[index]])) as Record<Alias, Tables>;
    for (const alias of ALIASES) await load(alias, rows[alias]);
    const numRuns = Math.min(QUERIES_A_WORLD, cases - world * QUERIES_A_WORLD);
    const property = fc.asyncProperty(query, (each) => sameAnswer(rows[each.alias], each, plant));
    const result = await fc.check(property, { numRuns, seed: seed + world });
    if (!result.failed) continue;
    const [smallest] = result.counterexample as [Query];
    throw new Error(
      `${(result.errorInstance as Error).message}\nseed ${seed + world}, after ${world * QUERIES_A_WORLD + result.numRuns} cases\n` +
        `query: ${JSON.stringify(smallest)}\ntables: ${JSON.stringify(rows[smallest.alias])}`,
      { cause: result.errorInstance },
    );
  }
}

async function sameAnswer(rows: Tables, each: Query, plant = () => () => {}): Promise<void> {
  const undo = plant();
  const answer = await ask(each).finally(undo);
  const unordered = each.ask.kind === "groups" || each.ask.kind === "raw";
  const [wanted, found] = [evaluate(rows, each), answer].map((rowsOf) => comparable(rowsOf, unordered));
  if (wanted !== found) throw new Error(`the oracle says ${wanted}\nthe database says ${found}`);
}

/** The answer as text: numbers and decimals to nine digits, moments as texts, JSON by its keys in order. */
function comparable(answer: unknown, unordered: boolean): string {
  const plain = plainOf(answer);
  return JSON.stringify(unordered ? asSet(plain as unknown[]) : plain);
}

function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number((value * (1 + 1e-12)).toPrecision(9)) + 0;
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return plainOf(Number(value));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, plainOf(each)]));
}
