import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { CallNode } from "../expressions/arithmetic.types.ts";
import { type ExpressionNode, expressionOf, Expression as Node, operand, source } from "../expressions/expression.ts";
import type { AnyExpression, ConditionsIn, Expression, PathsIn } from "../expressions/expression.types.ts";
import { make } from "../expressions/make.ts";
import type { Source, SourcePaths, SourceValue } from "../expressions/source.types.ts";
import { EXPRESSION } from "../expressions/symbols.ts";
import type { FieldType } from "../fields/field.types.ts";

/** How much the words of a part of a text count: A the most. */
export type Weight = "A" | "B" | "C" | "D";

/** What `SearchVector` takes beside its sources. */
export interface SearchVectorOptions<C> {
  /** The language: the name of a configuration, such as `"english"`, or an expression. Default: the database's. */
  readonly config?: C;
  readonly weight?: Weight;
}

/** What `SearchQuery` takes beside its text. */
export interface SearchQueryOptions<C> {
  /** The language: the name of a configuration, such as `"english"`, or an expression. Default: the database's. */
  readonly config?: C;
  /** How the text is read: all of its words, its words in order, PostgreSQL's own form, or as web searches are. Default `"plain"`. */
  readonly type?: "plain" | "phrase" | "raw" | "websearch";
}

/** What `SearchRank` takes beside its sides. */
export interface SearchRankOptions {
  /** How much words of the weights D, C, B and A count. Default `[0.1, 0.2, 0.4, 1]`. */
  readonly weights?: readonly [D: number, C: number, B: number, A: number];
  /** PostgreSQL's sum of flags that say how the length of a text counts. Default 0: not at all. */
  readonly normalization?: number;
  /** Whether it counts, too, how near to each other the words stand. Default false. */
  readonly coverDensity?: boolean;
}

/** What `SearchHeadline` takes beside its sides. */
export interface SearchHeadlineOptions<C> {
  /** The language, as that of the query. */
  readonly config?: C;
  /** What stands before and after a word that was found. Default `<b>` and `</b>`. */
  readonly startSel?: string;
  readonly stopSel?: string;
  /** The most and the least words of a headline. Default 35 and 15. */
  readonly maxWords?: number;
  readonly minWords?: number;
  /** Words up to this length do not stand at its beginning or end. Default 3. */
  readonly shortWord?: number;
  /** Whether the whole text is given. Default false. */
  readonly highlightAll?: boolean;
  /** How many parts of the text it is made of. Default 0: of one, chosen otherwise. */
  readonly maxFragments?: number;
  /** What stands between parts. Default ` ... `. */
  readonly fragmentDelimiter?: string;
}

/** The words of texts, as an expression. */
export type SearchVectorType<P extends string, W> = Expression<FieldType<string, true, "searchVector">, P, W>;

/** What is searched for, as an expression. */
export interface SearchQueryType<P extends string = never, W = never>
  extends Expression<FieldType<string, true, "searchQuery">, P, W> {
  /** Where both are found. */
  and<P2 extends string, W2>(other: SearchQueryType<P2, W2>): SearchQueryType<P | P2, W | W2>;
  /** Where one of them is found. */
  or<P2 extends string, W2>(other: SearchQueryType<P2, W2>): SearchQueryType<P | P2, W | W2>;
  /** Where it is not found. */
  not(): SearchQueryType<P, W>;
}

type VectorPaths<T extends readonly Source[], C> = SourcePaths<T[number]> | PathsIn<C>;
type VectorConditions<T extends readonly Source[], C> = ConditionsIn<T[number]> | ConditionsIn<C>;

/**
 * The words of texts as they are searched for: paths or expressions, and last what says their language and weight.
 * `plus` puts several together. Of a stored vector it is that vector.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchvector
 * @example
 * const found = await Book.objects
 *   .annotate({ words: SearchVector("title", { weight: "A" }).plus(SearchVector("author__name", { weight: "B" })) })
 *   .filter({ words: "emma" });
 */
export function SearchVector<const T extends readonly [Source, ...Source[]]>(
  ...of: T
): SearchVectorType<VectorPaths<T, never>, VectorConditions<T, never>>;
export function SearchVector<
  const T extends readonly [Source, ...Source[]],
  const C extends string | AnyExpression = never,
>(...of: [...T, SearchVectorOptions<C>]): SearchVectorType<VectorPaths<T, C>, VectorConditions<T, C>>;
export function SearchVector(...given: readonly unknown[]): unknown {
  const last = given.at(-1);
  const isOptions = typeof last === "object" && last !== null && expressionOf(last) === undefined;
  const { config, weight } = (isOptions ? last : {}) as SearchVectorOptions<unknown>;
  const of = (isOptions ? given.slice(0, -1) : given).map((each) => source(each, "SearchVector"));
  if (of.length === 0) throw new QueryError('SearchVector takes paths or expressions: SearchVector("title", "text").');
  if (weight !== undefined && !["A", "B", "C", "D"].includes(weight)) {
    throw new QueryError(`SearchVector: the weight is "A", "B", "C" or "D"; found ${describeValue(weight)}.`);
  }
  return make({ kind: "searchVector", of, config: configOf(config), weight });
}

const TYPES = ["plain", "phrase", "raw", "websearch"];

/**
 * What is searched for: a text, or an expression of one. Queries are put together by `and`, `or` and `not`. A text of the
 * type `"raw"` that PostgreSQL cannot read is its error; take `"websearch"` for what users type.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchquery
 * @example
 * const query = SearchQuery("emma", { type: "websearch" }).or(SearchQuery("jane austen", { type: "phrase" }));
 */
export function SearchQuery<const T extends string | AnyExpression, const C extends string | AnyExpression = never>(
  text: T,
  options: SearchQueryOptions<C> = {},
): SearchQueryType<PathsIn<T> | PathsIn<C>, ConditionsIn<T> | ConditionsIn<C>> {
  const { type = "plain", config } = options;
  if (!TYPES.includes(type)) {
    throw new QueryError(`SearchQuery: the type is ${TYPES.join(", ")}; found ${describeValue(type)}.`);
  }
  const node = {
    kind: "searchQuery",
    of: [textOperand(text, "SearchQuery")],
    how: type,
    config: configOf(config),
  } as const;
  return new SearchQueryNode(node) as unknown as SearchQueryType<
    PathsIn<T> | PathsIn<C>,
    ConditionsIn<T> | ConditionsIn<C>
  >;
}

type SearchQueryData = Extract<ExpressionNode, { kind: "searchQuery" }>;

class SearchQueryNode extends Node {
  and(other: unknown): SearchQueryNode {
    return this.#with("and", other);
  }
  or(other: unknown): SearchQueryNode {
    return this.#with("or", other);
  }
  override not(): SearchQueryNode {
    return new SearchQueryNode({ ...this.#data, of: [this.#data], how: "not" });
  }
  get #data(): SearchQueryData {
    return this[EXPRESSION] as SearchQueryData;
  }
  #with(how: "and" | "or", other: unknown): SearchQueryNode {
    if (!(other instanceof SearchQueryNode)) {
      throw new QueryError(`SearchQuery: ${how}() takes another SearchQuery; found ${describeValue(other)}.`);
    }
    return new SearchQueryNode({ ...this.#data, of: [this.#data, other.#data], how });
  }
}

/**
 * How well a text fits a query: the more the greater. A path of the vector is that of a text, or of a stored vector; a text
 * as the query is a plain one.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchrank
 * @example
 * const query = SearchQuery(typed, { config: "english", type: "websearch" });
 * const found = await Article.objects.filter({ words: query }).annotate({ rank: SearchRank("words", query) }).orderBy("-rank");
 */
export function SearchRank<const V extends Source, const Q extends string | AnyExpression>(
  vector: V,
  query: Q,
  options: SearchRankOptions = {},
): Expression<FieldType<number, true, "number">, SourcePaths<V> | PathsIn<Q>, ConditionsIn<V> | ConditionsIn<Q>> {
  const { weights = [], normalization, coverDensity = false } = options;
  const numbers = [...weights, normalization ?? 0];
  if (![0, 4].includes(weights.length) || !numbers.every(Number.isFinite) || !Number.isInteger(normalization ?? 0)) {
    throw new QueryError(
      `SearchRank takes four weights and a whole number as normalization; found ${describeValue([...weights])} and ${describeValue(normalization)}.`,
    );
  }
  const name = coverDensity ? "ts_rank_cd(" : "ts_rank(";
  const before = weights.map((_, index) => (index === 0 ? `${name}array[` : "::float8, "));
  const args = [...weights.map(operand), vectorNode(vector, "SearchRank"), queryNode(query, "SearchRank")];
  const pieces = [...before, weights.length === 0 ? name : "::float8]::real[], ", ", "];
  const last = normalization === undefined ? [")"] : [", ", "::integer)"];
  return make({
    kind: "sql",
    pieces: { postgres: [...pieces, ...last] },
    args: [...args, ...(normalization === undefined ? [] : [operand(normalization)])],
    output: { kind: "float", options: {} },
  });
}

/** How an option of a headline is called in PostgreSQL. */
const HEADLINE: Readonly<Record<keyof Omit<SearchHeadlineOptions<never>, "config">, string>> = {
  startSel: "StartSel",
  stopSel: "StopSel",
  maxWords: "MaxWords",
  minWords: "MinWords",
  shortWord: "ShortWord",
  highlightAll: "HighlightAll",
  maxFragments: "MaxFragments",
  fragmentDelimiter: "FragmentDelimiter",
};

/**
 * The part of a text in which a query is found, with the words marked. What else stands in the text stays as it is: before
 * it is shown as HTML without escaping, it must be safe.
 * Source: https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/search/#searchheadline
 * @example
 * const found = await Article.objects.annotate({ part: SearchHeadline("text", SearchQuery("emma"), { maxWords: 20 }) });
 */
export function SearchHeadline<
  const E extends Source,
  const Q extends string | AnyExpression,
  const C extends string | AnyExpression = never,
>(
  of: E,
  query: Q,
  options: SearchHeadlineOptions<C> = {},
): Expression<
  CallNode<"as", [FieldType<string, true, "text">, SourceValue<E>]>,
  SourcePaths<E> | PathsIn<Q> | PathsIn<C>,
  ConditionsIn<E> | ConditionsIn<Q> | ConditionsIn<C>
> {
  const { config, ...marks } = options;
  const said = Object.entries(marks).map(([name, value]) => {
    const known = Object.hasOwn(HEADLINE, name) ? HEADLINE[name as keyof typeof HEADLINE] : undefined;
    if (known === undefined) throw new QueryError(`SearchHeadline has no option "${name}".`);
    return `${known}=${headlineValue(value)}`;
  });
  const language = configOf(config);
  const parts: [piece: string, arg: ExpressionNode][] = [
    ...(language === undefined ? [] : [["(", language] as [string, ExpressionNode]]),
    [language === undefined ? "(" : ")::regconfig, (", source(of, "SearchHeadline")],
    [")::text, ", queryNode(query, "SearchHeadline")],
    ...(said.length === 0 ? [] : [[", ", operand(said.join(", "))] as [string, ExpressionNode]]),
  ];
  const [[first] = [""]] = parts;
  return make({
    kind: "sql",
    pieces: { postgres: [`ts_headline(${first}`, ...parts.slice(1).map(([piece]) => piece), ")"] },
    args: parts.map(([, arg]) => arg),
    output: { kind: "text", options: {} },
  });
}

function headlineValue(value: unknown): string {
  if (typeof value === "boolean" || Number.isInteger(value)) return String(value);
  if (typeof value === "string") return `'${value.replaceAll(/['\\]/g, "$&$&")}'`;
  throw new QueryError(
    `SearchHeadline: options are texts, whole numbers, true and false; found ${describeValue(value)}.`,
  );
}

function configOf(config: unknown): ExpressionNode | undefined {
  return config === undefined ? undefined : textOperand(config, "config");
}

function textOperand(given: unknown, name: string): ExpressionNode {
  if (typeof given === "string" || expressionOf(given) !== undefined) return operand(given);
  throw new QueryError(`${name} takes a text or an expression; found ${describeValue(given)}.`);
}

function vectorNode(given: unknown, name: string): ExpressionNode {
  const node = source(given, name);
  return node.kind === "searchVector" ? node : { kind: "searchVector", of: [node] };
}

function queryNode(given: unknown, name: string): ExpressionNode {
  const node = textOperand(given, name);
  return node.kind === "searchQuery" ? node : { kind: "searchQuery", of: [node], how: "plain" };
}
