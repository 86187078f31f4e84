import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode, ReferenceNode } from "kysely";
import { FieldValueError } from "../exceptions.ts";
import type { Clause, Context } from "./context.ts";
import { type Lookup, listOf, plainValue } from "./lookup.ts";
import { binary, join, parameter } from "./nodes.ts";

/** A comparison of a key of several columns: each part is compared with its value. */
export function compileCompositeLookup(context: Context, lookup: Lookup): Clause {
  const values = lookup.name === "in" ? listOf(lookup, lookup.value) : [lookup.value];
  return join(
    "or",
    values.map((value) => equals(context, lookup, value)),
  );
}

function equals({ backend }: Context, lookup: Lookup, value: unknown): Clause {
  const { left, path } = lookup;
  const { keyFields } = left.output;
  const values = plainValue(lookup, value);
  if (!Array.isArray(values) || values.length !== keyFields.length) {
    const names = keyFields.map((field) => field.name).join(", ");
    throw new FieldValueError(`"${path}" takes a list of ${names}; found ${describeValue(values)}.`);
  }
  return join(
    "and",
    keyFields.map((field, index) =>
      binary(besides(left.node, field.column), "=", parameter(field.toDatabase(values[index], backend))),
    ),
  );
}

/** Another column of the same table. */
function besides(node: OperationNode, name: string): OperationNode {
  const reference = node as ReferenceNode & { column: { column: { kind: "IdentifierNode"; name: string } } };
  const { column } = reference;
  return { ...reference, column: { ...column, column: { ...column.column, name } } } as OperationNode;
}
