import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode, ReferenceNode } from "kysely";
import { FieldError, FieldValueError } from "../exceptions.ts";
import type { Clause, Compiled, Context } from "./context.ts";
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

/** A key that is compared with another one, such as that of the query around. */
export function compareKeys(_context: Context, { left, path, name }: Lookup, right: Compiled): Clause {
  const [keys, others] = [keyColumns(left), keyColumns(right)];
  if (name !== "exact" || keys.length !== others.length) {
    const names = left.output.keyFields.map((field) => field.attribute).join(", ");
    throw new FieldError(`"${path}" is a key of several columns (${names}): compare each of them.`);
  }
  return join(
    "and",
    keys.map((key, index) => binary(key, "=", others[index] as OperationNode)),
  );
}

/** The columns of a key; of anything else its own. */
export function keyColumns({ node, output }: Compiled): OperationNode[] {
  return output.hasColumn ? [node] : output.keyFields.map(({ column }) => besides(node, column));
}

/** Another column of the same table. */
function besides(node: OperationNode, name: string): OperationNode {
  const reference = node as ReferenceNode & { column: { column: { kind: "IdentifierNode"; name: string } } };
  const { column } = reference;
  return { ...reference, column: { ...column, column: { ...column.column, name } } } as OperationNode;
}
