import { raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { truth } from "./nodes.ts";
import { decimalPlacesOf, outputOf } from "./outputs.ts";
import { unified } from "./unify.ts";
import { decimalValue } from "./values.ts";

type Aggregate = Extract<ExpressionNode, { kind: "aggregate" }>;

/** `count(distinct x) filter (where …)`. */
export function compileAggregate(context: Context, node: Aggregate): Compiled {
  const inner: Context = { ...context, reuse: "all", note: () => {} };
  const of = node.of === undefined ? undefined : inner.compilers.expression(inner, node.of);
  if (of?.aggregate)
    throw new FieldError(`${nameOf(node)} cannot be computed of another aggregate; use aggregate() for that.`);
  if (of?.window) throw new FieldError(`${nameOf(node)} cannot be computed of a window function.`);
  const plain = call(context, node, of);
  const found = node.filter === undefined ? undefined : inner.compilers.condition(inner, node.filter);
  const sql = found === undefined ? plain.node : raw(plain.node, " filter (where ", truth(found.clause), ")");
  const compiled: Compiled = {
    ...NO_USES,
    aggregate: true,
    node: sql,
    output: plain.output,
    nullable: node.name !== "count",
  };
  if (node.otherwise === undefined) return compiled;
  const text = node.otherwise.kind === "value" && typeof node.otherwise.value === "string";
  const otherwise =
    text && plain.output.valueField.storage === "decimal"
      ? decimalValue(context, (node.otherwise as { value: string }).value)
      : context.compilers.expression(inner, node.otherwise);
  const [a, b] = unified(context, [compiled, otherwise], nameOf(node)) as [Compiled, Compiled];
  return { ...a, node: raw("coalesce(", a.node, ", ", b.node, ")"), nullable: otherwise.nullable };
}

function call(
  context: Context,
  { name, distinct }: Aggregate,
  of: Compiled | undefined,
): Pick<Compiled, "node" | "output"> {
  const { functions } = context.backend;
  if (of === undefined) return { node: raw("count(*)"), output: outputOf("integer") };
  const simple = raw(`${name}(${distinct ? "distinct " : ""}`, of.node, ")");
  const { storage } = of.output.valueField;
  switch (name) {
    case "count":
      return { node: simple, output: outputOf("integer") };
    case "avg":
      requireNumber(name, of);
      return { node: functions.average(of, distinct), output: outputOf("float") };
    case "sum":
      if (storage !== "duration") requireNumber(name, of);
      return { node: simple, output: storage === "integer" ? outputOf("integer") : of.output };
    default:
      return { node: functions.extremeOf(name, of, distinct), output: of.output };
  }
}

function requireNumber(name: string, { output }: Compiled): void {
  if (output.valueField.storage === "real" || decimalPlacesOf(output) !== undefined) return;
  throw new FieldError(`${name} is computed of numbers; ${output.label} is a ${output.valueField.kind}.`);
}

function nameOf({ name }: Aggregate): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
