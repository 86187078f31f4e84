import type { OperationNode } from "kysely";
import { raw } from "../backends/base/raw.ts";
import { type ExpressionNode, expressionOf } from "../expressions/expression.ts";
import { bound } from "./bound.ts";
import { outputFor } from "./cast.ts";
import { type Compiled, type Context, NO_USES, usesOf } from "./context.ts";
import { type Lookup, placeOf, textOf } from "./lookup.ts";
import { requirePostgres } from "./postgres-only.ts";

type Vector = Extract<ExpressionNode, { kind: "searchVector" }>;
type SearchQuery = Extract<ExpressionNode, { kind: "searchQuery" }>;

const VECTOR = { kind: "searchVector", options: {} };
const QUERY = { kind: "searchQuery", options: {} };
const READERS = {
  plain: "plainto_tsquery",
  phrase: "phraseto_tsquery",
  raw: "to_tsquery",
  websearch: "websearch_to_tsquery",
} as const;

/** `setweight(to_tsvector('english', title), 'A')`. */
export function compileSearchVector(context: Context, { of, config, weight }: Vector): Compiled {
  requirePostgres(context, "SearchVector");
  const values = of.map((each) => context.compilers.expression(context, each));
  const language = compileConfig(context, config);
  const vector = vectorOf(values, language?.node);
  const node = weight === undefined ? vector : raw("setweight(", vector, `, '${weight}')`);
  const stored = isVector(values[0]) && values[0]?.nullable === true;
  const uses = usesOf(language === undefined ? values : [...values, language]);
  return { ...uses, node, output: outputFor(VECTOR), nullable: stored };
}

/** The words of texts; a vector is its own. A text that is null counts as empty. */
function vectorOf(values: readonly Compiled[], config: OperationNode | undefined): OperationNode {
  if (values.length === 1 && isVector(values[0])) return (values[0] as Compiled).node;
  const texts = values.flatMap(({ node }, index) => [
    index === 0 ? "" : " || ' ' || ",
    "coalesce((",
    node,
    ")::text, '')",
  ]);
  return raw("to_tsvector(", ...configPart(config), ...texts, ")");
}

function isVector(value: Compiled | undefined): boolean {
  return value?.output.valueField.storage === "searchVector";
}

function configPart(config: OperationNode | undefined): (string | OperationNode)[] {
  return config === undefined ? [] : [config, ", "];
}

/** A name stands as it is: of a text that is cast, PostgreSQL would not know that it stays the same. */
function compileConfig(context: Context, config: ExpressionNode | undefined): Compiled | undefined {
  if (config === undefined) return undefined;
  if (config.kind === "value" && typeof config.value === "string") {
    const name = bound(config.place, config.value, (each) => textOf({ path: "config" }, each));
    return { ...NO_USES, node: raw(name, "::regconfig"), output: outputFor(QUERY), nullable: false };
  }
  const compiled = context.compilers.expression(context, config);
  return { ...compiled, node: raw("(", compiled.node, ")::regconfig") };
}

/** `plainto_tsquery('english', $1)`, or several together. */
export function compileSearchQuery(context: Context, { of, how, config }: SearchQuery): Compiled {
  requirePostgres(context, "SearchQuery");
  if (how !== "and" && how !== "or" && how !== "not") {
    const language = compileConfig(context, config);
    return readQuery(context, of[0] as ExpressionNode, { how, language });
  }
  const values = of.map((each) => context.compilers.expression(context, each));
  const [first, second] = values as [Compiled, Compiled];
  const node =
    how === "not"
      ? raw("!!(", first.node, ")")
      : raw("(", first.node, how === "and" ? " && " : " || ", second.node, ")");
  return { ...usesOf(values), node, output: outputFor(QUERY), nullable: values.some((each) => each.nullable) };
}

function readQuery(
  context: Context,
  of: ExpressionNode,
  { how, language }: { readonly how: keyof typeof READERS; readonly language: Compiled | undefined },
): Compiled {
  const uses = language === undefined ? [] : [language];
  const read = (text: OperationNode) => raw(`${READERS[how]}(`, ...configPart(language?.node), text, ")");
  if (of.kind === "value") {
    const text = bound(of.place, of.value, (each) => textOf({ path: "SearchQuery" }, each));
    return { ...NO_USES, ...usesOf(uses), node: read(text), output: outputFor(QUERY), nullable: false };
  }
  const given = context.compilers.expression(context, of);
  if (given.output.valueField.storage === "searchQuery") return given;
  const node = read(raw("(", given.node, ")::text"));
  return { ...usesOf([given, ...uses]), node, output: outputFor(QUERY), nullable: given.nullable };
}

/** `title__search: "emma"`, and a vector that is compared with a query: in the language that the query names. */
export function compileSearchLookup(context: Context, lookup: Lookup): { clause: OperationNode; right?: Compiled } {
  const { left, value, path } = lookup;
  requirePostgres(context, `"${path}"`);
  const expression = expressionOf(value);
  const config = expression?.kind === "searchQuery" ? expression.config : undefined;
  const vector = vectorOf([left], compileConfig(context, config)?.node);
  if (expression === undefined) {
    const text = bound(placeOf(lookup), value, (each) => textOf({ path }, each));
    return { clause: raw(vector, " @@ plainto_tsquery(", text, ")") };
  }
  const right = readQuery(context, expression, { how: "plain", language: undefined });
  context.note(right);
  return { clause: raw(vector, " @@ ", right.node), right };
}
