import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import command from "../../src/commands/test.ts";
import { testOptions, vitestWords } from "../../src/commands/test-options.ts";
import { parseWords } from "../../src/terminal/parse-words.ts";
import { madeProject } from "../support/made-project.ts";
import { Running, run } from "../support/site.ts";
import { use } from "../support/use.ts";

function parsed(...words: string[]) {
  const found = parseWords("test", command, words);
  if ("help" in found) throw new Error(found.help);
  return { args: found.args, ...vitestWords(found.options as unknown as Parameters<typeof vitestWords>[0]) };
}

describe("options of tsjango test", () => {
  test("without any there is nothing for Vitest", () => {
    expect(parsed("tests/a.test.ts", "-t", "name", "--coverage", "--watch")).toEqual({
      args: ["tests/a.test.ts", "-t", "name", "--coverage", "--watch"],
      words: [],
      environment: {},
    });
  });
  test("are Vitest's words", () => {
    expect(parsed("--parallel", "3", "--shuffle=42", "tests").words).toEqual([
      "--maxWorkers=3",
      "--sequence.shuffle",
      "--sequence.seed=42",
    ]);
    expect(parsed("tests", "--shuffle").words).toEqual(["--sequence.shuffle"]);
  });
  test("tags may be given several times: any of those wanted, none of the others", () => {
    expect(
      parsed("--tag", "slow", "--tag", "api", "--exclude-tag", "net", "--exclude-tag", "old", "a.test.ts"),
    ).toEqual({
      args: ["a.test.ts"],
      words: ["--tags-filter=slow || api", "--tags-filter=!net", "--tags-filter=!old"],
      environment: { TSJANGO_TEST_TAGS: "slow,api,net,old" },
    });
  });
  test("reach the plugin as variables", () => {
    expect(parsed("--keepdb", "--recreatedb", "--debug-sql").environment).toEqual({
      TSJANGO_TEST_KEEPDB: "1",
      TSJANGO_TEST_RECREATEDB: "1",
      TSJANGO_TEST_DEBUG_SQL: "1",
    });
  });
  test("say what they take", () => {
    expect(() => parsed("--parallel", "0")).toThrow('--parallel takes a number of workers from 1; found "0".');
    expect(() => parsed("--shuffle", "tests")).toThrow(
      '--shuffle takes a whole number, or nothing; found "tests". Write files before --shuffle.',
    );
    expect(() => parsed("--tag", "a b")).toThrow(
      'A tag is letters, digits and _ - . : /, without spaces; found "a b".',
    );
    expect(Object.keys(testOptions)).toHaveLength(7);
  });
});

const TESTS = `import { captureOnCommit, describe, expect, setUpTestData, test } from "tsjango/test";
import { Author } from "../books/models.ts";

const count = () => Author.objects.all().count();

describe("with data", () => {
  setUpTestData(async () => {
    await Author.objects.create({ name: "Shared" });
  });
  test("one", async () => {
    expect(await count()).toBe(1);
    await Author.objects.create({ name: "Own" });
  });
  test("two", async () => {
    expect(await count()).toBe(1);
  });
});
test("after it", async () => {
  expect(await count()).toBe(0);
});
test("slow and wrong", { tags: ["slow"] }, async () => {
  await Author.objects.create({ name: "Jane Austen" });
  expect(await count()).toBe(5);
});
`;

describe("tsjango test in a project", { timeout: 120_000 }, () => {
  test("shares data, filters by tags that no configuration names, prints the SQL of what fails", async () => {
    const { directory } = use(await madeProject({ example: true }));
    writeFileSync(join(directory, "tests/kit.test.ts"), TESTS);
    const words = ["test", "tests/kit.test.ts"];
    const without = await run(directory, [...words, "--exclude-tag", "slow"]);
    expect(without.stdout).toMatch(/Tests\s+3 passed \| 1 skipped/);
    expect(without.code).toBe(0);
    const failing = await run(directory, [...words, "--tag", "slow", "--debug-sql"]);
    expect(failing.code).toBe(1);
    expect(failing.stdout).toMatch(/Tests\s+1 failed \| 3 skipped/);
    expect(failing.stderr).toContain("slow and wrong\nStatements:\n  default: insert into");
    expect(failing.stderr).toContain('-- "Jane Austen"\n  default: select count(*)');
  });

  test("sees a changed file in --watch; what a killed run left, the next one removes", async () => {
    const { directory } = use(await madeProject({ example: true }));
    const value = (number: number) => writeFileSync(join(directory, "books/value.ts"), `export default ${number};\n`);
    value(1);
    writeFileSync(
      join(directory, "tests/kit.test.ts"),
      `import { expect, test } from "tsjango/test";\nimport value from "../books/value.ts";\n` +
        'test("is one", () => { expect(value).toBe(1); });\n',
    );
    const TMPDIR = join(directory, "temporary");
    mkdirSync(TMPDIR);
    const watching = use(new Running(directory, ["test", "tests/kit.test.ts", "--watch"], { TMPDIR }));
    await watching.until(() => /Tests\s+1 passed/.test(watching.stdout), 30_000);
    value(2);
    await watching.until(() => /Tests\s+1 failed/.test(watching.stdout), 30_000);
    watching.child.kill("SIGTERM");
    await watching.exit;
    expect(readdirSync(TMPDIR)).toEqual([expect.stringMatching(/^tsjango-test-run-\d+-/)]);
    value(1);
    expect((await run(directory, ["test", "tests/kit.test.ts"], { TMPDIR })).code).toBe(0);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  test("sets the project up once for the files of a worker, and closes its apps when the worker ends", async () => {
    const { directory } = use(await madeProject({ example: true }));
    const log = join(directory, "log");
    const app = join(directory, "books/app.ts");
    const noted = (word: string) => `${word}() { appendFileSync(${JSON.stringify(log)}, "${word} "); },`;
    const source = readFileSync(app, "utf8").replace("defineApp({", `defineApp({ ${noted("ready")} ${noted("close")}`);
    writeFileSync(app, `import { appendFileSync } from "node:fs";\n${source}`);
    const { code, stdout } = await run(directory, ["test", "--parallel", "1"]);
    expect(stdout).toMatch(/Test Files\s+2 passed/);
    expect(code).toBe(0);
    expect(readFileSync(log, "utf8")).toBe("ready close ");
  });

  test("refuses shared data in a file whose transactional tests would remove it", async () => {
    const { directory } = use(await madeProject({ example: true }));
    const committing = 'test("commits", { tags: ["transactional"] }, () => {});\n';
    writeFileSync(join(directory, "tests/kit.test.ts"), TESTS + committing);
    const { code, stderr } = await run(directory, ["test", "tests/kit.test.ts"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'tests/kit.test.ts has tests with the tag "transactional", after which the database is emptied: ' +
        "setUpTestData cannot share data in it.",
    );
  });
});
