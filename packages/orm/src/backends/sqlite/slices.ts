import type { StatementOptions, StatementResult } from "../base/connection.ts";
import { TimeSlice } from "../base/time-slice.ts";
import { translateSqliteError } from "./errors.ts";
import { type Handle, Result } from "./handle.ts";

/** After how many rows the clock is looked at. */
const BETWEEN_LOOKS = 100;
/** From so many rows on a result is read in slices, which costs about twice the time of reading it at once. */
const LARGE = 2000;
const MOST_KNOWN = 2000;

/** Reads all rows of a statement, with turns for others between slices. Stops where nobody waits for them any more. */
export async function readInSlices(
  handle: Handle,
  sql: string,
  parameters: readonly unknown[],
  options?: StatementOptions,
): Promise<StatementResult> {
  try {
    const known = handle.prepare(sql, options);
    const statement = known.busy ? handle.prepareAnew(sql, options) : known;
    const rows: unknown[][] = [];
    const slice = new TimeSlice();
    for (const row of statement.iterate(...parameters)) {
      rows.push(row as unknown[]);
      if (rows.length % BETWEEN_LOOKS === 0 && slice.over) await slice.next();
    }
    return new Result(statement, rows);
  } catch (error) {
    throw translateSqliteError(error, { sql, parameters });
  }
}

/** Which queries are known to give so few rows that they are read at once. */
export class Sizes {
  readonly #small = new Set<string>();

  isSmall(sql: string): boolean {
    return this.#small.has(sql);
  }

  remember(sql: string, { rows }: StatementResult): void {
    if (rows.length >= LARGE) {
      this.#small.delete(sql);
    } else if (!this.#small.has(sql)) {
      if (this.#small.size >= MOST_KNOWN) this.#small.clear();
      this.#small.add(sql);
    }
  }
}
