import { Count, F, Lower, Max, Q } from "../../src/index.ts";
import { is } from "./is.ts";
import { Author, Book, Tag } from "./library.ts";
export async function main() {
  const b = await Book.objects.get({ id: 1 });
  is<string>()(b.shortTitle);
  const a = await b.author;
  is<string>()(a.initials);
  // @ts-expect-error lazy relation can't be read synchronously
  b.author.name;
  const loaded = await Book.objects
    .all()
    .selectRelated("author")
    .filter({
      author__name__icontains: "x",
      published__year: 2020,
      published__year__gte: 3,
      title__in: ["a"],
      tags__label: "x",
      tags__parent__label__startswith: "y",
    });
  loaded[0]!.author.name.toUpperCase();
  loaded[0]!.shortTitle;
  loaded[0]!.author.initials;
  const deep = await Tag.objects.all().selectRelated("parent__parent");
  deep[0]!.parent?.parent?.label.length;
  // @ts-expect-error wrong type
  Book.objects.filter({ published__year: "2020" });
  // @ts-expect-error wrong lookup
  Book.objects.filter({ title__foo: "2020" });
  // @ts-expect-error wrong field through relation
  Book.objects.filter({ author__nme: "2020" });
  Book.objects.filter({ author: a, author__books__title: "x" }, Q({ title: "x" }).or({ pages__gt: 3 }));
  Book.objects.filter({ pages: F("id") });
  // @ts-expect-error wrong field in Q
  Book.objects.filter(Q({ titl: "x" }));
  // @ts-expect-error wrong value in Q
  Book.objects.filter(Q({ title: 3 }).or({ pages__gt: 3 }));
  const t = await Tag.objects.get({ parent__parent__label: "x" });
  const p = await t.parent;
  p?.label;
  const kids = await t.children.all();
  kids[0]!.label;
  Book.objects.all().orderBy("-published", "author__name");
  // @ts-expect-error no such path
  Book.objects.all().orderBy("-publishd");
  const v = await Book.objects.all().values("title", "author__name", "published");
  is<string>()(v[0]!.author__name);
  is<Date | null>()(v[0]!.published);
  // @ts-expect-error no such path
  v[0]!.pages;
  const an = await Author.objects
    .all()
    .annotate({ n: Count("books"), lo: Lower("name"), newest: Max("books__published") })
    .filter({ n__gte: 2 })
    .orderBy("-n");
  is<number>()(an[0]!.n);
  an[0]!.initials;
  is<Date | null>()(an[0]!.newest);
  // @ts-expect-error unknown path
  Author.objects.all().annotate({ n: Count("boks") });
  const vv = await Author.objects
    .all()
    .annotate({ n: Count("books") })
    .values("name", "n");
  is<number>()(vv[0]!.n);
  is<string[]>()(await Author.objects.all().valuesList("name", { flat: true }));
  const pf = await Author.objects.all().prefetchRelated("books");
  for (const bk of pf[0]!.books) bk.shortTitle;
  await Book.objects.create({ title: "x", author: a });
  await Book.objects.filter({ id: 3 }).update({ pages: F("pages"), title: "y" });
  // @ts-expect-error missing title
  await Book.objects.create({ author: a });
  // @ts-expect-error sync iteration
  for (const book of Book.objects.all()) book.title;
  for await (const q of Book.objects.all()) {
    q.shortTitle;
  }
}

export async function partsOfAnnotations() {
  const named = Book.objects.annotate({ last: Max("author__books__published"), made: F("createdAt") });
  const [row] = await named
    .annotate({ hour: F("made__hour") })
    .orderBy("last__year")
    .values("last__year", "made__date", "hour");
  is<{ last__year: number | null; made__date: string; hour: number } | undefined>()(row);
  // @ts-expect-error a moment has no width
  named.values("made__width");
}
