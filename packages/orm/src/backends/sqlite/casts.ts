import { type OperationNode, ValueNode } from "kysely";
import type { Field } from "../../fields/field.ts";
import type { Typed } from "../base/functions.ts";
import { call, raw } from "../base/raw.ts";

function placesOf(output: Field): number {
  return (output as unknown as { decimalPlaces?: number }).decimalPlaces ?? 0;
}

/** A value as one of another kind. */
export function cast({ node, output }: Typed, to: Field): OperationNode {
  const from = output.valueField;
  switch (to.storage) {
    case "text":
      return asText({ node, output: from });
    case "integer":
    case "bigint":
      if (from.storage === "decimal") return raw("tsjango_decimal_shift(", node, `, ${-placesOf(from)})`);
      return from.storage === "boolean" ? node : call("tsjango_whole_of", node);
    case "real":
      if (from.storage === "text") return call("tsjango_float_of", node);
      if (from.storage === "decimal") return raw("(", node, ` / 1e${placesOf(from)})`);
      return raw("cast(", node, " as real)");
    case "decimal":
      return raw("tsjango_decimal_of(", node, `, ${placesOf(to)})`);
    case "boolean":
      return raw("(", node, " <> 0)");
    case "json":
      return from.storage === "text" ? call("json", node) : toJson({ node, output: from });
    case "uuid":
      return from.storage === "uuid" ? node : call("lower", node);
    default:
      return asMoment({ node, output: from }, to);
  }
}

function asText({ node, output }: Typed): OperationNode {
  switch (output.storage) {
    case "real":
      return call("tsjango_float_text", node);
    case "decimal":
      return raw("tsjango_decimal_text(", node, `, ${placesOf(output)})`);
    case "boolean":
      return raw("case ", node, " when 1 then 'true' when 0 then 'false' end");
    case "dateTime":
      return isoText(node);
    case "time":
      return raw("rtrim(rtrim(", node, ", '0'), '.')");
    default:
      return raw("cast(", node, " as text)");
  }
}

/** `2026-11-21T07:03:12.345Z`, as JavaScript writes a `Date`. */
function isoText(node: OperationNode): OperationNode {
  return raw("(substr(", node, ", 1, 10) || 'T' || substr(", node, ", 12, 12) || 'Z')");
}

function asMoment({ node, output }: Typed, to: Field): OperationNode {
  if (output.storage === "text") return raw(`tsjango_moment_of('${to.storage}', `, node, ")");
  if (output.storage === to.storage) return node;
  if (output.storage === "date") return raw("(", node, " || ' 00:00:00.000000')");
  return raw("substr(", node, to.storage === "date" ? ", 1, 10)" : ", 12)");
}

/** A value as JSON, inside of JSON. */
export function toJson({ node, output }: Typed): OperationNode {
  switch (output.valueField.storage) {
    case "json":
      return call("json", node);
    case "boolean":
      return raw("json(case ", node, " when 1 then 'true' when 0 then 'false' end)");
    case "bigint":
    case "decimal":
    case "dateTime":
    case "time":
      return asText({ node, output: output.valueField });
    default:
      return node;
  }
}

/** JSON of keys with values, or of values alone. */
export function jsonOf(what: "object" | "array", parts: readonly OperationNode[]): OperationNode {
  return call(`json_${what}`, ...parts);
}

/** The number rounded, of what is kept as a float, a whole number or a decimal. */
export function rounded(how: "ceil" | "floor" | "round", { node, output }: Typed, places: number): OperationNode {
  const { storage } = output.valueField;
  if (storage === "real") return how === "round" ? raw("tsjango_round(", node, `, ${places})`) : call(how, node);
  const kept = storage === "decimal" ? placesOf(output.valueField) : 0;
  const shift = (inner: OperationNode) => raw("tsjango_decimal_shift(", inner, `, ${Math.max(places, 0) - kept})`);
  const unit = ValueNode.createImmediate(10 ** Math.max(kept - places, 0));
  if (how === "round") return shift(raw("tsjango_round_whole(", node, ", ", unit, ")"));
  // What lies above the next unit below it.
  const rest = raw("((", node, " % ", unit, ") + ", unit, ") % ", unit);
  const below = raw("(", node, " - (", rest, "))");
  if (how === "floor") return shift(below);
  return shift(raw("(", below, " + case when (", rest, ") > 0 then ", unit, " else 0 end)"));
}
