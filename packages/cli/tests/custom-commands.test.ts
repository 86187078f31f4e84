import { join } from "node:path";
import { tearDown } from "@tsjango/kernel/apps";
import { afterAll, expect, test } from "vitest";
import { callCommand } from "../src/index.ts";
import { run } from "./support/site.ts";

const cwd = join(import.meta.dirname, "fixtures/site");
const call = (name: string, ...words: string[]) => callCommand(name, words, { cwd });
afterAll(tearDown);

test("a file in an app's management/commands is a command, with its options, output and exit code", async () => {
  expect(await call("count-words", "a b c")).toEqual({ exitCode: 0, stdout: "3 words, debug true\n", stderr: "" });
  expect(await call("count-words", "--twice", "a b c d e")).toMatchObject({
    exitCode: 3,
    stdout: "10 words, debug true\n",
  });
  expect((await call("count-words", "--help")).stdout).toContain("counts each twice");
  expect((await call("count-words")).exitCode).toBe(2);
});

test("those of the app's config are there, too, and names that are near are offered", async () => {
  expect((await call("greet", "Jane")).exitCode).toBe(0);
  const { stderr, exitCode } = await call("count-word", "x");
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining('Unknown command "count-word". Did you mean "count-words"?'),
  ]);
});

test("a helper is no command, and a file without a command says what it lacks", async () => {
  expect((await call("_words")).stderr).toContain('Unknown command "_words"');
  const { stderr, exitCode } = await call("broken");
  expect(exitCode).toBe(1);
  expect(stderr).toContain('broken.ts must have "export default defineCommand({ … })"');
});

test("--skip-checks runs a command though the project has errors", async () => {
  process.env["CHECK_ID"] = "site.E001";
  try {
    expect((await call("count-words", "a")).exitCode).toBe(1);
    expect(await call("count-words", "--skip-checks", "a")).toMatchObject({
      exitCode: 0,
      stdout: "1 words, debug true\n",
    });
  } finally {
    delete process.env["CHECK_ID"];
  }
});

test("--force-color colours without a terminal", { timeout: 30_000 }, async () => {
  const env = { CHECK_ID: "site.W001" };
  const [plain, coloured] = await Promise.all([run(cwd, ["check"], env), run(cwd, ["check", "--force-color"], env)]);
  expect(plain.stderr).not.toContain("\u001b[");
  expect(coloured.stderr).toContain("\u001b[33m");
});
