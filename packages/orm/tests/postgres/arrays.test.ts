import { ValidationError } from "@tsjango/kernel/exceptions";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Count, Duration, F, fields, Model, meta, Q } from "../../src/index.ts";
import { loose } from "../support/loose.ts";
import { describePostgres, openProject, statements, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Post extends Model<Post>()({
  name: fields.char({ maxLength: 50 }),
  tags: fields.array(fields.char({ maxLength: 20 }), { default: [] }),
  scores: fields.array(fields.integer(), { null: true, size: 3 }),
  board: fields.array(fields.array(fields.integer()), { default: [] }),
  days: fields.array(fields.date(), { default: () => ["2026-11-21"] }),
  notes: () => fields.related(Note, "post"),
}) {
  static override meta = meta<Post>({ indexes: [{ fields: ["tags"], using: "gin", name: "post_tags" }] });
}

class Note extends Model<Note>()({
  post: () => fields.foreignKey(Post, { onDelete: "cascade" }),
}) {}

class Every extends Model<Every>()({
  texts: fields.array(fields.text({ null: true })),
  floats: fields.array(fields.float(), { default: [] }),
  bigs: fields.array(fields.bigInteger(), { default: [] }),
  smalls: fields.array(fields.smallInteger(), { default: [] }),
  decimals: fields.array(fields.decimal({ maxDigits: 8, decimalPlaces: 2 }), { default: [] }),
  flags: fields.array(fields.boolean(), { default: [] }),
  moments: fields.array(fields.dateTime(), { default: [] }),
  times: fields.array(fields.time(), { default: [] }),
  durations: fields.array(fields.duration(), { default: [] }),
  bytes: fields.array(fields.binary(), { default: [] }),
  keys: fields.array(fields.uuid(), { default: [] }),
  records: fields.array(fields.json<{ a: number | string }>(), { default: [] }),
  given: fields.array(fields.text(), { dbDefault: ["it's", 'a "b"', "c,d", "{e}", "NULL"] }),
}) {}

describePostgres("arrays", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("postgres", { Post, Note, Every });
    const [emma] = await Post.objects.bulkCreate([
      {
        name: "emma",
        tags: ["classic", "irony"],
        scores: [1, 2, 3],
        board: [
          [1, 2],
          [3, 4],
        ],
      },
      { name: "dune", tags: ["desert", "classic", "long"], scores: [], days: ["2026-11-21", "2025-01-02"] },
      { name: "none", tags: [], scores: null },
    ]);
    await Note.objects.create({ post: emma! });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const { objects } = Post;
  const names = async (posts: typeof objects) => posts.orderBy("name").valuesList("name", { flat: true });

  test("lists come back as they were written", async () => {
    const emma = await Post.objects.get({ name: "emma" });
    is<string[]>()(emma.tags);
    is<number[] | null>()(emma.scores);
    is<number[][]>()(emma.board);
    expect(emma).toMatchObject({ tags: ["classic", "irony"], scores: [1, 2, 3], days: ["2026-11-21"] });
    expect(emma.board).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const none = await Post.objects.get({ name: "none" });
    expect([none.tags, none.scores, none.board]).toEqual([[], null, []]);
  });

  test("elements of every kind come back as they were written", async () => {
    const values = {
      texts: ["", "NULL", null, 'a "b" \\ {c}, d', "é\n💥"],
      floats: [1.5, -2, 1e300],
      bigs: [9_007_199_254_740_993n, -1n],
      smalls: [-32_768, 32_767],
      decimals: ["9.50", "-0.01"],
      flags: [true, false],
      moments: [new Date("2026-11-21T07:03:12.345Z")],
      times: ["07:03:12"],
      durations: [Duration.from({ hours: -1, microseconds: 5 })],
      bytes: [Uint8Array.of(0, 34, 92, 255), Uint8Array.of()],
      keys: ["0189b7ea-6c0e-7c1e-9b3f-1f2d3c4b5a69"],
      records: [{ a: 1 }, { a: '"}' }],
    };
    const { id } = await Every.objects.create(values);
    const found = await Every.objects.get({ id });
    expect({ ...found }).toMatchObject(values);
    expect(found.given).toEqual(["it's", 'a "b"', "c,d", "{e}", "NULL"]);
    await found.save();
    expect({ ...(await Every.objects.get({ id })) }).toEqual({ ...found });
    expect(
      await Every.objects.filter({ texts__contains: ['a "b" \\ {c}, d'], decimals__contains: ["9.5"] }).count(),
    ).toBe(1);
    expect(await Every.objects.filter({ smalls__overlap: [-32_768], bigs__0: 9_007_199_254_740_993n }).count()).toBe(1);
    expect(await Every.objects.filter({ records__0__a: 1 }).count()).toBe(1);
  });

  test("no list is shared by two instances", () => {
    const [a, b] = [new Post({ name: "a" }), new Post({ name: "b" })];
    a.tags.push("x");
    expect(b.tags).toEqual([]);
  });

  test("exact, contains, containedBy, overlap, in, isnull and orders compare lists", async () => {
    expect(await names(objects.filter({ tags: ["classic", "irony"] }))).toEqual(["emma"]);
    expect(await names(objects.filter({ tags: ["irony", "classic"] }))).toEqual([]);
    expect(await names(objects.filter({ tags__contains: ["classic"] }))).toEqual(["dune", "emma"]);
    expect(await names(objects.filter({ tags__contains: [] }))).toEqual(["dune", "emma", "none"]);
    expect(await names(objects.filter({ tags__containedBy: ["classic", "irony", "x"] }))).toEqual(["emma", "none"]);
    expect(await names(objects.filter({ tags__overlap: ["long", "irony"] }))).toEqual(["dune", "emma"]);
    expect(await names(objects.filter({ tags__in: [["classic", "irony"], []] }))).toEqual(["emma", "none"]);
    expect(await names(objects.filter({ scores: null }))).toEqual(["none"]);
    expect(await names(objects.filter({ scores__isnull: false }))).toEqual(["dune", "emma"]);
    expect(await names(objects.filter({ scores__gt: [1, 2] }))).toEqual(["emma"]);
    expect(await names(objects.filter({ scores__range: [[], [1]] }))).toEqual(["dune"]);
    expect(await names(objects.filter(Q({ tags__contains: ["classic"] }).not()))).toEqual(["none"]);
    expect(await names(objects.exclude({ tags__overlap: ["irony"] }))).toEqual(["dune", "none"]);
  });

  test("indexes, slices and len read parts, which have lookups of their own", async () => {
    expect(await names(objects.filter({ tags__0: "classic" }))).toEqual(["emma"]);
    expect(await names(objects.filter({ tags__1__icontains: "CLASS" }))).toEqual(["dune"]);
    expect(await names(objects.filter({ tags__0_2: ["desert", "classic"] }))).toEqual(["dune"]);
    expect(await names(objects.filter({ tags__1_3__contains: ["long"] }))).toEqual(["dune"]);
    expect(await names(objects.filter({ tags__len: 0 }))).toEqual(["none"]);
    expect(await names(objects.filter({ tags__len__gte: 2 }))).toEqual(["dune", "emma"]);
    expect(await names(objects.filter({ scores__len__isnull: true }))).toEqual(["none"]);
    expect(await names(objects.filter({ days__1__year: 2025 }))).toEqual(["dune"]);
    expect(await names(objects.filter({ board__1__0: 3 }))).toEqual(["emma"]);
    expect(await names(objects.filter({ board__len: 2 }))).toEqual(["emma"]);
    await expect(loose(Post).filter({ board__1: [3, 4] })).rejects.toThrow(/name 2 indexes, as in "board__0__0"/);
  });

  test("parts are values and orders, too", async () => {
    const rows = await Post.objects
      .orderBy("-tags__len", "tags__0")
      .values("name", "tags__0", "tags__len", "tags__0_1");
    is<{ name: string; tags__0: string | null; tags__len: number; tags__0_1: string[] }[]>()(rows);
    expect(rows.map(Object.values)).toEqual([
      ["dune", "desert", 3, ["desert"]],
      ["emma", "classic", 2, ["classic"]],
      ["none", null, 0, []],
    ]);
    expect(await Post.objects.filter({ tags__0: F("name") }).count()).toBe(0);
    expect(await Post.objects.filter({ tags__contains: F("tags") }).count()).toBe(3);
    const groups = await Post.objects
      .orderBy("tags__len")
      .values("tags__len")
      .annotate({ n: Count("id") });
    expect(groups).toEqual([0, 2, 3].map((tags__len) => ({ tags__len, n: 1 })));
  });

  test("paths go through relations", async () => {
    expect(await Note.objects.filter({ post__tags__contains: ["irony"], post__tags__0: "classic" }).count()).toBe(1);
    expect(await Note.objects.valuesList("post__tags", { flat: true })).toEqual([["classic", "irony"]]);
  });

  test("update and bulkUpdate write lists", async () => {
    const post = await Post.objects.create({ name: "u" });
    await Post.objects.filter({ id: post.id }).update({ tags: ["a", "b"], scores: [7] });
    await post.refreshFromDb();
    expect([post.tags, post.scores]).toEqual([["a", "b"], [7]]);
    post.tags = ["c"];
    await Post.objects.bulkUpdate([post], ["tags"]);
    expect((await Post.objects.get({ id: post.id })).tags).toEqual(["c"]);
    await post.delete();
  });

  test("a GIN index serves the lookups", async () => {
    const { rows } = await project.backend.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'post_tags'");
    expect(rows).toEqual([["CREATE INDEX post_tags ON public.shop_post USING gin (tags)"]]);
  });

  test("elements are parameters, whatever they hold", async () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      "\\",
      "{",
      "}",
      ",",
      "NULL",
      "$1",
      "; drop table shop_post --",
      " ",
      "\n",
      "é",
      "💥",
    );
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 4 }), async (texts) => {
        const { id } = await Every.objects.create({ texts });
        const [sql] = await statements(async () => {
          const found = await Every.objects.get({ id, texts, texts__contains: texts, texts__0_9: texts });
          expect(found.texts).toEqual(texts);
        });
        expect(sql).toContain('"texts" = ? and "shop_every"."texts" @> ? and ("shop_every"."texts")[1:9] = ?');
      }),
      { numRuns: 30, seed: 20261121 },
    );
  });

  test("what the column cannot hold is refused, and told", async () => {
    const refusals: [object, RegExp][] = [
      [{ tags: "classic" }, /Post.tags takes a list; found/],
      [{ tags: [1] }, /Post.tags takes a string; found/],
      [{ tags: [null] }, /Post.tags takes no null among its elements/],
      [{ tags: ["x".repeat(21)] }, /at most 20 characters/],
      [{ scores: [1, 2, 3, 4] }, /Post.scores takes at most 3 elements, and this has 4/],
      [{ board: [[1], [2, 3]] }, /Post.board takes lists of one length/],
      [{ board: [[]] }, /Post.board takes lists of one length, which are not empty/],
    ];
    for (const [values, message] of refusals) {
      await expect(loose(Post).create({ name: "x", ...values })).rejects.toThrow(message);
    }
    await expect(loose(Post).filter({ tags__contains: "classic" })).rejects.toThrow(/takes a list/);
    await expect(loose(Post).filter({ tags__icontains: "x" })).rejects.toThrow(
      'Post.tags has no lookup "icontains". Did you mean "contains"? Choices: containedBy, contains, exact, gt, gte, in, isnull, len,',
    );
    const invalid = new Post({ name: "x", tags: ["x".repeat(21), "y"], scores: [1, 2, 3, 4], board: [[1]] });
    const error = await invalid.fullClean().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ValidationError);
    expect(String((error as Error).message)).toContain("Element 0 is not valid: ");
    expect(String((error as Error).message)).toContain("at most 3 elements");
  });
});
