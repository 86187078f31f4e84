import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { onTestFinished } from "vitest";

/** Undoes what `caller` did when the test ends; outside of a test it is undone at once, and refused. */
export function atTestEnd(caller: string, undo: () => unknown): void {
  try {
    onTestFinished(async () => {
      await undo();
    });
  } catch (cause) {
    undo();
    throw new ImproperlyConfigured(
      `${caller} is undone at the end of a test, and no test runs here. Call it in a test or in beforeEach.`,
      { cause },
    );
  }
}
