import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Count, Exists, F, fields, Model, RowNumber, Value, Window } from "../../src/index.ts";
import { expressions, type LooseRow, loose, Prefetch } from "../support/loose.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Maker extends Model<Maker>()({
  code: fields.char({ maxLength: 10, unique: true }),
  rank: fields.integer(),
  things: () => fields.related(Thing, "maker"),
}) {}

class Thing extends Model<Thing>()({
  name: fields.char({ maxLength: 20 }),
  size: fields.integer(),
  maker: () => fields.foreignKey(Maker, { onDelete: "cascade", toField: "code" }),
  tags: () => fields.manyToMany(Tag),
}) {}

class Tag extends Model<Tag>()({
  label: fields.char({ maxLength: 10 }),
  things: () => fields.related(Thing, "tags"),
}) {}

/** Rows that are combined, distinct or cut out: what is asked of them, and where they stand inside of another query. */
describeDatabases("parts of the rows", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Maker, Thing, Tag });
    await Maker.objects.bulkCreate([
      { code: "c", rank: 1 },
      { code: "b", rank: 2 },
      { code: "a", rank: 3 },
    ]);
    await Thing.objects.bulkCreate([
      { name: "one", size: 1, maker: "a" },
      { name: "two", size: 2, maker: "a" },
      { name: "three", size: 3, maker: "b" },
      { name: "four", size: 4, maker: "c" },
    ] as never[]);
    const [old, red] = await Tag.objects.bulkCreate([{ label: "old" }, { label: "red" }]);
    const [one, two] = await Thing.objects.orderBy("size").slice(0, 2);
    await one!.tags.add(old!, red!);
    await two!.tags.add(old!);
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const things = Thing.objects;
  const names = async (rows: PromiseLike<Thing[]>) => (await rows).map((thing) => thing.name).sort();

  test("distinct rows that are passed over are counted by exists()", async () => {
    expect(await things.orderBy("id").distinct().slice(1).exists()).toBe(true);
    expect(await things.orderBy("id").distinct().slice(4).exists()).toBe(false);
    const second = things.orderBy("id").distinct().slice(1);
    expect(await Maker.objects.filter(Exists(second)).count()).toBe(3);
  });

  describe("inside of another query", () => {
    test("distinct rows are cut out by the order that they are in", async () => {
      const largest = things.orderBy("-size").distinct().slice(0, 2);
      expect(await names(things.filter({ pk__in: largest }))).toEqual(["four", "three"]);
      const makers = loose(Thing).orderBy("-size").distinct().values("maker").slice(0, 2);
      expect(await loose(Maker).filter({ code__in: makers }).count()).toBe(2);
    });

    test("combined rows are cut out by any of their columns", async () => {
      const small = things.filter({ size__lt: 3 });
      const large = things.filter({ size__gt: 3 });
      const chosen = small.union(large).orderBy("-size").slice(0, 2);
      expect(await names(things.filter({ pk__in: chosen }))).toEqual(["four", "two"]);
      expect(await names(things.filter({ pk__in: small.union(large.union(small)) }))).toEqual(["four", "one", "two"]);
    });

    test("distinct rows that are cut out by another column are combined", async () => {
      const [largest] = [loose(Thing).orderBy("-size").distinct().values("maker").slice(0, 2)];
      const makers = largest.union(loose(Thing).filter({ size: 1 }).values("maker")).orderBy("maker");
      expect(await makers).toEqual([{ maker: "a" }, { maker: "b" }, { maker: "c" }]);
      expect(
        await loose(Maker).filter({ code__in: largest.difference(loose(Thing).filter({ size: 4 }).values("maker")) }),
      ).toHaveLength(1);
    });

    test("combined rows are the same by what is named of them, too", async () => {
      const ones = things.annotate({ kind: Value<number>(1) });
      const twos = things.annotate({ kind: Value<number>(2) });
      expect(await ones.intersection(twos)).toEqual([]);
      expect(await things.filter({ pk__in: ones.intersection(twos) })).toEqual([]);
      expect(await things.filter({ pk__in: ones.difference(twos) }).count()).toBe(4);
    });

    test("combined rows are there, or are not", async () => {
      const none = things.filter({ size: 9 });
      const large = things.filter({ size__gt: 3 });
      expect(await Maker.objects.filter(Exists(none.union(none))).count()).toBe(0);
      expect(await Maker.objects.filter(Exists(none.union(large))).count()).toBe(3);
      expect(await Maker.objects.filter(Exists(large.difference(large))).count()).toBe(0);
    });

    test("combined rows stand for what a relation refers to, which is no key", async () => {
      const [first, last] = [Maker.objects.filter({ rank: 1 }), Maker.objects.filter({ rank: 3 })];
      expect(await names(things.filter({ maker__in: first.union(last) }))).toEqual(["four", "one", "two"]);
    });

    test("combined rows of several columns are refused by name", async () => {
      const two = loose(Thing).values("id", "size");
      await expect(Promise.resolve(loose(Thing).filter({ pk__in: two.union(two) }))).rejects.toThrow(
        /Combined query sets inside of another query have 1 columns; these have 2/,
      );
    });
  });

  describe("of a relation to many", () => {
    const loaded = async (tags: unknown) => {
      const found = await loose(Thing)
        .filter({ size__lt: 3 })
        .orderBy("size")
        .prefetchRelated(new Prefetch("tags", tags));
      return found.map((thing) => [...((thing as LooseRow)["tags"] as Iterable<LooseRow>)]);
    };

    test("are cut out of those of each row, whatever a condition says of the way back", async () => {
      const tags = await loaded(loose(Tag).filter({ things__size: 2 }).orderBy("-label").slice(0, 1));
      expect(tags.map((each) => each.map(({ label }) => label))).toEqual([["old"], ["old"]]);
    });

    test("are cut out of those that are distinct", async () => {
      const twice = loose(Tag).filter({ things__size__gt: 0 }).orderBy("label").distinct().slice(0, 2);
      const tags = await loaded(twice);
      expect(tags.map((each) => each.map(({ label }) => label))).toEqual([["old", "red"], ["old"]]);
    });

    test("are not told from combined rows, which are refused", async () => {
      const old = loose(Tag).filter({ label: "old" });
      await expect(loaded(old.union(old))).rejects.toThrow(/Prefetch takes no combined query sets/);
      expect((await loaded(loose(Tag).filter({ pk__in: old.union(old) }))).flat()).toHaveLength(2);
    });

    test("have aggregates of all that they lead to", async () => {
      const tags = await loaded(
        loose(Tag)
          .annotate({ n: expressions.Count("things") })
          .orderBy("label"),
      );
      expect(tags.map((each) => each.map(({ label, n }) => [label, n]))).toEqual([
        [
          ["old", 2],
          ["red", 1],
        ],
        [["old", 2]],
      ]);
    });
  });

  test("a row that conditions on its window leave out is not among the rows, asked for alone", async () => {
    const first = things
      .annotate({ n: Window(RowNumber(), { partitionBy: [F("maker")], orderBy: ["size"] }) })
      .filter({ n: 1 });
    const [one, two] = await things.filter({ size__lt: 3 }).orderBy("size");
    expect(await first.contains(one!)).toBe(true);
    expect(await first.contains(two!)).toBe(false);
    expect([...(await first.inBulk([one!.pk, two!.pk])).keys()]).toEqual([one!.pk]);
  });

  test("combined rows are found by their keys", async () => {
    const [small, large] = [things.filter({ size: 1 }), things.filter({ size: 4 })];
    const [one, two] = await things.filter({ size__lt: 3 }).orderBy("size");
    expect([...(await small.union(large).inBulk([one!.pk, two!.pk])).keys()]).toEqual([one!.pk]);
  });

  test("rows that are distinct by a column are not updated or deleted as if they were all", async () => {
    await expect(loose(Thing).distinct("maker").update({ size: 9 })).rejects.toThrow(
      /update\(\) cannot follow distinct/,
    );
    await expect(loose(Thing).distinct("maker").delete()).rejects.toThrow(/delete\(\) cannot follow distinct/);
  });

  test("distinct rows are in the order of an aggregate that is not among their columns", async () => {
    const makers = loose(Maker)
      .alias({ n: expressions.Count("things") })
      .distinct()
      .orderBy("-n", "code");
    expect(await makers.values("code")).toEqual([{ code: "a" }, { code: "b" }, { code: "c" }]);
    expect(
      await Maker.objects
        .alias({ n: Count("things") })
        .distinct()
        .orderBy("-n", "code")
        .count(),
    ).toBe(3);
  });

  describe.skipIf(vendor === "sqlite")("one row for each value of a column: SQLite has none of it", () => {
    const largest = () => loose(Thing).distinct("maker").orderBy("maker", "-size");

    test("is the first in the order, whatever is asked of the rows", async () => {
      expect(await names(largest() as PromiseLike<Thing[]>)).toEqual(["four", "three", "two"]);
      expect((await largest().filter({ maker: "a" }).get())["name"]).toBe("two");
      expect(await largest().aggregate({ n: expressions.Sum("size") })).toEqual({ n: 9 });
    });

    test("is among the rows alone, of those with the same value", async () => {
      const [one, two] = await things.filter({ size__lt: 3 }).orderBy("size");
      expect(await largest().contains(one!)).toBe(false);
      expect(await largest().contains(two!)).toBe(true);
      expect([...(await largest().inBulk([one!.pk, two!.pk])).keys()]).toEqual([two!.pk]);
    });

    test("is the one with the lowest key, without an order", async () => {
      expect((await loose(Thing).distinct("maker").first())?.["name"]).toBe("one");
      expect((await loose(Thing).distinct("maker").last())?.["name"]).toBe("four");
    });

    test("is the first in the order when combined with others", async () => {
      const found = await largest()
        .union(loose(Thing).filter({ size: 1 }))
        .orderBy("size");
      expect(found.map((thing) => (thing as LooseRow)["size"])).toEqual([1, 2, 3, 4]);
    });

    test("is one for each row that a relation leads from", async () => {
      const makers = await loose(Maker)
        .orderBy("code")
        .prefetchRelated(new Prefetch("things", loose(Thing).distinct("maker").orderBy("maker", "-size")));
      const sizes = makers.map((maker) =>
        [...((maker as LooseRow)["things"] as Iterable<LooseRow>)].map(({ size }) => size),
      );
      expect(sizes).toEqual([[2], [3], [4]]);
      const [one] = await loose(Thing)
        .filter({ size: 1 })
        .prefetchRelated(new Prefetch("tags", loose(Tag).distinct("label").orderBy("label")));
      expect([...((one as LooseRow)["tags"] as Iterable<LooseRow>)].map(({ label }) => label)).toEqual(["old", "red"]);
      const cut = new Prefetch("things", largest().slice(0, 1));
      await expect(Promise.resolve(loose(Maker).prefetchRelated(cut))).rejects.toThrow(
        /no slice of distinct\(\) of some fields/,
      );
    });

    test("is named by the value", async () => {
      const found = await largest().inBulk(["a", "c"], { fieldName: "maker" });
      expect([...found].map(([code, thing]) => [code, thing["name"]])).toEqual([
        ["a", "two"],
        ["c", "four"],
      ]);
    });
  });
});
