import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelType } from "../../src/models/options.ts";
import { compileRows } from "../../src/sql/compiler.ts";
import { compileRowsCached } from "../../src/sql/plan-cache.ts";
import { newQuery, type Query } from "../../src/sql/query.ts";
import { Book } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

describeDatabases("plan cache", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const query = (lookups: [string, unknown][], more: Partial<Query> = {}): Query => ({
    ...newQuery(Book as unknown as ModelType, "default"),
    steps: [{ kind: "lookups", lookups }],
    ...more,
  });

  test("a statement of the cache is what compiling it afresh gives", () => {
    const values: [string, unknown][][] = [
      [["pk", 1]],
      [["id", 2]],
      [
        ["title", "x"],
        ["price", "1.50"],
      ],
      [
        ["price", "2.00"],
        ["title", "y"],
      ],
      [["published", new Date(0)]],
      [["author", 3]],
      [["authorId", 4]],
      [
        ["translated", true],
        ["sold", 5n],
      ],
      [["pages__gt", 1]],
      [["title", null]],
      [["author__name", "x"]],
    ];
    const shapes: Partial<Query>[] = [
      {},
      { limit: 21 },
      { limit: 3, offset: 2 },
      { offset: 4 },
      { ordering: [] },
      { ordering: ["-pages"], reversed: true },
      { reversed: true },
      { selectRelated: ["author__boss"] },
      { selectRelated: ["publisher"], limit: 1 },
      { empty: true },
    ];
    for (const _round of [1, 2]) {
      for (const lookups of values) {
        for (const shape of shapes) {
          const asked = query(lookups, shape);
          const fresh = compileRows(project.backend, asked);
          expect(compileRowsCached(project.backend, asked)?.statement).toEqual(
            fresh && { sql: fresh.statement.sql, parameters: fresh.statement.parameters },
          );
        }
      }
    }
  });

  test("the plan of a shape is made once, and never for what is not plain", () => {
    const plan = (lookups: [string, unknown][]) => compileRowsCached(project.backend, query(lookups))?.plan;
    expect(plan([["pages", 1]])).toBe(plan([["pages", 2]]));
    expect(plan([["pages", 1]])).not.toBe(plan([["title", "1"]]));
    expect(plan([["pages__gt", 1]])).not.toBe(plan([["pages__gt", 1]]));
  });
});
