import { describeValue } from "@tsjango/kernel/utils";
import type { Vendor } from "../backends/base/backend.ts";
import type { TransformName } from "../backends/base/functions.ts";
import { QueryError } from "../exceptions.ts";
import type { DeconstructedField } from "../fields/field.ts";
import type { Query } from "../sql/query.ts";
import { calledOf } from "./called.ts";
import type { ConditionBuilder, ConditionNode } from "./condition.ts";
import { CONDITION, EXPRESSION, ORDERING } from "./symbols.ts";

/** What stands between two numbers. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "^" | BitOperator;

/** What stands between two whole numbers whose bits are combined. */
export type BitOperator = "&" | "|" | "#" | "<<" | ">>";

/** A function of all rows of a group. */
export type AggregateName =
  | "count"
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "stdDev"
  | "stdDevSample"
  | "variance"
  | "varianceSample"
  | "anyValue"
  | "stringAgg"
  | PostgresAggregateName;

/** A function of all rows of a group that PostgreSQL alone has. */
export type PostgresAggregateName =
  | "arrayAgg"
  | "jsonbAgg"
  | "bitAnd"
  | "bitOr"
  | "bitXor"
  | "boolAnd"
  | "boolOr"
  | "corr"
  | "covarPop"
  | "covarSample"
  | "regrAvgX"
  | "regrAvgY"
  | "regrCount"
  | "regrIntercept"
  | "regrR2"
  | "regrSlope"
  | "regrSXX"
  | "regrSXY"
  | "regrSYY";

/** A function of the rows around a row. */
export type WindowName =
  | "rowNumber"
  | "rank"
  | "denseRank"
  | "percentRank"
  | "cumeDist"
  | "ntile"
  | "lag"
  | "lead"
  | "firstValue"
  | "lastValue"
  | "nthValue";

/** A function whose arguments and result are of kinds that never change; databases differ in how it is called. */
export type PlainFunctionName =
  | "acos"
  | "asin"
  | "atan"
  | "atan2"
  | "cos"
  | "cot"
  | "degrees"
  | "exp"
  | "ln"
  | "log"
  | "pi"
  | "radians"
  | "random"
  | "sin"
  | "sqrt"
  | "tan"
  | "chr"
  | "left"
  | "lpad"
  | "ltrim"
  | "md5"
  | "ord"
  | "repeat"
  | "replace"
  | "reverse"
  | "right"
  | "rpad"
  | "rtrim"
  | "sha1"
  | "sha224"
  | "sha256"
  | "sha384"
  | "sha512"
  | "strIndex"
  | "substr"
  | "trim"
  | "uuid4"
  | "uuid7";

/** A function of values, by its name in the registry of SQL functions. */
export type FunctionName =
  | PlainFunctionName
  | "ceil"
  | "floor"
  | "round"
  | "sign"
  | "jsonObject"
  | "jsonArray"
  | "lower"
  | "upper"
  | "length"
  | "concat"
  | "coalesce"
  | "greatest"
  | "least"
  | "abs"
  | "nullIf"
  | "now";

/** An order: an expression, its direction, and where null stands. */
export interface OrderingNode {
  readonly expression: ExpressionNode;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
}

/** Which of the rows around a row a window takes. Null: without an end; below 0 before the row, above 0 after it. */
export interface FrameNode {
  readonly unit: "rows" | "range";
  readonly start: number | null;
  readonly end: number | null;
  readonly exclude: "currentRow" | "group" | "ties" | undefined;
}

/** SQL as it was written, between expressions: by database where it differs. */
export type SqlPieces = readonly string[] | { readonly [V in Vendor]?: readonly string[] };

/** An expression as plain data; paths are resolved when a query is compiled. */
export type ExpressionNode =
  | { readonly kind: "reference"; readonly path: string }
  | { readonly kind: "outer"; readonly path: string }
  | {
      readonly kind: "value";
      readonly value: unknown;
      /** Where it stands among the values of a query whose SQL is kept. */
      readonly place?: number;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  | { readonly kind: "function"; readonly name: FunctionName; readonly args: readonly ExpressionNode[] }
  | {
      readonly kind: "aggregate";
      readonly name: AggregateName;
      /** Undefined: the rows themselves, `count(*)`. */
      readonly of: ExpressionNode | undefined;
      readonly distinct: boolean;
      readonly filter: ConditionNode | undefined;
      /** The value of no rows. */
      readonly otherwise: ExpressionNode | undefined;
      /** The order of what is put together. */
      readonly orderBy?: readonly OrderingNode[] | undefined;
      /** What stands between texts. */
      readonly delimiter?: ExpressionNode | undefined;
      /** The other number of each pair. */
      readonly second?: ExpressionNode | undefined;
    }
  | {
      readonly kind: "case";
      readonly whens: readonly { readonly condition: ConditionNode; readonly then: ExpressionNode }[];
      readonly otherwise: ExpressionNode | undefined;
    }
  | { readonly kind: "condition"; readonly condition: ConditionNode }
  | { readonly kind: "subquery"; readonly query: Query }
  | { readonly kind: "exists"; readonly query: Query }
  | { readonly kind: "rank"; readonly name: WindowName; readonly args?: readonly ExpressionNode[] | undefined }
  | {
      readonly kind: "window";
      readonly of: ExpressionNode;
      readonly partitionBy: readonly ExpressionNode[];
      readonly orderBy: readonly OrderingNode[];
      readonly frame?: FrameNode | undefined;
    }
  | {
      readonly kind: "transform";
      readonly of: ExpressionNode;
      readonly name: TransformName;
      /** In which a moment is read; by default in UTC. */
      readonly timeZone?: string | undefined;
    }
  | { readonly kind: "cast"; readonly of: ExpressionNode; readonly output: DeconstructedField }
  | { readonly kind: "collate"; readonly of: ExpressionNode; readonly collation: string }
  | {
      readonly kind: "sql";
      readonly pieces: SqlPieces;
      readonly args: readonly ExpressionNode[];
      readonly output: DeconstructedField;
    }
  /** The words of texts, in a language, with a weight. */
  | {
      readonly kind: "searchVector";
      readonly of: readonly ExpressionNode[];
      readonly config?: ExpressionNode | undefined;
      readonly weight?: "A" | "B" | "C" | "D" | undefined;
    }
  /** What is searched for: a text that is read in some way, or queries put together. */
  | {
      readonly kind: "searchQuery";
      readonly of: readonly ExpressionNode[];
      readonly how: "plain" | "phrase" | "raw" | "websearch" | "and" | "or" | "not";
      readonly config?: ExpressionNode | undefined;
    }
  /** One of the values that a lookup, transform or function of one's own is given. */
  | { readonly kind: "argument"; readonly index: number };

/** What `F`, `Count` and the others make: a value computed by the database. */
export class Expression {
  readonly [EXPRESSION]: ExpressionNode;

  constructor(node: ExpressionNode) {
    this[EXPRESSION] = node;
    Object.freeze(this);
  }

  plus(other: unknown): Expression {
    return this.#arithmetic("+", other);
  }
  minus(other: unknown): Expression {
    return this.#arithmetic("-", other);
  }
  times(other: unknown): Expression {
    return this.#arithmetic("*", other);
  }
  div(other: unknown): Expression {
    return this.#arithmetic("/", other);
  }
  mod(other: unknown): Expression {
    return this.#arithmetic("%", other);
  }
  pow(other: unknown): Expression {
    return this.#arithmetic("^", other);
  }
  bitand(other: unknown): Expression {
    return this.#arithmetic("&", other);
  }
  bitor(other: unknown): Expression {
    return this.#arithmetic("|", other);
  }
  bitxor(other: unknown): Expression {
    return this.#arithmetic("#", other);
  }
  bitleftshift(other: unknown): Expression {
    return this.#arithmetic("<<", other);
  }
  bitrightshift(other: unknown): Expression {
    return this.#arithmetic(">>", other);
  }
  /** As an order, from the least to the greatest. */
  asc(options: { readonly nulls?: "first" | "last" } = {}): OrderingExpression {
    return new OrderingExpression({ expression: this[EXPRESSION], descending: false, nulls: options.nulls });
  }
  /** As an order, from the greatest to the least. */
  desc(options: { readonly nulls?: "first" | "last" } = {}): OrderingExpression {
    return new OrderingExpression({ expression: this[EXPRESSION], descending: true, nulls: options.nulls });
  }
  /** The opposite of a condition. */
  not(): Expression {
    const child: ConditionNode = { kind: "expression", expression: this[EXPRESSION] };
    return new Expression({ kind: "condition", condition: { kind: "not", child } });
  }

  #arithmetic(operator: ArithmeticOperator, other: unknown): Expression {
    return new Expression({ kind: "arithmetic", operator, left: this[EXPRESSION], right: operand(other) });
  }
}

/** What `F("title").desc()` makes. */
export class OrderingExpression {
  readonly [ORDERING]: OrderingNode;

  constructor(node: OrderingNode) {
    this[ORDERING] = node;
    Object.freeze(this);
  }
}

/** The order that a path says; a leading `-` means descending. */
export function orderFromPath(path: string): OrderingNode {
  const expression = { kind: "reference", path: path.replace(/^-/, "") } as const;
  return { expression, descending: path.startsWith("-"), nulls: undefined };
}

const OPPOSITE = { first: "last", last: "first" } as const;

/** The order the other way round. */
export function opposite({ expression, descending, nulls }: OrderingNode): OrderingNode {
  return { expression, descending: !descending, nulls: nulls && OPPOSITE[nulls] };
}

/** The expression in a value, if it is one. */
export function expressionOf(given: unknown): ExpressionNode | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  if (EXPRESSION in given) return (given as Expression)[EXPRESSION];
  if (CONDITION in given) return { kind: "condition", condition: (given as ConditionBuilder)[CONDITION] };
  return undefined;
}

/** An expression, or a value that stands for itself. */
export function operand(given: unknown): ExpressionNode {
  if (given === undefined) throw new QueryError("A value in an expression is undefined. Leave it out, or write null.");
  return expressionOf(given) ?? { kind: "value", value: given };
}

/** An expression, or a path: what functions of columns take. */
export function source(given: unknown, name: string): ExpressionNode {
  if (typeof given === "string") return { kind: "reference", path: given };
  const node = expressionOf(given);
  if (node !== undefined) return node;
  throw new QueryError(
    `${calledOf(name)} takes a path or an expression; found ${describeValue(given)}. Write Value(…) for a value.`,
  );
}
