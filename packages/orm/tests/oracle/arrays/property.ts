import fc from "fast-check";
import { asSet } from "../../support/encode.ts";
import { type PropertyOptions, searchDifference } from "../search.ts";
import { questions, tables } from "./arbitrary.ts";
import { evaluate } from "./evaluate.ts";
import type { Question, Row } from "./spec.ts";
import { ask, load } from "./subject.ts";

/** Questions about lists mean the same to PostgreSQL as to the oracle. */
export function listsMeanTheSame(options: PropertyOptions): Promise<void> {
  return searchDifference(
    {
      queries: questions,
      async fill(seed) {
        const [rows] = fc.sample(tables, { numRuns: 1, seed }) as [readonly Row[]];
        await load(rows);
        return rows;
      },
      compare: (rows, each) => sameAnswer(rows, each, options.plant),
      tablesOf: (rows) => rows,
    },
    options,
  );
}

async function sameAnswer(rows: readonly Row[], each: Question, plant = () => () => {}): Promise<void> {
  const undo = plant();
  const answer = await ask(each).finally(undo);
  const ordered = each.order !== undefined && each.groups === undefined;
  const [wanted, found] = [evaluate(rows, each), answer].map((all) =>
    JSON.stringify(ordered ? all : asSet(all as unknown[])),
  );
  if (wanted !== found) throw new Error(`the oracle says ${wanted}\nthe database says ${found}`);
}
