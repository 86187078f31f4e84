import { join } from "node:path";
import { tearDown } from "@tsjango/kernel/apps";
import { afterAll, expect, test } from "vitest";
import { callCommand } from "../src/index.ts";

const cwd = join(import.meta.dirname, "fixtures/site");
afterAll(tearDown);

test("callCommand runs a command in this process and gives what it wrote", async () => {
  expect(await callCommand("greet", ["Bob"], { cwd })).toEqual({
    exitCode: 0,
    stdout: "Hello, Bob!\ndebug true, in the project\n",
    stderr: "",
  });
});

test("callCommand gives the exit code and the message of a failure", async () => {
  const { exitCode, stderr } = await callCommand("chek", [], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean "check"?');
});
