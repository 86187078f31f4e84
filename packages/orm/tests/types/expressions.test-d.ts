import {
  type AnyModel,
  Avg,
  Case,
  Cast,
  Coalesce,
  type Condition,
  Count,
  type Duration,
  Exists,
  F,
  fields,
  Greatest,
  type InstanceOf,
  Least,
  Lower,
  Max,
  Min,
  Model,
  OuterRef,
  Q,
  type QuerySetLike,
  Rank,
  Subquery,
  Sum,
  When,
  Window,
} from "../../src/index.ts";
import type { AnyManager } from "../../src/models/model.types.ts";
import type { Checked, OwnKeys } from "../../src/query/condition.types.ts";
import type { PrefetchType } from "../../src/query/load.types.ts";
import type { ROW } from "../../src/query/path.types.ts";
import type { QueryMethods } from "../../src/query/query-set.types.ts";
import { factory } from "../../src/test/factory.ts";
import { is } from "./is.ts";
import { Author, Book, Tag } from "./library.ts";
import { Publisher } from "./publisher.ts";

declare class Prefetch<const P extends string, R = never, const To extends string = never>
  implements PrefetchType<P, R, To>
{
  constructor(path: P, rows?: { readonly [ROW]: R }, options?: { readonly toAttr?: To });
  readonly path: P;
  readonly toAttr: To;
  readonly [ROW]: R;
}
declare function getObjectOr404<C extends AnyModel, const W extends Checked<InstanceOf<C>, {}, W>>(
  source: C,
  where: W & OwnKeys<InstanceOf<C>>,
): Promise<InstanceOf<C>>;
declare function getObjectOr404<M, R, A, const W extends Checked<M, A, W>>(
  source: QueryMethods<M, R, A, unknown>,
  where: W & OwnKeys<M>,
): Promise<R>;
declare abstract class ListView<M> {
  abstract model: { new (): M; readonly objects: AnyManager };
  paginateBy?: number;
  getQueryset(): QuerySetLike<M>;
}
declare const author: Author, book: Book;
function visible(to: Author) {
  return Q({ published__isnull: false }).or(Q({ author: to }).and({ pages__gt: 1 }));
}
function visible2(to: Author): Condition<Book> {
  return Book.objects
    .q({ published__isnull: false })
    .or({ author: to })
    .and(Q({ title: "x" }).not());
}
export async function expressions() {
  Book.objects
    .filter(visible(author), { title: "x" })
    .exclude(visible2(author))
    .filter(Q({ title: "a" }).xor({ title: "b" }).not());
  // @ts-expect-error checked where it is made
  Book.objects.q({ titl: "x" });
  // @ts-expect-error checked where it is combined
  Book.objects.q({ title: "x" }).or({ pages: "3" });
  // @ts-expect-error for another model
  Author.objects.filter(visible2(author));
  // @ts-expect-error for another model
  Author.objects.filter(visible(author));
  const nested = Q(Q({ title: "a" })).and(Q({ pages: 3 }).or({ pages: 4 }));
  Book.objects.filter(nested);
  // F
  await Book.objects.update({ pages: F("pages").plus(1), price: F("price").times("1.10") });
  // @ts-expect-error wrong type
  await Book.objects.update({ pages: F("title") });
  // @ts-expect-error no such field
  await Book.objects.update({ pages: F("pags").plus(1) });
  // @ts-expect-error no arithmetic on text
  await Book.objects.update({ pages: F("title").plus(1) });
  const [r] = await Book.objects.annotate({
    twice: F("pages").times(2),
    took: F("updatedAt").minus(F("createdAt")),
    cost: F("price").times(F("pages")),
    lag: F("published").minus(F("createdAt")),
  });
  is<number>()(r!.twice);
  is<Duration>()(r!.took);
  is<string>()(r!.cost);
  is<Duration | null>()(r!.lag);
  Book.objects.filter({ updatedAt__gt: F("createdAt") });
  // @ts-expect-error no such field in F
  Book.objects.filter({ pages__gt: F("pags") });
  // Case/When, Subquery, Exists, Window
  const [c] = await Book.objects.annotate({
    size: Case(When({ pages__gt: 300 }, "long"), When(Q({ pages__gt: 100 }), "medium"), { default: "short" }),
    k: Case(When({ pages: 1 }, F("title"))),
  });
  is<"long" | "medium" | "short">()(c!.size);
  is<string | null>()(c!.k);
  // @ts-expect-error no such field in When
  Book.objects.annotate({ size: Case(When({ pags__gt: 300 }, "long")) });
  const newest = Book.objects
    .filter({ author: OuterRef("pk") })
    .orderBy("-published")
    .values("title")
    .slice(0, 1);
  const [s] = await Author.objects
    .annotate({ newest: Subquery(newest), has: Exists(Book.objects.filter({ author: OuterRef("pk") })) })
    .filter(Exists(newest), { has: true })
    .filter(
      Exists(newest)
        .not()
        .or(Q({ has: true })),
    )
    .filter({ newest__icontains: "x" });
  is<string | null>()(s!.newest);
  is<boolean>()(s!.has);
  const [w] = await Book.objects
    .annotate({
      rank: Window(Rank(), { partitionBy: "author", orderBy: "-pages" }),
      sum: Window(Sum("pages"), { partitionBy: ["author", "title"] }),
    })
    .filter({ rank__lte: 3 });
  is<number>()(w!.rank);
  is<number | null>()(w!.sum);
  const [most] = await Book.objects.annotate({ most: Greatest("pages", 100), last: Least("published", new Date()) });
  is<number>()(most!.most);
  is<Date>()(most!.last);
  const sums = await Book.objects.aggregate({
    known: Sum(Case(When({ pages__gt: 300 }, F("price")), { default: "0" })),
    given: Sum(Coalesce("price", "0")),
    share: Avg(Case(When({ pages__gt: 300 }, 1), { default: 0 })),
  });
  is<{ known: string | null; given: string | null; share: number | null }>()(sums);
  // Rows of a relation's model, with all of their fields or some, or of one value.
  Book.objects.filter({ author__in: Author.objects.only("name"), tags__in: Tag.objects.annotate({ n: Count("id") }) });
  Book.objects.filter({ author__in: Book.objects.values("author"), publisher__in: Publisher.objects.values("id") });
  Author.objects.filter({ books__in: Book.objects.selectRelated("author").defer("title") });
  // @ts-expect-error no such path in a window
  Book.objects.annotate({ rank: Window(Rank(), { partitionBy: "authr" }) });
  // aggregates
  const t = await Book.objects.aggregate({
    total: Sum("pages"),
    n: Count("id", { filter: Q({ title__icontains: "x" }) }),
    last: Max("published"),
    cost: Sum(F("price").times(F("pages"))),
    z: Coalesce(Sum("pages"), 0),
  });
  is<{ total: number | null; n: number; last: Date | null; cost: string | null; z: number }>()(t);
  const [doubled] = await Book.objects
    .annotate({ twice: F("pages").times(2), more: F("twice").plus(1), late: Coalesce(Max("published"), new Date()) })
    .annotate({ twice: Coalesce(F("twice"), 0), last: F("late") })
    .filter({ twice__gt: 3, more__lt: 4 });
  is<number>()(doubled!.twice);
  is<number>()(doubled!.more);
  is<Date>()(doubled!.last);
  // @ts-expect-error a name that nothing has
  Book.objects.annotate({ twice: F("pages").times(2), more: F("twicee").plus(1) });
  // @ts-expect-error the name that it gets
  Book.objects.annotate({ twice: F("twice").times(2) });
  // What was named before can be computed with; a field stays what it is.
  const spread = await Book.objects.aggregate({
    most: Max("pages"),
    least: Min("pages"),
    between: F("most").minus(F("least")),
    text: Coalesce(Cast("between", fields.char()), "none"),
    pages: Avg("pages"),
  });
  is<{ most: number | null; least: number | null; between: number | null; text: string; pages: number | null }>()(
    spread,
  );
  // @ts-expect-error a name that no aggregate has
  Book.objects.aggregate({ most: Max("pages"), between: F("mots").minus(1) });
  // @ts-expect-error texts are not subtracted
  Book.objects.aggregate({ most: Max("title"), between: F("most").minus(1) });
  // @ts-expect-error no such field in the filter of an aggregate
  Book.objects.aggregate({ n: Count("id", { filter: { titl: "x" } }) });
  // @ts-expect-error the name of a field
  Book.objects.annotate({ title: Count("id") });
  // annotations downstream
  const y = await Author.objects
    .annotate({ n: Count("books"), lo: Lower("name") })
    .filter({ n__gte: 2, lo__startswith: "a" })
    .orderBy("-n", "name")
    .values("name", "n");
  is<{ name: string; n: number }[]>()(y);
  // grouping
  const g = await Book.objects
    .values("author__name")
    .annotate({ n: Count("id"), p: Avg("pages") })
    .orderBy("-n");
  is<string>()(g[0]!.author__name);
  is<number>()(g[0]!.n);
  // @ts-expect-error not in the group
  g[0]!.title;
  // tuples
  const tu = await Book.objects.valuesList("title", "author__name", "publisher__name");
  is<[string, string, string | null][]>()(tu);
  // @ts-expect-error no such path
  Book.objects.valuesList("title", "author__nme");
  is<string[]>()(await Book.objects.valuesList("title", { flat: true }));
  const opt = await Author.objects.values("books__title");
  is<string | null>()(opt[0]!.books__title);
  // only, defer
  const [o] = await Book.objects.only("title");
  o!.title;
  o!.shortTitle;
  o!.id;
  // @ts-expect-error deferred
  o!.pages;
  const [de] = await Book.objects.defer("pages", "price");
  de!.title;
  // @ts-expect-error deferred
  de!.price;
  // @ts-expect-error no such field
  Book.objects.only("titl");
  // relations
  const [dp] = await Tag.objects.selectRelated("parent__parent__parent");
  dp!.parent?.parent?.parent?.label.length;
  // @ts-expect-error may be null
  dp!.parent.label;
  // @ts-expect-error no such relation
  Book.objects.selectRelated("author__publishr");
  // @ts-expect-error a to-many relation is prefetched
  Book.objects.selectRelated("tags");
  const [pf] = await Author.objects.prefetchRelated(
    "books__tags",
    new Prefetch("books", Book.objects.published().selectRelated("publisher"), { toAttr: "recent" }),
  );
  for (const b of pf!.books) for (const g of b.tags) g.label.length;
  pf!.recent[0]!.publisher?.name.length;
  pf!.initials;
  // @ts-expect-error no such relation
  Author.objects.prefetchRelated("boks");
  // @ts-expect-error no such relation
  Author.objects.prefetchRelated(new Prefetch("boks", Book.objects.all()));
  const [pp] = await Author.objects.prefetchRelated(new Prefetch("books", Book.objects.selectRelated("publisher")));
  for (const b of pp!.books) b.publisher?.name;
  is<Book[]>()(await Book.objects.filter({ pages: 1 }).union(Book.objects.published()));
  // @ts-expect-error other rows
  Book.objects.values("title").union(Book.objects.values("pages"));
  is<Map<number, Book>>()(await Book.objects.inBulk([1, 2]));
  is<Map<string, Publisher>>()(await Publisher.objects.inBulk(["a"]));
  const [gc, made] = await Book.objects.getOrCreate({ title: "x" }, { defaults: { author } });
  is<Book>()(gc);
  is<boolean>()(made);
  await Book.objects.getOrCreate({ title: "x", author });
  await author.books.getOrCreate({ title: "x" });
  // @ts-expect-error author is missing
  await Book.objects.getOrCreate({ title: "x" });
  // @ts-expect-error author is missing
  await Book.objects.getOrCreate({ title: "x" }, { defaults: { pages: 3 } });
  // @ts-expect-error no such field
  await Book.objects.getOrCreate({ title: "x" }, { defaults: { author, pags: 3 } });
}
// generic over models
export async function everything<M extends AnyModel>(model: M): Promise<InstanceOf<M>[]> {
  return model.objects.all();
}
class Paginator<T> {
  rows: QuerySetLike<T>;
  constructor(rows: QuerySetLike<T>) {
    this.rows = rows;
  }
  async page(n: number): Promise<T[]> {
    return this.rows.slice(n * 10, n * 10 + 10);
  }
}
export class BookList extends ListView<Book> {
  override model = Book;
  override getQueryset() {
    return Book.objects.published().selectRelated("author");
  }
}
export class WrongList extends ListView<Book> {
  // @ts-expect-error another model
  override model = Author;
}
export async function generic() {
  is<Book[]>()(await everything(Book));
  is<Author[]>()(await everything(Author));
  // @ts-expect-error not a model
  everything(Date);
  is<Book>()(await getObjectOr404(Book, { slug: "x", author__name: "y" }));
  (await getObjectOr404(Book.objects.selectRelated("author"), { slug: "x" })).author.name;
  is<Book>()(await getObjectOr404(author.books, { title: "x" }));
  // @ts-expect-error no such field
  getObjectOr404(Book, { slg: "x" });
  is<string>()((await new Paginator(Book.objects.published()).page(1))[0]!.title);
  (await new Paginator(Book.objects.selectRelated("author")).page(1))[0]!.author.name;
  (await new Paginator(Book.objects.values("title")).page(0))[0]!.title;
  const books = factory(Book, { title: (n) => `Book ${n}`, author, pages: 3 });
  is<Book>()(await books.create({ title: "x" }));
  // @ts-expect-error wrong type
  factory(Book, { title: 3 });
  // @ts-expect-error no such field
  factory(Book, { titl: "x" });
}

class BadReverse extends Model<BadReverse>()({
  // @ts-expect-error no such field on Book
  books: () => fields.related(Book, "authr"),
}) {}

/** Taking the values apart decides nothing about the expressions. */
export async function takenApart() {
  const { total, last } = await Book.objects.aggregate({ total: Sum("pages"), last: Max("published") });
  is<number | null>()(total);
  is<Date | null>()(last);
}
