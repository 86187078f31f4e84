import { join } from "node:path";
import core from "@tsjango/core/app";
import { tearDown } from "@tsjango/kernel/apps";
import { afterAll, expect, test } from "vitest";
import { callCommand } from "../../src/index.ts";

const cwd = join(import.meta.dirname, "../fixtures/site");
const list = (...words: string[]) => callCommand("urls", words, { cwd, builtinApps: [core] });
afterAll(tearDown);

test("urls lists routes, views and names, also as JSON, and by prefix", async () => {
  const { stdout, stderr, exitCode } = await list();
  expect([exitCode, stderr]).toEqual([0, ""]);
  const all = JSON.parse((await list("--json")).stdout) as { route: string; view: string; name: string | null }[];
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/)[0]),
  ).toEqual(all.map(({ route }) => route));
  expect(all.length).toBeGreaterThan(1);
  const first = all[0] as (typeof all)[0];
  expect(Object.keys(first)).toEqual(["route", "view", "name"]);
  const one = JSON.parse((await list("--json", (all.at(-1) as typeof first).route)).stdout) as typeof all;
  expect(one).toEqual([all.at(-1)]);
});
