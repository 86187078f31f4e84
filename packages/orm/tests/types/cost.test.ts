import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { checkProject } from "../../../../bench/types/check.ts";
import { writeProject } from "../../../../bench/types/project.ts";

const cache = join(resolve(import.meta.dirname, "../../../.."), ".cache");

/**
 * Exact on every machine: what is measured today (of it 28,000 for the types of `only` and `defer` themselves, however
 * many models there are), and a twentieth. A third of the project that `npm run types` in `bench/`
 * measures, whose limits are 1.2 and 2 million.
 */
test.for([
  { name: "a filter, values and a create in each query", aggregates: false, most: 414_000 },
  { name: "an aggregate in each query, too", aggregates: true, most: 592_000 },
])("30 models and 90 queries stay cheap to check: $name", { timeout: 60_000 }, ({ aggregates, most }) => {
  const directory = join(cache, `type-cost-${aggregates}`);
  writeProject(directory, { models: 30, queries: 90, aggregates });
  const { instantiations, errors } = checkProject(directory);
  expect(errors).toEqual([]);
  expect(instantiations).toBeGreaterThan(100_000);
  expect(instantiations).toBeLessThan(most);
});
