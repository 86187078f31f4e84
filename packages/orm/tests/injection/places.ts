import {
  FilteredRelation,
  Func,
  fields,
  kysely,
  Lookup,
  type Operand,
  registerLookup,
  registerTransform,
  sql,
  Transform,
} from "../../src/index.ts";
import { expressions, type LooseManager, type LooseQuerySet } from "../support/loose.ts";

class InjectedLookup extends Lookup<string> {
  readonly name = "alike";
  readonly kinds = ["text"] as const;
  sql(left: Operand, right: Operand) {
    return sql`lower(${left}) = lower(${right})`;
  }
}
class InjectedTransform extends Transform<ReturnType<typeof fields.char>> {
  readonly name = "cut";
  readonly kinds = ["text"] as const;
  readonly output = fields.char();
  sql(of: Operand) {
    return sql`substr(${of}, 1, 9)`;
  }
}
registerLookup(new InjectedLookup());
registerTransform(new InjectedTransform());

/** What a query set can be asked besides what `LooseManager` says. */
interface More extends LooseManager {
  dates(path: string, kind: string, options?: object): PromiseLike<unknown>;
  datetimes(path: string, kind: string, options?: object): PromiseLike<unknown>;
  raw(statement: unknown, options?: object): PromiseLike<unknown>;
  using(alias: string): LooseQuerySet;
  bulkUpdate(rows: readonly unknown[], names: readonly string[]): Promise<number>;
}
const more = (rows: LooseManager) => rows as More;

/** The tables and the managers that a place asks. */
export interface Asked {
  readonly B: LooseManager;
  readonly A: LooseManager;
  readonly Book: unknown;
}
export type Place = (text: string, asked: Asked) => PromiseLike<unknown>;

const made = expressions;
const { Case, Cast, Coalesce, Count, Exists, Extract, F, JSONObject, OuterRef, Q } = made;
const { StringAgg, Subquery, Sum, Trunc, Value, When, Window } = made;
const zone = (timeZone: string) => ({ timeZone });
// The names of a table and its columns, in a statement that is written by hand.
const table = () => sql.identifier("shop_book");

/** The functions that take the path of a text, of a number and of a moment, alone. */
const TEXTS = ["Upper", "Length", "Trim", "LTrim", "RTrim", "Reverse", "Ord", "MD5", "SHA224", "SHA256"] as const;
const MORE_TEXTS = ["SHA384", "SHA512", "Concat"] as const;
const NUMBERS = ["Abs", "Ceil", "Floor", "Round", "Sign", "Sqrt", "Exp", "Sin", "Cos", "Tan", "ATan"] as const;
const MORE_NUMBERS = ["Degrees", "Radians"] as const;
const MOMENTS = ["Year", "IsoYear", "Quarter", "Month", "Week", "Day", "WeekDay", "IsoWeekDay", "Hour"] as const;
const UNITS = ["Year", "Quarter", "Month", "Week", "Day", "Hour", "Minute", "Second", "Date", "Time"] as const;

type Named = readonly [benign: string, place: Place];
const each = (names: readonly (keyof typeof made)[], benign: string): [string, Named][] =>
  names.map((name) => [`a path in ${name}`, [benign, (text, { B }) => B.annotate({ n: made[name](text) })]]);

/** Where a string that is a name can stand, in expressions. */
export const NAMES_IN_EXPRESSIONS: Readonly<Record<string, Named>> = {
  ...Object.fromEntries(each([...TEXTS, ...MORE_TEXTS], "title")),
  ...Object.fromEntries(each([...NUMBERS, ...MORE_NUMBERS], "pages")),
  ...Object.fromEntries(
    each(
      MOMENTS.map((part) => `Extract${part}` as const),
      "at",
    ),
  ),
  ...Object.fromEntries(
    each(
      UNITS.map((unit) => `Trunc${unit}` as const),
      "at",
    ),
  ),
  "a part in Extract": ["year", (text, { B }) => B.annotate({ n: Extract("at", text) })],
  "a unit in Trunc": ["year", (text, { B }) => B.annotate({ n: Trunc("at", text) })],
  "a time zone in Extract": ["Europe/Prague", (text, { B }) => B.annotate({ n: Extract("at", "hour", zone(text)) })],
  "a time zone in Trunc": ["Asia/Kolkata", (text, { B }) => B.annotate({ n: Trunc("at", "hour", zone(text)) })],
  "a time zone in TruncDate": ["US/Pacific", (text, { B }) => B.annotate({ n: made.TruncDate("at", zone(text)) })],
  "a time zone that is grouped by": [
    "Europe/Prague",
    (text, { B }) =>
      B.annotate({ local: made.TruncDay("at", zone(text)) })
        .values("local")
        .annotate({ n: Count("id") }),
  ],
  "a place in a time zone's name": [
    "Prague",
    (text, { B }) => B.annotate({ n: made.TruncTime("at", zone(`Europe/${text}`)) }),
  ],
  "a time zone of datetimes": ["Europe/Prague", (text, { B }) => more(B).datetimes("at", "day", zone(text))],
  "a path in Substr": ["title", (text, { B }) => B.annotate({ n: made.Substr(text, 2) })],
  "a path in Right": ["title", (text, { B }) => B.annotate({ n: made.Right(text, 2) })],
  "a path in RPad": ["title", (text, { B }) => B.annotate({ n: made.RPad(text, 9) })],
  "a path in Repeat": ["title", (text, { B }) => B.annotate({ n: made.Repeat(text, 2) })],
  "a path in StrIndex": ["title", (text, { B }) => B.annotate({ n: made.StrIndex(text, "x") })],
  "a path in Chr": ["id", (text, { B }) => B.annotate({ n: made.Chr(text) })],
  "a path in Power": ["pages", (text, { B }) => B.annotate({ n: made.Power(text, 2) })],
  "a path in Log": ["id", (text, { B }) => B.annotate({ n: made.Log(2, made.Abs(text)) })],
  "a path in Mod": ["pages", (text, { B }) => B.annotate({ n: made.Mod(text, 2) })],
  "a path in Coalesce": ["title", (text, { B }) => B.annotate({ n: Coalesce(text, "x") })],
  "a path in NullIf": ["title", (text, { B }) => B.annotate({ n: made.NullIf(text, "x") })],
  "paths in Greatest": ["pages", (text, { B }) => B.annotate({ n: made.Greatest("pages", text) })],
  "a path in Cast": ["pages", (text, { B }) => B.annotate({ n: Cast(text, fields.text()) })],
  "a path in Func": ["title", (text, { B }) => B.annotate({ n: Func("lower", [text], { output: fields.text() }) })],
  "a function's name in Func": [
    "lower",
    (text, { B }) => B.annotate({ n: Func(text, ["title"], { output: fields.text() }) }),
  ],
  "a function's name for one database": [
    "lower",
    (text, { B }) => B.annotate({ n: Func({ sqlite: text, postgres: text }, ["title"], { output: fields.text() }) }),
  ],
  "a path in a fragment": [
    "pages",
    (text, { B }) => B.annotate({ n: sql`${F(text as never)} + 1`.as(fields.integer()) }),
  ],
  "an identifier in a fragment": [
    "title",
    (text, { B }) => B.annotate({ n: sql`${sql.identifier(text)}`.as(fields.text()) }),
  ],
  "a path in raw": [
    "title",
    (text, { B }) => more(B).raw(sql`select * from ${table()} where ${F(text as never)} = ${"x"}`),
  ],
  "an extra column of raw": [
    "more",
    (text, { B }) =>
      more(B).raw(sql`select *, 1 as ${sql.identifier(text)} from ${table()}`, { extra: { [text]: fields.integer() } }),
  ],
  "a relation in FilteredRelation": [
    "books",
    (text, { A }) =>
      A.alias({ x: FilteredRelation(text as never, { condition: Q({ [`${text}__pages`]: 1 }) as never }) }).filter({
        x__title: "x",
      }),
  ],
  "a name for FilteredRelation": [
    "green",
    (text, { A }) =>
      A.alias({ [text]: FilteredRelation("books" as never, { condition: Q({ books__pages: 1 }) as never }) })
        .annotate({ n: Count(text) })
        .filter({ [`${text}__title`]: "x" }),
  ],
  "a condition of FilteredRelation": [
    "pages",
    (text, { A }) =>
      A.alias({ x: FilteredRelation("books" as never, { condition: Q({ [`books__${text}`]: 1 }) as never }) }).filter({
        x__title: "x",
      }),
  ],
  "a frame's order": [
    "pages",
    (text, { B }) =>
      B.annotate({ n: Window(Sum("pages"), { orderBy: text, frame: made.ValueRange(-1, 1) }) }).filter({ n__gt: 1 }),
  ],
  "a path in NthValue": [
    "title",
    (text, { B }) => B.annotate({ n: Window(made.NthValue(text, 2), { orderBy: ["-id"] }) }),
  ],
  "a window's name that is filtered": [
    "anything",
    (text, { B }) => B.annotate({ [text]: Window(made.Rank(), { orderBy: "pages" }) }).filter({ [`${text}__lte`]: 2 }),
  ],
  "an ordered aggregate's filter": [
    "title",
    (text, { B }) =>
      B.aggregate({ n: StringAgg("title", ",", { orderBy: ["-pages", "id"], filter: Q({ [`${text}__gt`]: "x" }) }) }),
  ],
  "a path in Sum": ["pages", (text, { B }) => B.aggregate({ n: Sum(text) })],
  "a path in StdDev": ["pages", (text, { B }) => B.aggregate({ n: made.StdDev(text) })],
  "a path in AnyValue": ["pages", (text, { B }) => B.aggregate({ n: made.AnyValue(text) })],
  "OuterRef in a subquery's order": [
    "pages",
    (text, { B, A }) =>
      A.annotate({
        n: Subquery(
          B.filter({ author: OuterRef("pk") })
            .orderBy(text)
            .values("title")
            .slice(0, 1),
        ),
      }),
  ],
  "OuterRef in an Exists of an Exists": [
    "pk",
    (text, { B, A }) => A.filter(Exists(B.filter(Q({ author: OuterRef(text) }).and(Q({ pages__gt: 1 }))))),
  ],
  "a path of dates": ["day", (text, { B }) => more(B).dates(text, "year")],
  "a unit of dates": ["year", (text, { B }) => more(B).dates("day", text)],
  "an order of dates": ["desc", (text, { B }) => more(B).dates("day", "year", { order: text })],
  "a path of datetimes": ["at", (text, { B }) => more(B).datetimes(text, "hour")],
  "a unit of datetimes": ["hour", (text, { B }) => more(B).datetimes("at", text)],
  "a transform of one's own": ["cut", (text, { B }) => B.filter({ [`title__${text}`]: "x" })],
  "a lookup behind a transform": ["alike", (text, { B }) => B.filter({ [`title__cut__${text}`]: "x" })],
  "an order by a transform": ["cut", (text, { B }) => B.orderBy(`title__${text}`)],
  "a database": ["default", (text, { B }) => more(B).using(text).filter({ title: "x" })],
  "names of bulkUpdate": [
    "title",
    (text, { B, Book }) => {
      const row = new (Book as new (given: object) => unknown)({ id: 1, title: "x", pages: 1 });
      return more(B).bulkUpdate([row], [text]);
    },
  ],
  "a collation": [
    "C",
    (text, { B }) =>
      B.annotate({ n: made.Collate("title", text) })
        .values("id")
        .none(),
  ],
  "a name in kysely": [
    "anything",
    (text, { Book }) =>
      kysely({ Book: Book as never })
        .selectFrom("Book" as never)
        .select(`title as ${text}` as never)
        .execute(),
  ],
};

/** What only PostgreSQL has. */
export const NAMES_ON_POSTGRES: Readonly<Record<string, Named>> = {
  "distinct names": ["title", (text, { B }) => B.orderBy("title").distinct(text)],
};

/** Where a name is quoted and sent, whether or not there is such a column. */
export const SENT_ANYWAY: ReadonlySet<string> = new Set(["an identifier in a fragment"]);

/** Where a string that is a value can stand, in expressions. */
export const VALUES_IN_EXPRESSIONS: Readonly<Record<string, Place>> = {
  "a value in a fragment": (text, { B }) =>
    B.annotate({ n: sql`${text} || ${F("title" as never)}`.as(fields.text()) }).filter({ n: text }),
  "values in a list of a fragment": (text, { B }) =>
    B.filter(sql`${F("title" as never)} in (${sql.join([text, "x", text])})`.as(fields.boolean())),
  "a value in raw": (text, { B }) =>
    more(B).raw(sql`select * from ${table()} where title = ${text} or title > ${text}`),
  "a value in Func": (text, { B }) =>
    B.annotate({ n: Func("coalesce", ["title", Value(text) as never], { output: fields.text() }) }),
  "a value in FilteredRelation": (text, { A }) =>
    A.alias({ x: FilteredRelation("books" as never, { condition: Q({ books__title: text }) as never }) }).filter({
      x__title__contains: text,
    }),
  "a value in Coalesce": (text, { B }) => B.annotate({ n: Coalesce("title", text) }),
  "a value in NullIf": (text, { B }) => B.annotate({ n: made.NullIf("title", text) }),
  "a value in Greatest": (text, { B }) => B.annotate({ n: made.Greatest("title", Value(text)) }),
  "a fill of RPad": (text, { B }) => B.annotate({ n: made.RPad("title", 9, text) }),
  "a value in a function of a value": (text, { B }) =>
    B.annotate({ n: made.Upper(Value(text)), m: made.MD5(Value(text)), o: made.Reverse(Value(text)) }),
  "a value that is ordered by": (text, { B }) => B.orderBy(Coalesce("title", text).desc(), "id"),
  "a value that is grouped by": (text, { B }) =>
    B.annotate({ by: Coalesce("title", text) })
      .values("by")
      .annotate({ n: Count("id") }),
  "a value in a window": (text, { B }) =>
    B.annotate({
      n: Window(StringIn(text), { partitionBy: Coalesce("title", text), orderBy: Coalesce("title", text).asc() }),
    }).filter({ n__gt: 0 }),
  "what Lead gives instead": (text, { B }) =>
    B.annotate({ n: Window(made.Lead("title", { default: text, offset: 2 }), { orderBy: "id" }) }).filter({ n: text }),
  "a value in an ordered aggregate": (text, { B }) =>
    B.aggregate({
      n: StringAgg(Coalesce("title", text), text, {
        orderBy: Coalesce("title", text).desc(),
        filter: Q({ title__contains: text }),
        default: text,
      }),
    }),
  "a value in a distinct, ordered aggregate": (text, { B }) =>
    B.aggregate({
      n: StringAgg(Coalesce("title", text), text, { orderBy: Coalesce("title", text).desc(), distinct: true }),
    }),
  "a value in a subquery of a subquery": (text, { B, A }) =>
    A.filter(
      Exists(B.filter({ author: OuterRef("pk"), title__in: B.filter({ title__gt: text }).values("title") })).not(),
    ),
  "a value in Case": (text, { B }) =>
    B.annotate({ n: Case(When(Q({ title__icontains: text }).not(), Value(text)), { default: F("title") }) }).exclude({
      n: text,
    }),
  "a value of update with an expression": (text, { B }) =>
    B.update({ title: Case(When({ title: text }, text), { default: Coalesce("title", text) }) }),
  "a lookup of one's own": (text, { B }) => B.filter({ title__alike: text, title__cut__alike: text }),
  "a lookup of one's own, behind a not": (text, { B }) => B.exclude({ author__name__alike: text }),
  "JSON, contains": (text, { B }) => B.filter({ extra__contains: { [text]: [text] } }),
  "JSON, containedBy": (text, { B }) => B.filter({ extra__containedBy: { a: text, [text]: { [text]: text } } }),
  "JSON, hasKey": (text, { B }) => B.filter({ extra__hasKey: text }),
  "JSON, hasKeys": (text, { B }) => B.filter({ extra__hasKeys: [text, "a"] }),
  "JSON, hasAnyKeys": (text, { B }) => B.exclude({ extra__a__hasAnyKeys: ["a", text] }),
  "JSON, exact, of an object": (text, { B }) => B.filter({ extra: { a: text, [`b${text}`]: text } }),
  "JSON, iexact": (text, { B }) => B.filter({ extra__a__iexact: text }),
  "JSON, range": (text, { B }) => B.filter({ extra__a__range: [text, "x"] }),
  "JSON, regex": (text, { B }) => B.filter({ extra__a__iregex: text.replaceAll(/\W/g, ".") }),
  "a key in F of JSON": (text, { B }) => B.annotate({ n: Cast(F(`extra__${jsonKey(text)}`), fields.text()) }),
  "a key in a function of JSON": (text, { B }) => B.annotate({ n: JSONObject({ [text]: `extra__${jsonKey(text)}` }) }),
  "a key in an aggregate of JSON": (text, { B }) => B.aggregate({ n: Count(`extra__${jsonKey(text)}`) }),
  "a key in OuterRef of JSON": (text, { B, A }) =>
    B.filter(Exists(A.filter({ name: Cast(OuterRef(`extra__${jsonKey(text)}`), fields.text()) }))),
  "a value in kysely": (text, { Book }) =>
    kysely({ Book: Book as never })
      .selectFrom("Book" as never)
      .select("title" as never)
      .where("title" as never, "in", [text, "x"] as never)
      .where("extra" as never, "!=", { [text]: text } as never)
      .execute(),
};

function StringIn(text: string) {
  return Count(Coalesce("title", text));
}

/** A key that no "__" parts. */
function jsonKey(text: string): string {
  return text.replaceAll("_", "-");
}
