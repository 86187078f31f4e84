import type { Storage } from "../backends/base/operations.ts";
import { raw } from "../backends/base/raw.ts";
import { quoteName } from "../backends/base/schema-editor.ts";
import { FieldError } from "../exceptions.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { DeconstructedField, Field } from "../fields/field.ts";
import { fieldFrom } from "../fields/field-from.ts";
import { withPlaces } from "./arithmetic.ts";
import type { Compiled, Context } from "./context.ts";
import { kindOf, outputOf } from "./outputs.ts";
import { asText } from "./plain-function.ts";

const NUMBERS: readonly Storage[] = ["integer", "bigint", "real", "decimal", "text"];

/** What can be cast to what, beside to itself. */
const CASTS: Readonly<Record<Storage, readonly Storage[]>> = {
  text: ["integer", "bigint", "real", "decimal", "uuid", "date", "time", "dateTime", "json"],
  integer: [...NUMBERS, "boolean", "json"],
  bigint: [...NUMBERS, "boolean"],
  real: [...NUMBERS, "json"],
  decimal: NUMBERS,
  boolean: ["integer", "bigint", "text", "json"],
  dateTime: ["date", "time", "text"],
  date: ["dateTime", "text"],
  time: ["text"],
  json: ["text", "integer", "bigint", "real", "decimal"],
  uuid: ["text"],
  duration: [],
  binary: [],
  array: [],
  searchVector: ["text"],
  searchQuery: ["text"],
};

/** A value as one of another kind. */
export function compileCast(context: Context, { of, output }: Extract<ExpressionNode, { kind: "cast" }>): Compiled {
  const given = context.compilers.expression(context, of);
  const to = outputFor(output);
  const { storage } = given.output.valueField;
  if (storage === "json" && to.storage !== "json" && to.storage !== "text") {
    return { ...castTo(context, asText(context, "Cast", given), to), nullable: true };
  }
  return castTo(context, given, to);
}

/** A value as one of another kind, that of the field `to`. */
export function castTo(context: Context, given: Compiled, to: Field): Compiled {
  const { storage } = given.output.valueField;
  if (storage !== to.storage && !CASTS[storage].includes(to.storage)) {
    const choices = CASTS[storage].length > 0 ? `It can be ${CASTS[storage].join(", ")}.` : "It can be nothing else.";
    throw new FieldError(
      `Cast: ${given.output.label} is of the kind ${kindOf(given.output)}, which cannot become ${to.kind}. ${choices}`,
    );
  }
  const places = (to as { decimalPlaces?: number }).decimalPlaces;
  if (to.storage === "decimal" && storage !== "real" && storage !== "text" && places !== undefined) {
    return { ...withPlaces(context, given, places), output: to };
  }
  return { ...given, node: context.backend.functions.cast(given, to), output: to };
}

/** A text that is compared by a collation. */
export function compileCollate(
  context: Context,
  { of, collation }: Extract<ExpressionNode, { kind: "collate" }>,
): Compiled {
  const given = asText(context, "Collate", context.compilers.expression(context, of));
  return { ...given, node: raw("(", given.node, ` collate ${quoteName(collation)})`), output: outputOf("text") };
}

const outputs = new WeakMap<DeconstructedField, Field>();

/** The field that plain data describes. */
export function outputFor(data: DeconstructedField): Field {
  let field = outputs.get(data);
  if (field === undefined) {
    field = fieldFrom(data).bind("the value");
    outputs.set(data, field);
  }
  return field;
}
