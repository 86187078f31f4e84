import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { madeProject } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

const IMPORTS = 'import { settings } from "tsjango/conf";\nimport { client, expect, test } from "tsjango/test";\n';

describe("tsjango test", { timeout: 60_000 }, () => {
  test("runs with the project's settings, never in debug, with a fixed key; arguments are Vitest's", async () => {
    const project = use(await madeProject());
    writeFileSync(
      join(project.directory, "tests/settings.test.ts"),
      `${IMPORTS}
test("runs with", () => {
  expect([settings.debug, settings.secretKey, settings.baseDir]).toEqual([
    false, "a-fixed-key-for-tests-that-protects-nothing-and-is-long-enough-for-every-check", ${JSON.stringify(project.directory)},
  ]);
});
test("is left out", () => { throw new Error("it ran"); });\n`,
    );
    const { code, stdout } = await run(project.directory, ["test", "tests/settings.test.ts", "-t", "runs with"]);
    expect(stdout).toMatch(/Tests\s+1 passed \| 1 skipped/);
    expect(code).toBe(0);
  });
  test("fails as a test does, showing what came", async () => {
    const project = use(await madeProject());
    writeFileSync(
      join(project.directory, "tests/site.test.ts"),
      `${IMPORTS}test("fails", async () => { expect(await client.get("/x/")).toHaveStatus(200); });\n`,
    );
    const { code, stdout, stderr } = await run(project.directory, ["test"]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("Expected a response of status 200; it has 404.");
  });
  test("works without a configuration, also when .env is missing", async () => {
    const project = use(await madeProject());
    rmSync(join(project.directory, "vitest.config.ts"));
    rmSync(join(project.directory, ".env"));
    expect(await run(project.directory, ["test"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Tests\s+1 passed/),
    });
  });
  test("says how to write one where there are no tests", async () => {
    const project = use(await madeProject());
    rmSync(join(project.directory, "tests"), { recursive: true });
    expect(await run(project.directory, ["test"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/There are no tests in .*mysite yet\. Write one in a file such as/),
    });
  });
  test("says what to install for --coverage", async () => {
    const { directory } = use(await madeProject());
    const { version } = JSON.parse(readFileSync(join(directory, "node_modules/vitest/package.json"), "utf8"));
    const { code, stdout, stderr } = await run(directory, ["test", "--coverage"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `--coverage needs @vitest/coverage-v8 in Vitest's own version, and it is not installed in ${directory}. ` +
        `Install it: npm install --save-dev @vitest/coverage-v8@${version}\n`,
    );
  });
  test("says what to install where Vitest is missing", async () => {
    const project = use(await madeProject());
    rmSync(join(project.directory, "node_modules"));
    writeFileSync(join(project.directory, "mysite/settings.ts"), "export default {};");
    expect(await run(project.directory, ["test"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm install --save-dev vitest"),
    });
  });
});
