import type { OperationNode } from "kysely";
import type { Storage } from "../backends/base/operations.ts";
import { FieldError } from "../exceptions.ts";
import { type ExpressionNode, expressionOf } from "../expressions/expression.ts";
import { QUERY } from "../expressions/symbols.ts";
import type { Field } from "../fields/field.ts";
import { bound } from "./bound.ts";
import { castTo } from "./cast.ts";
import type { Compiled, Context } from "./context.ts";
import { compileExpression } from "./expression-compiler.ts";
import { kindOf } from "./outputs.ts";
import { isNullLiteral, writtenIn } from "./values.ts";

/** The value or expression that a column is set to. */
export function assigned(context: Context, field: Field, value: unknown, place?: number): OperationNode {
  const { backend } = context;
  const expression = expressionOf(value);
  if (expression === undefined) return bound(place, value, (each) => field.toSave(each, backend));
  const compiled = compileExpression(context, expression);
  if (compiled.aggregate || compiled.window) {
    throw new FieldError(`${field.label} cannot be set to what is computed of several rows. Use Subquery for that.`);
  }
  return asColumn(context, field, compiled).node;
}

const NUMBERS: ReadonlySet<Storage> = new Set<Storage>(["integer", "bigint", "real", "decimal"]);
const MOMENTS: ReadonlySet<Storage> = new Set<Storage>(["date", "dateTime"]);

/** What is computed, in the unit of the column: rounded to its places, the day of a moment. */
function asColumn(context: Context, field: Field, given: Compiled): Compiled {
  const [to, from] = [field.valueField.storage, given.output.valueField.storage];
  if (isNullLiteral(given)) return given;
  if ([NUMBERS, MOMENTS].some((kinds) => kinds.has(to) && kinds.has(from))) {
    return to === from && to !== "decimal" ? given : castTo(context, given, field.valueField);
  }
  if (from !== "text" || TAKES_TEXT.has(to)) return given;
  const written = writtenIn(given)?.(field);
  if (written !== undefined) return asColumn(context, field, written);
  throw new FieldError(
    `${field.label} (${kindOf(field)}) cannot be set to ${given.output.label} (${kindOf(given.output)}): ` +
      "their kinds differ. Make it one, with Cast(…).",
  );
}

/** What columns of other kinds are given as text. */
const TAKES_TEXT: ReadonlySet<Storage> = new Set<Storage>(["text", "json", "array", "searchVector", "searchQuery"]);

/** The same of a row that is not there yet: an expression cannot read it. */
export function assignedToNew(context: Context, field: Field, value: unknown): OperationNode {
  const path = pathIn(expressionOf(value));
  if (path === undefined) return assigned(context, field, value);
  throw new FieldError(
    `${field.label}: F("${path}") reads a row that is there; a new one has no values yet. Compute the value first.`,
  );
}

/** Whether a value reads other rows, which an update may have written already. */
export function readsOtherRows(value: unknown): boolean {
  return holdsQuery(expressionOf(value));
}

function holdsQuery(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  if (Array.isArray(part)) return part.some(holdsQuery);
  if (QUERY in part) return true;
  const node = expressionOf(part) ?? part;
  if (Object.getPrototypeOf(node) !== Object.prototype) return false;
  const { kind } = node as { readonly kind?: unknown };
  return kind === "subquery" || kind === "exists" || Object.values(node).some(holdsQuery);
}

/** The first path that an expression reads, outside of subqueries. */
function pathIn(node: ExpressionNode | undefined): string | undefined {
  if (node === undefined || node.kind === "subquery" || node.kind === "exists" || node.kind === "value")
    return undefined;
  if (node.kind === "reference") return node.path;
  const parts = Object.values(node).flatMap((part: unknown) => (Array.isArray(part) ? part : [part])) as unknown[];
  for (const part of parts) {
    const path = isNode(part) ? pathIn(part) : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

function isNode(part: unknown): part is ExpressionNode {
  return typeof part === "object" && part !== null && "kind" in part;
}
