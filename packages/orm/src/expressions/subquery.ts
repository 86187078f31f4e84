import { describeValue } from "@tsjango/kernel/utils";
import { QueryError } from "../exceptions.ts";
import type { ROW } from "../query/path.types.ts";
import type { Query } from "../sql/query.ts";
import type { Expression } from "./expression.types.ts";
import { make } from "./make.ts";
import type { AnyRows, OneValue, OneValueRows } from "./source.types.ts";
import { QUERY } from "./symbols.ts";

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

/**
 * Whether a query has rows; also a condition: `filter(Exists(…))`, `filter(Exists(…).not())`.
 * @example
 * const idle = await Author.objects.filter(Exists(Book.objects.filter({ author: OuterRef("pk") })).not());
 */
export function Exists(rows: AnyRows): Expression<boolean> {
  return make({ kind: "exists", query: queryIn(rows, "Exists") });
}

function queryIn(rows: object, name: string): Query {
  const query = (rows as { [QUERY]?: Query })[QUERY];
  if (query !== undefined) return query;
  throw new QueryError(`${name} takes a query set; found ${describeValue(rows)}.`);
}
