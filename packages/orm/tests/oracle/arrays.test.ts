import { afterAll, beforeAll, expect, test } from "vitest";
import { ArrayField } from "../../src/fields/array.ts";
import { Field } from "../../src/fields/field.ts";
import { describePostgres, openProject, type TestProject } from "../support/project.ts";
import * as models from "./arrays/models.ts";
import { listsMeanTheSame } from "./arrays/property.ts";

// `npm run oracle` asks more.
const cases = Number(process.env["TSJANGO_ORACLE_CASES"] ?? 80);
const seed = Number(process.env["TSJANGO_ORACLE_SEED"] ?? 20_260_101);
const SECONDS_A_CASE = 0.2;

const { toDatabase } = ArrayField.prototype;

/** Mistakes in what lists become; the property must find each. */
const MISTAKES: Readonly<Record<string, readonly [target: object, name: string, mistake: PropertyDescriptor]>> = {
  "a list loses its last element": [
    ArrayField.prototype,
    "toDatabase",
    {
      value(this: ArrayField, ...[list, backend]: Parameters<typeof toDatabase>) {
        return toDatabase.call(this, Array.isArray(list) ? list.slice(0, -1) : list, backend);
      },
    },
  ],
  "a missing list under a not loses its row": [Field.prototype, "null", { get: () => false }],
};

describePostgres("random questions about lists", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("postgres", models);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test(`${cases} have the rows that an evaluation without SQL gives them`, {
    timeout: 30_000 + cases * SECONDS_A_CASE * 1000,
  }, async () => {
    const started = performance.now();
    await listsMeanTheSame({ cases, seed });
    if (process.env["TSJANGO_ORACLE_CASES"] === undefined) return;
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(`postgres: ${cases} cases from seed ${seed} in ${seconds.toFixed(1)} s\n`);
  });

  for (const [mistake, [target, name, descriptor]] of Object.entries(MISTAKES)) {
    test(`the property finds it: ${mistake}`, { timeout: 60_000 }, async () => {
      const plant = () => {
        const before = Object.getOwnPropertyDescriptor(target, name) as PropertyDescriptor;
        Object.defineProperty(target, name, { configurable: true, ...descriptor });
        return () => void Object.defineProperty(target, name, before);
      };
      await expect(listsMeanTheSame({ cases: 2000, seed: 2, plant })).rejects.toThrow(/the oracle says/);
    });
  }
});
