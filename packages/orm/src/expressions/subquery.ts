import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { QType } from "../query/condition.types.ts";
import type { ROW } from "../query/path.types.ts";
import type { Query } from "../sql/query.ts";
import { ConditionBuilder, conditionOf } from "./condition.ts";
import { Expression as ExpressionClass } from "./expression.ts";
import type { Expression } from "./expression.types.ts";
import { make } from "./make.ts";
import type { AnyRows, OneValue, OneValueRows } from "./source.types.ts";
import { EXPRESSION, QUERY } from "./symbols.ts";

/**
 * The only value of a query's first row, null where it has none: `Subquery(books.values("title").slice(0, 1))`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/expressions/#subquery-expressions
 * @example
 * const newest = Book.objects.filter({ author: OuterRef("pk") }).orderBy("-published").values("title").slice(0, 1);
 * const authors = await Author.objects.annotate({ newest: Subquery(newest) });
 */
export function Subquery<R>(
  rows: OneValueRows<R> & { readonly [ROW]: R },
): Expression<OneValue<R> | null> & { readonly [ROW]: R } {
  return make({ kind: "subquery", query: queryIn(rows, "Subquery") });
}

/** Whether a query has rows: a value, and a condition that goes with others. */
export interface ExistsType extends Expression<boolean> {
  and<const X>(other: X | QType<X>): QType<ExistsType | X>;
  or<const X>(other: X | QType<X>): QType<ExistsType | X>;
  xor<const X>(other: X | QType<X>): QType<ExistsType | X>;
  /** Whether it has none. */
  not(): ExistsType;
}

/**
 * Whether a query has rows; also a condition: `filter(Exists(…).not())`, `filter(Exists(…).or({ name: "Jane" }))`.
 * @example
 * const idle = await Author.objects.filter(Exists(Book.objects.filter({ author: OuterRef("pk") })).not());
 */
export function Exists(rows: AnyRows): ExistsType {
  return new Existence({ kind: "exists", query: queryIn(rows, "Exists") }) as unknown as ExistsType;
}

class Existence extends ExpressionClass {
  get #condition(): ConditionBuilder {
    return new ConditionBuilder(conditionOf(this));
  }
  and(other: unknown): ConditionBuilder {
    return this.#condition.and(other);
  }
  or(other: unknown): ConditionBuilder {
    return this.#condition.or(other);
  }
  xor(other: unknown): ConditionBuilder {
    return this.#condition.xor(other);
  }
  override not(): Existence {
    return new Existence(super.not()[EXPRESSION]);
  }
}

function queryIn(rows: object, name: string): Query {
  const query = (rows as { [QUERY]?: Query })[QUERY];
  if (query !== undefined) return query;
  throw new QueryError(`${name} takes a query set; found ${describeValue(rows)}.`);
}
