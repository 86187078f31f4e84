import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callCommand } from "../../src/index.ts";

const cwd = join(import.meta.dirname, "../fixtures/site");
const diff = (...words: string[]) => callCommand("diffsettings", words, { cwd });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-diff-"));
  await writeFile(
    join(directory, "settings.mjs"),
    "export default { baseDir: '/srv', secretKey: 'other', debug: true, installedApps: [], databases: { default: { url: 'postgres://jane:hunter2@db/x' } }, custom: { apiToken: 'abc', n: 1 } };",
  );
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("diffsettings prints what differs from the defaults, secrets masked", async () => {
  const { stdout, stderr, exitCode } = await diff();
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("debug = true\n");
  expect(stdout).toContain("allowedHosts = [ '127.0.0.1' ]\n");
  expect(stdout).toContain("secretKey = '********'\n");
  expect(stdout).toContain("'app site'");
  expect(stdout).not.toContain("a key for tests");
  expect(stdout).not.toContain("appendSlash");
});

test("--all marks those that have their default; --output unified shows both values", async () => {
  const { stdout } = await diff("--all");
  expect(stdout).toContain("### appendSlash = true\n");
  expect(stdout).toContain("\ndebug = true\n");
  const unified = (await diff("--output", "unified")).stdout;
  expect(unified).toContain("- debug = false\n+ debug = true\n");
  expect(unified).not.toContain("appendSlash");
  const wrong = await diff("--output", "xml");
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('--output takes "hash" or "unified"; found "xml".'),
  ]);
});

test("--default compares with another file, whose secrets are masked as well", async () => {
  const { stdout } = await diff("--default", join(directory, "settings.mjs"), "--output", "unified");
  expect(stdout).not.toContain("debug =");
  expect(stdout).toContain("postgres://jane:********@db/x");
  expect(stdout).not.toMatch(/hunter2|abc/);
});
