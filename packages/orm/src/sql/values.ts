import type { OperationNode } from "kysely";
import { QueryError } from "../exceptions.ts";
import type { Field } from "../fields/field.ts";
import { boundValue } from "./bound.ts";
import { type Compiled, type Context, NO_USES } from "./context.ts";
import { immediate } from "./nodes.ts";
import { decimalOutput, outputOf, outputOfValue } from "./outputs.ts";

/** The name of the output of a null that is written out. */
export const NULL_NAME = "null";

/** What a text that was written out is as a value of another kind. */
type ReadAs = (output: Field) => Compiled;

const written = new WeakMap<OperationNode, ReadAs>();

/** Notes that SQL is nothing but texts that were written out: beside a date it is a date, beside a decimal one. */
export function noteWritten(node: OperationNode, read: ReadAs): void {
  written.set(node, read);
}

/** How SQL that is nothing but texts that were written out is read as another kind; undefined for any other. */
export function writtenIn({ node }: Compiled): ReadAs | undefined {
  return written.get(node);
}

/** A value that stands for itself. */
export function compileValue(context: Context, value: unknown, as?: Field, place?: number): Compiled {
  const { backend } = context;
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
  if (as === undefined && typeof value === "string") {
    noteWritten(node, (other) =>
      other.valueField.storage === "decimal"
        ? decimalValue(context, value)
        : compileValue(context, value, other, place),
    );
  }
  return { ...NO_USES, node, output, nullable: false };
}

/** A decimal that was written as a string, with the places that it has. */
export function decimalValue(context: Context, value: string): Compiled {
  const places = /\.(\d*)$/.exec(value)?.[1]?.length ?? 0;
  return compileValue(context, value, decimalOutput(places));
}

/** Whether it is a null that was written out, which is of any kind. */
export function isNullLiteral({ output, nullable, columns }: Compiled): boolean {
  return nullable && columns.length === 0 && output.name === NULL_NAME;
}
