/** Queries of expressions as data, before anyone knows how they are answered. */

export type Kind =
  | "integer"
  | "text"
  | "decimal"
  | "float"
  | "date"
  | "moment"
  | "time"
  | "duration"
  | "boolean"
  | "json";
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** A value as the oracle has it: dates and moments as ISO texts, durations in microseconds, JSON in a box, as null is a value in it. */
export type Value = string | number | boolean | null | { readonly json: Json };

/** A row of items: its owner is the number of a row. */
export type Row = Readonly<Record<string, Value>>;
export interface Tables {
  readonly owners: readonly Row[];
  readonly items: readonly Row[];
}

/** What the database computes of a row. */
export function sumOf({ n, m }: Row): number {
  return (n as number) + ((m as number | null) ?? 10);
}

export type Alias = "default" | "other";

export interface Query {
  readonly alias: Alias;
  readonly annotations: readonly { readonly name: string; readonly expression: Expr }[];
  readonly where: readonly { readonly kind: "filter" | "exclude"; readonly condition: Condition }[];
  readonly windows: readonly { readonly name: string; readonly window: WindowSpec }[];
  /** Asked of annotations and windows. */
  readonly qualify: Condition | undefined;
  readonly order: readonly Order[];
  readonly slice: readonly [start: number, end: number | undefined] | undefined;
  readonly ask: Ask;
}

export type Ask =
  | { readonly kind: "rows" }
  | { readonly kind: "count" | "exists" }
  /** The keys of the rows: by `contains`, by `inBulk`, or as a query inside of another one. */
  | { readonly kind: "keys"; readonly by: "contains" | "inBulk" | "in" }
  | { readonly kind: "aggregate"; readonly of: readonly Aggregate[] }
  /** Rows in groups of one value. */
  | {
      readonly kind: "groups";
      readonly by: Expr;
      readonly of: readonly Aggregate[];
      /** Asked of the first aggregate. */
      readonly having: { readonly lookup: Lookup; readonly value: Value } | undefined;
    }
  | { readonly kind: "update"; readonly field: "m" | "u" | "len" | "at"; readonly to: Expr }
  | { readonly kind: "raw"; readonly extra: Expr; readonly condition: Expr }
  | { readonly kind: "kysely"; readonly parts: readonly KyselyPart[]; readonly any: boolean }
  | {
      readonly kind: "dates" | "datetimes";
      readonly path: "d" | "at";
      readonly to: "year" | "quarter" | "month" | "week" | "day" | "hour" | "minute";
      readonly descending: boolean;
    };

export interface KyselyPart {
  readonly column: string;
  readonly operator: "=" | "!=" | ">" | "<=" | "is null" | "is not null" | "in";
  readonly value: Value | readonly Value[];
}

export interface Order {
  readonly by: Expr;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
}

export type Expr = { readonly kind: Kind } & (
  | { readonly op: "column"; readonly path: string }
  /** A place in JSON. */
  | { readonly op: "key"; readonly keys: readonly string[] }
  /** A column of the row around a subquery. */
  | { readonly op: "outer"; readonly path: string }
  | { readonly op: "value"; readonly value: Value }
  /** An earlier annotation. */
  | { readonly op: "named"; readonly name: string }
  | { readonly op: "arithmetic"; readonly sign: Sign; readonly left: Expr; readonly right: Expr }
  | {
      readonly op: "call";
      readonly name: string;
      readonly args: readonly Expr[];
      readonly constants: readonly (string | number)[];
    }
  | {
      readonly op: "case";
      readonly whens: readonly { readonly if: Condition; readonly value: Expr }[];
      readonly otherwise: Expr | undefined;
    }
  | { readonly op: "cast"; readonly of: Expr }
  /** A fragment of SQL, by its name in the catalogue. */
  | { readonly op: "sql"; readonly name: string; readonly args: readonly Expr[] }
  | { readonly op: "first"; readonly of: Expr; readonly among: Among; readonly order: Order }
  | { readonly op: "total"; readonly of: Aggregate; readonly among: Among }
  | { readonly op: "exists"; readonly among: Among; readonly not: boolean }
);

export type Sign =
  | "plus"
  | "minus"
  | "times"
  | "div"
  | "mod"
  | "pow"
  | "bitand"
  | "bitor"
  | "bitxor"
  | "bitleftshift"
  | "bitrightshift";

/** Items of the same owner as the row around, or with no more than its `n`. */
export interface Among {
  readonly by: "owner" | "n";
  readonly condition: Condition | undefined;
}

export type Condition =
  | { readonly kind: "lookup"; readonly of: Subject; readonly lookup: Lookup; readonly value: Operand }
  | { readonly kind: "and" | "or" | "xor"; readonly children: readonly Condition[] }
  | { readonly kind: "not"; readonly child: Condition }
  /** An expression that is true or false. */
  | { readonly kind: "is"; readonly expression: Expr };

/** What a lookup is about: a column and what is made of it, a place in JSON, an annotation. */
export type Subject =
  | { readonly path: string; readonly transform?: { readonly name: string; readonly of: Kind }; readonly kind: Kind }
  | { readonly keys: readonly string[]; readonly kind: "json" }
  | { readonly name: string; readonly kind: Kind };

export type Operand = Value | readonly Value[] | { readonly expression: Expr };

export type Lookup =
  | "exact"
  | "in"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "range"
  | "isnull"
  | "contains"
  | "icontains"
  | "startswith"
  | "iendswith"
  | "iexact"
  | "regex"
  | "iregex"
  | "containedBy"
  | "hasKey"
  | "hasKeys"
  | "hasAnyKeys"
  | "sameLetters"
  | "longerThan";

export interface Aggregate {
  readonly name: "Count" | "Sum" | "Avg" | "Min" | "Max" | "StdDev" | "Variance" | "StringAgg" | "AnyValue";
  readonly kind: Kind;
  readonly of: Expr;
  readonly distinct: boolean;
  readonly filter: Condition | undefined;
  readonly otherwise: Value | undefined;
  readonly sample: boolean;
  readonly delimiter: string;
  readonly order: readonly Order[];
}

export interface Frame {
  readonly unit: "rows" | "range";
  readonly start: number | null;
  readonly end: number | null;
  readonly exclude: "currentRow" | "group" | "ties" | undefined;
}

export interface WindowSpec {
  readonly kind: Kind;
  readonly of:
    | { readonly name: "RowNumber" | "Rank" | "DenseRank" | "PercentRank" | "CumeDist" }
    | { readonly name: "Ntile"; readonly count: number }
    | {
        readonly name: "Lag" | "Lead";
        readonly of: Expr;
        readonly offset: number;
        readonly otherwise: Value | undefined;
      }
    | { readonly name: "FirstValue" | "LastValue"; readonly of: Expr }
    | { readonly name: "NthValue"; readonly of: Expr; readonly count: number }
    | { readonly name: "aggregate"; readonly of: Aggregate };
  readonly partition: readonly Expr[];
  readonly order: readonly Order[];
  readonly frame: Frame | undefined;
}

export function isExpression(value: Operand): value is { readonly expression: Expr } {
  return typeof value === "object" && value !== null && "expression" in value;
}

export function isJson(value: Value): value is { readonly json: Json } {
  return typeof value === "object" && value !== null;
}
