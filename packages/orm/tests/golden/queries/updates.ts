import { atomic, Case, Count, Exists, F, Max, OuterRef, Q, Subquery, setRollback, When } from "../../../src/index.ts";
import type { Doors, GoldenQuery } from "../doors.ts";

/** How many rows an update changed, and these rows; all is rolled back. */
function changed(update: (m: Doors) => PromiseLike<number>, rows: (m: Doors) => PromiseLike<unknown>): GoldenQuery {
  return (m) =>
    atomic(async () => {
      const count = await update(m);
      const found = await rows(m);
      setRollback(true);
      return [count, found];
    });
}

const stocks = (update: (m: Doors) => PromiseLike<number>) =>
  changed(update, (m) => m.Book.orderBy("id").valuesList("id", "pages", "stock"));
const ages = (update: (m: Doors) => PromiseLike<number>) =>
  changed(update, (m) => m.Author.orderBy("id").valuesList("id", "age"));

const reviews = (m: Doors) =>
  Subquery(
    m.Review.filter({ book: OuterRef("pk") })
      .orderBy()
      .values("book")
      .annotate({ n: Count("id") })
      .values("n"),
  );

/** The updates of scripts/golden/updates.py. */
export const updates: Readonly<Record<string, GoldenQuery>> = {
  "update/of the row's own": stocks((m) =>
    m.Book.filter({ stock__gt: 2 }).update({ pages: F("pages").plus(F("id").times(2)) }),
  ),
  "update/over a relation": stocks((m) =>
    m.Book.filter({ author__name: "Jane" }).update({ pages: F("pages").plus(1) }),
  ),
  "update/over many": stocks((m) =>
    m.Book.filter({ tags__label__in: ["novel", "classic"] }).update({ pages: F("pages").plus(1) }),
  ),
  "update/exclude over many": stocks((m) => m.Book.exclude({ tags__label: "novel" }).update({ stock: 0 })),
  "update/found by a count": stocks((m) =>
    m.Book.annotate({ n: Count("reviews") })
      .filter({ n__gt: 1 })
      .update({ stock: F("pages") }),
  ),
  "update/to a count": stocks((m) => m.Book.update({ stock: reviews(m) })),
  "update/to a count, over a relation": stocks((m) =>
    m.Book.filter({ author__name: "Emily" }).update({ stock: reviews(m) }),
  ),
  "update/to a count, over many": stocks((m) =>
    m.Book.filter({ tags__label__in: ["novel", "classic"] }).update({ stock: reviews(m) }),
  ),
  "update/to the first of many, over many": ages((m) =>
    m.Author.filter({ books__reviews__stars: 5 }).update({
      age: Subquery(
        m.Book.filter({ author: OuterRef("pk") })
          .orderBy("-pages", "id")
          .values("pages")
          .slice(0, 1),
      ),
    }),
  ),
  "update/to what others have": ages((m) =>
    m.Author.update({ age: Subquery(m.Author.filter({ pk: OuterRef("boss") }).values("age")) }),
  ),
  "update/to an annotation": stocks((m) =>
    m.Book.annotate({ n: Subquery(m.Author.filter({ pk: OuterRef("author") }).values("age")) }).update({
      stock: F("n"),
    }),
  ),
  "update/where something exists": stocks((m) =>
    m.Book.filter(Exists(m.Review.filter({ book: OuterRef("pk"), stars__gt: 3 }))).update({ stock: 1 }),
  ),
  "update/where something exists behind a relation": stocks((m) =>
    m.Book.filter(Exists(m.Author.filter({ name: OuterRef("author__name"), age: 41 }))).update({ stock: 1 }),
  ),
  "update/found by a subquery behind a relation": stocks((m) =>
    m.Book.annotate({ n: Subquery(m.Author.filter({ name: OuterRef("author__name") }).values("age")) })
      .filter({ n: 41 })
      .update({ stock: F("pages") }),
  ),
  "update/a choice by what exists": stocks((m) =>
    m.Book.filter({ author__age__gt: 29 }).update({
      stock: Case(When(Exists(m.Review.filter({ book: OuterRef("pk") })), 1), { default: 2 }),
    }),
  ),
  "update/in a query of its own": stocks((m) =>
    m.Book.filter({ pk__in: m.Book.filter({ author__name: "Jane" }) }).update({ stock: 2 }),
  ),
  "update/longer than the longest of another": stocks((m) =>
    m.Book.filter({
      pages__gt: Subquery(
        m.Book.filter({ author__name: "Jane" })
          .orderBy()
          .values("author")
          .annotate({ n: Max("pages") })
          .values("n"),
      ),
    }).update({ stock: 9 }),
  ),
  "update/either of two": stocks((m) =>
    m.Book.filter(Q({ author__name: "Jane" }).or({ tags__label: "gothic" })).update({ stock: 4 }),
  ),
  "update/of none": stocks((m) => m.Book.none().update({ stock: 1 })),
};
