import { call, listed, raw } from "../backends/base/raw.ts";
import { FieldError } from "../exceptions.ts";
import { calledOf } from "../expressions/called.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { type Compiled, type Context, usesOf } from "./context.ts";
import { decimalOutput, isNumeric, kindOf, outputOf } from "./outputs.ts";
import { asText, compilePlain, isPlain } from "./plain-function.ts";
import { comparable, compileAlike, unified } from "./unify.ts";

type FunctionNode = Extract<ExpressionNode, { kind: "function" }>;

/** `lower(x)`, `coalesce(a, b)` and the like. */
export function compileFunction(context: Context, { name, args }: FunctionNode): Compiled {
  const { functions } = context.backend;
  if (isPlain(name)) {
    return compilePlain(
      context,
      name,
      args.map((each) => context.compilers.expression(context, each)),
    );
  }
  if (name === "jsonObject" || name === "jsonArray") return compileJson(context, { kind: "function", name, args });
  const values = compileAlike(context, args);
  const uses = usesOf(values);
  const nullable = values.some((value) => value.nullable);
  const [first] = values as [Compiled];
  switch (name) {
    case "lower":
    case "upper":
      return {
        ...uses,
        node: functions[name](asText(context, name, first).node),
        output: outputOf("text"),
        nullable,
      };
    case "length":
      return {
        ...uses,
        node: call("length", asText(context, name, first).node),
        output: outputOf("integer"),
        nullable,
      };
    case "concat": {
      const texts = values.map((value) => asText(context, name, value));
      // A part that is null counts as empty, as in Django.
      const parts = texts.map((value) => (value.nullable ? raw("coalesce(", value.node, ", '')") : value.node));
      const joined = parts.flatMap((part, index) => (index === 0 ? [part] : [" || ", part]));
      return { ...uses, node: raw("(", ...joined, ")"), output: outputOf("text"), nullable: false };
    }
    case "coalesce": {
      const same = unified(context, values, "Coalesce");
      const node = raw("coalesce(", ...listed(same.map((value) => value.node)), ")");
      return { ...uses, node, output: chosenOutput(same), nullable: values.every((value) => value.nullable) };
    }
    case "greatest":
    case "least": {
      const same = unified(context, values, name === "greatest" ? "Greatest" : "Least");
      const node = functions.extreme(
        name,
        same.map((value) => value.node),
      );
      return { ...uses, node, output: chosenOutput(same), nullable: values.every((value) => value.nullable) };
    }
    case "nullIf": {
      const [a, b] = comparable(context, first, values[1] as Compiled);
      return { ...uses, node: call("nullif", a.node, b.node), output: a.output, nullable: true };
    }
    case "abs":
      return { ...uses, node: call("abs", first.node), output: first.output, nullable };
    case "ceil":
    case "floor":
    case "round":
      return compileRounded(context, name, { given: first, places: placesIn(args[1]) });
    case "sign": {
      requireNumber(name, first);
      return { ...uses, node: call("sign", functions.toFloat(first)), output: outputOf("float"), nullable };
    }
    case "now":
      return { ...uses, node: functions.now(), output: outputOf("dateTime"), nullable: false };
  }
}

function chosenOutput(values: readonly Compiled[]): Compiled["output"] {
  return (values.find((value) => value.columns.length > 0) ?? (values[0] as Compiled)).output;
}

/** The decimal places that `Round` was given. */
function placesIn(node: ExpressionNode | undefined): number {
  return node?.kind === "value" ? Number(node.value) : 0;
}

/** Whole numbers stay as they are, unless they are rounded before the point; decimals keep the places that are left. */
function compileRounded(
  context: Context,
  name: "ceil" | "floor" | "round",
  { given, places }: { readonly given: Compiled; readonly places: number },
): Compiled {
  requireNumber(name, given);
  const { storage } = given.output.valueField;
  if (storage !== "real" && storage !== "decimal" && places >= 0) return given;
  const node = context.backend.functions.rounded(name, given, places);
  const output = storage === "decimal" ? decimalOutput(Math.max(places, 0)) : given.output;
  return { ...given, node, output };
}

function compileJson(context: Context, { name, args }: FunctionNode): Compiled {
  const { functions } = context.backend;
  const values = args.map((each) => context.compilers.expression(context, each));
  const isKey = (index: number) => name === "jsonObject" && index % 2 === 0;
  const parts = values.map((value, index) => {
    if (isKey(index)) return value.node;
    const { storage, kind } = value.output.valueField;
    if (storage === "binary" || storage === "duration") {
      throw new FieldError(`JSON has no ${kind}, which ${value.output.label} is.`);
    }
    return functions.toJson(value);
  });
  const what = name === "jsonObject" ? "object" : "array";
  return { ...usesOf(values), node: functions.jsonOf(what, parts), output: outputOf("json"), nullable: false };
}

function requireNumber(name: string, { output }: Compiled): void {
  if (isNumeric(output)) return;
  throw new FieldError(`${calledOf(name)} takes a number; ${output.label} is of the kind ${kindOf(output)}.`);
}
