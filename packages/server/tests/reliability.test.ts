import { describe, expect, test } from "vitest";
import addresses from "../../../e2e/reliability/s41-addresses.ts";
import idle from "../../../e2e/reliability/s43-idle-connections.ts";
import flood from "../../../e2e/reliability/s49-flood-of-connections.ts";
import logs from "../../../e2e/reliability/s50-logs-that-go.ts";
import contexts from "../../../e2e/reliability/s51-contexts.ts";

// The short forms of what `npm run reliability` measures.
describe.runIf(process.platform === "linux")("the server's connections", { timeout: 60_000 }, () => {
  test.each([
    ["name the address that cannot be had", addresses, "nothing stolen"],
    ["may be idle by the hundred", idle, "500 idle connections"],
    ["may come all at once", flood, "500 served"],
    ["are answered whatever becomes of the log", logs, "600 of 600 lines"],
    ["keep their users apart", contexts, "0 saw another"],
  ] as const)("%s", async (_name, scenario, figure) => {
    expect((await scenario("short")).figure).toContain(figure);
  });
});
