import { describeValue } from "@tsjango/kernel/utils";
import type { OperationNode } from "kysely";
import { FieldValueError } from "../exceptions.ts";
import { notJson } from "../fields/json-value.ts";
import { MATCHES, OPERATORS, REGEXES } from "../lookups/names.ts";
import type { Clause, Context } from "./context.ts";
import { type Lookup, listOf, rangeOf, textOf } from "./lookup.ts";
import { join, parameter } from "./nodes.ts";

/** A comparison of JSON, or of a value inside of it. */
export function compileJsonLookup(context: Context, lookup: Lookup): Clause {
  const { left, name, value, path } = lookup;
  const { functions } = context.backend;
  const textOfJson = (each: unknown): string => {
    const problem = notJson(each);
    if (problem === undefined) return JSON.stringify(each);
    throw new FieldValueError(`"${path}" takes a value that JSON has; ${problem}.`);
  };
  const json = (each: unknown): OperationNode => functions.jsonValue(textOfJson(each));
  const ordered = (operator: ">" | ">=" | "<" | "<=", each: unknown): OperationNode => {
    if (typeof each === "number") return functions.jsonOrder(left.node, operator, each);
    if (typeof each === "string") return functions.jsonOrder(left.node, operator, textOf(lookup, each));
    throw new FieldValueError(`"${path}" is compared with a number or a string; found ${describeValue(each)}.`);
  };
  if (name === "exact") return functions.jsonIsOneOf(left.node, [textOfJson(value)]);
  if (name === "in") {
    const values = listOf(lookup, value);
    if (values.length === 0) return false;
    return functions.jsonIsOneOf(left.node, values.map(textOfJson));
  }
  if (name === "range") {
    const [from, to] = rangeOf(lookup);
    return join("and", [ordered(">=", from), ordered("<=", to)]);
  }
  if (name === "hasKey") return functions.jsonHasKeys(left.node, [textOf(lookup, value)], "all");
  if (name === "hasKeys" || name === "hasAnyKeys") {
    const keys = listOf(lookup, value).map((each) => textOf(lookup, each));
    return functions.jsonHasKeys(left.node, keys, name === "hasKeys" ? "all" : "any");
  }
  if (name === "containedBy") return functions.jsonContains(json(value), left.node);
  // A text is looked for in texts; anything else is a part of the JSON.
  if (name === "contains" && typeof value !== "string") return functions.jsonContains(left.node, json(value));
  const operator = OPERATORS[name as keyof typeof OPERATORS];
  if (operator !== undefined) return ordered(operator, value);
  const wanted = textOf(lookup, value);
  const text = functions.jsonText(left.node);
  const match = MATCHES[name];
  if (match !== undefined)
    return functions.match(text, match.kind, (encode) => parameter(encode(wanted)), match.ignoreCase);
  return functions.regex(text, parameter(wanted), REGEXES[name] === true);
}
