import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldValueError, QueryError } from "../exceptions.ts";
import { MATCHES, OPERATORS, REGEXES } from "../lookups/names.ts";
import type { Clause, Context } from "./context.ts";
import { type Lookup, listOf, rangeOf } from "./lookup.ts";
import { binary, join, parameter } from "./nodes.ts";

/** A comparison of JSON, or of a value inside of it. */
export function compileJsonLookup(context: Context, lookup: Lookup): Clause {
  const { left, name, value, path } = lookup;
  const { functions } = context.backend;
  const json = (each: unknown): OperationNode => {
    const written = JSON.stringify(each);
    if (written !== undefined) return functions.jsonValue(written);
    throw new FieldValueError(`"${path}" takes a value that JSON has; found ${describeValue(each)}.`);
  };
  const ordered = (operator: ">" | ">=" | "<" | "<=", each: unknown): OperationNode => {
    if (typeof each === "number" || typeof each === "string") {
      return functions.jsonOrder(left.node, operator, each);
    }
    throw new FieldValueError(`"${path}" is compared with a number or a string; found ${describeValue(each)}.`);
  };
  if (name === "exact") return binary(functions.jsonComparable(left.node), "=", json(value));
  if (name === "in") {
    const values = listOf(lookup, value);
    if (values.length === 0) return false;
    return raw(functions.jsonComparable(left.node), " in (", ...listed(values.map(json)), ")");
  }
  if (name === "range") {
    const [from, to] = rangeOf(lookup);
    return join("and", [ordered(">=", from), ordered("<=", to)]);
  }
  const operator = OPERATORS[name as keyof typeof OPERATORS];
  if (operator !== undefined) return ordered(operator, value);
  if (typeof value !== "string") throw new QueryError(`"${path}" takes a string; found ${describeValue(value)}.`);
  const text = functions.jsonText(left.node);
  const match = MATCHES[name];
  if (match !== undefined) return functions.match(text, match.kind, value, match.ignoreCase);
  return functions.regex(text, parameter(value), REGEXES[name] === true);
}
