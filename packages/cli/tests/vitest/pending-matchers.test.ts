import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { awaited, withoutPending } from "../../src/vitest/pending-matchers.ts";

const slow = awaited("toBeSlow", async (milliseconds: number) => {
  await sleep(milliseconds);
  return { pass: true, message: () => "" };
});

test("a test that ends before its matcher fails; one beside it that awaits its own does not", async () => {
  const leaves = withoutPending(async () => {
    void slow(30);
  });
  const waits = withoutPending(async () => {
    expect(await slow(20)).toMatchObject({ pass: true });
  });
  await expect(leaves).rejects.toMatchObject({
    code: "unawaited_matcher",
    message: "toBeSlow was not awaited. Write: await expect(…).toBeSlow(…).",
  });
  await expect(waits).resolves.toBeUndefined();
  // Outside of a test nobody counts.
  expect(await slow(0)).toMatchObject({ pass: true });
});
