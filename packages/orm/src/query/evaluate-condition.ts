import { SEPARATOR } from "../constants.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import { expressionOf } from "../expressions/expression.ts";
import { compareDecimals, isDecimal } from "../fields/decimal-text.ts";
import type { Field } from "../fields/field.ts";

/** True, false, or undefined for what is unknown: null in the values, or more than can be told without a database. */
export type Truth = boolean | undefined;

type Read = (name: string) => { readonly field: Field; readonly value: unknown } | undefined;

/** Whether values of one row meet a condition on its own fields, as a CHECK constraint asks. */
export function evaluateCondition(node: ConditionNode, read: Read): Truth {
  switch (node.kind) {
    case "lookups":
      return every(node.lookups.map(([path, value]) => lookup(path, value, read)));
    case "and":
      return every(node.children.map((child) => evaluateCondition(child, read)));
    case "or":
      return not(every(node.children.map((child) => not(evaluateCondition(child, read)))));
    case "xor": {
      const truths = node.children.map((child) => evaluateCondition(child, read));
      return truths.includes(undefined) ? undefined : truths.filter(Boolean).length % 2 === 1;
    }
    case "not":
      return not(evaluateCondition(node.child, read));
    default:
      return undefined;
  }
}

function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function lookup(path: string, expected: unknown, read: Read): Truth {
  const [name = "", operator = "exact", ...rest] = path.split(SEPARATOR);
  const found = read(name);
  if (found === undefined || rest.length > 0 || expressionOf(expected) !== undefined) return undefined;
  const { value, field } = found;
  const isNull = value === null || value === undefined;
  if (operator === "isnull") return isNull === expected;
  if (operator === "exact" && expected === null) return isNull;
  if (isNull) return undefined;
  const to = (other: unknown) => compare(field.valueField.storage, value, other);
  switch (operator) {
    case "exact":
      return ifKnown(to(expected), (order) => order === 0);
    case "gt":
      return ifKnown(to(expected), (order) => order > 0);
    case "gte":
      return ifKnown(to(expected), (order) => order >= 0);
    case "lt":
      return ifKnown(to(expected), (order) => order < 0);
    case "lte":
      return ifKnown(to(expected), (order) => order <= 0);
    case "in":
      if (!Array.isArray(expected)) return undefined;
      return not(every(expected.map((each) => ifKnown(to(each), (order) => order !== 0))));
    case "range":
      if (!Array.isArray(expected)) return undefined;
      return every([ifKnown(to(expected[0]), (order) => order >= 0), ifKnown(to(expected[1]), (order) => order <= 0)]);
    default:
      return undefined;
  }
}

function ifKnown(order: number | undefined, test: (order: number) => boolean): Truth {
  return order === undefined ? undefined : test(order);
}

/** As the database orders values of one kind; undefined where that cannot be told here. */
function compare(storage: Field["storage"], left: unknown, right: unknown): number | undefined {
  if (left instanceof Date && right instanceof Date) return Math.sign(left.getTime() - right.getTime());
  if (typeof left !== typeof right || left === null || typeof left === "object") return undefined;
  if (typeof left === "string") return compareTexts(storage, left, right as string);
  return left === right ? 0 : (left as number) < (right as number) ? -1 : 1;
}

function compareTexts(storage: Field["storage"], left: string, right: string): number | undefined {
  switch (storage) {
    case "decimal":
      return isDecimal(left) && isDecimal(right) ? compareDecimals(left, right) : undefined;
    case "time":
      // "07:03" and "07:03:00" are one time.
      return left.length === right.length ? Buffer.compare(Buffer.from(left), Buffer.from(right)) : undefined;
    case "uuid":
      return compareTexts("text", left.toLowerCase(), right.toLowerCase());
    default:
      return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
}
