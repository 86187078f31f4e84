import { expect, test } from "vitest";
import { Field } from "../../src/fields/field.ts";
import { QuerySet } from "../../src/query/query-set.ts";
import { Joins } from "../../src/sql/joins.ts";
import type { Query, Step } from "../../src/sql/query.ts";
import { subqueries } from "../../src/sql/subqueries.ts";
import { openProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./models.ts";
import { queriesMeanTheSame } from "./property.ts";

/** Mistakes that a compiler of queries is prone to; the property must find each within as many cases as a long run has. */
const MISTAKES: Readonly<Record<string, () => () => void>> = {
  "joins stay inner where rows may be missing": () => patched(Joins.prototype, "promote", { value: () => undefined }),
  "rows are counted without the groups that a value of many makes": () =>
    patched(Joins.prototype, "isMany", { value: () => false }),
  "a missing value under a not loses its row": () => patched(Field.prototype, "null", { get: () => false }),
  "two filters share the join of a multi-valued relation": () => {
    const { walk } = Joins.prototype;
    return patched(Joins.prototype, "walk", {
      value(this: Joins, hops: Parameters<typeof walk>[0]) {
        return walk.call(this, hops, "all");
      },
    });
  },
  "a relation whose rows meet a condition leads to all of them": () => {
    const { walk } = Joins.prototype;
    return patched(Joins.prototype, "walk", {
      value(this: Joins, hops: Parameters<typeof walk>[0], reuse: Parameters<typeof walk>[1]) {
        const all = hops.map((hop) =>
          hop.filter === undefined ? hop : { ...hop, filter: { ...hop.filter, on: () => true } },
        );
        return walk.call(this, all as typeof hops, reuse);
      },
    });
  },
  "the last row is the first": () => patched(QuerySet.prototype, "last", { value: QuerySet.prototype.first }),
  "the columns that are wanted are left out": () =>
    patched(QuerySet.prototype, "only", { value: QuerySet.prototype.defer }),
  "combined rows inside of another query are those of the first of them": () => {
    const { subquery } = subqueries;
    const value: typeof subquery = (context, query, width) =>
      subquery(context, query.combination?.members[0] ?? query, width);
    return patched(subqueries, "subquery", { value });
  },
  "of what a relation leads to, a part of all rows is loaded, not of each row's": () => {
    const { replaced } = QuerySet.prototype;
    const alone = (step: Step): Step =>
      step.kind === "annotation" && step.expression.kind === "window"
        ? { ...step, expression: { ...step.expression, partitionBy: [] } }
        : step;
    return patched(QuerySet.prototype, "replaced", {
      value(this: QuerySet, query: Partial<Query>) {
        return replaced.call(this, query.steps === undefined ? query : { ...query, steps: query.steps.map(alone) });
      },
    });
  },
};

for (const [mistake, plant] of Object.entries(MISTAKES)) {
  test(`the property finds it: ${mistake}`, { timeout: 60_000 }, async () => {
    use(await openProject("sqlite", models));
    await expect(queriesMeanTheSame({ cases: 2000, seed: 41, plant })).rejects.toThrow(/the oracle says/);
    await queriesMeanTheSame({ cases: 20, seed: 2 });
  });
}

function patched(target: object, name: string, descriptor: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name) as PropertyDescriptor;
  Object.defineProperty(target, name, { configurable: true, ...descriptor });
  // Not what defineProperty gives: the prototype of query sets would be awaited.
  return () => void Object.defineProperty(target, name, before);
}
