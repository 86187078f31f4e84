import { afterAll, beforeAll, expect, test } from "vitest";
import { QuerySet } from "../../src/query/query-set.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import * as models from "./writes/models.ts";
import { writesMeanTheSame } from "./writes/property.ts";

// `npm run oracle` asks more.
const cases = Number(process.env["TSJANGO_ORACLE_CASES"] ?? 30);
const seed = Number(process.env["TSJANGO_ORACLE_SEED"] ?? 20_260_101);
const SECONDS_A_CASE = 0.2;

describeDatabases("random writes, one after the other", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, models);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test(`${cases} of them give and leave what they do without a database`, {
    timeout: 30_000 + cases * SECONDS_A_CASE * 1000,
  }, async () => {
    const started = performance.now();
    await writesMeanTheSame({ cases, seed });
    if (process.env["TSJANGO_ORACLE_CASES"] === undefined) return;
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`${vendor}: ${cases} cases from seed ${seed} in ${seconds.toFixed(1)} s\n`);
  });
});

const { bulkCreate, bulkUpdate, updateOrCreate } = QuerySet.prototype;

/** Mistakes in what is written; the property must find each. */
const MISTAKES: Readonly<Record<string, Partial<QuerySet>>> = {
  "only the first field of many rows is written": {
    bulkUpdate(this: QuerySet, rows, names, options) {
      return bulkUpdate.call(this, rows, names.slice(0, 1), options);
    },
  },
  "of a row that is there only the first field is updated": {
    bulkCreate(this: QuerySet, rows, options = {}) {
      const { updateFields } = options;
      return bulkCreate.call(
        this,
        rows,
        updateFields ? { ...options, updateFields: updateFields.slice(0, 1) } : options,
      );
    },
  },
  "a new row gets what updates one": {
    updateOrCreate(this: QuerySet, where, { defaults } = {}) {
      return updateOrCreate.call(this, where, { defaults });
    },
  },
};

for (const [mistake, methods] of Object.entries(MISTAKES)) {
  test(`the property finds it: ${mistake}`, { timeout: 60_000 }, async () => {
    use(await openProject("sqlite", models));
    const plant = () => {
      const [name, value] = Object.entries(methods)[0] as [string, unknown];
      const before = Object.getOwnPropertyDescriptor(QuerySet.prototype, name) as PropertyDescriptor;
      Object.defineProperty(QuerySet.prototype, name, { configurable: true, value });
      return () => void Object.defineProperty(QuerySet.prototype, name, before);
    };
    await expect(writesMeanTheSame({ cases: 2000, seed: 2, plant })).rejects.toThrow(/the oracle says/);
    await writesMeanTheSame({ cases: 20, seed: 2 });
  });
}
