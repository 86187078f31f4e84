import { QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { boundValue } from "./bound.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { immediate } from "./nodes.ts";
import { decimalOutput, outputOf, outputOfValue } from "./outputs.ts";

/** The name of the output of a null that is written out. */
export const NULL_NAME = "null";

/** A value that stands for itself. */
export function compileValue({ backend }: Context, value: unknown, as?: Field, place?: number): Compiled {
  if (value === null) {
    const output = as ?? outputOf("text").clone().bind(NULL_NAME);
    return { ...NO_USES, node: immediate(null), output, nullable: true };
  }
  const output = as ?? outputOfValue(value);
  if (output === undefined) {
    throw new QueryError(`A ${(value as object).constructor?.name ?? typeof value} is no value of an expression.`);
  }
  const encoded = boundValue(place, value, (each) => output.toDatabase(each, backend));
  const node = backend.functions.typed(encoded, output.valueField);
  return { ...NO_USES, node, output, nullable: false };
}

/** A decimal that was written as a string, with the places that it has. */
export function decimalValue(context: Context, value: string): Compiled {
  const places = /\.(\d*)$/.exec(value)?.[1]?.length ?? 0;
  return compileValue(context, value, decimalOutput(places));
}
