import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../../packages/orm/tests/support/postgres.ts";
import { root } from "../../scripts/node.mjs";
import { Project } from "../helpers/project.ts";
import { AND, REPORTS } from "../self-test/tests/report-words.ts";

/** What Vitest's JSON report has of a file. */
interface FileReport {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly title: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

/** Files that fail as a whole, and what is reported of them. */
const WHOLE_FILES: Readonly<Record<string, string>> = {
  "enum.test.ts": "TypeScript enum is not supported in strip-only mode",
  "shared-data.test.ts": "fixtures cannot share data in it. Call loadFixtures in beforeEach, or move those tests",
};

/** What belongs to no test. */
const PRINTED = [
  "captureLogs is undone at the end of a test, and no test runs here. Call it in a test or in beforeEach.",
  "This query belongs to a transaction that has ended. Await it inside the atomic block, or start it outside.",
  "Error: Expected 1 query; none were made.",
  "leaves a row that refers to none",
  "Statements:",
  "default: insert into",
];

/** Runs the self-test project, installed as a user would. */
async function report(env: NodeJS.ProcessEnv) {
  using project = await Project.example();
  for (const name of readdirSync(project.directory)) {
    if (name !== "node_modules") rmSync(join(project.directory, name), { recursive: true });
  }
  cpSync(join(root, "e2e/self-test"), project.directory, { recursive: true });
  const words = ["--debug-sql", "--reporter=default", "--reporter=json", "--outputFile.json=report.json"];
  const { code, output } = await project.run(["npx", "tsjango", "test", ...words], env);
  expect(code, output).toBe(1);
  return { output, files: JSON.parse(project.read("report.json")).testResults as FileReport[] };
}

/** Whether a text has all of these, one after the other. */
function hasInOrder(text: string, words: readonly string[]): boolean {
  let from = 0;
  return words.every((word) => {
    const at = text.indexOf(word, from);
    from = at + word.length;
    return at >= 0;
  });
}

let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

test.for(["sqlite", "postgres"])("tests that fail on purpose report why, and no others fail (%s)", async (vendor) => {
  const env = vendor === "postgres" ? { DATABASE_URL: postgres.url.replace(/[^/]*$/, "self_test") } : {};
  const { output, files } = await report(env);
  const wrong: string[] = [];
  let failed = 0;
  for (const { name, message, assertionResults } of files) {
    const whole = WHOLE_FILES[basename(name)];
    if (whole !== undefined && !message.includes(whole)) wrong.push(`${basename(name)}: ${message}`);
    for (const { title, status, failureMessages } of assertionResults) {
      const [what, words] = title.split(REPORTS);
      const shouldBe = words !== undefined ? "failed" : what === "never runs" ? "skipped" : "passed";
      const found = failureMessages.join("\n");
      if (status !== shouldBe || (words !== undefined && !hasInOrder(found, words.split(AND)))) {
        wrong.push(`${title}: ${status}: ${found}`);
      }
      if (status === "failed") failed++;
    }
  }
  expect(wrong, output).toEqual([]);
  expect(files.map(({ name }) => basename(name))).toEqual(expect.arrayContaining(Object.keys(WHOLE_FILES)));
  expect(failed).toBe(failingTests());
  for (const text of PRINTED) expect(output).toContain(text);
});

/** How many tests the project has that fail. */
function failingTests(): number {
  const directory = join(root, "e2e/self-test/tests");
  const sources = readdirSync(directory).filter((name) => name.endsWith(".test.ts"));
  return sources.flatMap((name) => readFileSync(join(directory, name), "utf8").match(/^failing\(/gm) ?? []).length;
}
