import type { OperationNode } from "kysely";
import type { AggregateCall } from "../backends/base/functions.ts";
import { raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import { calledOf } from "../expressions/called.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { compileAggregateOrder } from "./aggregate-order.ts";
import { bound } from "./bound.ts";
import { keyColumns } from "./composite-lookup.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { truth } from "./nodes.ts";
import { isNumeric, kindOf, outputOf } from "./outputs.ts";
import { asText } from "./plain-function.ts";
import { compilePostgresAggregate } from "./postgres-aggregates.ts";
import { unified } from "./unify.ts";
import { compileValue, decimalValue } from "./values.ts";

type Aggregate = Extract<ExpressionNode, { kind: "aggregate" }>;

/** `count(distinct x) filter (where …)`. */
export function compileAggregate(context: Context, node: Aggregate): Compiled {
  const inner: Context = { ...context, reuse: "all", note: () => {}, within: calledOf(node.name) };
  const of = node.of === undefined ? undefined : inner.compilers.expression(inner, node.of);
  if (of?.aggregate)
    throw new FieldError(`${calledOf(node.name)} cannot be computed of another aggregate; use aggregate() for that.`);
  if (of?.window) throw new FieldError(`${calledOf(node.name)} cannot be computed of a window function.`);
  const plain = call(inner, node, of);
  const found = node.filter === undefined ? undefined : inner.compilers.condition(inner, node.filter);
  const filtered = found === undefined ? plain.call : raw(plain.call, " filter (where ", truth(found.clause), ")");
  const sql = plain.around === undefined ? filtered : plain.around(filtered);
  const compiled: Compiled = {
    ...NO_USES,
    aggregate: true,
    node: sql,
    output: plain.output,
    nullable: node.name !== "count" && node.name !== "regrCount",
  };
  if (node.otherwise === undefined) return compiled;
  const otherwise = instead(inner, node.otherwise, plain.output);
  const [a, b] = unified(context, [compiled, otherwise], calledOf(node.name)) as [Compiled, Compiled];
  return { ...a, node: raw("coalesce(", a.node, ", ", b.node, ")"), nullable: otherwise.nullable };
}

/** The value of no rows: a text may be a decimal or a date, a list an array or JSON. */
function instead(context: Context, node: ExpressionNode, output: Compiled["output"]): Compiled {
  const { storage } = output.valueField;
  if (node.kind !== "value") return context.compilers.expression(context, node);
  const { value, place } = node;
  if (typeof value === "string" && storage === "decimal") return decimalValue(context, value);
  const written = typeof value === "string" && storage !== "text" && storage !== "array";
  if (storage === "json" || written) return compileValue(context, value, output, place);
  if (storage !== "array") return context.compilers.expression(context, node);
  // Its type is that of the array beside it.
  const list = bound(place, value, (each) => output.toDatabase(each, context.backend));
  return { ...NO_USES, node: list, output, nullable: false };
}

function call(
  context: Context,
  node: Aggregate,
  of: Compiled | undefined,
): AggregateCall & { readonly output: Compiled["output"] } {
  const { functions } = context.backend;
  const { name, distinct } = node;
  if (of === undefined) return { call: raw("count(*)"), output: outputOf("integer") };
  if (name === "count" && !of.output.hasColumn)
    return { call: countOfKeys(context, of, distinct), output: outputOf("integer") };
  const simple = raw(`${name}(${distinct ? "distinct " : ""}`, of.node, ")");
  const { storage } = of.output.valueField;
  switch (name) {
    case "count":
      return { call: simple, output: outputOf("integer") };
    case "avg":
      if (storage === "duration") return { call: simple, output: of.output };
      requireNumber(name, of);
      return { call: functions.average(of, distinct), output: outputOf("float") };
    case "sum":
      if (storage !== "duration") requireNumber(name, of);
      return { call: simple, output: storage === "integer" ? outputOf("integer") : of.output };
    case "stdDev":
    case "stdDevSample":
    case "variance":
    case "varianceSample":
      requireNumber(name, of);
      return { call: functions.spread(name, of, distinct), output: outputOf("float") };
    case "anyValue":
      return { ...functions.anyValue(of), output: of.output };
    case "stringAgg":
      return { ...stringAgg(context, node, asText(context, "StringAgg", of)), output: outputOf("text") };
    case "min":
    case "max":
      return { call: functions.extremeOf(name, of, distinct), output: of.output };
    default:
      return compilePostgresAggregate(context, { ...node, name }, of);
  }
}

/** How many rows have a key of several columns: all of it, or nothing. */
function countOfKeys({ backend }: Context, of: Compiled, distinct: boolean): OperationNode {
  if (!distinct) return raw("count(", of.node, ")");
  const key = backend.functions.jsonOf("array", keyColumns(of));
  return raw("count(distinct case when ", of.node, " is not null then ", key, " end)");
}

function stringAgg(context: Context, node: Aggregate, of: Compiled): AggregateCall {
  const { delimiter, distinct } = node;
  const order = compileAggregateOrder(context, node, of);
  const between = context.compilers.expression(context, delimiter as ExpressionNode).node;
  return context.backend.functions.stringAgg(of.node, { delimiter: between, distinct, order });
}

function requireNumber(name: string, { output }: Compiled): void {
  if (isNumeric(output)) return;
  throw new FieldError(`${calledOf(name)} is computed of numbers; ${output.label} is of the kind ${kindOf(output)}.`);
}
