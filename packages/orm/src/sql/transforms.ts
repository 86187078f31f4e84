import type { DatePart } from "../backends/base/functions.ts";
import { datePartNames } from "../lookups/names.ts";
import type { Compiled, Context } from "./context.ts";
import { outputOf } from "./outputs.ts";

/** `published__year`, `published__date`; undefined where the values have no such part. */
export function applyTransform({ backend }: Context, compiled: Compiled, name: string): Compiled | undefined {
  const { storage } = compiled.output.valueField;
  const parts: readonly string[] = datePartNames(storage);
  if (parts.includes(name)) {
    const node = backend.functions.datePart(compiled.node, storage, name as DatePart);
    return { ...compiled, node, output: partOutput(compiled, name) };
  }
  if (storage === "dateTime" && (name === "date" || name === "time")) {
    return { ...compiled, node: backend.functions.ofDateTime(compiled.node, name), output: outputOf(name) };
  }
  return undefined;
}

/** Named after what it is a part of, for messages. */
function partOutput({ output }: Compiled, name: string): Compiled["output"] {
  return outputOf("integer").clone().bind(`The ${name} of ${output.label}`);
}
