import type { ModelName, Path, Scalar } from "./schema.ts";

/** A query as data, before anyone knows how it is answered. */
export interface Spec {
  readonly model: ModelName;
  /** A relation of which only the rows count that meet a condition on columns of their own. */
  readonly only?: { readonly hop: string; readonly condition: Condition } | undefined;
  readonly steps: readonly Step[];
  /** Rows of these columns, each combination a group for the aggregates that follow. */
  readonly group: readonly Path[] | undefined;
  /** The aggregates and conditions after the group. */
  readonly grouped: readonly Step[];
  /** Rows of these columns. */
  readonly values: readonly Path[] | undefined;
  /** How such rows are asked for. */
  readonly form: "values" | "valuesList";
  readonly distinct: boolean;
  readonly order: readonly Order[];
  readonly slice: readonly [start: number, end: number | undefined] | undefined;
  /** The same query but for what it asks: each of these conditions instead. All come together with the first. */
  readonly combined?: { readonly operator: Operator; readonly others: readonly Condition[] } | undefined;
  /** Relations that are read with the rows. */
  readonly loads?: Loads | undefined;
  readonly ask: "rows" | "count" | "exists" | "aggregate" | "update" | "delete";
}

export type Operator = "union" | "union all" | "intersection" | "difference";

export interface Loads {
  readonly selectRelated: readonly (readonly string[])[];
  readonly prefetchRelated: readonly (readonly string[])[];
}

/** How what a relation leads to is called in a row. */
export function loaded(hops: readonly string[]): string {
  return `${hops.join("__")}>`;
}

export type Step =
  | { readonly kind: "filter" | "exclude"; readonly condition: Condition }
  | { readonly kind: "annotate"; readonly name: string; readonly expression: Computed };

export type Condition =
  | { readonly kind: "lookup"; readonly of: Path | string; readonly lookup: Lookup; readonly value: Operand }
  | { readonly kind: "and" | "or" | "xor"; readonly children: readonly Condition[] }
  | { readonly kind: "not"; readonly child: Condition };

/** The values of one column of another query. */
export interface Rows {
  readonly model: ModelName;
  readonly condition: Condition;
  readonly value: Path;
}

export type Lookup =
  | "exact"
  | "iexact"
  | "contains"
  | "icontains"
  | "startswith"
  | "istartswith"
  | "endswith"
  | "iendswith"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "in"
  | "range"
  | "isnull";

/** A value; a list of values; the values of another query; a column, with a number added to it. */
export type Operand =
  | Scalar
  | boolean
  | readonly Scalar[]
  | { readonly rows: Rows }
  | { readonly column: Path; readonly plus: number | undefined };

export type Computed =
  | { readonly kind: "column"; readonly path: Path; readonly plus: number | undefined }
  | {
      readonly kind: "aggregate";
      readonly name: "Count" | "Sum" | "Avg" | "Min" | "Max";
      readonly path: Path;
      readonly distinct: boolean;
      readonly filter: Condition | undefined;
    };

export interface Order {
  /** A column, or the name of an annotation. */
  readonly by: Path | string;
  readonly descending: boolean;
  readonly nulls: "first" | "last";
}

export function isColumn(value: unknown): value is { readonly column: Path; readonly plus: number | undefined } {
  return typeof value === "object" && value !== null && "column" in value;
}

/** Whether a condition asks about one of these annotations. */
export function mentions(condition: Condition, names: ReadonlySet<string>): boolean {
  if (condition.kind === "lookup") return typeof condition.of === "string" && names.has(condition.of);
  if (condition.kind === "not") return mentions(condition.child, names);
  return condition.children.some((child) => mentions(child, names));
}

export function isRows(value: unknown): value is { readonly rows: Rows } {
  return typeof value === "object" && value !== null && "rows" in value;
}
