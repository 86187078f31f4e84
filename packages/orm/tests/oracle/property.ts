import fc from "fast-check";
import { asSet } from "../support/encode.ts";
import { spec, tables } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Tables } from "./schema.ts";
import type { Spec } from "./spec.ts";
import { ask, load } from "./subject.ts";

/** How many queries each set of tables is asked. */
const QUERIES_A_WORLD = 20;

export interface PropertyOptions {
  readonly cases: number;
  readonly seed: number;
  /** Plants a mistake while a query is asked, and gives what takes it away. */
  readonly plant?: () => () => void;
}

/**
 * Fills the tables at random and asks random queries, until one is answered otherwise than by the oracle: it is then
 * made smaller, and thrown with its tables.
 */
export async function queriesMeanTheSame({ cases, seed, plant }: PropertyOptions): Promise<void> {
  for (let world = 0; world * QUERIES_A_WORLD < cases; world++) {
    const [rows] = fc.sample(tables, { numRuns: 1, seed: seed + world });
    await load(rows as Tables);
    const numRuns = Math.min(QUERIES_A_WORLD, cases - world * QUERIES_A_WORLD);
    const property = fc.asyncProperty(spec, (query) => sameAnswer(rows as Tables, query, plant));
    const result = await fc.check(property, { numRuns, seed: seed + world });
    if (!result.failed) continue;
    const [smallest] = result.counterexample as [Spec];
    throw new Error(
      `${(result.errorInstance as Error).message}\nseed ${seed + world}, after ${world * QUERIES_A_WORLD + result.numRuns} cases\n` +
        `query: ${JSON.stringify(smallest)}\ntables: ${JSON.stringify(rows)}`,
      { cause: result.errorInstance },
    );
  }
}

async function sameAnswer(rows: Tables, query: Spec, plant = () => () => {}): Promise<void> {
  const undo = plant();
  const answer = await ask(query).finally(undo);
  const [wanted, found] = [evaluate(rows, query), answer].map((each) => comparable(query, each));
  if (wanted !== found) throw new Error(`the oracle says ${wanted}\nthe database says ${found}`);
}

/** The answer as text; without an order of its own, rows are sorted by theirs. */
function comparable(query: Spec, answer: unknown): string {
  const rows = Array.isArray(answer) && query.order.length === 0 ? asSet(answer) : answer;
  return JSON.stringify(rows, (_, value: unknown) => {
    if (typeof value === "number") return Number(value.toPrecision(9)) + 0;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
