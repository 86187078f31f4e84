import type { OperationNode } from "kysely";
import type { Backend } from "../backends/base/backend.ts";
import type { ConditionNode } from "../expressions/condition.ts";
import type { ExpressionNode } from "../expressions/expression.ts";
import type { Field } from "../fields/field.ts";
import type { Joins } from "./joins.ts";
import type { FilteredRelations, Hop } from "./path.ts";
import type { Query } from "./query.ts";

/** What grouping must know of a piece of SQL. */
export interface Uses {
  /** Whether an aggregate stands in it, outside of a window. */
  readonly aggregate: boolean;
  readonly window: boolean;
  /** The columns that stand in it, outside of aggregates. */
  readonly columns: readonly OperationNode[];
}

/** An expression as SQL. */
export interface Compiled extends Uses {
  readonly node: OperationNode;
  /** How its values are encoded and decoded, and which lookups it has. */
  readonly output: Field;
  /** Whether it can be null. */
  readonly nullable: boolean;
}

/** An order: what rows are ordered by, and the words behind it. */
export interface Ordered {
  readonly of: Compiled;
  /** ` desc nulls last`, or nothing. */
  readonly direction: string;
}

/** SQL, or what is known without asking the database. */
export type Clause = OperationNode | boolean;

/** The multi-valued joins that a path may share. */
export type Reuse = Set<string> | "all";

/** What parts of a query are compiled with. */
export interface Context {
  readonly backend: Backend;
  readonly joins: Joins;
  /** How many SELECTs stand around this one. */
  readonly depth: number;
  /** The named expressions so far. */
  readonly annotations: Map<string, Compiled>;
  /** The aggregates of all rows so far, by their names: later ones may be computed of them. */
  readonly totals?: ReadonlyMap<string, Compiled>;
  /** The aggregate that is compiled, by its name: it is of rows, not of other aggregates. */
  readonly within?: string;
  /** The query around this one, for `OuterRef`. */
  readonly outer: Context | undefined;
  readonly reuse: Reuse;
  /** The names that stand for relations whose rows meet a condition. */
  readonly relations?: FilteredRelations | undefined;
  /** What a lookup or transform of one's own is given, while its SQL is made. */
  readonly args?: readonly Compiled[];
  /** Gives an inner SELECT the value as one more column, and what stands for it outside. */
  readonly lift: ((compiled: Compiled) => Compiled) | undefined;
  /** Notes what is compiled. */
  readonly note: (uses: Uses) => void;
  readonly compilers: Compilers;
}

/** A query of one column, or of those of a key; without a node where it is known to have no rows. */
export interface CompiledSubquery {
  readonly node: OperationNode | undefined;
  readonly output: Field;
}

/** What compiles the parts that contain each other. */
export interface Compilers {
  expression(context: Context, node: ExpressionNode): Compiled;
  /** A condition inside of an expression: its joins demand no rows, and no part becomes a query of its own. */
  condition(context: Context, node: ConditionNode): { readonly clause: Clause; readonly uses: Uses };
  /** A query as a value or as the right side of IN, of so many columns; undefined where it has no rows. */
  subquery(context: Context, query: Query, width?: number): CompiledSubquery | undefined;
  /** `exists (select 1 from …)` of a query. */
  exists(context: Context, query: Query): Clause;
  /** `exists (select 1 from …)` of the rows behind a multi-valued step. */
  existsBehind(context: Context, rows: RowsBehind): Clause;
}

/** The rows behind a step that meet a condition. */
export interface RowsBehind {
  readonly hop: Hop;
  /** The column of the outer query that the step starts from. */
  readonly from: OperationNode;
  /** A condition on the rows behind the step; undefined for any row. */
  readonly condition: ((inner: Context) => Clause) | undefined;
}

/** Nothing that grouping must know of. */
export const NO_USES: Uses = { aggregate: false, window: false, columns: [] };

/** What all of these use together. */
export function usesOf(parts: readonly Uses[]): Uses {
  return {
    aggregate: parts.some((part) => part.aggregate),
    window: parts.some((part) => part.window),
    columns: parts.flatMap((part) => part.columns),
  };
}
