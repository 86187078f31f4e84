import { afterAll, beforeAll, test } from "vitest";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import * as models from "./models.ts";
import { queriesMeanTheSame } from "./property.ts";

// `npm run oracle` asks more.
const cases = Number(process.env["TSJANGO_ORACLE_CASES"] ?? 100);
const seed = Number(process.env["TSJANGO_ORACLE_SEED"] ?? 20_260_101);
const SECONDS_A_CASE = 0.2;

describeDatabases("random queries on random tables", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test(`${cases} queries have the rows that an evaluation without SQL gives them`, {
    timeout: 30_000 + cases * SECONDS_A_CASE * 1000,
  }, async () => {
    const started = performance.now();
    await queriesMeanTheSame({ cases, seed });
    if (process.env["TSJANGO_ORACLE_CASES"] === undefined) return;
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${vendor}: ${cases} cases from seed ${seed} in ${seconds.toFixed(1)} s\n`);
  });
});
