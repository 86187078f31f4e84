import { describe, expect, test } from "vitest";
import { BadMigrationError } from "../../src/exceptions.ts";
import { ConditionBuilder } from "../../src/expressions/condition.ts";
import { CONDITION } from "../../src/expressions/symbols.ts";
import { conditionStateOf } from "../../src/migrations/condition-of.ts";
import { conditionSql } from "../../src/migrations/condition-sql.ts";
import { namesIn } from "../../src/migrations/condition-state.ts";

const q = (...lookups: [string, unknown][]) => new ConditionBuilder({ kind: "lookups", lookups });
const column = (name: string) => ({
  sql: `"${name}"`,
  literal: (value: unknown) => (typeof value === "string" ? `'${value}'` : String(value)),
});

describe("conditionStateOf", () => {
  const condition = q(["price__gte", "0"]).or(q(["title", ""]).not());
  const expected = { $or: [{ price__gte: "0" }, { $not: { title: "" } }] };

  test("writes a condition, its data, and lookups in the same way", () => {
    expect(conditionStateOf(condition)).toEqual(expected);
    expect(conditionStateOf(condition[CONDITION])).toEqual(expected);
    expect(conditionStateOf({ price__gte: "0" })).toEqual({ price__gte: "0" });
    expect(conditionStateOf({ kind: "novel" })).toEqual({ kind: "novel" });
  });

  test("keeps two lookups of one name", () => {
    expect(conditionStateOf(q(["a", 1], ["a", 2]))).toEqual({ $and: [{ a: 1 }, { a: 2 }] });
  });

  test("namesIn finds every field", () => {
    expect(namesIn(conditionStateOf(condition))).toEqual(["price", "title"]);
  });
});

describe("conditionSql", () => {
  test.each([
    [{ a: 1 }, `"a" = 1`],
    [{ a: null }, `"a" IS NULL`],
    [{ a__isnull: false }, `"a" IS NOT NULL`],
    [{ a__gt: 1, b__lte: "x" }, `("a" > 1) AND ("b" <= 'x')`],
    [{ a__in: [1, 2] }, `"a" IN (1, 2)`],
    [{ a__in: [] }, "1 = 0"],
    [{ a__range: [1, 5] }, `"a" BETWEEN 1 AND 5`],
    [{ $or: [{ a: 1 }, { $not: { b: "x" } }] }, `("a" = 1) OR (NOT ("b" = 'x'))`],
    [{ $xor: [{ a: 1 }, { a: 2 }, { a: 3 }] }, `((("a" = 1) <> ("a" = 2)) <> ("a" = 3))`],
  ])("%j is %s", (condition, sql) => {
    expect(conditionSql(condition, column)).toBe(sql);
  });

  test("refuses what cannot stand in a check, and says what can", () => {
    expect(() => conditionSql({ author__name: "x" }, column)).toThrow(BadMigrationError);
    expect(() => conditionSql({ title__icontains: "x" }, column)).toThrow(
      'The condition "title__icontains" cannot be a check or the condition of an index. ' +
        "There, conditions are on the model's own fields, with exact, gt, gte, lt, lte, in, range or isnull.",
    );
  });
});
