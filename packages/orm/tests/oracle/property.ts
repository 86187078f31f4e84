import fc from "fast-check";
import { connections } from "../../src/connections.ts";
import { asSet } from "../support/encode.ts";
import { specs, tables } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Tables } from "./schema.ts";
import { type PropertyOptions, searchDifference } from "./search.ts";
import type { Spec } from "./spec.ts";
import { ask, load } from "./subject.ts";

/** Queries mean the same to the database as to the oracle. */
export function queriesMeanTheSame(options: PropertyOptions): Promise<void> {
  return searchDifference(
    {
      queries: specs({ distinctOn: connections.get().features.distinctOn }),
      async fill(seed) {
        const [rows] = fc.sample(tables, { numRuns: 1, seed });
        await load(rows as Tables);
        return rows as Tables;
      },
      compare: (rows, query) => sameAnswer(rows, query, options.plant),
      tablesOf: (rows) => rows,
    },
    options,
  );
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
