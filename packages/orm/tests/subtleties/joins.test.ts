import { expect, test } from "vitest";
import { expressions } from "../support/loose.ts";
import { describeDatabases } from "../support/project.ts";
import { names, shape, shapes, world } from "./world.ts";

const { F, Q } = expressions;

describeDatabases("which tables are joined, and how", (vendor) => {
  const w = world(vendor);

  test("1. one filter() on a multi-valued relation means one row, two mean two", async () => {
    expect(await shape(() => w.A.filter({ books__title: "X", books__year: 2002 }))).toBe(
      "select author.* from author inner join book on author.id = book.author_id " +
        "where book.title = ? and book.year = ? order by author.name",
    );
    expect(await shape(() => w.A.filter({ books__title: "X" }).filter({ books__year: 2002 }))).toBe(
      "select author.* from author inner join book on author.id = book.author_id " +
        "inner join book as T3 on author.id = T3.author_id where book.title = ? and T3.year = ? order by author.name",
    );
    expect(await names(w.A.filter({ books__title: "X", books__year: 2002 }))).toEqual([]);
    expect(await names(w.A.filter({ books__title: "X" }).filter({ books__year: 2002 }))).toEqual(["Ann"]);
    // A single-valued relation is always the same row.
    expect(await shape(() => w.B.orderBy().filter({ author__name: "Ann" }).filter({ author__age: 40 }))).toBe(
      "select book.* from book inner join author on book.author_id = author.id where author.name = ? and author.age = ?",
    );
  });

  test("9. OR lets rows of a nullable relation be missing, AND does not", async () => {
    const from = "select book.* from book";
    expect(await shape(() => w.B.orderBy().filter(Q({ pub__name: "Alpha" }).or({ year: 2002 })))).toBe(
      `${from} left join pub on book.pub_id = pub.id where pub.name = ? or book.year = ?`,
    );
    expect(await shape(() => w.B.orderBy().filter(Q({ pub__name: "Alpha" }).or({ pub__name: "Beta" })))).toBe(
      `${from} inner join pub on book.pub_id = pub.id where pub.name = ? or pub.name = ?`,
    );
    const both = w.B.orderBy()
      .filter(Q({ pub__name: "Alpha" }).or({ year: 2002 }))
      .filter({ pub__name: "Alpha" });
    expect(await shape(() => both)).toBe(
      `${from} inner join pub on book.pub_id = pub.id where (pub.name = ? or book.year = ?) and pub.name = ?`,
    );
    expect(await names(w.B.orderBy("title").filter(Q({ pub__name: "Alpha" }).or({ year: 2002 })))).toEqual(["X", "Y"]);
    expect(await names(both)).toEqual(["X"]);
  });

  test("10. isnull on a reverse relation is a LEFT JOIN when true, and an INNER JOIN with duplicates when false", async () => {
    expect(await shape(() => w.A.filter({ books__isnull: true }))).toBe(
      "select author.* from author left join book on author.id = book.author_id where book.id is null order by author.name",
    );
    expect(await shape(() => w.A.filter({ books__isnull: false }))).toBe(
      "select author.* from author inner join book on author.id = book.author_id " +
        "where book.id is not null order by author.name",
    );
    expect(await names(w.A.filter({ books__isnull: true }))).toEqual(["Cem"]);
    expect(await names(w.A.filter({ books__isnull: false }))).toEqual(["Ann", "Ann", "Bob"]);
  });

  test("11. a table whose key alone is asked for is not joined", async () => {
    const B = w.B.orderBy();
    const id = w.row["Ann"]!["id"];
    for (const condition of [{ author__id: id }, { authorId: id }, { author: id }, { author: w.row["Ann"] }]) {
      expect(await shape(() => B.filter(condition))).toBe("select book.* from book where book.author_id = ?");
      expect(await names(B.filter(condition).orderBy("title"))).toEqual(["X", "Y"]);
    }
    for (const condition of [{ pub__isnull: true }, { pub__id__isnull: true }, { pub: null }]) {
      expect(await shape(() => B.filter(condition))).toBe("select book.* from book where book.pub_id is null");
      expect(await names(B.filter(condition))).toEqual(["Y"]);
    }
    expect(await shape(() => B.filter({ tags__id: w.row["t2"]!["id"] }))).toBe(
      "select book.* from book inner join book_tags on book.id = book_tags.book_id where book_tags.tag_id = ?",
    );
    expect(await shape(() => B.filter({ tags__label: "t2" }))).toBe(
      "select book.* from book inner join book_tags on book.id = book_tags.book_id " +
        "inner join tag on book_tags.tag_id = tag.id where tag.label = ?",
    );
  });

  test("12. selectRelated of a nullable relation is a LEFT JOIN and gives null; a filter on it makes it INNER", async () => {
    const rows = w.B.orderBy("title").selectRelated("pub");
    expect(await shape(() => rows)).toContain("from book left join pub on book.pub_id = pub.id order by book.title");
    const found = (await rows) as { title: string; pub: { name: string } | null }[];
    expect(found.map(({ title, pub }) => [title, pub?.name ?? pub])).toEqual([
      ["X", "Alpha"],
      ["X2", "Beta"],
      ["Y", null],
    ]);
    expect(await shape(() => w.B.orderBy().selectRelated("pub").filter({ pub__name: "Beta" }))).toContain(
      "from book inner join pub on book.pub_id = pub.id where",
    );
    expect(await shape(() => w.A.selectRelated("boss"))).toContain("left join author as T2 on author.boss_id = T2.id");
  });

  test("20. ordering by a relation follows its model's ordering; by its column it does not", async () => {
    expect(await shape(() => w.B.orderBy("author"))).toBe(
      "select book.* from book inner join author on book.author_id = author.id order by author.name",
    );
    expect(await shape(() => w.B.orderBy("authorId"))).toBe("select book.* from book order by book.author_id");
    expect(await shape(() => w.B.orderBy("pub__name"))).toContain("left join pub on book.pub_id = pub.id");
    expect(await names(w.B.filter({ tags__isnull: false }).orderBy("tags__label", "title"))).toEqual(["X", "Y", "X"]);
  });

  test("22. the first filter on a related manager is about the same link, the next is not", async () => {
    const t2 = w.row["t2"]!;
    expect(await shape(() => t2["books"].filter({ tags__label: "t1" }).orderBy())).toBe(
      "select book.* from book inner join book_tags on book.id = book_tags.book_id " +
        "inner join tag on book_tags.tag_id = tag.id where book_tags.tag_id = ? and tag.label = ?",
    );
    expect(await names(t2["books"].filter({ tags__label: "t1" }))).toEqual([]);
    expect(await names(t2["books"].filter({ title: "X" }).filter({ tags__label: "t1" }))).toEqual(["X"]);
  });

  test("27. update and delete that need other tables find their rows by a query; F reads one row", async () => {
    const update = w.B.filter({ author__name: "Ann" });
    const [sql] = await shapes(() => update.update({ year: F("year").plus(1) }));
    expect(sql).toMatch(/^update book set year = \(book\.year.* \+ .*\) where book\.id in \(/);
    expect(sql).toContain(
      "(select U0.id from book as U0 inner join author as U1 on U0.author_id = U1.id where U1.name = ?)",
    );
    expect(await w.B.orderBy("title").valuesList("title", "year")).toEqual([
      ["X", 2002],
      ["X2", 2001],
      ["Y", 2003],
    ]);
    await expect(w.A.all().update({ age: F("books__year") })).rejects.toThrow(/reads a relation to many/);
    await w.P.filter({ books__title: "X" }).delete();
    expect(await w.B.orderBy("title").valuesList("title", "pub__name")).toEqual([
      ["X", null],
      ["X2", "Beta"],
      ["Y", null],
    ]);
  });

  test("30. values over a multi-valued relation repeat rows, and keep those that have none", async () => {
    const rows = w.A.orderBy("name", "books__title");
    expect(await shape(() => rows.values("name", "books__title"))).toContain(
      "select author.name, book.title from author " +
        "left join book on author.id = book.author_id order by author.name, book.title",
    );
    expect(await rows.valuesList("name", "books__title")).toEqual([
      ["Ann", "X"],
      ["Ann", "Y"],
      ["Bob", "X2"],
      ["Cem", null],
    ]);
  });
});
