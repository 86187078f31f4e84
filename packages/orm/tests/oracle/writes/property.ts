import fc from "fast-check";
import { type PropertyOptions, searchDifference } from "../search.ts";
import { tables, writes } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Row, Write } from "./spec.ts";
import { load, written } from "./subject.ts";

/** What is written, one after the other, leaves the rows that the oracle has, and gives what it gives. */
export function writesMeanTheSame(options: PropertyOptions): Promise<void> {
  return searchDifference(
    {
      queries: writes,
      async fill(seed) {
        const [rows] = fc.sample(tables, { numRuns: 1, seed }) as [readonly Row[]];
        await load(rows);
        return rows;
      },
      compare: (rows, each) => sameRows(rows, each, options.plant),
      tablesOf: (rows) => rows,
    },
    options,
  );
}

async function sameRows(rows: readonly Row[], each: readonly Write[], plant = () => () => {}): Promise<void> {
  const undo = plant();
  const found = await written(each).finally(undo);
  const [wanted, had] = [evaluate(rows, each), found].map((steps) => JSON.stringify(steps));
  if (wanted !== had) throw new Error(`the oracle says ${wanted}\nthe database says ${had}`);
}
