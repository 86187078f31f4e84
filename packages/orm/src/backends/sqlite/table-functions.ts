import type { OperationNode } from "kysely";
import type { SqlFunctions } from "../base/functions.ts";
import { raw } from "../base/raw.ts";

type Arithmetic = SqlFunctions["arithmetic"];

/**
 * Decimals in what a table itself computes: SQL alone, as other programs that open the file have no functions of ours.
 * What does not fit 64 bits is null, where SQLite would go on with a float.
 */
export function tableFunctions(
  arithmetic: Arithmetic,
  placesOf: (output: Parameters<Arithmetic>[3]) => number,
): Partial<SqlFunctions> {
  return {
    arithmetic(operator, left, right, output) {
      if (output.storage === "decimal" && operator === "*") return whole(raw("(", left.node, " * ", right.node, ")"));
      if (output.storage !== "decimal" || operator !== "/") return arithmetic(operator, left, right, output);
      const shift = placesOf(output) - placesOf(left.output as never) + placesOf(right.output as never);
      return quotient(scaled(left.node, Math.max(shift, 0)), scaled(right.node, Math.max(-shift, 0)));
    },
    decimalPlaces(node, from, to) {
      return to >= from ? scaled(node, to - from) : quotient(node, raw(power(from - to)));
    },
  };
}

function whole(node: OperationNode): OperationNode {
  return raw("case when typeof(", node, ") = 'integer' then ", node, " end");
}

function power(places: number): string {
  return `1${"0".repeat(places)}`;
}

function scaled(node: OperationNode, places: number): OperationNode {
  return places === 0 ? node : whole(raw("(", node, ` * ${power(places)})`));
}

/** Rounded half away from zero. */
function quotient(above: OperationNode, below: OperationNode): OperationNode {
  const size = raw("((abs(", above, ") + abs(", below, ") / 2) / abs(", below, "))");
  const sign = raw("(case when (", above, " < 0) <> (", below, " < 0) then -1 else 1 end)");
  return raw("(case when ", below, " <> 0 then ", size, " * ", sign, " end)");
}
