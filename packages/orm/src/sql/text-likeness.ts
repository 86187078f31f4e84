import type { OperationNode } from "kysely";
import { listed, raw } from "../backends/base/raw.ts";
import { bound } from "./bound.ts";
import { type Clause, type Compiled, type Context, NO_USES } from "./context.ts";
import { type Lookup, listOf, placeOf, rangeOf, textOf } from "./lookup.ts";
import { outputOf } from "./outputs.ts";
import { requirePostgres } from "./postgres-only.ts";
import { unaccented } from "./unaccent.ts";

/** Lookups of texts that are alike: they need the extension `pg_trgm`. */
export const LIKENESSES: Readonly<Record<string, string>> = {
  trigramSimilar: "%",
  trigramWordSimilar: "%>",
  trigramStrictWordSimilar: "%>>",
};

/** `name__trigramSimilar: "Jane"`. */
export function compileLikeness(context: Context, lookup: Lookup, right?: Compiled): OperationNode {
  const { left, name, value, path } = lookup;
  requirePostgres(context, `"${path}"`);
  const text = right?.node ?? typedText(bound(placeOf(lookup), value, (each) => textOf({ path }, each)));
  return raw(left.node, ` ${LIKENESSES[name]} `, text);
}

/** A comparison with what is behind `unaccent`: the value has no accents either. */
export function compileUnaccented(
  context: Context,
  lookup: Lookup,
  compareWith: (lookup: Lookup, right: Compiled) => Clause,
): Clause {
  const { name, value, path, left } = lookup;
  const text = (each: unknown, place?: number): Compiled => {
    const node = typedText(bound(place, each, (given) => textOf({ path }, given)));
    return unaccented(context, { ...NO_USES, node, output: outputOf("text"), nullable: false });
  };
  if (name === "in") {
    const values = listOf(lookup, value).filter((each) => each !== null);
    return values.length > 0 && raw(left.node, " in (", ...listed(values.map((each) => text(each).node)), ")");
  }
  if (name === "range") {
    const [from, to] = rangeOf(lookup).map((each) => text(each).node) as [OperationNode, OperationNode];
    return raw(left.node, " between ", from, " and ", to);
  }
  return compareWith(lookup, text(value, placeOf(lookup)));
}

/** A parameter that PostgreSQL knows as a text. */
function typedText(value: OperationNode): OperationNode {
  return raw("cast(", value, " as text)");
}
