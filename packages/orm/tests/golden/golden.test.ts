import { afterAll, beforeAll, expect, test } from "vitest";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { expectGolden, type Golden, goldenFile } from "./compare.ts";
import { DEVIATIONS } from "./deviations.ts";
import { type Doors, doors, load } from "./doors.ts";
import * as models from "./models.ts";
import { QUERIES } from "./queries.ts";

const golden = goldenFile("golden.json").queries;
/** Django has other answers on PostgreSQL than on SQLite; here they are those, on both. */
const otherwise = goldenFile("postgres/golden.json").otherwise ?? {};

test("each golden query is written in Python and in TypeScript, and each deviation concerns one", () => {
  expect(Object.keys(QUERIES).sort()).toEqual(Object.keys(golden).sort());
  expect(Object.keys(QUERIES)).toEqual(expect.arrayContaining(Object.keys(DEVIATIONS)));
  expect(Object.keys(DEVIATIONS)).toEqual(expect.arrayContaining(Object.keys(otherwise)));
});

describeDatabases("golden rows", (vendor) => {
  let project: TestProject;
  let m: Doors;
  beforeAll(async () => {
    project = await openProject(vendor, models);
    await load();
    m = doors();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  for (const [name, query] of Object.entries(QUERIES)) {
    const own = vendor === "postgres" ? otherwise[name] : undefined;
    test(name, async () => {
      expectGolden(await query(m), own ?? (golden[name] as Golden), own === undefined ? DEVIATIONS[name] : undefined);
    });
  }
});
