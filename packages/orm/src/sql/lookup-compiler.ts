import { describeValue } from "@tsjango/kernel/utils";
import { BinaryOperationNode, type OperationNode, OperatorNode, ValueListNode, ValueNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { FieldError, FieldValueError, QueryError } from "../exceptions.ts";
import { expressionOf } from "../expressions/expression.ts";
import { QUERY } from "../expressions/symbols.ts";
import { optionsOf } from "../fields/prepared.ts";
import { ForeignKey } from "../fields/relations.ts";
import { MATCHES, OPERATORS, REGEXES } from "../lookups/names.ts";
import type { ModelType } from "../models/options.ts";
import { compareArrays, compileArrayLookup } from "./array-lookup.ts";
import { isArray } from "./array-path.ts";
import { bound, boundValue, type Encode } from "./bound.ts";
import { compareKeys, compileCompositeLookup, keyColumns } from "./composite-lookup.ts";
import { type Clause, type Compiled, type Context, NO_USES } from "./context.ts";
import { compileCustomLookup } from "./custom-lookup.ts";
import { compileJsonLookup } from "./json-lookup.ts";
import { type Lookup, listOf, placeOf, plainValue, rangeOf, textOf } from "./lookup.ts";
import { binary, columnNode, isNull, join } from "./nodes.ts";
import { type Query, valuesOf } from "./query.ts";
import { compileSearchLookup } from "./search.ts";
import { LONG_LIST } from "./shape.ts";
import { compileLikeness, compileUnaccented, LIKENESSES } from "./text-likeness.ts";
import { comparable } from "./unify.ts";
import { compileValue, decimalValue } from "./values.ts";
import { compileYearLookup } from "./year-lookup.ts";

/** The SQL of a comparison; and what it compares with, where that is an expression. */
export function compileLookup(
  context: Context,
  lookup: Lookup,
): { readonly clause: Clause; readonly right?: Compiled } {
  const { left, name, value } = lookup;
  if (name === "isnull") return { clause: isNull(left.node, value as boolean) };
  const query = queryOf(value);
  if (query !== undefined) return { clause: compileSubquery(context, lookup, query) };
  // A key of several columns has no one kind of value.
  if (name === "search" || (left.output.hasColumn && left.output.valueField.storage === "searchVector")) {
    return compileSearchLookup(context, lookup);
  }
  const expression = expressionOf(value);
  if (expression?.kind === "subquery" && name === "in")
    return { clause: compileSubquery(context, lookup, expression.query) };
  if (expression?.kind === "value" && left.output.hasColumn && left.output.valueField.storage === "json") {
    return { clause: compileJsonLookup(context, { ...lookup, value: expression.value, places: expression.place }) };
  }
  if (expression !== undefined) {
    const right = context.compilers.expression(context, expression);
    context.note(right);
    const compare = left.output.hasColumn ? compareWith : compareKeys;
    return { clause: compare(context, lookup, right), right };
  }
  if (!left.output.hasColumn) return { clause: compileCompositeLookup(context, lookup) };
  const custom = compileCustomLookup(context, lookup);
  if (custom !== undefined) return { clause: custom };
  if (lookup.unaccented === true) {
    return { clause: compileUnaccented(context, lookup, (each, right) => compareWith(context, each, right)) };
  }
  if (LIKENESSES[name] !== undefined) return { clause: compileLikeness(context, lookup) };
  if (isArray(left)) return { clause: compileArrayLookup(context, lookup) };
  const json = left.output.valueField.storage === "json";
  return { clause: json ? compileJsonLookup(context, lookup) : compare(context, lookup) };
}

function queryOf(value: unknown): Query | undefined {
  return typeof value === "object" && value !== null ? (value as { [QUERY]?: Query })[QUERY] : undefined;
}

function compileSubquery(context: Context, { left, name, path, target }: Lookup, query: Query): Clause {
  if (name !== "in" && name !== "exact") {
    throw new QueryError(`"${path}" takes no query set; "in" does. Await it first, or write Subquery(…).`);
  }
  if (target !== undefined && query.values === undefined) requireRowsOf(target, query, path);
  const keys = keyColumns(left);
  const compiled = context.compilers.subquery(context, keyedAs(left, query), keys.length);
  if (compiled?.node === undefined) return false;
  if (keys.length > 1) return raw("(", ...listed(keys), name === "in" ? ") in " : ") = ", compiled.node);
  const [a, b] = comparable(context, left, { ...NO_USES, node: FITTED, output: compiled.output, nullable: true });
  const rows =
    b.node === FITTED ? compiled.node : raw("(with fitted(v) as ", compiled.node, " select ", b.node, " from fitted)");
  return name === "in" ? binary(a.node, "in", rows) : raw(a.node, " = ", rows);
}

/** What a query gives, before it is in the unit of what it is compared with. */
const FITTED = columnNode("fitted", "v");

/** Instances of another model have keys, too, which would mean nothing here. */
function requireRowsOf(target: ModelType, { model }: Query, path: string): void {
  if (optionsOf(model).dbTable === optionsOf(target).dbTable) return;
  throw new QueryError(
    `"${path}" takes rows of ${target.name}; found a query of ${model.name}. Name what is compared with values("…").`,
  );
}

/** A query of instances stands for what the relation refers to. */
function keyedAs({ output }: Compiled, query: Query): Query {
  if (query.values !== undefined || !(output instanceof ForeignKey) || output.targetField.primaryKey) return query;
  return valuesOf(query, [output.targetField.attribute]);
}

function compare(context: Context, lookup: Lookup): Clause {
  const { left, name, value, path } = lookup;
  const { functions } = context.backend;
  const match = MATCHES[name];
  if (match !== undefined) {
    const text = (encode: (text: string) => string) =>
      bound(placeOf(lookup), value, (each) => encode(textOf({ path }, each)));
    return functions.match(left.node, match.kind, text, match.ignoreCase);
  }
  const ignoreCase = REGEXES[name];
  if (ignoreCase !== undefined)
    return functions.regex(
      left.node,
      bound(placeOf(lookup), value, (each) => regexSource(context, { path }, each)),
      ignoreCase,
    );
  if (lookup.yearOf !== undefined) {
    const year = compileYearLookup(context, lookup, lookup.yearOf);
    if (year !== undefined) return year;
  }
  if (name === "in") return compileIn(context, lookup);
  if (name === "range") {
    const [from, to] = rangeOf(lookup);
    const [low, high] = placesOf(lookup);
    const [a, least] = sides(context, lookup, from, low);
    const [b, greatest] = sides(context, lookup, to, high);
    return a === b
      ? raw(a, " between ", least, " and ", greatest)
      : raw("(", a, " >= ", least, " and ", b, " <= ", greatest, ")");
  }
  // A year outside of those that dates have has SQL of its own.
  const [a, b] = sides(context, lookup, value, lookup.yearOf === undefined ? placeOf(lookup) : undefined);
  return binary(a, name === "exact" ? "=" : OPERATORS[name as keyof typeof OPERATORS], b);
}

function compileIn(context: Context, lookup: Lookup): Clause {
  const values = listOf(lookup, lookup.value).filter((each) => each !== null);
  if (values.length === 0) return false;
  const { left } = lookup;
  if (values.some((each) => expressionOf(each) !== undefined)) {
    const pairs = values.map((each) => sides(context, lookup, each, undefined));
    if (pairs.every(([a]) => a === left.node)) return raw(left.node, " in (", ...listed(pairs.map(([, b]) => b)), ")");
    return join(
      "or",
      pairs.map(([a, b]) => binary(a, "=", b)),
    );
  }
  const { output } = left;
  const encode = encoderOf(context, lookup);
  if (values.length > LONG_LIST)
    return context.backend.functions.inMany(left.node, values.map(encode), output.valueField);
  const places = placesOf(lookup);
  // A node for each: where the list stands twice, its parameters have the same numbers.
  const encoded = values.map((each, index) => ValueNode.create(boundValue(places[index], each, encode)));
  return BinaryOperationNode.create(left.node, OperatorNode.create("in"), ValueListNode.create(encoded));
}

/** Encodes the values of a comparison; it keeps none of them. */
function encoderOf({ backend }: Context, { left, path, target }: Lookup): Encode {
  const compared = { left, path, target };
  return (each) => left.output.toDatabase(plainValue(compared, each), backend);
}

function placesOf({ places }: Lookup): readonly number[] {
  return typeof places === "object" ? places : [];
}

/** Both sides of a comparison with a value, in the database's unit. */
function sides(
  context: Context,
  lookup: Lookup,
  value: unknown,
  place: number | undefined,
): [OperationNode, OperationNode] {
  const { left } = lookup;
  const expression = expressionOf(value);
  if (expression !== undefined) {
    const [a, b] = comparable(context, left, context.compilers.expression(context, expression));
    return [a.node, b.node];
  }
  const plain = plainValue(lookup, value);
  // What was computed has no column that says how many digits it takes.
  if (left.output.model === undefined) {
    if (left.output.storage === "decimal" && typeof plain === "string") {
      const [a, b] = comparable(context, left, decimalValue(context, plain));
      return [a.node, b.node];
    }
    if (
      left.output.storage === "integer" &&
      typeof plain === "number" &&
      Number.isFinite(plain) &&
      !Number.isInteger(plain)
    ) {
      return [left.node, compileValue(context, plain).node];
    }
  }
  return [left.node, bound(place, value, encoderOf(context, lookup))];
}

/** A comparison with an expression. */
function compareWith(context: Context, lookup: Lookup, right: Compiled): Clause {
  const { left, name, path } = lookup;
  const { functions } = context.backend;
  const custom = left.output.hasColumn ? compileCustomLookup(context, lookup, right) : undefined;
  if (custom !== undefined) return custom;
  if (isArray(left)) return compareArrays(lookup, right.node);
  if (LIKENESSES[name] !== undefined) return compileLikeness(context, lookup, right);
  const match = MATCHES[name];
  if (match !== undefined) return functions.matchExpression(left.node, match.kind, right.node, match.ignoreCase);
  const ignoreCase = REGEXES[name];
  if (ignoreCase !== undefined) return functions.regex(left.node, right.node, ignoreCase);
  const [a, b] = comparable(context, left, right);
  if (name === "exact") return binary(a.node, "=", b.node);
  const operator = OPERATORS[name as keyof typeof OPERATORS];
  if (operator !== undefined) return binary(a.node, operator, b.node);
  throw new FieldError(`"${path}" takes a list, which may hold expressions; it takes no expression alone.`);
}

function regexSource({ backend }: Context, lookup: Pick<Lookup, "path">, value: unknown): string {
  const source = textOf(lookup, value instanceof RegExp ? value.source : value);
  const cause = backend.functions.regexError(source);
  if (cause === undefined) return source;
  throw new FieldValueError(`"${lookup.path}" takes a regular expression; ${describeValue(value)} is none.`, { cause });
}
