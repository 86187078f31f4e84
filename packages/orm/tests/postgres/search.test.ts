import { afterAll, beforeAll, expect, test } from "vitest";
import { F, fields, Model, meta, NotSupportedError, Q, Value } from "../../src/index.ts";
import {
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
} from "../../src/postgres/index.ts";
import { loose } from "../support/loose.ts";
import { describePostgres, openProject, statements, type TestProject } from "../support/project.ts";
import { is } from "../types/is.ts";

class Poet extends Model<Poet>()({ name: fields.char({ maxLength: 100 }) }) {}

class Poem extends Model<Poem>()({
  poet: () => fields.foreignKey(Poet, { onDelete: "cascade" }),
  title: fields.char({ maxLength: 100 }),
  text: fields.text({ null: true }),
  language: fields.char({ maxLength: 20, default: "english" }),
  words: fields.searchVector({ null: true }),
  both: fields.generated({
    expression: SearchVector("title", { config: "english", weight: "A" }).plus(
      SearchVector("text", { config: "english", weight: "B" }),
    ),
    output: fields.searchVector(),
  }),
}) {
  static override meta = meta<Poem>({ indexes: [{ fields: ["both"], using: "gin" }], ordering: ["id"] });
}

const CONFIG = { config: "english" } as const;

describePostgres("full text search", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("postgres", { Poet, Poem });
    const [john, helene] = await Poet.objects.bulkCreate([{ name: "John Keats" }, { name: "Hélène Dorion" }]);
    await Poem.objects.bulkCreate([
      { poet: john!, title: "Ode to a Nightingale", text: "My heart aches, and a drowsy numbness pains my sense" },
      {
        poet: john!,
        title: "To Autumn",
        text: "Season of mists & <b>mellow</b> fruitfulness. Seasons come, hearts ache.",
      },
      { poet: helene!, title: "Mes forêts", text: null, language: "french" },
    ]);
    await Poem.objects.update({ words: SearchVector("title", "text", CONFIG) });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const { objects } = Poem;
  const titles = async (poems: typeof objects) => poems.valuesList("title", { flat: true });
  const [ODE, AUTUMN, FORESTS] = ["Ode to a Nightingale", "To Autumn", "Mes forêts"];

  test("search looks for the words of a text, in texts and in stored vectors", async () => {
    expect(await titles(objects.filter({ title__search: "nightingale" }))).toEqual([ODE]);
    expect(await titles(objects.filter({ words: "ode" }))).toEqual([ODE]);
    expect(await titles(objects.filter({ words: SearchQuery("aching hearts", CONFIG) }))).toEqual([ODE, AUTUMN]);
    expect(await titles(objects.filter({ both__search: SearchQuery("numb", CONFIG) }))).toEqual([ODE]);
    expect(await titles(objects.exclude({ both: SearchQuery("ode", CONFIG) }))).toEqual([AUTUMN, FORESTS]);
    expect(await titles(objects.filter({ words__isnull: true }))).toEqual([]);
    expect(await titles(objects.filter({ poet__name__search: "keats" }))).toEqual([ODE, AUTUMN]);
  });

  test("the language of a query is that of the text; it may be a column", async () => {
    expect(await titles(objects.filter({ title__search: SearchQuery("forêt", { config: "french" }) }))).toEqual([
      FORESTS,
    ]);
    expect(await titles(objects.filter({ title__search: SearchQuery("forêt", { config: "simple" }) }))).toEqual([]);
    const own = { config: F("language") };
    const found = objects.annotate({ w: SearchVector("title", own) }).filter({ w: SearchQuery(F("title"), own) });
    expect(await found.count()).toBe(3);
    await expect(objects.filter({ title__search: SearchQuery("x", { config: "klingon" }) })).rejects.toThrow();
  });

  test("vectors are of several texts, with weights, and are put together", async () => {
    const vector = SearchVector("title", { ...CONFIG, weight: "A" }).plus(
      SearchVector("poet__name", { config: "simple" }),
    );
    const rows = await objects
      .annotate({ v: vector })
      .filter({ v: SearchQuery("keats", { config: "simple" }) })
      .values("title", "v");
    is<{ title: string; v: string }[]>()(rows);
    expect(rows).toEqual([
      { title: ODE, v: "'john':5 'keats':6 'nightingal':4A 'ode':1A" },
      { title: AUTUMN, v: "'autumn':2A 'john':3 'keats':4" },
    ]);
    expect(
      await objects
        .annotate({ v: SearchVector("text") })
        .filter({ v: "mists" })
        .count(),
    ).toBe(1);
  });

  test("queries are read in four ways, and put together", async () => {
    const matching = (query: ReturnType<typeof SearchQuery<string>>) => titles(objects.filter({ words: query }));
    expect(await matching(SearchQuery("season mist", CONFIG))).toEqual([AUTUMN]);
    expect(await matching(SearchQuery("heart aches", { ...CONFIG, type: "phrase" }))).toEqual([ODE, AUTUMN]);
    expect(await matching(SearchQuery("aches heart", { ...CONFIG, type: "phrase" }))).toEqual([]);
    expect(await matching(SearchQuery("mist:* & !numb", { ...CONFIG, type: "raw" }))).toEqual([AUTUMN]);
    expect(await matching(SearchQuery('heart -"mellow fruitfulness"', { ...CONFIG, type: "websearch" }))).toEqual([
      ODE,
    ]);
    const [heart, numb, ode] = ["heart", "numb", "ode"].map((each) => SearchQuery(each, CONFIG));
    expect(await matching(heart!.and(numb!))).toEqual([ODE]);
    expect(await matching(numb!.or(SearchQuery("mist", CONFIG)))).toEqual([ODE, AUTUMN]);
    expect(await matching(heart!.and(ode!.not()))).toEqual([AUTUMN]);
    expect(await matching(heart!.and(ode!).not())).toEqual([AUTUMN, FORESTS]);
  });

  test("SearchRank orders by how well a text fits", async () => {
    const heart = SearchQuery("heart season", { config: "english" }).or(SearchQuery("autumn", CONFIG));
    const rows = await objects
      .annotate({
        stored: SearchRank("both", heart),
        low: SearchRank("both", heart, { weights: [0, 0, 0, 0.5], normalization: 2, coverDensity: true }),
        of: SearchRank(SearchVector("text", CONFIG), "mist"),
      })
      .orderBy("-stored")
      .values("title", "stored", "low", "of");
    is<{ title: string; stored: number; low: number; of: number }[]>()(rows);
    expect(rows.map(({ title }) => title)[0]).toBe(AUTUMN);
    expect(rows[0]!.stored).toBeGreaterThan(0.1);
    expect(rows[0]!.low).toBeGreaterThan(0);
    expect(rows[0]!.of).toBeGreaterThan(0);
    expect(rows[2]).toMatchObject({ stored: 0, low: 0, of: 0 });
    expect(() => SearchRank("both", "x", { weights: [1] as never })).toThrow(/four weights/);
  });

  test("SearchHeadline marks what was found", async () => {
    const query = SearchQuery("heart", CONFIG);
    const rows = await objects
      .annotate({
        plain: SearchHeadline("text", query),
        marked: SearchHeadline("text", query, {
          ...CONFIG,
          startSel: "[it's \\ ",
          stopSel: "]",
          maxWords: 4,
          minWords: 2,
          shortWord: 1,
          maxFragments: 2,
          fragmentDelimiter: " | ",
          highlightAll: false,
        }),
      })
      .values("plain", "marked");
    is<{ plain: string | null; marked: string | null }[]>()(rows);
    expect(rows[0]!.plain).toContain("My <b>heart</b> aches");
    expect(rows[0]!.marked).toContain("[it's \\ heart]");
    expect(rows[2]).toEqual({ plain: null, marked: null });
    expect(() => SearchHeadline("text", "x", { startSelf: "" } as never)).toThrow('no option "startSelf"');
  });

  test("what is searched for is a parameter, whatever it says", async () => {
    const HOSTILE = ["'); drop table shop_poem; --", '"$1', "\\", "a' | b:*", "%_", ":::", "&&&", "💥"];
    const seen = new Set<string>();
    for (const text of HOSTILE) {
      const asked = objects
        .annotate({ r: SearchRank("both", text), h: SearchHeadline("text", text, { startSel: text }) })
        .filter(Q({ title__search: text }), { words: SearchQuery(text, { type: "websearch" }) });
      const run = await statements(() => asked);
      for (const sql of run) seen.add(sql);
    }
    expect(seen.size).toBe(1);
    await expect(objects.filter({ words: SearchQuery("x", { config: "english'; --" }) })).rejects.toThrow(
      /invalid name syntax|text search/,
    );
    expect(() => SearchVector("title", { weight: "E'" as "A" })).toThrow(/weight is "A", "B", "C" or "D"/);
    expect(() => SearchQuery("x", { type: "x" as "raw" })).toThrow(/type is plain, phrase, raw, websearch/);
    expect(await objects.count()).toBe(3);
  });

  test("extensions of the server make texts alike", async () => {
    const { rows } = await project.backend.execute(
      "SELECT count(*)::int FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')",
    );
    expect(rows, "the server has the modules pg_trgm and unaccent").toEqual([[2]]);
    await project.backend.execute('CREATE EXTENSION IF NOT EXISTS "pg_trgm"');
    await project.backend.execute('CREATE EXTENSION IF NOT EXISTS "unaccent"');
    await project.backend.execute('CREATE INDEX poets ON shop_poet USING gin ("name" "gin_trgm_ops")');

    const poets = Poet.objects.orderBy("id");
    const names = async (found: typeof poets) => (await found).map(({ name }) => name);
    const [KEATS, HELENE] = ["John Keats", "Hélène Dorion"];
    expect(await names(poets.filter({ name__unaccent: "Helene Dorion" }))).toEqual([HELENE]);
    expect(await names(poets.filter({ name__unaccent__icontains: "HÉLENE" }))).toEqual([HELENE]);
    expect(await names(poets.filter({ name__unaccent__startswith: "Hè" }))).toEqual([HELENE]);
    expect(await names(poets.filter({ name__unaccent__in: ["John Kéats", "x"] }))).toEqual([KEATS]);
    expect(await names(poets.filter({ name__unaccent__range: ["Há", "Hz"] }))).toEqual([HELENE]);
    expect(await names(poets.exclude({ name__unaccent__regex: "^Hele" }))).toEqual([KEATS]);
    expect(await poets.valuesList("name__unaccent", { flat: true })).toEqual([KEATS, "Helene Dorion"]);
    expect(await names(poets.filter({ name__unaccent: Value("Helene Dorion") }))).toEqual([HELENE]);

    expect(await names(poets.filter({ name__trigramSimilar: "Jon Keets" }))).toEqual([KEATS]);
    expect(await names(poets.filter({ name__trigramWordSimilar: "Keat" }))).toEqual([KEATS]);
    expect(await names(poets.filter({ name__trigramStrictWordSimilar: "Keats" }))).toEqual([KEATS]);
    expect(await names(poets.filter({ name__trigramSimilar: F("name") }))).toEqual([KEATS, HELENE]);
    const [alike] = await poets
      .annotate({
        similar: TrigramSimilarity("name", "John Keats"),
        distance: TrigramDistance("name", "John Keats"),
        word: TrigramWordSimilarity("Keats", "name"),
        wordDistance: TrigramWordDistance("Keats", "name"),
        strict: TrigramStrictWordSimilarity("Keats", "name"),
        strictDistance: TrigramStrictWordDistance("Keats", "name"),
      })
      .values("similar", "distance", "word", "wordDistance", "strict", "strictDistance");
    is<number | undefined>()(alike?.similar);
    expect(alike).toEqual({ similar: 1, distance: 0, word: 1, wordDistance: 0, strict: 1, strictDistance: 0 });
  });
});

test("SQLite says that it has no search", async () => {
  const project = await openProject("sqlite", { Poet });
  await expect(Poet.objects.filter({ name__search: "x" })).rejects.toThrow(NotSupportedError);
  await expect(Poet.objects.filter({ name__trigramSimilar: "x" })).rejects.toThrow(
    '"name__trigramSimilar" is something that',
  );
  await expect(Poet.objects.filter({ name__unaccent: "x" })).rejects.toThrow(
    /PostgreSQL alone has; this database is sqlite/,
  );
  await expect(Poet.objects.annotate({ s: TrigramSimilarity("name", "x") })).rejects.toThrow(/written for postgres/);
  await expect(loose(Poet).annotate({ s: SearchVector("name") })).rejects.toThrow(/SearchVector is something that/);
  await project[Symbol.asyncDispose]();
});
