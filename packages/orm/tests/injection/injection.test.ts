import { TsjangoError } from "@tsjango/kernel/exceptions";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DatabaseError, fields, Model, meta } from "../../src/index.ts";
import { onStatement } from "../../src/transaction.ts";
import { expressions, type LooseManager, loose, Prefetch } from "../support/loose.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { NAMES_IN_EXPRESSIONS, NAMES_ON_POSTGRES, SENT_ANYWAY, VALUES_IN_EXPRESSIONS } from "./places.ts";
import { tokens } from "./tokens.ts";

const {
  Case,
  Cast,
  Concat,
  Count,
  Exists,
  F,
  JSONArray,
  JSONObject,
  Lag,
  Left,
  Lower,
  LPad,
  Max,
  OuterRef,
  Q,
  Replace,
} = expressions;
const { RowNumber, StringAgg, StrIndex, Subquery, Value, When, Window } = expressions;

class Author extends Model<Author>()({
  name: fields.char({ maxLength: 500 }),
  books: () => fields.related(Book, "author"),
}) {}
class Book extends Model<Book>()({
  title: fields.char({ maxLength: 500 }),
  pages: fields.integer({ default: 0 }),
  author: () => fields.foreignKey(Author, { onDelete: "cascade", null: true }),
  tags: () => fields.manyToMany(Tag),
  extra: fields.json<Record<string, unknown>>({ null: true }),
  day: fields.date({ null: true }),
  at: fields.dateTime({ null: true }),
}) {}
class Tag extends Model<Tag>()({ label: fields.char({ maxLength: 500 }) }) {}

/** What has broken out of SQL before, alone and in pieces. */
const PIECES = [
  "'",
  '"',
  "''",
  '""',
  "`",
  "\\",
  "\\'",
  '\\"',
  ";",
  "--",
  "/*",
  "*/",
  "#",
  "$1",
  "$$",
  "$a$",
  "?",
  ":a",
  "%",
  "_",
  "%s",
  "\0",
  "\n",
  "\r",
  "\t",
  "\u2028",
  "ʼ",
  "＂",
  "\ud800",
  "\u{1f4a5}",
  "İ",
  "{}",
  "[0]",
  "$.a",
  ".",
  "->",
  "->>",
  "::text",
  "(",
  ")",
  ",",
  "=",
  " OR 1=1",
  " or ''='",
  " UNION SELECT 1",
  "; DROP TABLE shop_book",
  "a",
  "b9",
  "id",
  "title",
  "pages",
  "author",
  "__",
  "__exact",
  "__proto__",
  "constructor",
  "-",
  "+",
  " ",
];

const hostile = fc
  .oneof(
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 }),
  )
  // A plain word may be a name; "-" before it and "?" mean something in orderBy.
  .filter((text) => /[^\w]/.test(text.replace(/^-/, "")) && !/^-?\?$/.test(text));

/** How many texts each place in an expression is tried with; `TSJANGO_INJECTION_RUNS` asks for more. */
const RUNS = Number(process.env["TSJANGO_INJECTION_RUNS"] ?? 10);

type Place = (text: string, B: LooseManager, A: LooseManager) => PromiseLike<unknown>;

/** Where a string that is a name can stand: it is refused, or makes the tokens of the name that stands beside it. */
const NAMES: Readonly<Record<string, readonly [benign: string, place: Place]>> = {
  "a lookup": ["title", (text, B) => B.filter({ [text]: "x" })],
  "a lookup behind a field": ["exact", (text, B) => B.filter({ [`title__${text}`]: "x" })],
  "a lookup behind a relation": ["name", (text, B) => B.filter({ [`author__${text}`]: "x" })],
  "a lookup in exclude": ["title", (text, B) => B.exclude({ [text]: "x" })],
  "a lookup in Q": ["title", (text, B) => B.filter(Q({ [text]: "x" }).or(Q({ pages: 1 })))],
  "a lookup of get": ["title", (text, B) => B.get({ [text]: "x" })],
  "a path in F": ["pages", (text, B) => B.filter({ pages: F(text) })],
  "a path in OuterRef": ["pk", (text, B, A) => A.filter(Exists(B.filter({ author: OuterRef(text) })))],
  "a path in Count": ["id", (text, B) => B.annotate({ n: Count(text) })],
  "a path in Max": ["pages", (text, B) => B.aggregate({ n: Max(text) })],
  "a path in Lower": ["title", (text, B) => B.annotate({ n: Lower(text) })],
  "a path in a window": ["pages", (text, B) => B.annotate({ n: Window(RowNumber(), { orderBy: text }) })],
  "a partition of a window": ["pages", (text, B) => B.annotate({ n: Window(RowNumber(), { partitionBy: text }) })],
  "an order of StringAgg": ["title", (text, B) => B.aggregate({ n: StringAgg("title", ",", { orderBy: text }) })],
  "a path in Lag": ["title", (text, B) => B.annotate({ n: Window(Lag(text), { orderBy: "id" }) })],
  "a path in Left": ["title", (text, B) => B.annotate({ n: Left(text, 3) })],
  "a path in JSONArray": ["title", (text, B) => B.annotate({ n: JSONArray(text) })],
  "a condition of When": ["title", (text, B) => B.annotate({ n: Case(When({ [text]: "x" }, Value(1))) })],
  "a condition of an aggregate": ["title", (text, B) => B.annotate({ n: Count("id", { filter: Q({ [text]: "x" }) }) })],
  "an annotation": ["anything", (text, B) => B.annotate({ [text]: Count("tags") })],
  "an annotation in a group": ["anything", (text, B) => B.values("title").annotate({ [text]: Count("id") })],
  "an annotation that is filtered": [
    "anything",
    (text, B) => B.annotate({ [text]: F("pages").plus(1) }).filter({ [text]: 1 }),
  ],
  "an annotation that is ordered by": [
    "anything",
    (text, B) => B.annotate({ [text]: F("pages").plus(1) }).orderBy(text),
  ],
  "an annotation that is a value": ["anything", (text, B) => B.annotate({ [text]: F("pages").plus(1) }).values(text)],
  "an alias": ["anything", (text, B) => B.alias({ [text]: F("pages").plus(1) }).filter({ [text]: 1 })],
  "an aggregate": ["anything", (text, B) => B.aggregate({ [text]: Count("id") })],
  "an aggregate of a slice": ["anything", (text, B) => B.slice(0, 3).aggregate({ [text]: Count("id") })],
  orderBy: ["title", (text, B) => B.orderBy(text)],
  "orderBy, descending": ["title", (text, B) => B.orderBy(`-${text}`)],
  "orderBy of F": ["title", (text, B) => B.orderBy(F(text).desc({ nulls: "last" }))],
  values: ["title", (text, B) => B.values(text)],
  valuesList: ["title", (text, B) => B.valuesList(text, "id")],
  "valuesList, flat": ["title", (text, B) => B.valuesList(text, { flat: true })],
  only: ["title", (text, B) => B.only(text)],
  defer: ["title", (text, B) => B.defer(text)],
  selectRelated: ["author", (text, B) => B.selectRelated(text)],
  prefetchRelated: ["tags", (text, B) => B.prefetchRelated(text)],
  Prefetch: ["tags", (text, B) => B.prefetchRelated(new Prefetch(text, loose(Tag).all()))],
  "a key of update": ["title", (text, B) => B.update({ [text]: "x" })],
  "a key of create": ["title", (text, B) => B.create({ [text]: "x" })],
  "explain's format": [
    "json",
    (text, B) => (B.all() as unknown as { explain(given: object): Promise<string> }).explain({ format: text }),
  ],
  latest: ["title", (text, B) => B.latest(text)],
  "a subquery's values": ["id", (text, B) => B.filter({ id__in: B.values(text) })],
  "a union's order": ["title", (text, B) => B.orderBy().union(B.orderBy()).orderBy(text)],
};

/** Where a string that is a value can stand: it is refused, or makes the tokens of any other. */
const VALUES: Readonly<Record<string, Place>> = {
  exact: (text, B) => B.filter({ title: text }),
  iexact: (text, B) => B.filter({ title__iexact: text }),
  contains: (text, B) => B.filter({ title__contains: text }),
  icontains: (text, B) => B.filter({ title__icontains: text }),
  startswith: (text, B) => B.filter({ title__startswith: text }),
  iendswith: (text, B) => B.filter({ title__iendswith: text }),
  in: (text, B) => B.filter({ title__in: [text, "x"] }),
  range: (text, B) => B.filter({ title__range: [text, "x"] }),
  regex: (text, B) => B.filter({ title__regex: text }),
  exclude: (text, B) => B.exclude({ title__gt: text }),
  Value: (text, B) => B.annotate({ n: Value(text) }),
  "Value in Concat": (text, B) => B.annotate({ n: Concat("title", Value(text)) }),
  "a branch of Case": (text, B) => B.annotate({ n: Case(When({ title: text }, text), { default: text }) }),
  "a text behind a function's first": (text, B) =>
    B.annotate({ n: Replace("title", text, text), m: LPad("title", 9, text), o: StrIndex("title", text) }),
  "a delimiter": (text, _B, A) => A.annotate({ n: StringAgg("books__title", text) }),
  "a delimiter of texts that count once": (text, _B, A) =>
    A.annotate({ n: StringAgg("books__title", text, { distinct: true, default: text }) }),
  "a key of JSONObject": (text, B) => B.annotate({ n: JSONObject({ [text]: "title" }) }),
  "what Lag gives instead": (text, B) => B.annotate({ n: Window(Lag("title", { default: text }), { orderBy: "id" }) }),
  "a text that is cast": (text, B) => B.annotate({ n: Cast(Value(text), fields.text()) }),
  "a subquery": (text, B, A) => A.annotate({ n: Subquery(B.filter({ title: text }).values("title").slice(0, 1)) }),
  update: (text, B) => B.update({ title: text }),
  create: (text, B) => B.create({ title: text }),
  "create of JSON": (text, B) => B.create({ title: "x", extra: { [text]: text } }),
  "JSON, exact": (text, B) => B.filter({ extra__a: text }),
  "JSON, gt": (text, B) => B.filter({ extra__a__gt: text }),
  "JSON, icontains": (text, B) => B.filter({ extra__a__icontains: text }),
  "JSON, in": (text, B) => B.filter({ extra__a__in: [text, { [text]: text }] }),
  // "__" parts keys, as it parts names everywhere.
  "a key in JSON": (text, B) => B.filter({ [`extra__${text.replaceAll("_", "-")}`]: 1 }),
  "a key in JSON, ordered by": (text, B) => B.orderBy(`extra__${text.replaceAll("_", "-")}`),
  "a key in JSON, as a value": (text, B) => B.values(`extra__${text.replaceAll("_", "-")}`),
};

/** Where no string is a value. */
const REFUSED: Readonly<Record<string, Place>> = {
  "a number's place": (text, B) => B.filter({ pages: text }),
  "a key's place": (text, B) => B.filter({ author: text }),
  "a list's place": (text, B) => B.filter({ title__in: text.length === 0 ? 0 : 1, pages__range: text }),
  "a boolean's place": (text, B) => B.filter({ title__isnull: text }),
  "a slice's place": (text, B) => B.slice(text as never),
};

describeDatabases("no string changes the tokens of a statement", (vendor) => {
  let project: TestProject;
  let B: LooseManager;
  let A: LooseManager;
  beforeAll(async () => {
    project = await openProject(vendor, { Author, Book, Tag });
    B = loose(Book);
    A = loose(Author);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  /** The tokens of all statements that a place sends; undefined where it is refused. */
  async function sent(place: Place, text: string, anyway = false): Promise<string[] | undefined> {
    const sql: string[] = [];
    const stop = onStatement((statement) => sql.push(statement.sql));
    try {
      await place(text, B, A);
    } catch (error) {
      // Statements are refused before they are sent; what the database itself refuses must be one of ours all the same.
      if (!(error instanceof TsjangoError)) throw error;
      if (sql.length === 0) return undefined;
      if (error instanceof DatabaseError && !anyway) throw error;
    } finally {
      stop();
    }
    return sql.map((statement) => tokens(statement).join(" "));
  }

  async function holds(place: Place, benign: string, { numRuns = 60, anyway = false } = {}): Promise<void> {
    const wanted = await sent(place, benign);
    expect(wanted, "the benign name is no name").toBeDefined();
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const found = await sent(place, text, anyway);
        if (found !== undefined && !sameTokens(found, wanted as string[])) {
          throw new Error(`${JSON.stringify(text)} makes\n${found.join("\n")}\ninstead of\n${wanted?.join("\n")}`);
        }
      }),
      { numRuns, seed: 20_260_101 },
    );
  }

  test("names that every object has are no fields", async () => {
    for (const text of ["__proto__", "constructor", "toString", "hasOwnProperty", "__", "_", "then"]) {
      for (const [name, [benign, place]] of Object.entries(NAMES)) {
        const found = await sent(place, text);
        if (found === undefined) continue;
        expect(sameTokens(found, (await sent(place, benign)) as string[]), `${text} as ${name}`).toBe(true);
      }
    }
  });
  for (const [name, [benign, place]] of Object.entries(NAMES)) test(`a name: ${name}`, () => holds(place, benign));
  for (const [name, place] of Object.entries(VALUES)) {
    // PostgreSQL alone knows what is a regular expression there.
    test(`a value: ${name}`, () => holds(place, "benign", { anyway: name === "regex" && vendor === "postgres" }));
  }
  const names = vendor === "postgres" ? { ...NAMES_IN_EXPRESSIONS, ...NAMES_ON_POSTGRES } : NAMES_IN_EXPRESSIONS;
  for (const [name, [benign, place]] of Object.entries(names)) {
    const options = { numRuns: RUNS, anyway: SENT_ANYWAY.has(name) };
    test(`a name in an expression: ${name}`, () => holds((text) => place(text, { B, A, Book }), benign, options));
  }
  for (const [name, place] of Object.entries(VALUES_IN_EXPRESSIONS)) {
    test(`a value in an expression: ${name}`, () =>
      holds((text) => place(text, { B, A, Book }), "benign", { numRuns: RUNS }));
  }

  for (const [name, place] of Object.entries(REFUSED)) {
    test(`refused: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          expect(await sent(place, text)).toBeUndefined();
        }),
        { numRuns: 60, seed: 20_260_101 },
      );
    });
  }

  test("a key in JSON is data: it finds what was kept under it", async () => {
    const key = hostile.filter(
      (text) => !text.includes("__") && !/^_|_$/.test(text) && text.isWellFormed() && !text.includes("\0"),
    );
    await fc.assert(
      fc.asyncProperty(key, async (text) => {
        await B.all().delete();
        await B.create({ title: "here", extra: { [text]: { [text]: 1 } } });
        await B.create({ title: "not here", extra: { other: 1, a: { a: 1 }, $: [1] } });
        const found = await B.filter({ [`extra__${text}__${text}`]: 1 }).values("title");
        expect(found).toEqual([{ title: "here" }]);
      }),
      { numRuns: 60, seed: 20_260_101 },
    );
  });
});

describeDatabases("tables and columns may be called anything that the database can keep", (vendor) => {
  const name = hostile.filter((text) => text.isWellFormed() && !text.includes("\0") && Buffer.byteLength(text) < 40);
  const odd = fc.sample(name, { numRuns: 40, seed: 20_260_101 }).map(oddModel);
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, Object.fromEntries(odd.map((model) => [model.name, model])));
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("and are made, filled, asked and emptied", async () => {
    for (const model of odd) {
      const rows = loose(model);
      const made = await rows.create({ first: "x", second: 1 });
      expect(await rows.filter({ first: "x" }).orderBy("-first").values("first")).toEqual([{ first: "x" }]);
      expect(await rows.filter({ first__icontains: "X", self__isnull: true }).update({ first: "y" })).toBe(1);
      await rows.create({ first: "z", second: 2, self: made["id"] });
      expect(await rows.filter({ self__first: "y" }).exclude({ others__second: 3 }).count()).toBe(1);
      expect(
        await rows
          .annotate({ n: Count("others") })
          .orderBy("first")
          .valuesList("first", "n"),
      ).toEqual([
        ["y", 1],
        ["z", 0],
      ]);
      await rows.all().delete();
      expect(await rows.count()).toBe(0);
    }
  });
});

function oddModel(text: string, index: number) {
  class Odd extends Model<Odd>()({
    first: fields.char({ maxLength: 10, dbColumn: `a${text}` }),
    second: fields.integer({ dbColumn: text }),
    self: () => fields.foreignKey(Odd, { onDelete: "cascade", null: true, dbColumn: `c${text}` }),
    others: () => fields.related(Odd, "self"),
  }) {
    static override meta = meta<Odd>({ dbTable: `${text}${index}` });
  }
  Object.defineProperty(Odd, "name", { value: `Odd${index}` });
  return Odd;
}

function sameTokens(found: readonly string[], wanted: readonly string[]): boolean {
  return found.length === wanted.length && found.every((each, index) => each === wanted[index]);
}
