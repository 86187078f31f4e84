import { describeValue } from "@tsjango/kernel/utils";
import type { TransformName, TruncName } from "../backends/base/functions.ts";
import { QueryError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Query, Step } from "../sql/query.ts";

/** The order of `dates` and `datetimes`. */
export interface DatesOptions {
  /** Default: the earliest first. */
  readonly order?: "asc" | "desc";
}

/** No field has this name. */
const NAME = "$date";

const KINDS = {
  dates: ["year", "quarter", "month", "week", "day"],
  datetimes: ["year", "quarter", "month", "week", "day", "hour", "minute", "second"],
} as const;

/** The beginnings of the years, months … in which there are rows, each once, in order. */
export function datesOf(
  query: Query,
  method: "dates" | "datetimes",
  { path, kind, order = "asc" }: { readonly path: string; readonly kind: string } & DatesOptions,
): Partial<Query> {
  if (!(KINDS[method] as readonly string[]).includes(kind)) {
    throw new QueryError(`${method}() takes one of ${KINDS[method].join(", ")}; found ${describeValue(kind)}.`);
  }
  if (order !== "asc" && order !== "desc") {
    throw new QueryError(`${method}(): order is "asc" or "desc"; found ${describeValue(order)}.`);
  }
  const reference: ExpressionNode = { kind: "reference", path };
  const truncated: ExpressionNode = { kind: "transform", of: reference, name: truncation(kind) };
  const expression: ExpressionNode =
    method === "datetimes" ? truncated : { kind: "cast", of: truncated, output: { kind: "date", options: {} } };
  const annotation: Step = { kind: "annotation", name: NAME, expression, selected: true };
  const present: ConditionNode = { kind: "lookups", lookups: [[`${path}__isnull`, false]] };
  const steps: readonly Step[] = [...query.steps, present, annotation];
  return {
    steps,
    values: { names: [NAME], form: "flat", at: steps.length },
    distinct: [],
    ordering: [order === "asc" ? NAME : `-${NAME}`],
    reversed: false,
  };
}

function truncation(kind: string): TransformName {
  return `trunc${kind.charAt(0).toUpperCase()}${kind.slice(1)}` as TruncName;
}
