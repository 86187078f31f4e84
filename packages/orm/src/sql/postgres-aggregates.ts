import type { OperationNode } from "kysely";
import type { AggregateCall } from "../backends/base/functions.ts";
import { raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode, PostgresAggregateName } from "../expressions/expression.ts";
import { ArrayField } from "../fields/array.ts";
import type { Field } from "../fields/field.ts";
import { compileAggregateOrder } from "./aggregate-order.ts";
import type { Compiled, Context } from "./context.ts";
import { decimalPlacesOf, kindOf, outputOf } from "./outputs.ts";
import { requirePostgres } from "./postgres-only.ts";

type Aggregate = Extract<ExpressionNode, { kind: "aggregate" }>;

/** What the values are, and the name in SQL. */
const FUNCTIONS: Readonly<
  Record<PostgresAggregateName, readonly [takes: "any" | "whole" | "truth" | "pairs", sql: string]>
> = {
  arrayAgg: ["any", "array_agg"],
  jsonbAgg: ["any", "jsonb_agg"],
  bitAnd: ["whole", "bit_and"],
  bitOr: ["whole", "bit_or"],
  bitXor: ["whole", "bit_xor"],
  boolAnd: ["truth", "bool_and"],
  boolOr: ["truth", "bool_or"],
  corr: ["pairs", "corr"],
  covarPop: ["pairs", "covar_pop"],
  covarSample: ["pairs", "covar_samp"],
  regrAvgX: ["pairs", "regr_avgx"],
  regrAvgY: ["pairs", "regr_avgy"],
  regrCount: ["pairs", "regr_count"],
  regrIntercept: ["pairs", "regr_intercept"],
  regrR2: ["pairs", "regr_r2"],
  regrSlope: ["pairs", "regr_slope"],
  regrSXX: ["pairs", "regr_sxx"],
  regrSXY: ["pairs", "regr_sxy"],
  regrSYY: ["pairs", "regr_syy"],
};

/** An aggregate that PostgreSQL alone has. */
export function compilePostgresAggregate(
  context: Context,
  node: Aggregate & { readonly name: PostgresAggregateName },
  of: Compiled,
): AggregateCall & { readonly output: Field } {
  const { name } = node;
  const [takes, sql] = FUNCTIONS[name];
  const called = name.charAt(0).toUpperCase() + name.slice(1);
  requirePostgres(context, called);
  if (takes === "pairs") {
    const [y, x] = [of, context.compilers.expression(context, node.second as ExpressionNode)].map((each) =>
      asNumber(context, called, each),
    ) as [OperationNode, OperationNode];
    return { call: raw(`${sql}(`, y, ", ", x, ")"), output: outputOf(name === "regrCount" ? "integer" : "float") };
  }
  const { storage } = of.output.valueField;
  if (takes === "whole" && storage !== "integer" && storage !== "bigint") throw wrongKind(called, "whole numbers", of);
  if (takes === "truth" && storage !== "boolean") throw wrongKind(called, "what is true or false", of);
  if (takes !== "any") {
    return { call: raw(`${sql}(${node.distinct ? "distinct " : ""}`, of.node, ")"), output: of.output };
  }
  const order = compileAggregateOrder(context, node, of);
  const json = name === "jsonbAgg";
  const value = json ? context.backend.functions.toJson(of) : of.node;
  const call = raw(
    `${sql}(${node.distinct ? "distinct " : ""}`,
    value,
    ...(order === undefined ? [] : [" ", order]),
    ")",
  );
  if (json) return { call, output: outputOf("json") };
  return { call, output: arrayOf(of.output.valueField) };
}

const arrays = new WeakMap<Field, ArrayField>();

function arrayOf(base: Field): ArrayField {
  let field = arrays.get(base);
  if (field === undefined) {
    field = new ArrayField({ base }).bind("the value");
    arrays.set(base, field);
  }
  return field;
}

function asNumber({ backend }: Context, called: string, given: Compiled): OperationNode {
  const { storage } = given.output.valueField;
  if (storage !== "real" && decimalPlacesOf(given.output) === undefined) throw wrongKind(called, "numbers", given);
  return backend.functions.toFloat(given);
}

function wrongKind(called: string, wanted: string, { output }: Compiled): FieldError {
  return new FieldError(`${called} is computed of ${wanted}; ${output.label} is of the kind ${kindOf(output)}.`);
}
