import { afterAll, beforeAll, expect, test } from "vitest";
import { describePostgres, openProject, type TestProject } from "../../support/project.ts";
import { expectGolden, type Golden, goldenFile } from "../compare.ts";
import { DEVIATIONS } from "./deviations.ts";
import { doors, load, models, type PostgresDoors } from "./doors.ts";
import { QUERIES } from "./queries.ts";

const golden = goldenFile("postgres/golden.json").queries;

test("each golden query of PostgreSQL is written in Python and in TypeScript, and each deviation concerns one", () => {
  expect(Object.keys(QUERIES).sort()).toEqual(Object.keys(golden).sort());
  expect(Object.keys(QUERIES)).toEqual(expect.arrayContaining(Object.keys(DEVIATIONS)));
});

describePostgres("golden rows of PostgreSQL", () => {
  let project: TestProject;
  let m: PostgresDoors;
  beforeAll(async () => {
    project = await openProject("postgres", models);
    for (const name of ["pg_trgm", "unaccent"]) await project.backend.execute(`CREATE EXTENSION "${name}"`);
    await load();
    m = doors();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  for (const [name, query] of Object.entries(QUERIES)) {
    test(name, async () => expectGolden(await query(m), golden[name] as Golden, DEVIATIONS[name]));
  }
});
