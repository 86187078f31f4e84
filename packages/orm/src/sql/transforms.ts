import type { DatePart, TruncName } from "../backends/base/functions.ts";
import type { Storage } from "../backends/base/operations.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import { datePartNames } from "../lookups/names.ts";
import type { Compiled, Context } from "./context.ts";
import { applyCustomTransform } from "./custom-transform.ts";
import { kindOf, outputOf } from "./outputs.ts";
import { unaccented } from "./unaccent.ts";

/** `published__year`, `published__date`; undefined where the values have no such part. */
export function applyTransform(
  context: Context,
  compiled: Compiled,
  { name, timeZone = "UTC" }: { readonly name: string; readonly timeZone?: string | undefined },
): Compiled | undefined {
  const { backend } = context;
  const { storage } = compiled.output.valueField;
  const dated = { node: compiled.node, storage, timeZone };
  const parts: readonly string[] = datePartNames(storage);
  if (parts.includes(name)) {
    const node = backend.functions.datePart(dated, name as DatePart);
    return { ...compiled, node, output: partOutput(compiled, name) };
  }
  if (storage === "dateTime" && (name === "date" || name === "time")) {
    return { ...compiled, node: backend.functions.ofDateTime(dated, name), output: outputOf(name) };
  }
  if (storage === "text" && name === "unaccent") return unaccented(context, compiled);
  return applyCustomTransform(context, compiled, name);
}

/** The names of what is cut off, by what keeps it as it is. */
const TRUNCATIONS: Partial<Record<Storage, readonly string[]>> = {
  date: ["truncYear", "truncQuarter", "truncMonth", "truncWeek", "truncDay"],
  time: ["truncHour", "truncMinute", "truncSecond"],
};

/** `ExtractYear("published")`, `TruncMonth("published")`. Throws `FieldError` where the values have no such part. */
export function compileTransform(
  context: Context,
  { of, name, timeZone }: Extract<ExpressionNode, { kind: "transform" }>,
): Compiled {
  const given = context.compilers.expression(context, of);
  const { storage } = given.output.valueField;
  if (timeZone !== undefined && storage !== "dateTime") {
    throw new FieldError(
      `${given.output.label} is of the kind ${kindOf(given.output)}: only a dateTime can be read in a time zone. Leave out timeZone.`,
    );
  }
  const truncations =
    storage === "dateTime" ? [...(TRUNCATIONS.date ?? []), ...(TRUNCATIONS.time ?? [])] : TRUNCATIONS[storage];
  if (truncations?.includes(name)) {
    const node = context.backend.functions.truncated(
      { node: given.node, storage, timeZone: timeZone ?? "UTC" },
      name as TruncName,
    );
    return { ...given, node, output: outputOf(storage as "date" | "time" | "dateTime") };
  }
  const compiled = applyTransform(context, given, { name, timeZone });
  if (compiled !== undefined) return compiled;
  const part = name.replace(/^trunc/, "").toLowerCase();
  throw new FieldError(`${given.output.label} is of the kind ${kindOf(given.output)}, which has no ${part}.`);
}

/** Named after what it is a part of, for messages. */
function partOutput({ output }: Compiled, name: string): Compiled["output"] {
  return outputOf("integer").clone().bind(`The ${name} of ${output.label}`);
}
