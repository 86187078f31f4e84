import { describe, expect, test } from "vitest";
import storm from "../../../e2e/reliability/s38-hot-reload-storm.ts";
import errors from "../../../e2e/reliability/s39-errors-in-user-code.ts";
import kinds from "../../../e2e/reliability/s40-kinds-of-changes.ts";

// The short forms of what `npm run reliability` measures.
describe.runIf(process.platform === "linux")("the development server", { timeout: 90_000 }, () => {
  test.each([
    ["takes a storm of saves", storm, "60 saves"],
    ["shows mistakes, and recovers from them", errors, "3 mistakes"],
    ["shows each kind of change in the next answer", kinds, "6 changes"],
  ] as const)("%s", async (_name, scenario, figure) => {
    expect((await scenario("short")).figure).toContain(figure);
  });
});
