import { onMetric } from "@tsjango/kernel/metrics";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExpressionNode } from "../../src/expressions/expression.ts";
import type { ModelType } from "../../src/models/options.ts";
import { compileRows } from "../../src/sql/compiler.ts";
import { PlanCache, planRows, plansOf } from "../../src/sql/plan-cache.ts";
import { newQuery, type Query } from "../../src/sql/query.ts";
import { Shape, shapeOf } from "../../src/sql/shape.ts";
import { Book } from "../support/models.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import { plansAreWhatCompilingGives } from "./plan-property.ts";

const query = (lookups: [string, unknown][], more: Partial<Query> = {}): Query => ({
  ...newQuery(Book as unknown as ModelType, "default"),
  steps: [{ kind: "lookups", lookups }],
  ...more,
});

describeDatabases("plan cache", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor);
  });
  afterAll(() => project[Symbol.asyncDispose]());

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
    for (const _round of [1, 2, 3]) {
      for (const lookups of values) {
        for (const shape of shapes) {
          const asked = query(lookups, shape);
          const fresh = compileRows(project.backend, asked);
          expect(planRows(project.backend, asked)?.statement).toMatchObject(
            fresh ? { sql: fresh.statement.sql, parameters: fresh.statement.parameters } : {},
          );
        }
      }
    }
  });

  test("random queries of few shapes", { timeout: 60_000 }, () => {
    plansAreWhatCompilingGives(project.backend, { cases: 1500, seed: 20261121 });
    expect(plansOf(project.backend).size).toBeGreaterThan(50);
  });

  test("the plan of a shape is made once, when the shape is seen for the second time", () => {
    const plan = (lookups: [string, unknown][]) => planRows(project.backend, query(lookups))?.plan;
    const [first, second, third] = [plan([["stock", 1]]), plan([["stock", 2]]), plan([["stock", 3]])];
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(plan([["stock", null]])).not.toBe(second);
  });

  test("who listens is told whether a plan was known", () => {
    const known: unknown[] = [];
    const stop = onMetric(({ name, attributes }) => {
      if (name === "tsjango.plan.lookups") known.push(attributes?.["tsjango.plan.known"]);
    });
    for (const pages of [1, 2, 3]) planRows(project.backend, query([["pages__lte", pages]]));
    stop();
    expect(known).toEqual([false, false, true]);
  });

  for (const [mistake, key] of Object.entries<(key: string) => string>({
    "null is taken for a value": (key) =>
      key.replaceAll(/(?<=:(?:title|pages|published))0/g, "s").replaceAll(/(?<=:(?:title|pages|published))[id]/g, "s"),
    "the length of a list does not count": (key) => key.replaceAll(/\(\d+;[a-z]+/g, "("),
    "which way isnull asks does not count": (key) => key.replaceAll(/(?<=isnull)[TF]/g, ""),
    "whether rows are cut out does not count": (key) => key.replaceAll(/l\d+;/g, ""),
  })) {
    test(`the property finds it: ${mistake}`, { timeout: 60_000 }, async () => {
      const { get, seenBefore, set } = PlanCache.prototype;
      const cache = { get, seenBefore, set };
      for (const name of ["get", "seenBefore", "set"] as const) {
        const method = PlanCache.prototype[name] as (this: PlanCache, given: string, ...rest: unknown[]) => unknown;
        Object.assign(PlanCache.prototype, {
          [name](this: PlanCache, given: string, ...rest: unknown[]) {
            return method.call(this, `planted ${mistake} ${key(given)}`, ...rest);
          },
        });
      }
      try {
        expect(() => plansAreWhatCompilingGives(project.backend, { cases: 4000, seed: 7 })).toThrow(/Property failed/);
      } finally {
        Object.assign(PlanCache.prototype, cache);
      }
    });
  }
});

test("what is asked once each does not push out what is asked again", () => {
  const cache = new PlanCache();
  const plan = { sql: "", places: [], encoders: [], plan: undefined, plainNumbers: true };
  cache.set("kept", plan);
  for (let i = 0; i < 5000; i++) {
    if (cache.seenBefore(`bomb ${i}`)) cache.set(`bomb ${i}`, plan);
  }
  expect(cache.get("kept")).toBe(plan);
  for (let i = 0; i < 5000; i++) cache.set(`repeated ${i}`, plan);
  expect(cache.size).toBeLessThanOrEqual(1000);
  expect(cache.get("kept")).toBeUndefined();
});

/** One of each kind; a kind that is missing here does not compile. */
const NODES: { readonly [K in ExpressionNode["kind"]]: Extract<ExpressionNode, { readonly kind: K }> } = {
  reference: { kind: "reference", path: "pages" },
  outer: { kind: "outer", path: "pages" },
  value: { kind: "value", value: "secret" },
  arithmetic: {
    kind: "arithmetic",
    operator: "+",
    left: { kind: "reference", path: "pages" },
    right: { kind: "value", value: "secret" },
  },
  function: { kind: "function", name: "lower", args: [{ kind: "value", value: "secret" }] },
  aggregate: {
    kind: "aggregate",
    name: "count",
    of: { kind: "reference", path: "pages" },
    distinct: false,
    filter: { kind: "lookups", lookups: [["title", "secret"]] },
    otherwise: undefined,
  },
  case: {
    kind: "case",
    whens: [
      // biome-ignore lint/suspicious/noThenProperty: a part of a node, which nothing awaits
      { condition: { kind: "lookups", lookups: [["title", "secret"]] }, then: { kind: "value", value: "secret" } },
    ],
    otherwise: { kind: "value", value: "secret" },
  },
  condition: { kind: "condition", condition: { kind: "lookups", lookups: [["title", "secret"]] } },
  subquery: { kind: "subquery", query: query([["title", "secret"]]) },
  exists: { kind: "exists", query: query([["title", "secret"]]) },
  rank: { kind: "rank", name: "rowNumber" },
  window: { kind: "window", of: { kind: "rank", name: "rank" }, partitionBy: [], orderBy: [] },
  transform: { kind: "transform", of: { kind: "reference", path: "published" }, name: "year" },
  searchVector: { kind: "searchVector", of: [{ kind: "value", value: "secret" }], weight: "A" },
  searchQuery: { kind: "searchQuery", of: [{ kind: "value", value: "secret" }], how: "plain" },
  cast: { kind: "cast", of: { kind: "value", value: "secret" }, output: { kind: "text", options: {} } },
  collate: { kind: "collate", of: { kind: "value", value: "secret" }, collation: "C" },
  sql: {
    kind: "sql",
    pieces: ["f(", ")"],
    args: [{ kind: "value", value: "secret" }],
    output: { kind: "text", options: {} },
  },
  argument: { kind: "argument", index: 0 },
};

test("each kind of expression has a shape, which keeps its values apart", async () => {
  use(await openProject("sqlite"));
  const keys = Object.values(NODES).map((node) => {
    const shape = shapeOf(node);
    expect(shape.unknown, node.kind).toBe(false);
    expect(shape.key, node.kind).not.toContain("secret");
    return shape.key;
  });
  expect(new Set(keys).size).toBe(keys.length);
});

test("what no shape is known of is never kept", () => {
  expect(shapeOf({ kind: "new" } as unknown as ExpressionNode).unknown).toBe(true);
  const shape = new Shape("");
  shape.value({ some: "object" });
  expect(shape.unknown).toBe(true);
});
