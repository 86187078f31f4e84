import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asSet, encode } from "../support/encode.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { DEVIATIONS } from "./deviations.ts";
import { type Doors, doors, load } from "./doors.ts";
import * as models from "./models.ts";
import { QUERIES } from "./queries.ts";

interface Golden {
  /** Whether the order of the rows counts. */
  readonly ordered: boolean;
  readonly rows: unknown;
}

const golden: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "golden.json"), "utf8"),
).queries;

test("each golden query is written in Python and in TypeScript, and each deviation concerns one", () => {
  expect(Object.keys(QUERIES).sort()).toEqual(Object.keys(golden).sort());
  expect(Object.keys(QUERIES)).toEqual(expect.arrayContaining(Object.keys(DEVIATIONS)));
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
    const wanted = golden[name] as Golden;
    test(name, async () => {
      const found = encode(await query(m));
      const deviation = DEVIATIONS[name];
      const rows = normal(deviation === undefined ? wanted.rows : deviation.rows);
      if (deviation !== undefined) expect(rows, "what Django gives").not.toEqual(normal(wanted.rows));
      if (wanted.ordered || !Array.isArray(found)) expect(found).toEqual(rows);
      else expect(asSet(found)).toEqual(asSet(rows as unknown[]));
    });
  }
});

/** Types that JSON has no word for, in the form of `encode`. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [type, given] = first;
    if (type === "decimal") return { decimal: Number(given) };
    if (type === "date" || type === "time") return given;
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, normal(each)]));
}
