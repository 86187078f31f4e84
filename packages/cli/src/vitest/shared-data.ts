import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { aroundAll } from "vitest";
import { projectUnderTest, runInside } from "./project-under-test.ts";
import { isTransactional, TRANSACTIONAL } from "./transactional.ts";

/**
 * Makes data for all tests of the `describe` that it stands in, or of the file: `make` runs once, and what it writes is
 * rolled back after the last of them. Each test starts from it, whatever the others do.
 * Source: `TestCase.setUpTestData()`.
 * @example
 * describe("the shop", () => {
 *   setUpTestData(async () => {
 *     await Author.objects.create({ name: "Jane Austen" });
 *   });
 * });
 */
export function setUpTestData(make: () => Promise<unknown> | unknown): void {
  shareData("setUpTestData", "Write the data in beforeEach", make);
}

/** Runs `make` once before the tests of a file or `describe`. @param instead What to do where it cannot. */
export function shareData(caller: string, instead: string, make: () => Promise<unknown> | unknown): void {
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from this pattern which fixtures are wanted
  aroundAll(async (runSuite, {}, suite) => {
    if (isTransactional(suite.file)) {
      throw new ImproperlyConfigured(
        `${suite.file.name} has tests with the tag "${TRANSACTIONAL}", after which the database is emptied: ` +
          `${caller} cannot share data in it. ${instead}, or move those tests to another file.`,
      );
    }
    const { hooks } = await projectUnderTest();
    const around = hooks.map(
      ({ aroundFile }) => aroundFile && ((run: () => Promise<void>) => aroundFile(run, { transactional: false })),
    );
    await runInside(around, async () => {
      await make();
      await runSuite();
    });
  });
}
