import type { OperationNode } from "kysely";
import type { Field } from "../../fields/field.ts";
import type { Typed } from "../base/functions.ts";
import { call, raw } from "../base/raw.ts";
import { BINARY, postgresOperations, TYPES } from "./operations.ts";

/** A value as one of another kind. */
export function cast({ node, output }: Typed, to: Field): OperationNode {
  const from = output.valueField.storage;
  if (from === "dateTime" && to.storage === "text") return isoText(node);
  if (from === "dateTime" && to.storage !== "dateTime")
    return raw("(", node, ` at time zone 'UTC')::${TYPES[to.storage]}`);
  if (from === "date" && to.storage === "dateTime") return raw("(", node, "::timestamp at time zone 'UTC')");
  // A cast alone goes by the session's time zone, which is UTC.
  if (to.storage === "text") return raw("(", node, `::text${BINARY})`);
  if (from === "decimal" && to.storage === "real") return raw(node, "::double precision");
  if (to.storage === "decimal") return raw(node, `::${postgresOperations.columnType(to)}`);
  if (to.storage === "integer" || to.storage === "bigint") return whole(node, from);
  if (to.storage === "boolean") return raw("(", node, "::bigint <> 0)");
  return raw(node, `::${TYPES[to.storage]}`);
}

/** Half away from zero, as of decimals; a float alone would be rounded half to even. */
function whole(node: OperationNode, from: string): OperationNode {
  if (from === "boolean") return raw(node, "::integer");
  return raw(node, from === "real" ? "::numeric::bigint" : "::bigint");
}

/** `2026-11-21T07:03:12.345Z`, as JavaScript writes a `Date`. */
function isoText(node: OperationNode): OperationNode {
  return raw("(to_char(", node, ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')${BINARY})`);
}

/** A value as JSON, inside of JSON. */
export function toJson({ node, output }: Typed): OperationNode {
  switch (output.valueField.storage) {
    case "dateTime":
      return isoText(node);
    case "bigint":
    case "decimal":
    case "uuid":
    case "date":
    case "time":
      return raw("(", node, "::text)");
    default:
      return node;
  }
}

/** JSON of keys with values, or of values alone. */
export function jsonOf(what: "object" | "array", parts: readonly OperationNode[]): OperationNode {
  return call(`jsonb_build_${what}`, ...parts);
}

/** The number rounded, of what is a float, a whole number or a decimal. */
export function rounded(how: "ceil" | "floor" | "round", { node, output }: Typed, places: number): OperationNode {
  const { storage } = output.valueField;
  if (how !== "round") return call(how, node);
  const numeric = raw("round(", node, storage === "decimal" ? `, ${places})` : `::numeric, ${places})`);
  if (storage === "decimal") return numeric;
  return raw(numeric, storage === "real" ? "::double precision" : "::bigint");
}
