import { join } from "node:path";
import { tearDown } from "@tsjango/kernel/apps";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { callCommand } from "../../src/index.ts";

const cwd = join(import.meta.dirname, "../fixtures/site");
const check = (...words: string[]) => callCommand("check", words, { cwd });
afterEach(() => {
  delete process.env["CHECK_ID"];
});
afterAll(tearDown);

describe("check", () => {
  test("finds nothing in a sound project", async () => {
    expect(await check()).toEqual({
      exitCode: 0,
      stdout: "System check identified no issues (0 silenced).\n",
      stderr: "",
    });
  });

  test("reports by level and exits with 1 on errors", async () => {
    process.env["CHECK_ID"] = "site.E001";
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "System check identified some issues:\n\nERRORS:\nsite: (site.E001) the site is odd.\n\tHINT: Even it.\n\n" +
        "System check identified 1 issue (0 silenced).\n",
    );
  });

  test("fails from --fail-level on", async () => {
    process.env["CHECK_ID"] = "site.W001";
    expect((await check()).exitCode).toBe(0);
    expect((await check("--fail-level", "warning")).exitCode).toBe(1);
    const wrong = await check("--fail-level", "warnin");
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('Did you mean "warning"?');
  });

  test("runs deployment checks with --deploy, and those of one tag with --tag", async () => {
    expect((await check("--deploy")).stderr).toContain("(security.W018) debug is true in deployment.");
    expect((await check("--deploy", "--tag", "site")).stdout).toContain("no issues");
    const unknown = await check("--tag", "securty");
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('No system check has the tag "securty". Did you mean "security"?');
    expect((await check("--list-tags")).stdout.split("\n")).toContain("site");
  });
});
