import { call, listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { type Compiled, type Context, usesOf } from "./context.ts";
import { outputOf } from "./outputs.ts";
import { comparable, compileAlike, unified } from "./unify.ts";

type FunctionNode = Extract<ExpressionNode, { kind: "function" }>;

/** `lower(x)`, `coalesce(a, b)` and the like. */
export function compileFunction(context: Context, { name, args }: FunctionNode): Compiled {
  const { functions } = context.backend;
  const values = compileAlike(context, args);
  const uses = usesOf(values);
  const nullable = values.some((value) => value.nullable);
  const [first] = values as [Compiled];
  switch (name) {
    case "lower":
    case "upper":
      requireText(name, values);
      return { ...uses, node: functions[name](first.node), output: outputOf("text"), nullable };
    case "length":
      requireText(name, values);
      return { ...uses, node: call("length", first.node), output: outputOf("integer"), nullable };
    case "concat": {
      requireText(name, values);
      // A part that is null counts as empty, as in Django.
      const parts = values.map((value) => (value.nullable ? raw("coalesce(", value.node, ", '')") : value.node));
      const joined = parts.flatMap((part, index) => (index === 0 ? [part] : [" || ", part]));
      return { ...uses, node: raw("(", ...joined, ")"), output: outputOf("text"), nullable: false };
    }
    case "coalesce": {
      const same = unified(context, values, "Coalesce");
      const node = raw("coalesce(", ...listed(same.map((value) => value.node)), ")");
      return { ...uses, node, output: kindOf(same), nullable: values.every((value) => value.nullable) };
    }
    case "greatest":
    case "least": {
      const same = unified(context, values, name === "greatest" ? "Greatest" : "Least");
      const node = functions.extreme(
        name,
        same.map((value) => value.node),
      );
      return { ...uses, node, output: kindOf(same), nullable: values.every((value) => value.nullable) };
    }
    case "nullIf": {
      const [a, b] = comparable(context, first, values[1] as Compiled);
      return { ...uses, node: call("nullif", a.node, b.node), output: a.output, nullable: true };
    }
    case "abs":
      return { ...uses, node: call("abs", first.node), output: first.output, nullable };
    case "now":
      return { ...uses, node: functions.now(), output: outputOf("dateTime"), nullable: false };
  }
}

function kindOf(values: readonly Compiled[]): Compiled["output"] {
  return (values.find((value) => value.columns.length > 0) ?? (values[0] as Compiled)).output;
}

function requireText(name: string, values: readonly Compiled[]): void {
  for (const { output } of values) {
    if (["text", "json", "uuid"].includes(output.valueField.storage)) continue;
    throw new FieldError(`${name} takes texts; ${output.label} is a ${output.valueField.kind}.`);
  }
}
