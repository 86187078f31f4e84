import { expect, test } from "vitest";
import { expressions, type LooseRow, Prefetch } from "../support/loose.ts";
import { describeDatabases } from "../support/project.ts";
import * as models from "./models.ts";
import { names, shape, shapes, world } from "./world.ts";

const { F } = expressions;

describeDatabases("rows, one by one and with what belongs to them", (vendor) => {
  const w = world(vendor);

  test("18. after a slice there is no other condition or order; slices of slices add up; a sliced subquery keeps its order", async () => {
    const cut = w.B.orderBy("title").slice(0, 2);
    for (const refused of [
      () => cut.filter({ year: 1 }),
      () => cut.exclude({ year: 1 }),
      () => cut.orderBy("year"),
      () => cut.reverse(),
      () => cut.distinct(),
    ]) {
      expect(refused).toThrow(/slice/);
    }
    await expect(cut.update({ year: 1 })).rejects.toThrow(/slice/);
    await expect(cut.delete()).rejects.toThrow(/slice/);
    expect(() => w.B.slice(-1)).toThrow(/reverse/);
    expect(await shape(() => w.B.orderBy("title").slice(5, 10).slice(2, 3))).toMatch(/limit 1 offset (7|\?)$/);
    const latest = w.B.orderBy("-title").slice(0, 1);
    expect(await shape(() => w.S.filter({ books__in: latest }))).toMatch(/in \(select .* order by .* desc.* limit 1\)/);
    expect(await names(w.S.filter({ books__in: latest }))).toEqual(["Two"]);
    expect(await shape(() => w.S.filter({ books__in: w.B.orderBy("-title") }))).not.toContain("order by");
  });

  test("19. get asks for a few rows, first orders by key only where there is no order, last turns the order round", async () => {
    expect(await shape(() => w.B.get({ title: "X" }))).toMatch(/limit \d+$/);
    const { DoesNotExist, MultipleObjectsReturned } = models.Book;
    await expect(w.B.get({ title: "none" })).rejects.toThrow(DoesNotExist);
    await expect(w.B.get({ year: 2001 })).rejects.toThrow(MultipleObjectsReturned);
    expect(await shape(() => w.P.first())).toBe("select pub.* from pub order by pub.id limit 1");
    expect(await shape(() => w.A.first())).toBe("select author.* from author order by author.name limit 1");
    expect(await shape(() => w.P.last())).toBe("select pub.* from pub order by pub.id desc limit 1");
    const nullsLast = w.B.orderBy(F("price").asc({ nulls: "last" }));
    expect((await nullsLast.last())?.["title"]).toBe("Y");
    expect((await nullsLast.reverse().first())?.["title"]).toBe("Y");
    expect(await shape(() => w.P.reverse())).toBe("select pub.* from pub");
    const exists = await shape(() => w.A.filter({ age: 40 }).exists());
    expect(exists).toMatch(/^select 1.* from author where author\.age = \? limit 1$/);
    expect(await w.A.filter({ age: 40 }).exists()).toBe(true);
  });

  test("23. query sets are combined by union; conditions by Q keep to one join", async () => {
    const t1 = w.B.filter({ tags__label: "t1" });
    // What Django writes as `a & b`: each side about a link of its own.
    expect(await names(t1.filter({ tags__label: "t2" }))).toEqual(["X"]);
    const either = w.B.filter(expressions.Q({ tags__label: "t1" }).or({ year: 2001 })).distinct();
    expect(await shape(() => either)).toMatch(/left join book_tags .* left join tag /);
    expect(await names(either.orderBy("title"))).toEqual(["X", "X2", "Y"]);
    expect(() => w.B.slice(0, 1).union(w.A.all())).not.toThrow(TypeError);
  });

  test("24. prefetchRelated asks once a level; what was prefetched is not asked again, a filter of it is", async () => {
    let authors: LooseRow[] = [];
    const sent = await shapes(async () => {
      authors = (await w.A.prefetchRelated("books__tags")) as LooseRow[];
    });
    expect(sent).toHaveLength(3);
    const ann = authors[0]!;
    const again = await shapes(async () => {
      const books: LooseRow[] = [...ann["books"]].sort((a, b) => (a.title < b.title ? -1 : 1));
      expect(books.map(({ title }) => title)).toEqual(["X", "Y"]);
      expect([...books[0]!["tags"]].map(({ label }: LooseRow) => label).sort()).toEqual(["t1", "t2"]);
      // The other side is known, too.
      expect((books[0]!["author"] as LooseRow)["name"]).toBe("Ann");
    });
    expect(again).toEqual([]);
    expect(await shapes(() => ann["books"].filter({ year: 2001 }))).toHaveLength(1);
    const latest = new Prefetch("books", w.B.orderBy("-year").slice(0, 1), { toAttr: "latest" });
    const sliced = w.A.prefetchRelated(latest);
    expect((await shapes(() => sliced)).at(-1)).toMatch(/row_number\(\) over \(partition by/);
    const shown = ((await sliced) as LooseRow[]).map((row) => [
      row["name"],
      row["latest"].map((b: LooseRow) => b["title"]),
    ]);
    expect(shown).toEqual([
      ["Ann", ["Y"]],
      ["Bob", ["X2"]],
      ["Cem", []],
    ]);
  });

  test("28. save of a row with a key updates, then inserts; add leaves links that are there; set changes the difference", async () => {
    const gamma = new models.Pub({ name: "Gamma" } as never) as unknown as LooseRow;
    gamma["id"] = 77;
    const sent = await shapes(() => gamma["save"]());
    expect(sent.filter((sql) => /^(update|insert)/.test(sql)).map((sql) => sql.split(" ")[0])).toEqual([
      "update",
      "insert",
    ]);
    gamma["name"] = "Delta";
    const again = await shapes(() => gamma["save"]());
    expect(again.filter((sql) => /^(update|insert)/.test(sql)).map((sql) => sql.split(" ")[0])).toEqual(["update"]);
    const { X, t1, t2 } = w.row as Record<string, LooseRow>;
    await X!["tags"].add(t1, t1, t2);
    expect(await X!["tags"].count()).toBe(2);
    await X!["tags"].set([t2]);
    expect(await names(X!["tags"].all())).toEqual(["t2"]);
    const [, made] = (await (
      w.P as unknown as { getOrCreate(given: object): Promise<[LooseRow, boolean]> }
    ).getOrCreate({
      name: "Alpha",
    })) as [LooseRow, boolean];
    expect(made).toBe(false);
  });
});
