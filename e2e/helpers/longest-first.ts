import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Install and build by themselves, so that each takes a quarter of the whole. */
const LONGEST = /(five-minutes-npm-\d+|npm-start)\.test\.ts$/;

/** Starts the longest stories first: one that began last would run alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONGEST.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
