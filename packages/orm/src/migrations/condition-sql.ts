import { BadMigrationError } from "../exceptions.ts";
import type { ConditionState } from "./condition-state.ts";

/** What a condition needs to know of a field: its quoted column, and how a value stands in SQL. */
export interface ConditionColumn {
  readonly sql: string;
  literal(value: unknown): string;
}

const COMPARISONS: Readonly<Record<string, string>> = { gt: ">", gte: ">=", lt: "<", lte: "<=" };

/** A condition as SQL without parameters, which is what DDL takes. */
export function conditionSql(condition: ConditionState, column: (name: string) => ConditionColumn): string {
  const parts = Object.entries(condition).map(([key, value]) => {
    const nested = () => (value as readonly ConditionState[]).map((each) => `(${conditionSql(each, column)})`);
    switch (key) {
      case "$and":
        return nested().join(" AND ");
      case "$or":
        return nested().join(" OR ");
      case "$xor":
        return nested().reduce((left, right) => `(${left} <> ${right})`);
      case "$not":
        return `NOT (${conditionSql(value as ConditionState, column)})`;
      default:
        return lookupSql(key, value, column);
    }
  });
  return parts.length === 1 ? (parts[0] as string) : parts.map((part) => `(${part})`).join(" AND ");
}

function lookupSql(key: string, value: unknown, column: (name: string) => ConditionColumn): string {
  const [name, lookup = "exact", ...rest] = key.split("__") as [string, ...string[]];
  const { sql, literal } = column(name);
  const comparison = COMPARISONS[lookup];
  if (rest.length === 0) {
    if (comparison !== undefined) return `${sql} ${comparison} ${literal(value)}`;
    switch (lookup) {
      case "exact":
        return value === null ? `${sql} IS NULL` : `${sql} = ${literal(value)}`;
      case "isnull":
        return value ? `${sql} IS NULL` : `${sql} IS NOT NULL`;
      case "in":
        return inSql(sql, (value as readonly unknown[]).map(literal));
      case "range": {
        const [low, high] = value as readonly [unknown, unknown];
        return `${sql} BETWEEN ${literal(low)} AND ${literal(high)}`;
      }
    }
  }
  throw new BadMigrationError(
    `The condition "${key}" cannot be a check or the condition of an index. ` +
      "There, conditions are on the model's own fields, with exact, gt, gte, lt, lte, in, range or isnull.",
  );
}

/** No value at all is in an empty list; PostgreSQL takes no empty parentheses. */
function inSql(sql: string, values: readonly string[]): string {
  return values.length === 0 ? "1 = 0" : `${sql} IN (${values.join(", ")})`;
}
