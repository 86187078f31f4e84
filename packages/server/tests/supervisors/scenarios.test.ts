import { expect, test } from "vitest";
import drain from "../../../../e2e/reliability/s04-drain.ts";
import rollingReload from "../../../../e2e/reliability/s07-rolling-reload.ts";
import uncaught from "../../../../e2e/reliability/s15-uncaught.ts";

// The short forms of some; `npm run reliability` runs all of them at length.
test.each([
  ["S04 a drain with requests in flight", drain, "40 of 40 in flight answered"],
  ["S07 reloads under load, with requests sent ahead", rollingReload, "2 reloads, 0 of"],
  ["S15 what is thrown past the application", uncaught, "2 workers of 2 replaced, 0 of"],
])("%s", { timeout: 120_000 }, async (_name, scenario, figure) => {
  expect((await scenario("short")).figure).toContain(figure);
});
