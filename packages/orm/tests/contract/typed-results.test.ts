import { afterAll, beforeAll, expect, test } from "vitest";
import {
  Abs,
  Avg,
  Case,
  Coalesce,
  Concat,
  Count,
  DenseRank,
  Duration,
  Exists,
  F,
  Greatest,
  Length,
  Lower,
  Max,
  Min,
  Now,
  NullIf,
  OuterRef,
  Prefetch,
  Q,
  Rank,
  RowNumber,
  Subquery,
  Sum,
  Upper,
  Value,
  When,
  Window,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";
import * as library from "../types/library.ts";
import * as publishers from "../types/publisher.ts";

const { Author, Book, Tag } = library;
const { Publisher } = publishers;

/** What JavaScript sees: "string", "Date", "null" … */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? (value as object).constructor.name : typeof value;
}
const kindsOf = (row: object) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, kindOf(value)]));

/** `is<T>()(value)` compiles where the type is exactly T; the value has to agree. */
describeDatabases("what the types promise", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { ...library, ...publishers });
    const [jane, emily] = await Author.objects.bulkCreate([{ name: "Jane", email: "j@x.y" }, { name: "Emily" }]);
    const penguin = await Publisher.objects.create({
      name: "Penguin",
      prefs: { theme: "dark", limits: { daily: 3 } },
      id: crypto.randomUUID(),
    });
    const [novel, old] = await Tag.objects.bulkCreate([{ label: "novel" }, { label: "old" }]);
    const emma = await Book.objects.create({
      title: "Emma",
      author: jane!,
      publisher: penguin,
      published: new Date("1815-12-23T10:20:30Z"),
      pages: 474,
      price: "9.50",
    });
    await Book.objects.create({ title: "Heights", slug: "heights", author: emily!, status: "done" });
    await emma.tags.add(novel!, old!);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const emma = () => Book.objects.filter({ title: "Emma" });

  test("arithmetic is of the kind of its operands, and null where one may be", async () => {
    const rows = emma().annotate({
      twice: F("pages").times(2),
      half: F("pages").div(2),
      share: F("pages").div(F("id")),
      rest: F("pages").mod(5),
      power: F("pages").pow(2),
      cost: F("price").times(F("pages")),
      dearer: F("price").times("1.10"),
      took: F("updatedAt").minus(F("createdAt")),
      lag: F("published").minus(F("createdAt")),
      later: F("createdAt").plus(Duration.from({ days: 1 })),
    });
    const row = await rows
      .values("twice", "half", "share", "rest", "power", "cost", "dearer", "took", "lag", "later")
      .get();
    is<{
      twice: number;
      half: number;
      share: number | null;
      rest: number;
      power: number;
      cost: string;
      dearer: string;
      took: Duration;
      lag: Duration | null;
      later: Date;
    }>()(row);
    expect(kindsOf(row)).toEqual({
      twice: "number",
      half: "number",
      share: "number",
      rest: "number",
      power: "number",
      cost: "string",
      dearer: "string",
      took: "Duration",
      lag: "Duration",
      later: "Date",
    });
  });

  test("functions give texts, numbers, dates and the union of their branches", async () => {
    const row = await emma()
      .annotate({
        low: Lower("title"),
        up: Upper("author__email"),
        length: Length("title"),
        both: Concat("title", Value(" by "), "author__email"),
        size: Abs(F("pages").times(-1)),
        dear: Greatest("pages", "id"),
        shown: Coalesce("author__email", "nobody"),
        when: Coalesce("published", F("createdAt")),
        unit: Coalesce(NullIf("price", "9.50"), "0.00"),
        none: NullIf("title", "Emma"),
        now: Now(),
        kind: Case(When({ pages__gt: 400 }, "long"), When(Q({ pages: 0 }), "empty"), { default: "short" }),
        named: Case(When({ pages: 1 }, F("title"))),
        long: Q({ pages__gt: 400 }),
      })
      .values(
        "low",
        "up",
        "length",
        "both",
        "size",
        "dear",
        "shown",
        "when",
        "unit",
        "none",
        "now",
        "kind",
        "named",
        "long",
      )
      .get();
    is<{
      low: string;
      up: string | null;
      length: number;
      both: string;
      size: number;
      dear: number;
      shown: string;
      when: Date;
      unit: string;
      none: string | null;
      now: Date;
      kind: "long" | "empty" | "short";
      named: string | null;
      long: boolean;
    }>()(row);
    expect(kindsOf(row)).toMatchObject({
      low: "string",
      up: "string",
      length: "number",
      both: "string",
      size: "number",
      dear: "number",
      shown: "string",
      when: "Date",
      unit: "string",
      none: "null",
      now: "Date",
      kind: "string",
      named: "null",
      long: "boolean",
    });
  });

  test("aggregates are null of no rows, unless a default is given", async () => {
    const aggregates = {
      n: Count("id", { filter: Q({ title__icontains: "m" }), distinct: true }),
      all: Count(),
      total: Sum("pages"),
      cost: Sum(F("price").times(F("pages"))),
      mean: Avg("price"),
      first: Min("published"),
      last: Max("title"),
      some: Sum("pages", { default: 0 }),
    };
    const totals = await Book.objects.aggregate(aggregates);
    is<{
      n: number;
      all: number;
      total: number | null;
      cost: string | null;
      mean: number | null;
      first: Date | null;
      last: string | null;
      some: number;
    }>()(totals);
    expect(kindsOf(totals)).toEqual({
      n: "number",
      all: "number",
      total: "number",
      cost: "string",
      mean: "number",
      first: "Date",
      last: "string",
      some: "number",
    });
    expect(kindsOf(await Book.objects.filter({ pages__gt: 10_000 }).aggregate(aggregates))).toEqual({
      n: "number",
      all: "number",
      total: "null",
      cost: "null",
      mean: "null",
      first: "null",
      last: "null",
      some: "number",
    });
  });

  test("subqueries may have no row, exists is a truth, ranks are numbers", async () => {
    const newest = Book.objects.filter({ author: OuterRef("pk") }).orderBy("-published");
    const author = await Author.objects
      .annotate({ newest: Subquery(newest.values("title").slice(0, 1)), writes: Exists(newest) })
      .get({ name: "Jane" });
    is<string | null>()(author.newest);
    is<boolean>()(author.writes);
    expect([author.newest, author.writes]).toEqual(["Emma", true]);
    const row = await Book.objects
      .annotate({
        rank: Window(Rank(), { partitionBy: "status", orderBy: "-pages" }),
        dense: Window(DenseRank(), { orderBy: ["-pages", "title"] }),
        number: Window(RowNumber(), { orderBy: F("pages").desc({ nulls: "last" }) }),
        sum: Window(Sum("pages"), { partitionBy: ["status", "author"] }),
      })
      .filter({ title: "Emma" })
      .get();
    is<number>()(row.rank);
    is<number>()(row.dense);
    is<number>()(row.number);
    is<number | null>()(row.sum);
    expect([row.rank, row.dense, row.number, row.sum].map(kindOf)).toEqual(["number", "number", "number", "number"]);
  });

  test("values are what their paths say, null behind hops that may miss", async () => {
    const paths = [
      "title",
      "author__email",
      "publisher__name",
      "tags__label",
      "published__year",
      "published__date",
    ] as const;
    const rows = await Book.objects.orderBy("title", "tags__label").values(...paths, "publisher__prefs__limits__daily");
    is<
      {
        title: string;
        author__email: string | null;
        publisher__name: string | null;
        tags__label: string | null;
        published__year: number | null;
        published__date: string | null;
        publisher__prefs__limits__daily: number | null;
      }[]
    >()(rows);
    expect(rows.map(kindsOf)).toEqual([
      {
        title: "string",
        author__email: "string",
        publisher__name: "string",
        tags__label: "string",
        published__year: "number",
        published__date: "string",
        publisher__prefs__limits__daily: "number",
      },
      expect.anything(),
      {
        title: "string",
        author__email: "null",
        publisher__name: "null",
        tags__label: "null",
        published__year: "null",
        published__date: "null",
        publisher__prefs__limits__daily: "null",
      },
    ]);
    const all = await emma()
      .annotate({ n: Count("tags") })
      .values()
      .get();
    is<number>()(all.n);
    is<number>()(all.authorId);
    is<string | null>()(all.publisherId);
    expect(Object.keys(all).sort()).toEqual(
      "authorId createdAt id n pages price published publisherId slug status title updatedAt".split(" "),
    );
    expect(await emma().valuesList("title", "author__name", "publisher__name")).toEqual([["Emma", "Jane", "Penguin"]]);
  });

  test("fields that are not loaded are not there, keys are", async () => {
    const [some] = await emma().only("title", "author");
    expect(Object.keys(some!).sort()).toEqual(["authorId", "id", "title"]);
    is<string>()(some!.title);
    is<number>()(some!.authorId);
    is<number>()(some!.id);
    const [most] = await emma().defer("pages", "publisher");
    is<string>()(most!.price);
    expect(Object.keys(most!)).toEqual(expect.not.arrayContaining(["pages", "publisherId"]));
  });

  test("prefetched rows read synchronously", async () => {
    const [author] = await Author.objects
      .filter({ name: "Jane" })
      .prefetchRelated("books__tags", new Prefetch("books", Book.objects.published(), { toAttr: "recent" }));
    const labels = [...author!.books].flatMap((book) => [...book.tags].map((tag) => tag.label));
    is<string[]>()(labels);
    expect(labels.sort()).toEqual(["novel", "old"]);
    is<library.Book[]>()(author!.recent);
    expect([author!.recent.length, author!.books.length]).toEqual([1, 1]);
  });

  test("rows are found by keys of their own type", async () => {
    const penguin = await Publisher.objects.get({ name: "Penguin" });
    const found = await Publisher.objects.inBulk([penguin.id]);
    is<Map<string, publishers.Publisher>>()(found);
    expect([...found.keys()]).toEqual([penguin.id]);
    const byTitle = await Book.objects.inBulk(["Emma"], { fieldName: "title" }).catch((error: Error) => error.message);
    expect(byTitle).toContain("title");
    is<boolean>()(await Book.objects.contains(await emma().get()));
    is<string>()(await emma().explain());
  });
});
