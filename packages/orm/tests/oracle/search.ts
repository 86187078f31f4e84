import fc from "fast-check";

/** How many queries each set of tables is asked. */
const QUERIES_A_WORLD = 20;

export interface PropertyOptions {
  readonly cases: number;
  readonly seed: number;
  /** Plants a mistake while a query is asked, and gives what takes it away. */
  readonly plant?: () => () => void;
}

/** What is asked at random, of which tables. */
interface Search<Query, Rows> {
  readonly queries: fc.Arbitrary<Query>;
  /** Fills the tables; the same for the same seed. */
  fill(seed: number): Promise<Rows>;
  /** Throws where a query is answered otherwise than by the oracle. */
  compare(rows: Rows, query: Query): Promise<void>;
  /** The tables that a query is asked of. */
  tablesOf(rows: Rows, query: Query): unknown;
}

/**
 * Fills the tables at random and asks random queries, until one is answered otherwise than by the oracle: it is then
 * made smaller, and thrown with its tables.
 */
export async function searchDifference<Query, Rows>(
  { queries, fill, compare, tablesOf }: Search<Query, Rows>,
  { cases, seed }: PropertyOptions,
): Promise<void> {
  for (let world = 0; world * QUERIES_A_WORLD < cases; world++) {
    const rows = await fill(seed + world);
    const numRuns = Math.min(QUERIES_A_WORLD, cases - world * QUERIES_A_WORLD);
    const property = fc.asyncProperty(queries, (query) => compare(rows, query));
    const result = await fc.check(property, { numRuns, seed: seed + world });
    if (!result.failed) continue;
    const [smallest] = result.counterexample as [Query];
    throw new Error(
      `${(result.errorInstance as Error).message}\nseed ${seed + world}, after ${world * QUERIES_A_WORLD + result.numRuns} cases\n` +
        `query: ${JSON.stringify(smallest)}\ntables: ${JSON.stringify(tablesOf(rows, smallest))}`,
      { cause: result.errorInstance },
    );
  }
}
