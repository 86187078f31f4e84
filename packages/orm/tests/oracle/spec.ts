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
  /** Distinct rows, or the first of those with the same values of these columns. */
  readonly distinct: boolean | readonly Path[];
  readonly order: readonly Order[];
  /** Whether the order is turned around. */
  readonly reversed?: boolean | undefined;
  readonly slice: readonly [start: number, end: number | undefined] | undefined;
  /** The same query but for what it asks: each of these conditions instead. All come together with the first. */
  readonly combined?: Combined | undefined;
  /** Relations that are read with the rows. */
  readonly loads?: Loads | undefined;
  /** Instances with some of their columns. */
  readonly chosen?: Chosen | undefined;
  /** How rows are read: awaited, locked, or in parts of so many. */
  readonly read?: "locked" | number | undefined;
  readonly ask: Ask;
}

/** What is asked of the rows; `keys` and `members` are their keys, by `inBulk` and `contains`. */
export type Ask =
  | "rows"
  | "first"
  | "last"
  | "earliest"
  | "latest"
  | "get"
  | "keys"
  | "members"
  | "count"
  | "exists"
  | "aggregate"
  | "update"
  | "delete";

/** Rows are read for these; for others something is computed of them. */
export function readsRows(ask: Ask): boolean {
  return ["rows", "first", "last", "earliest", "latest", "get", "keys", "members"].includes(ask);
}

/** Columns of instances, or of the one row that relations lead to, which is loaded with them. */
export interface Chosen {
  readonly by: "only" | "defer";
  readonly paths: readonly Path[];
}

export interface Combined {
  readonly operator: Operator;
  readonly others: readonly Condition[];
  /** Of each of them a part, in an order of their own. */
  readonly cut?: Pick<Spec, "distinct" | "order" | "slice"> | undefined;
}

export type Operator = "union" | "union all" | "intersection" | "difference";

export interface Loads {
  readonly selectRelated: readonly (readonly string[])[];
  readonly prefetchRelated: readonly Prefetched[];
}

/** A relation that is read by another query: with all its rows, or those of a query set. */
export interface Prefetched {
  readonly hops: readonly string[];
  readonly rows?: SomeRows | undefined;
}

/** Rows of what a relation leads to, some of each; as a list of their own or in place of the relation. */
export interface SomeRows {
  readonly steps: readonly Step[];
  readonly by: Order;
  /** Distinct rows, or the first of those of each instance with the same value of a column of theirs. */
  readonly distinct: boolean | string;
  readonly slice: Spec["slice"];
  readonly toAttr: boolean;
}

/** How what a relation leads to is called in a row. */
export function loaded(hops: readonly string[]): string {
  return `${hops.join("__")}>`;
}

export type Step =
  | { readonly kind: "filter" | "exclude"; readonly condition: Condition }
  /** A named value; hidden, by `alias`, it is not among the columns. */
  | { readonly kind: "annotate"; readonly name: string; readonly expression: Computed; readonly hidden?: boolean };

/** The names of values that are among the columns. */
export function shownNames(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => (step.kind === "annotate" && step.hidden !== true ? [step.name] : []));
}

export type Condition =
  | { readonly kind: "lookup"; readonly of: Path | string; readonly lookup: Lookup; readonly value: Operand }
  | { readonly kind: "and" | "or" | "xor"; readonly children: readonly Condition[] }
  | { readonly kind: "not"; readonly child: Condition };

/** The values of one column of another query, or where none is named its keys. */
export interface Rows {
  readonly model: ModelName;
  readonly condition: Condition;
  readonly value: Path | undefined;
  readonly combined?: Spec["combined"];
  readonly distinct?: boolean | undefined;
  readonly slice?: Spec["slice"];
  readonly descending?: boolean | undefined;
}

/** The other query. */
export function queryOf({ model, condition, value, combined, distinct, slice, descending }: Rows): Spec {
  const id: Path = { hops: [], column: "id" };
  const shown = { by: value ?? id, descending: descending === true, nulls: "first" } as const;
  return {
    model,
    steps: [{ kind: "filter", condition }],
    group: undefined,
    grouped: [],
    values: value && [value],
    form: "values",
    distinct: distinct === true,
    order: slice === undefined ? [] : [shown],
    slice,
    combined,
    ask: "rows",
  };
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
