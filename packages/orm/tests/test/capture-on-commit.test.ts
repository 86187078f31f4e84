import { expect, test } from "vitest";
import { atomic, onCommit } from "../../src/index.ts";
import { captureOnCommit, testHooks } from "../../src/test/index.ts";
import { describeDatabases } from "../support/project.ts";
import { projectUnderTest } from "./test-project.ts";

const { setUpWorker, aroundTest } = testHooks as Required<typeof testHooks>;

describeDatabases("captureOnCommit", (vendor) => {
  async function inTest(body: () => Promise<void>): Promise<void> {
    const { run } = await projectUnderTest(vendor);
    const release = await setUpWorker(1, run);
    await aroundTest(body);
    await release?.();
  }

  test("gives the callbacks of committed blocks, which do not run by themselves", () =>
    inTest(async () => {
      const ran: string[] = [];
      await onCommit(() => ran.push("before"));
      const callbacks = await captureOnCommit(async () => {
        await atomic(() => onCommit(() => ran.push("kept")));
        await atomic(async () => {
          await onCommit(() => ran.push("rolled back"));
          throw new Error("no");
        }).catch(() => {});
      });
      expect(callbacks).toHaveLength(1);
      expect(ran).toEqual([]);
      await callbacks[0]?.();
      expect(ran).toEqual(["kept"]);
    }));

  test("runs them, and those that they add, where it is told to", () =>
    inTest(async () => {
      const ran: string[] = [];
      const callbacks = await captureOnCommit(
        () =>
          onCommit(async () => {
            ran.push("first");
            await onCommit(() => ran.push("second"));
          }),
        { execute: true },
      );
      expect(callbacks).toHaveLength(2);
      expect(ran).toEqual(["first", "second"]);
    }));

  test("says why it captures nothing outside a transaction", async () => {
    await projectUnderTest(vendor);
    await expect(captureOnCommit(() => {})).rejects.toThrow(
      "captureOnCommit needs a test that is rolled back; here callbacks of onCommit run at the commit. " +
        'Take the tag "transactional" off the test, or call the code without captureOnCommit.',
    );
  });
});
