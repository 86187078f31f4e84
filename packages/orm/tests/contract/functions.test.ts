import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ACos,
  ASin,
  ATan,
  ATan2,
  Cast,
  Ceil,
  Chr,
  Coalesce,
  Collate,
  Cos,
  Cot,
  Degrees,
  Exp,
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  F,
  Floor,
  fields,
  JSONArray,
  JSONObject,
  Left,
  Ln,
  Log,
  Lower,
  LPad,
  LTrim,
  MD5,
  Mod,
  Model,
  Ord,
  Pi,
  Power,
  Radians,
  Random,
  Repeat,
  Replace,
  Reverse,
  Right,
  Round,
  RPad,
  RTrim,
  SHA1,
  SHA224,
  SHA256,
  SHA384,
  SHA512,
  Sign,
  Sin,
  Sqrt,
  StrIndex,
  Substr,
  Tan,
  Trim,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
  UUID4,
  UUID7,
  Value,
} from "../../src/index.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";

class Thing extends Model<Thing>()({
  name: fields.char({ maxLength: 100, null: true }),
  small: fields.integer({ null: true }),
  large: fields.bigInteger({ default: 0n }),
  real: fields.float({ null: true }),
  price: fields.decimal({ maxDigits: 8, decimalPlaces: 2, null: true }),
  at: fields.dateTime({ null: true }),
  on: fields.date({ null: true }),
  time: fields.time({ null: true }),
  key: fields.uuid({ null: true }),
  yes: fields.boolean({ default: false }),
  extra: fields.json<{ name: string; size: number }>({ null: true }),
}) {}

/** Of a row what is expected of it. */
function same(row: object | undefined, expected: object): void {
  const values = new Map(Object.entries(row ?? {}));
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, values.get(name)]))).toEqual(expected);
}

const NAME = "  Zoë 🦊x ";
const AT = new Date("2026-11-21T07:03:12.345Z");
const KEY = "0198c0de-0000-7000-8000-00000000abcd";

describeDatabases("functions", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Thing });
    await Thing.objects.create({
      name: NAME,
      small: -7,
      large: 2n ** 60n,
      real: 0.5,
      price: "-9.55",
      at: AT,
      on: "2026-11-21",
      time: "07:03:12.345",
      key: KEY,
      yes: true,
      extra: { name: "inner", size: 3 },
    });
    await Thing.objects.create({});
  });
  afterAll(() => project[Symbol.asyncDispose]());

  const full = () => Thing.objects.filter({ small: -7 });
  const empty = () => Thing.objects.filter({ small__isnull: true });

  test("texts", async () => {
    const rows = (which: typeof full) =>
      which().annotate({
        left: Left("name", 3),
        right: Right("name", 3),
        part: Substr("name", 3, 3),
        tail: Substr("name", 7),
        trim: Trim("name"),
        ltrim: LTrim("name"),
        rtrim: RTrim("name"),
        lpad: LPad(Trim("name"), 9, "·-"),
        rpad: RPad(Trim("name"), 9, "·-"),
        spaced: LPad(Trim("name"), 8),
        cut: LPad("name", 4),
        twice: Repeat(Trim("name"), 2),
        none: Repeat("name", 0),
        replaced: Replace("name", "Zo", "Cl"),
        without: Replace("name", " "),
        reversed: Reverse("name"),
        place: StrIndex("name", "🦊"),
        nowhere: StrIndex("name", "?"),
        first: Ord(Trim("name")),
        character: Chr(F("small").plus(75)),
      });
    const expected = {
      left: "  Z",
      right: "🦊x ",
      part: "Zoë",
      tail: "🦊x ",
      trim: "Zoë 🦊x",
      ltrim: "Zoë 🦊x ",
      rtrim: "  Zoë 🦊x",
      lpad: "·-·Zoë 🦊x",
      rpad: "Zoë 🦊x·-·",
      spaced: "  Zoë 🦊x",
      cut: "  Zo",
      twice: "Zoë 🦊xZoë 🦊x",
      none: "",
      replaced: "  Clë 🦊x ",
      without: "Zoë🦊x",
      reversed: " x🦊 ëoZ  ",
      place: 7,
      nowhere: 0,
      first: 90,
      character: "D",
    };
    same((await rows(full))[0], expected);
    same((await rows(empty))[0], Object.fromEntries(Object.keys(expected).map((name) => [name, null])));
  });

  test("hashes are those of the text in UTF-8", async () => {
    const [row] = await full().annotate({
      md5: MD5("name"),
      sha224: SHA224("name"),
      sha256: SHA256("name"),
      sha384: SHA384("name"),
      sha512: SHA512("name"),
    });
    const { md5, sha224, sha256, sha384, sha512 } = row!;
    const hashed = (name: string) => createHash(name).update(NAME).digest("hex");
    expect({ md5, sha224, sha256, sha384, sha512 }).toEqual(
      Object.fromEntries(["md5", "sha224", "sha256", "sha384", "sha512"].map((name) => [name, hashed(name)])),
    );
  });

  test("SHA-1 needs pgcrypto on PostgreSQL", async () => {
    if (vendor === "postgres") {
      await expect(full().annotate({ sha1: SHA1("name") })).rejects.toMatchObject({ code: "programming_error" });
      await project.backend.execute("CREATE EXTENSION pgcrypto");
    }
    const [row] = await full().annotate({ sha1: SHA1("name") });
    expect(row!.sha1).toBe(createHash("sha1").update(NAME).digest("hex"));
  });

  test("numbers", async () => {
    const [row] = await full().annotate({
      acos: ACos("real"),
      asin: ASin("real"),
      atan: ATan("real"),
      atan2: ATan2("real", 2),
      cos: Cos("real"),
      cot: Cot("real"),
      degrees: Degrees("real"),
      exp: Exp("real"),
      ln: Ln("real"),
      log: Log(2, "real"),
      mod: Mod("small", 4),
      pi: Pi(),
      power: Power("small", 2),
      radians: Radians("real"),
      sin: Sin("real"),
      sqrt: Sqrt("real"),
      tan: Tan("real"),
      sign: Sign("price"),
      ofDecimal: Sqrt(F("price").times("-1")),
    });
    const expected = {
      acos: Math.acos(0.5),
      asin: Math.asin(0.5),
      atan: Math.atan(0.5),
      atan2: Math.atan2(0.5, 2),
      cos: Math.cos(0.5),
      cot: 1 / Math.tan(0.5),
      degrees: (0.5 * 180) / Math.PI,
      exp: Math.exp(0.5),
      ln: Math.log(0.5),
      log: -1,
      mod: -3,
      pi: Math.PI,
      power: 49,
      radians: (0.5 * Math.PI) / 180,
      sin: Math.sin(0.5),
      sqrt: Math.sqrt(0.5),
      tan: Math.tan(0.5),
      sign: -1,
      ofDecimal: Math.sqrt(9.55),
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(row![name as keyof typeof expected], name).toBeCloseTo(value, 12);
    }
  });

  test("numbers are rounded half away from zero", async () => {
    const [row] = await full().annotate({
      ceil: Ceil("price"),
      floor: Floor("price"),
      round: Round("price"),
      one: Round("price", { places: 1 }),
      ten: Round("price", { places: -1 }),
      ceilReal: Ceil("real"),
      floorReal: Floor("real"),
      roundReal: Round("real"),
      up: Round(Value(2.675), { places: 2 }),
      down: Round(Value(-2.5)),
      whole: Round("small"),
      tens: Round("small", { places: -1 }),
      up5: Ceil(Value(-0.5)),
    });
    const { ceil, floor, round, one, ten, ceilReal, floorReal, roundReal, up, down, whole, tens } = row!;
    expect({ ceil, floor, round, one, ten, ceilReal, floorReal, roundReal, up, down, whole, tens }).toEqual({
      ceil: "-9",
      floor: "-10",
      round: "-10",
      one: "-9.6",
      ten: "-10",
      ceilReal: 1,
      floorReal: 0,
      roundReal: 1,
      up: 2.68,
      down: -3,
      whole: -7,
      tens: -10,
    });
  });

  test("random numbers and keys differ from row to row", async () => {
    const rows = await Thing.objects.annotate({ random: Random(), uuid4: UUID4(), uuid7: UUID7() });
    expect(new Set(rows.map((row) => row.random)).size).toBe(2);
    for (const { random, uuid4, uuid7 } of rows) {
      expect(random).toBeGreaterThanOrEqual(0);
      expect(random).toBeLessThan(1);
      expect(uuid4).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(uuid7).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(Math.abs(Number.parseInt(uuid7.replace("-", "").slice(0, 12), 16) - Date.now())).toBeLessThan(60_000);
    }
    expect(rows[0]!.uuid4).not.toBe(rows[1]!.uuid4);
    expect(rows[0]!.uuid7).not.toBe(rows[1]!.uuid7);
  });

  test("what functions give as whole numbers is divided as such", async () => {
    const tenth = { ofWeek: ExtractWeek("at"), ofOrd: Ord("name") };
    const [row] = await full()
      .annotate({ ofWeek: tenth.ofWeek.div(10), ofOrd: tenth.ofOrd.div(10), week: tenth.ofWeek, ord: tenth.ofOrd })
      .values("ofWeek", "ofOrd", "week", "ord");
    expect([row!.ofWeek, row!.ofOrd]).toEqual([Math.trunc(row!.week! / 10), Math.trunc(row!.ord! / 10)]);
    expect(row!.week! % 10 === 0 || row!.ord! % 10 === 0).toBe(false);
  });

  test("parts of moments", async () => {
    const [row] = await full()
      .annotate({
        year: ExtractYear("at"),
        isoYear: ExtractIsoYear("on"),
        quarter: ExtractQuarter("at"),
        month: ExtractMonth("on"),
        week: ExtractWeek("at"),
        day: ExtractDay("at"),
        weekDay: ExtractWeekDay("at"),
        isoWeekDay: ExtractIsoWeekDay("on"),
        hour: ExtractHour("at"),
        minute: ExtractMinute("time"),
        second: ExtractSecond("at"),
        ofAnExpression: Extract(TruncYear("at"), "month"),
      })
      .values(
        "year",
        "isoYear",
        "quarter",
        "month",
        "week",
        "day",
        "weekDay",
        "isoWeekDay",
        "hour",
        "minute",
        "second",
      );
    expect(row).toEqual({
      year: 2026,
      isoYear: 2026,
      quarter: 4,
      month: 11,
      week: 47,
      day: 21,
      weekDay: 7,
      isoWeekDay: 6,
      hour: 7,
      minute: 3,
      second: 12,
    });
  });

  test("moments are cut off", async () => {
    const [row] = await full()
      .annotate({
        year: TruncYear("at"),
        quarter: TruncQuarter("at"),
        month: TruncMonth("at"),
        week: TruncWeek("at"),
        day: TruncDay("at"),
        hour: TruncHour("at"),
        minute: TruncMinute("at"),
        second: TruncSecond("at"),
        date: TruncDate("at"),
        clock: TruncTime("at"),
        dateYear: Trunc("on", "year"),
        dateQuarter: Trunc("on", "quarter"),
        dateWeek: Trunc("on", "week"),
        timeHour: TruncHour("time"),
        timeSecond: Trunc("time", "second"),
      })
      .values(
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "second",
        "date",
        "clock",
        "dateYear",
        "dateQuarter",
        "dateWeek",
        "timeHour",
        "timeSecond",
      );
    expect(row).toEqual({
      year: new Date("2026-01-01T00:00:00Z"),
      quarter: new Date("2026-10-01T00:00:00Z"),
      month: new Date("2026-11-01T00:00:00Z"),
      week: new Date("2026-11-16T00:00:00Z"),
      day: new Date("2026-11-21T00:00:00Z"),
      hour: new Date("2026-11-21T07:00:00Z"),
      minute: new Date("2026-11-21T07:03:00Z"),
      second: new Date("2026-11-21T07:03:12Z"),
      date: "2026-11-21",
      clock: "07:03:12.345000",
      dateYear: "2026-01-01",
      dateQuarter: "2026-10-01",
      dateWeek: "2026-11-16",
      timeHour: "07:00:00",
      timeSecond: "07:03:12",
    });
    expect(
      await Thing.objects
        .annotate({ month: TruncMonth("at") })
        .filter({ month__year: 2026 })
        .count(),
    ).toBe(1);
  });

  test("what has no such part is refused, by the types too", async () => {
    // @ts-expect-error a date has no hours
    await expect(Thing.objects.annotate({ hour: ExtractHour("on") }).first()).rejects.toThrow("has no hour");
    // @ts-expect-error a text has no month
    await expect(Thing.objects.annotate({ month: TruncMonth("name") }).first()).rejects.toThrow("has no month");
    // @ts-expect-error no number
    await expect(Thing.objects.annotate({ root: Sqrt("name") }).first()).rejects.toThrow(
      "Sqrt takes numbers; Thing.name is of the kind char",
    );
    // @ts-expect-error no text
    await expect(Thing.objects.annotate({ left: Left("small", 2) }).first()).rejects.toThrow(
      "Left takes texts; Thing.small is of the kind",
    );
    expect(() => Left("name", 0)).toThrow("a whole number from 1; found number 0");
    expect(() => Collate("name", 'x" --')).toThrow("a collation's name");
  });

  describe("Cast", () => {
    test("values become others", async () => {
      const [row] = await full().annotate({
        text: Cast("small", fields.text()),
        bigText: Cast("large", fields.text()),
        realText: Cast("real", fields.text()),
        priceText: Cast("price", fields.text()),
        yesText: Cast("yes", fields.text()),
        atText: Cast("at", fields.text()),
        onText: Cast("on", fields.text()),
        timeText: Cast("time", fields.text()),
        keyText: Cast("key", fields.text()),
        whole: Cast("price", fields.integer()),
        rounded: Cast("real", fields.integer()),
        float: Cast("price", fields.float()),
        yesNumber: Cast("yes", fields.integer()),
        truth: Cast("small", fields.boolean()),
        decimal: Cast("real", fields.decimal({ maxDigits: 5, decimalPlaces: 3 })),
        places: Cast("price", fields.decimal({ maxDigits: 5, decimalPlaces: 1 })),
        read: Cast(Value("12"), fields.integer()),
        readReal: Cast(Value("1.5"), fields.float()),
        readDecimal: Cast(Value("1.255"), fields.decimal({ maxDigits: 5, decimalPlaces: 2 })),
        readDate: Cast(Value("2026-02-03"), fields.date()),
        readTime: Cast(Value("07:03"), fields.time()),
        readMoment: Cast(Value("2026-02-03T04:05:06Z"), fields.dateTime()),
        day: Cast("at", fields.date()),
        clock: Cast("at", fields.time()),
        midnight: Cast("on", fields.dateTime()),
        inner: Cast("extra__size", fields.integer()),
        keyed: Cast(Value(KEY.toUpperCase()), fields.uuid()),
      });
      same(row, {
        text: "-7",
        bigText: "1152921504606846976",
        realText: "0.5",
        priceText: "-9.55",
        yesText: "true",
        atText: "2026-11-21T07:03:12.345Z",
        onText: "2026-11-21",
        timeText: "07:03:12.345",
        keyText: KEY,
        whole: -10,
        rounded: 1,
        float: -9.55,
        yesNumber: 1,
        truth: true,
        decimal: "0.500",
        places: "-9.6",
        read: 12,
        readReal: 1.5,
        readDecimal: "1.26",
        readDate: "2026-02-03",
        readTime: "07:03:00",
        readMoment: new Date("2026-02-03T04:05:06Z"),
        day: "2026-11-21",
        clock: "07:03:12.345000",
        midnight: new Date("2026-11-21T00:00:00Z"),
        inner: 3,
        keyed: KEY,
      });
    });

    test("what cannot be read is an error, what cannot be cast is refused", async () => {
      const bad = Thing.objects.annotate({ n: Cast(Coalesce("name", "x"), fields.integer()) });
      await expect(bad.values("n")).rejects.toMatchObject({ code: "data_error" });
      await expect(full().annotate({ day: Cast("small", fields.date()) })).rejects.toThrow("cannot become date");
    });

    test("null stays null", async () => {
      const [row] = await empty().annotate({ n: Cast("small", fields.text()), d: Cast("at", fields.date()) });
      expect([row!.n, row!.d]).toEqual([null, null]);
    });
  });

  test("texts are compared by a collation", async () => {
    const collation = vendor === "sqlite" ? "nocase" : "und-x-icu";
    const names = ["b", "A", "a"].map((name) => ({ name }));
    const made = await Thing.objects.bulkCreate(names);
    const rows = await Thing.objects
      .filter({ pk__in: made.map((row) => row.id) })
      .orderBy(Collate("name", collation), "id")
      .valuesList("name", { flat: true });
    expect(rows.map((name) => name!.toLowerCase())).toEqual(["a", "a", "b"]);
    await Thing.objects.filter({ pk__in: made.map((row) => row.id) }).delete();
  });

  test("JSON is made of values", async () => {
    const [row] = await full().annotate({
      object: JSONObject({
        name: Lower("name"),
        small: "small",
        large: "large",
        price: "price",
        at: "at",
        on: "on",
        time: "time",
        key: "key",
        yes: "yes",
        extra: "extra",
      }),
      array: JSONArray("small", F("real"), JSONObject({})),
    });
    expect(row!.object).toEqual({
      name: NAME.toLowerCase(),
      small: -7,
      large: "1152921504606846976",
      price: "-9.55",
      at: "2026-11-21T07:03:12.345Z",
      on: "2026-11-21",
      time: "07:03:12.345",
      key: KEY,
      yes: true,
      extra: { name: "inner", size: 3 },
    });
    expect(row!.array).toEqual([-7, 0.5, {}]);
    const [nothing] = await empty().annotate({ object: JSONObject({ small: "small", yes: "yes", extra: "extra" }) });
    expect(nothing!.object).toEqual({ small: null, yes: false, extra: null });
  });

  test("bits of whole numbers", async () => {
    const [row] = await full().annotate({
      and: F("small").bitand(12),
      or: F("small").bitor(1),
      xor: F("small").bitxor(5),
      left: F("small").bitleftshift(2),
      right: F("small").bitrightshift(1),
      big: F("large").bitor(1n),
    });
    same(row, {
      and: -7 & 12,
      or: -7 | 1,
      xor: -7 ^ 5,
      left: -28,
      right: -4,
      big: 2n ** 60n + 1n,
    });
    // @ts-expect-error a decimal has no bits
    await expect(Thing.objects.annotate({ x: F("price").bitand(1) }).first()).rejects.toThrow("no arithmetic");
  });

  test("functions are conditions, orders and values to write", async () => {
    expect(
      await Thing.objects
        .alias({ short: Left(Trim("name"), 1) })
        .filter({ short: "Z" })
        .count(),
    ).toBe(1);
    expect(await Thing.objects.filter({ small: Round("small") }).count()).toBe(1);
    await full().update({ name: Reverse("name"), price: Round("price", { places: 1 }) });
    expect(await full().values("name", "price")).toEqual([{ name: " x🦊 ëoZ  ", price: "-9.60" }]);
    await full().update({ name: NAME, price: "-9.55" });
  });

  test("a query that is asked again with other values is another query", async () => {
    const replaced = (text: string, by: string) =>
      full()
        .values("pk")
        .annotate({ n: Replace(Trim("name"), text, by) });
    const rounded = (places: number) =>
      full()
        .values("pk")
        .annotate({ n: Round("price", { places }) });
    const cut = (length: number) =>
      full()
        .values("pk")
        .annotate({ n: Left(Trim("name"), length) });
    const shown = async (rows: PromiseLike<{ n: unknown }[]>) => (await rows)[0]!.n;
    for (const [text, by] of [
      ["Z", "A"],
      ["o", "AB"],
      ["x", ""],
      ["?", "!"],
    ] as const) {
      expect(await shown(replaced(text, by))).toBe("Zoë 🦊x".replaceAll(text, by));
    }
    for (const [places, price] of [
      [1, "-9.6"],
      [0, "-10"],
      [-1, "-10"],
      [2, "-9.55"],
    ] as const) {
      expect(await shown(rounded(places))).toBe(price);
    }
    for (const length of [1, 2, 3, 5]) expect(await shown(cut(length))).toBe([..."Zoë 🦊x"].slice(0, length).join(""));
  });
});
