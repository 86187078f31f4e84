import { describeValue } from "@tsjango/kernel/utils";
import type { TransformName, TruncName } from "../backends/base/functions.ts";
import { QueryError } from "../exceptions.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { timeZoneName } from "../expressions/time-zone.ts";
import type { Query, Step } from "../sql/query.ts";

/** The order of `dates` and `datetimes`. */
export interface DatesOptions {
  /** Default: the earliest first. */
  readonly order?: "asc" | "desc";
}

/** What `datetimes` takes. */
export interface DateTimesOptions extends DatesOptions {
  /** The IANA name of the time zone whose years, months … it is about: `"Europe/Prague"`. Default: UTC. */
  readonly timeZone?: string;
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
  given: { readonly path: string; readonly kind: string } & DateTimesOptions,
): Partial<Query> {
  const { path, kind, order = "asc" } = given;
  // Undefined is never meant: a zone that was not found must not be UTC.
  const isZoned = "timeZone" in given;
  if (!(KINDS[method] as readonly string[]).includes(kind)) {
    throw new QueryError(`${method}() takes one of ${KINDS[method].join(", ")}; found ${describeValue(kind)}.`);
  }
  if (order !== "asc" && order !== "desc") {
    throw new QueryError(`${method}(): order is "asc" or "desc"; found ${describeValue(order)}.`);
  }
  if (isZoned && method === "dates") {
    throw new QueryError("dates() takes no timeZone: use datetimes(), or the values of TruncDate with a timeZone.");
  }
  const truncated: ExpressionNode = {
    kind: "transform",
    of: { kind: "reference", path },
    name: truncation(kind),
    timeZone: isZoned ? timeZoneName(given.timeZone) : undefined,
  };
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
