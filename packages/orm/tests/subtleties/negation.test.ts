import { expect, test } from "vitest";
import { expressions } from "../support/loose.ts";
import { describeDatabases } from "../support/project.ts";
import { names, shape, shapes, world } from "./world.ts";

const { Count, F, Q, Sum } = expressions;

describeDatabases("what exclude, null and emptiness mean", (vendor) => {
  const w = world(vendor);

  test("2. exclude on a multi-valued relation is NOT EXISTS", async () => {
    expect(await shape(() => w.A.exclude({ books__title: "X" }))).toBe(
      "select author.* from author where not (exists (select 1 from book as U0 " +
        "where U0.title = ? and U0.author_id = author.id)) order by author.name",
    );
    expect(await names(w.A.exclude({ books__title: "X" }))).toEqual(["Bob", "Cem"]);
  });

  test("3. exclude with two conditions on many: different rows may meet them", async () => {
    const rows = w.A.exclude({ books__title: "X", books__year: 2002 });
    const sql = await shape(() => rows);
    expect(sql.match(/exists/g)).toHaveLength(2);
    expect(sql).toMatch(/where not \(\(?exists \(.*\) and exists \(.*\)\)/);
    // No book of Ann's is X of 2002, but she wrote X, and a book in 2002.
    expect(await names(rows)).toEqual(["Bob", "Cem"]);
  });

  test("4. the query of an exclude hangs on the last table that has one row", async () => {
    expect(await shape(() => w.B.orderBy().exclude({ author__books__title: "X" }))).toBe(
      "select book.* from book where not (exists (select 1 from book as U0 " +
        "where U0.title = ? and U0.author_id = book.author_id))",
    );
    expect(await shape(() => w.P.exclude({ books__author__name: "Ann" }))).toBe(
      "select pub.* from pub where not (exists (select 1 from book as U0 " +
        "inner join author as U1 on U0.author_id = U1.id where U1.name = ? and U0.pub_id = pub.id))",
    );
    expect(await names(w.B.exclude({ author__books__title: "X" }))).toEqual(["X2"]);
    expect(await names(w.P.exclude({ books__author__name: "Ann" }))).toEqual(["Beta"]);
  });

  test("5. under a not, a missing value is no match, so that its row stays", async () => {
    const B = w.B.orderBy();
    expect(await shape(() => B.exclude({ price: 5 }))).toBe(
      "select book.* from book where not ((book.price = ? and book.price is not null))",
    );
    expect(await shape(() => B.filter(Q({ price__gt: 5 }).not()))).toBe(
      "select book.* from book where not ((book.price > ? and book.price is not null))",
    );
    expect(await shape(() => B.exclude({ year: 2001 }))).toBe("select book.* from book where not (book.year = ?)");
    expect(await shape(() => B.exclude({ pub__name: "Alpha" }))).toBe(
      "select book.* from book left join pub on book.pub_id = pub.id " +
        "where not ((pub.name = ? and pub.name is not null))",
    );
    expect(await shape(() => B.exclude({ price: F("year") }))).toBe(
      "select book.* from book where not ((book.price = book.year and book.price is not null))",
    );
    expect(await names(w.B.orderBy("title").exclude({ price: 5 }))).toEqual(["X2", "Y"]);
    expect(await names(w.B.orderBy("title").exclude({ pub__name: "Alpha" }))).toEqual(["X2", "Y"]);
    expect(await names(w.B.orderBy("title").exclude({ price: F("year") }))).toEqual(["X", "X2", "Y"]);
  });

  test("6. null in a list of in is left out", async () => {
    const B = w.B.orderBy("title");
    expect(await names(B.filter({ price__in: [5, null] }))).toEqual(["X"]);
    expect(await names(B.exclude({ price__in: [5, null] }))).toEqual(["X2", "Y"]);
    expect(await shape(() => B.filter({ price__in: [5, null] }))).not.toContain("null");
    expect(await shape(() => B.exclude({ price__in: [5, null] }))).toContain("and book.price is not null");
  });

  test("7. a subquery with a null in it excludes everything, as in SQL", async () => {
    expect(await names(w.P.exclude({ id__in: w.B.values("pub") }))).toEqual([]);
    expect(await names(w.P.exclude({ id__in: w.B.filter({ pub__isnull: false, year: 2001 }).values("pub") }))).toEqual(
      [],
    );
    expect(await names(w.P.exclude({ id__in: w.B.filter({ title: "X" }).values("pub") }))).toEqual(["Beta"]);
  });

  test("8. what is known to be empty is not asked", async () => {
    const B = w.B.orderBy();
    expect(await shapes(() => B.filter({ price__in: [] }))).toEqual([]);
    expect(await shapes(() => B.none())).toEqual([]);
    expect(await shape(() => B.exclude({ price__in: [] }))).toBe("select book.* from book");
    expect(await shape(() => B.filter(Q({ price__in: [] }).or({ year: 2002 })))).toBe(
      "select book.* from book where book.year = ?",
    );
    let sums: unknown;
    const asked = await shapes(async () => {
      sums = await B.none().aggregate({ sum: Sum("year"), n: Count("id") });
    });
    expect(asked).toEqual([]);
    expect(sums).toEqual({ sum: null, n: 0 });
    expect(await B.none().count()).toBe(0);
  });

  test("29. null means IS NULL in exact and iexact and is refused elsewhere; patterns are escaped", async () => {
    expect(await names(w.B.filter({ price: null }))).toEqual(["Y"]);
    expect(await names(w.B.filter({ title__iexact: null }))).toEqual([]);
    expect(await shape(() => w.B.orderBy().filter({ title__iexact: null }))).toContain("book.title is null");
    await expect(Promise.resolve(w.B.filter({ price__gt: null }))).rejects.toThrow(/null/);
    for (const text of ["a%b_c", "aXbYc", "a\\b", "A%B_C"]) await w.N.create({ text });
    expect(await names(w.N.filter({ text__contains: "%b_" }))).toEqual(["a%b_c"]);
    expect((await names(w.N.filter({ text__icontains: "%b_" }))).sort()).toEqual(["A%B_C", "a%b_c"]);
    expect(await names(w.N.filter({ text__contains: "\\" }))).toEqual(["a\\b"]);
    expect(await names(w.N.filter({ text__startswith: "a%" }))).toEqual(["a%b_c"]);
  });

  test("30. exclusive or of several holds when an odd number does", async () => {
    const three = Q({ year: 2001 }).xor({ author__name: "Ann" }).xor({ title: "X" });
    // X meets all three, Y the second, X2 the first.
    expect(await names(w.B.orderBy("title").filter(three))).toEqual(["X", "X2", "Y"]);
    const two = Q({ year: 2001 }).xor({ author__name: "Ann" });
    expect(await names(w.B.orderBy("title").filter(two))).toEqual(["X2", "Y"]);
    expect(await names(w.B.orderBy("title").filter(two.not()))).toEqual(["X"]);
  });
});
