import type { Outer } from "./arithmetic.types.ts";
import type { Expression, OfPath } from "./expression.types.ts";
import { make } from "./make.ts";

/**
 * The value at a path, computed by the database: `F("price")`, `F("author__name")`.
 * Source: https://docs.djangoproject.com/en/5.2/ref/models/expressions/#f-expressions
 * @example
 * await Book.objects.update({ price: F("price").times("1.10") });
 */
export function F<const P extends string>(path: P): Expression<OfPath<P>, P> {
  return make({ kind: "reference", path });
}

/** A value where an expression is wanted: a text in `Concat`, a constant in `annotate`. */
export function Value<const V>(value: V): Expression<V> {
  return make({ kind: "value", value });
}

/**
 * The value at a path of the enclosing query, in the query of a `Subquery` or `Exists`. Its path is checked when the
 * query runs, as the enclosing query is not known where it is written.
 * @example
 * Author.objects.annotate({ writes: Exists(Book.objects.filter({ author: OuterRef("pk") })) });
 */
export function OuterRef(path: string): Expression<Outer> {
  return make({ kind: "outer", path });
}
