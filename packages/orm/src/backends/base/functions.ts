import type { OperationNode } from "kysely";
import type { PlainFunctionName } from "../../expressions/expression.ts";
import type { Field } from "../../fields/field.ts";
import type { Storage } from "./operations.ts";

/** What text lookups compare with: the whole text, a part, its beginning or its end. */
export type MatchKind = "exact" | "contains" | "startswith" | "endswith";

/** A number that is read from a date, a date-time or a time. */
export type DatePart =
  | "year"
  | "isoYear"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "weekDay"
  | "isoWeekDay"
  | "hour"
  | "minute"
  | "second";

/** A moment cut off behind a part: `truncMonth` is the first moment of its month. */
export type TruncName =
  | "truncYear"
  | "truncQuarter"
  | "truncMonth"
  | "truncWeek"
  | "truncDay"
  | "truncHour"
  | "truncMinute"
  | "truncSecond";

/** What is made of a date, date-time or time. */
export type TransformName = DatePart | "date" | "time" | TruncName;

/** A date, a time, or a moment with the time zone in which it is read. */
export interface Dated {
  readonly node: OperationNode;
  readonly storage: Storage;
  readonly timeZone: string;
}

/** SQL with the field that says how its values are kept. */
export interface Typed {
  readonly node: OperationNode;
  readonly output: Field;
}

/** Makes the parameter of a text that is looked for, in the form that the database is told it. */
export type TextParameter = (encode: (text: string) => string) => OperationNode;

/** How far numbers lie from their mean: of all of them, or estimated by a sample. */
export type SpreadName = "stdDev" | "stdDevSample" | "variance" | "varianceSample";

/** The call of an aggregate, behind which FILTER stands, and what is made of that. */
export interface AggregateCall {
  readonly call: OperationNode;
  readonly around?: (filtered: OperationNode) => OperationNode;
}

/** How texts are put together. */
export interface StringAggOptions {
  readonly delimiter: OperationNode;
  readonly distinct: boolean;
  /** `order by …` in the call; undefined for none. */
  readonly order: OperationNode | undefined;
}

/** The SQL of functions, where databases differ. A decimal is whatever `Operations.encode` makes of it. */
export interface SqlFunctions {
  /** Where null stands in an ascending order, if nothing is said. */
  readonly nullsLast: boolean;
  /** A parameter whose type the database knows, wherever it stands. */
  typed(value: unknown, output: Field): OperationNode;
  /** `left` matches the text, by case or by Unicode's case folding. */
  match(left: OperationNode, kind: MatchKind, text: TextParameter, ignoreCase: boolean): OperationNode;
  /** The same with a text that is an expression. */
  matchExpression(left: OperationNode, kind: MatchKind, right: OperationNode, ignoreCase: boolean): OperationNode;
  /** `left` matches a regular expression of the database's own kind. */
  regex(left: OperationNode, pattern: OperationNode, ignoreCase: boolean): OperationNode;
  /** Why a text is no regular expression of this database, where that is known before it is asked. */
  regexError(source: string): unknown;
  datePart(dated: Dated, part: DatePart): OperationNode;
  /** The date or the time of a date-time. */
  ofDateTime(dated: Dated, part: "date" | "time"): OperationNode;
  /** A date, date-time or time at the beginning of its year, month … */
  truncated(dated: Dated, to: TruncName): OperationNode;
  /** A function whose arguments and result are of kinds that never change. */
  plain(name: PlainFunctionName, args: readonly OperationNode[]): OperationNode;
  /** A number without what is behind the point: up, down, or to so many decimal places. */
  rounded(how: "ceil" | "floor" | "round", typed: Typed, places: number): OperationNode;
  /** A value as one of another kind; `Cast` knows which pairs there are. */
  cast(typed: Typed, to: Field): OperationNode;
  /** A value as JSON, inside of JSON. */
  toJson(typed: Typed): OperationNode;
  /** JSON of keys with values, or of values alone; all of them are JSON already. */
  jsonOf(what: "object" | "array", parts: readonly OperationNode[]): OperationNode;
  /** `left in (…)` of so many values that they go as one parameter. */
  inMany(left: OperationNode, values: readonly unknown[], output: Field): OperationNode;
  /** What stands in JSON at the keys, as JSON. */
  jsonAt(node: OperationNode, keys: readonly string[]): OperationNode;
  /** A JSON value as text: of a string without its quotes. */
  jsonText(node: OperationNode): OperationNode;
  /** A JSON value, given as text, to compare with. */
  jsonValue(json: string): OperationNode;
  /** Whether JSON is one of these values, given as texts; the order of keys does not count. */
  jsonIsOneOf(node: OperationNode, values: readonly string[]): OperationNode;
  /** A JSON number or string against another one; false for a value of another kind. */
  jsonOrder(node: OperationNode, operator: ">" | ">=" | "<" | "<=", value: number | string): OperationNode;
  /** Whether JSON has all or any of the keys, or is a list with these texts. */
  jsonHasKeys(node: OperationNode, keys: readonly string[], which: "all" | "any"): OperationNode;
  /** Whether JSON has the parts of another one. */
  jsonContains(whole: OperationNode, part: OperationNode): OperationNode;
  lower(node: OperationNode): OperationNode;
  upper(node: OperationNode): OperationNode;
  /** The greatest or least of values; null where all are null. */
  extreme(which: "greatest" | "least", nodes: readonly OperationNode[]): OperationNode;
  /** The present moment. */
  now(): OperationNode;
  /** What stands in the definition of a table in the place of these: a table may not need what only this program has. */
  readonly inTable?: Partial<SqlFunctions>;
  /** Sum, difference, product, quotient, rest or power of numbers of one kind. */
  arithmetic(operator: string, left: Typed, right: Typed, output: Field): OperationNode;
  /** The same number with other decimal places, rounded half away from zero. */
  decimalPlaces(node: OperationNode, from: number, to: number): OperationNode;
  /** A whole number or decimal as a floating-point number. */
  toFloat(typed: Typed): OperationNode;
  /** The time between two dates or date-times, as a duration. */
  difference(left: Typed, right: Typed): OperationNode;
  /** A date or date-time and a duration after or before it, as a date-time. */
  shift(operator: "+" | "-", moment: Typed, duration: OperationNode): OperationNode;
  /** What stands before a statement so that the database says how it would run it. */
  explain(options: { readonly format?: string | undefined; readonly analyze?: boolean | undefined }): string;
  /** The average of numbers, as a floating-point number. */
  average(typed: Typed, distinct: boolean): OperationNode;
  /** The spread of numbers, as a floating-point number. */
  spread(which: SpreadName, typed: Typed, distinct: boolean): OperationNode;
  /** Some value that is not null: the call, and what stands around it and its FILTER. */
  anyValue(typed: Typed): AggregateCall;
  /** The texts of all rows as one, in an order. */
  stringAgg(node: OperationNode, options: StringAggOptions): AggregateCall;
  /** The least or greatest value. */
  extremeOf(which: "min" | "max", typed: Typed, distinct: boolean): OperationNode;
}
