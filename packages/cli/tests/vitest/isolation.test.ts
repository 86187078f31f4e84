import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { postgresUrl } from "../../../orm/tests/support/postgres-broker.ts";
import { madeProject } from "../support/made-project.ts";
import { run } from "../support/site.ts";
import { use } from "../support/use.ts";

const FILES = 6;

/** Each file asserts that it alone writes: the same unique names, the same first numbers, in every one of them. */
const testFile = (transactional: boolean) => `
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "tsjango/test";
import { Author } from "../books/models.ts";

const names = async () => (await Author.objects.all()).map(({ name }) => name);
appendFileSync(process.env.PIDS, process.pid + "\\n");

describe("rolled back", () => {
  ${transactional ? "" : 'beforeAll(() => Author.objects.create({ name: "Anna" }));'}
  for (let count = 0; count < 8; count++) {
    test("alone " + count, async () => {
      expect(await names()).toEqual(${transactional ? "[]" : '["Anna"]'});
      await Author.objects.create({ name: "Zoe" });
      await sleep(10);
      expect(await names()).toEqual([${transactional ? "" : '"Anna", '}"Zoe"]);
    });
  }
});
${
  transactional
    ? `describe("committed", { tags: ["transactional"] }, () => {
  for (let count = 0; count < 2; count++) {
    test("alone " + count, async () => {
      expect(await names()).toEqual([]);
      expect((await Author.objects.create({ name: "Zoe" })).id).toBe(1);
      await sleep(10);
      expect(await names()).toEqual(["Zoe"]);
    });
  }
});`
    : ""
}
`;

/** A made project with an app of models, and its tests. */
async function project(): Promise<string> {
  const { directory } = use(await madeProject({ example: true }));
  for (let number = 1; number <= FILES; number++) {
    writeFileSync(join(directory, `tests/alone-${number}.test.ts`), testFile(number % 2 === 0));
  }
  return directory;
}

async function expectBothAlone(databaseUrl: string | undefined): Promise<void> {
  const directory = await project();
  const TMPDIR = join(directory, "temporary");
  mkdirSync(TMPDIR);
  const env = {
    TMPDIR,
    PIDS: join(directory, "pids"),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const words = ["test", "--parallel", "3", "tests/alone"];
  for (const { code, stdout, stderr } of await Promise.all([run(directory, words, env), run(directory, words, env)])) {
    expect(stdout + stderr).toMatch(/Tests\s+54 passed \(54\)/);
    expect(code).toBe(0);
  }
  expect(readdirSync(TMPDIR)).toEqual([]);
  const pids = readFileSync(env.PIDS, "utf8").trim().split("\n");
  expect(pids).toHaveLength(2 * FILES);
  expect(new Set(pids).size).toBe(6);
}

describe("workers of two runs at once", { timeout: 120_000 }, () => {
  test("have databases of their own, and leave none (sqlite)", async () => {
    await expectBothAlone(undefined);
  });

  test("have databases of their own, and leave none but the template (postgres)", async () => {
    const name = `isolation_${process.pid}`;
    const url = (await postgresUrl()).replace(/[^/]*$/, name);
    await expectBothAlone(url);
    const client = new pg.Client(await postgresUrl());
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", [
      `test_${name}`,
    ]);
    expect(rows).toEqual([{ datname: expect.stringMatching(/_template_[0-9a-f]{12}$/) }]);
    await client.query(`ALTER DATABASE ${rows[0].datname} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE ${rows[0].datname}`);
  });
});
