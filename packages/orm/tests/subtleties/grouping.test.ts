import { expect, test } from "vitest";
import { expressions } from "../support/loose.ts";
import { describeDatabases } from "../support/project.ts";
import { names, shape, shapes, world } from "./world.ts";

const { Avg, Case, Count, F, OuterRef, Q, RowNumber, Subquery, Sum, Value, When, Window } = expressions;

describeDatabases("groups and what is computed", (vendor) => {
  const w = world(vendor);

  test("13. rows are grouped by their key; values before annotate are the group, after it they are not", async () => {
    const counted = w.A.annotate({ n: Count("books") });
    const sql = await shape(() => counted);
    expect(sql).toMatch(/count\(book\.id\) from author left join book on author\.id = book\.author_id/);
    expect(sql).toMatch(/group by author\.id/);
    expect(await counted.orderBy("name").valuesList("name", "n")).toEqual([
      ["Ann", 2],
      ["Bob", 1],
      ["Cem", 0],
    ]);
    const byYear = w.B.values("year").annotate({ n: Count("id") });
    expect(await shape(() => byYear.orderBy())).toMatch(/count\(book\.id\) from book group by (book\.)?year$/);
    expect(await byYear.orderBy("year")).toEqual([
      { year: 2001, n: 2 },
      { year: 2002, n: 1 },
    ]);
    const after = w.B.annotate({ n: Count("tags") })
      .values("year", "n")
      .orderBy("title");
    expect(await after).toEqual([
      { year: 2001, n: 2 },
      { year: 2001, n: 0 },
      { year: 2002, n: 1 },
    ]);
  });

  test("14. the model's own order does not take part in groups; an explicit one does", async () => {
    const byYear = w.B.values("year").annotate({ n: Count("id") });
    const sql = await shape(() => byYear);
    expect(sql).not.toContain("author");
    expect(sql).not.toContain("order by");
    const split = byYear.orderBy("title");
    expect(await shape(() => split)).toMatch(/group by (book\.)?year, book\.title order by book\.title/);
    expect(await split).toEqual([
      { year: 2001, n: 1 },
      { year: 2001, n: 1 },
      { year: 2002, n: 1 },
    ]);
  });

  test("15. a filter before annotate shares its join, after it has its own; on the annotation it is HAVING", async () => {
    const A = w.A.orderBy("name");
    const before = A.filter({ books__year: 2001 }).annotate({ n: Count("books") });
    expect(await shape(() => before)).toContain(
      "from author inner join book on author.id = book.author_id where book.year = ? group by",
    );
    expect(await before.valuesList("name", "n")).toEqual([
      ["Ann", 1],
      ["Bob", 1],
    ]);
    const after = A.annotate({ n: Count("books") }).filter({ books__year: 2001 });
    const sql = await shape(() => after);
    expect(sql).toMatch(
      /join book on author\.id = book\.author_id inner join book as T3 on author\.id = T3\.author_id/,
    );
    expect(sql).toContain("where T3.year = ?");
    expect(await after.valuesList("name", "n")).toEqual([
      ["Ann", 2],
      ["Bob", 1],
    ]);
    expect(await shape(() => A.annotate({ n: Count("books") }).filter({ n__gt: 1 }))).toMatch(
      /group by author\.id.* having count\(book\.id\) > \?/,
    );
    const mixed = A.annotate({ n: Count("books") }).filter(Q({ n__gt: 1 }).or({ name: "Cem" }));
    expect(await shape(() => mixed)).toMatch(/having count\(book\.id\) > \? or author\.name = \?/);
    expect(await names(mixed)).toEqual(["Ann", "Cem"]);
  });

  test("16. two multi-valued aggregates multiply, unless they count distinct values", async () => {
    const X = w.B.filter({ title: "X" });
    expect(await X.annotate({ n: Count("tags"), m: Count("stores") }).values("n", "m")).toEqual([{ n: 4, m: 4 }]);
    const distinct = { distinct: true };
    expect(await X.annotate({ n: Count("tags", distinct), m: Count("stores", distinct) }).values("n", "m")).toEqual([
      { n: 2, m: 2 },
    ]);
  });

  test("17. counts and aggregates of groups, distinct rows and slices are asked of a query in a query", async () => {
    const counted = w.A.annotate({ n: Count("books") });
    expect(await counted.count()).toBe(3);
    expect(await counted.filter({ n__gt: 0 }).count()).toBe(2);
    expect(await shape(() => counted.filter({ n__gt: 0 }).count())).toMatch(
      /^select count\(\*\)( as \w+)? from \(select .* group by .* having .*\) as \w+$/,
    );
    // An annotation that nothing asks for, and that cannot change how many rows there are, is left out.
    expect(await shape(() => counted.count())).not.toContain("count(book");
    const twice = w.A.filter({ books__isnull: false });
    expect(await twice.count()).toBe(3);
    expect(await twice.distinct().count()).toBe(2);
    expect(await shape(() => twice.distinct().slice(0, 1).count())).toMatch(/from \(select distinct .* limit 1\)/);
    expect(await shape(() => counted.aggregate({ mean: Avg("n") }))).toMatch(
      /^select avg\(.*\).* from \(select count\(book\.id\) as \w+ from .* group by author\.id\) as \w+$/,
    );
    expect(await counted.aggregate({ mean: Avg("n") })).toEqual({ mean: 1 });
    const first = w.B.orderBy("title").slice(0, 2);
    expect(await shape(() => first.aggregate({ sum: Sum("year") }))).toMatch(/from \(select .* limit 2\)/);
    expect(await first.aggregate({ sum: Sum("year") })).toEqual({ sum: 4002 });
  });

  test("21. what distinct rows are ordered by is selected, and counts", async () => {
    const byTitle = w.B.values("year").distinct().orderBy("title");
    expect(await shape(() => byTitle)).toMatch(/^select distinct .*year.*, book\.title/);
    expect(await byTitle).toEqual([{ year: 2001 }, { year: 2001 }, { year: 2002 }]);
    expect(await shape(() => w.B.values("year").distinct())).toMatch(/^select distinct .*year.*, author\.name/);
    expect(await w.B.values("year").distinct().orderBy("year")).toEqual([{ year: 2001 }, { year: 2002 }]);
  });

  test("25. a filter on a window function is asked of a query around it", async () => {
    const rows = w.B.annotate({
      place: Window(RowNumber(), { partitionBy: "author", orderBy: "-year" }),
    }).filter({ place: 1 });
    const sql = await shape(() => rows.orderBy("title"));
    expect(sql).toMatch(/from \(select .*row_number\(\) over \(partition by .* order by .* desc.*\).*\)/);
    expect(sql.indexOf("where")).toBeGreaterThan(sql.indexOf("row_number"));
    expect(await names(rows.orderBy("title"))).toEqual(["X2", "Y"]);
  });

  test("26. a union is ordered by its columns; after it there is slice, order, values and count", async () => {
    const rows = w.B.filter({ year: 2002 }).union(w.B.filter({ title: "X" }));
    expect(await shape(() => rows.orderBy("title"))).toMatch(/ union .* order by /);
    expect(await names(rows.orderBy("-title"))).toEqual(["Y", "X"]);
    expect(await names(rows.orderBy("-title").slice(1, 2))).toEqual(["X"]);
    expect(await rows.count()).toBe(2);
    expect(() => rows.filter({ year: 2001 })).toThrow(/union/);
    // Members that are cut out or ordered are wrapped.
    const first = w.B.orderBy("-title").slice(0, 1).union(w.B.orderBy("title").slice(0, 1));
    expect(await names(first.orderBy("title"))).toEqual(["X", "Y"]);
  });

  test("30. nothing added up is null; null makes null; a case without a branch is null; rows are counted, not values", async () => {
    const none = w.B.filter({ year: 1 });
    expect(await none.aggregate({ sum: Sum("price"), n: Count("id") })).toEqual({ sum: null, n: 0 });
    expect(await none.aggregate({ sum: Sum("price", { default: 0 }) })).toEqual({ sum: 0 });
    const Y = w.B.filter({ title: "Y" });
    expect(await Y.annotate({ more: F("price").plus(1) }).values("more")).toEqual([{ more: null }]);
    expect(await Y.annotate({ k: Case(When({ year: 1 }, Value(1))) }).values("k")).toEqual([{ k: null }]);
    const Cem = w.A.filter({ name: "Cem" });
    expect(await Cem.annotate({ all: Count() }).values("all")).toEqual([{ all: 1 }]);
    expect(await Cem.annotate({ n: Count("books") }).values("n")).toEqual([{ n: 0 }]);
    const latest = Subquery(
      w.B.filter({ author: OuterRef("pk") })
        .orderBy("-year")
        .values("title")
        .slice(0, 1),
    );
    const rows = w.A.annotate({ latest, n: Count("books") }).orderBy("name");
    expect(await rows.valuesList("name", "latest", "n")).toEqual([
      ["Ann", "Y", 2],
      ["Bob", "X2", 1],
      ["Cem", null, 0],
    ]);
    expect(await shapes(() => rows)).toHaveLength(1);
  });
});
