import { expect, test } from "vitest";
import { fields } from "../../src/index.ts";
import { evaluateCondition } from "../../src/query/evaluate-condition.ts";

const KINDS = {
  time: fields.time(),
  uuid: fields.uuid(),
  decimal: fields.decimal({ maxDigits: 8, decimalPlaces: 2 }),
  text: fields.text(),
  number: fields.integer(),
} as const;

const UUID = "0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69";

/** A field's value, a condition on it, and whether the row meets it; undefined is the database's to tell. */
const CASES: readonly [kind: keyof typeof KINDS, value: unknown, lookup: string, other: unknown, met: unknown][] = [
  ["time", "18:00", "lte", "18:00", true],
  ["time", "18:30", "lte", "18:00", false],
  ["time", "18:00:00", "lte", "18:00", undefined],
  ["uuid", UUID.toUpperCase(), "exact", UUID, true],
  ["uuid", UUID, "in", [UUID.toUpperCase()], true],
  ["decimal", "-0.50", "exact", "-.5", true],
  ["decimal", "-0.50", "lt", "-0.49", true],
  ["decimal", "10", "gt", "9.99", true],
  ["decimal", "ten", "gt", "9.99", undefined],
  ["text", "a", "range", ["A", "b"], true],
  ["number", null, "gte", 0, undefined],
  ["number", 1n, "gte", 0, undefined],
];

test.each(CASES)("%s %s %s %s: %s", (kind, value, lookup, other, met) => {
  const field = KINDS[kind] as never;
  const condition = { kind: "lookups", lookups: [[`it__${lookup}`, other]] } as const;
  expect(evaluateCondition(condition, () => ({ field, value }))).toBe(met);
});
