/** What a scenario measured. */
export interface Measured {
  readonly figure: string;
}

/** A scenario: `long` as it is written down, `short` in seconds. Throws where the promise is broken. */
export type Scenario = (form: "long" | "short") => Promise<Measured>;

/** @throws Error with what was found. */
export function expectThat(good: boolean, found: string): void {
  if (!good) throw new Error(found);
}
