import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Avg,
  Count,
  Duration,
  Exists,
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
  fields,
  Greatest,
  Max,
  Model,
  Now,
  OuterRef,
  Q,
  QueryError,
  RowNumber,
  Subquery,
  Sum,
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
  Value,
  Window,
} from "../../src/index.ts";
import { describeDatabases, openProject, statements, type TestProject } from "../support/project.ts";
import { use } from "../support/use.ts";
import { is } from "../types/is.ts";

class Shop extends Model<Shop>()({ city: fields.char(), orders: () => fields.related(Order, "shop") }) {}
class Order extends Model<Order>()({
  shop: () => fields.foreignKey(Shop, { onDelete: "cascade" }),
  created: fields.dateTime(),
  shipped: fields.dateTime({ null: true }),
  sum: fields.integer({ default: 1 }),
  due: fields.date({ default: "2026-01-01" }),
  at: fields.time({ default: "12:00" }),
}) {}

const prague = { timeZone: "Europe/Prague" } as const;
const kolkata = { timeZone: "Asia/Kolkata" } as const;

describeDatabases("moments in a time zone", (vendor) => {
  let project: TestProject;
  let shop: Shop;
  beforeAll(async () => {
    project = await openProject(vendor, { Shop, Order });
    shop = await Shop.objects.create({ city: "Prague" });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  /** The orders made at these moments, and no others. */
  async function ordersAt(...moments: readonly string[]) {
    await Order.objects.all().delete();
    for (const [index, moment] of moments.entries()) {
      await Order.objects.create({ shop, created: new Date(moment), sum: index + 1 });
    }
  }
  const orders = Order.objects;
  /** What is made of each moment, as a text. */
  async function truncations(unit: Parameters<typeof Trunc>[1], timeZone: string, ...moments: readonly string[]) {
    await ordersAt(...moments);
    const rows = await orders
      .orderBy("id")
      .annotate({ start: Trunc("created", unit, { timeZone }) })
      .values("start");
    return rows.map(({ start }) => start.toISOString().replace(".000Z", "Z"));
  }

  test("parts are what its clocks and its calendar show", async () => {
    await ordersAt("2027-12-31T23:30:40.123Z");
    const [row] = await orders.annotate({
      year: ExtractYear("created", prague),
      isoYear: ExtractIsoYear("created", prague),
      quarter: ExtractQuarter("created", prague),
      month: ExtractMonth("created", prague),
      week: ExtractWeek("created", prague),
      day: ExtractDay("created", prague),
      weekDay: ExtractWeekDay("created", prague),
      isoWeekDay: ExtractIsoWeekDay("created", prague),
      hour: ExtractHour("created", prague),
      minute: ExtractMinute("created", kolkata),
      second: ExtractSecond("created", kolkata),
      any: Extract("created", "hour", kolkata),
      date: TruncDate("created", prague),
      clock: TruncTime("created", kolkata),
      nothing: TruncDate("shipped", prague),
      none: ExtractHour("shipped", prague),
    });
    is<string | null>()(row!.nothing);
    const { year, isoYear, quarter, month, week, day, weekDay, isoWeekDay, hour, minute, second } = row!;
    expect([year, isoYear, quarter, month, week, day, weekDay, isoWeekDay]).toEqual([2028, 2027, 1, 1, 52, 1, 7, 6]);
    expect([hour, minute, second, row!.any, row!.date]).toEqual([0, 0, 40, 5, "2028-01-01"]);
    expect([row!.clock, row!.nothing, row!.none]).toEqual(["05:00:40.123000", null, null]);
  });

  test("moments are cut off where its years, months … seconds begin", async () => {
    await ordersAt("2026-07-01T22:31:07.123Z");
    const [row] = await orders.annotate({
      year: TruncYear("created", prague),
      quarter: TruncQuarter("created", prague),
      month: TruncMonth("created", prague),
      week: TruncWeek("created", prague),
      day: TruncDay("created", prague),
      hour: TruncHour("created", kolkata),
      minute: TruncMinute("created", kolkata),
      second: TruncSecond("created", kolkata),
      none: TruncDay("shipped", prague),
    });
    is<Date>()(row!.year);
    const { year, quarter, month, week, day, hour, minute, second, none } = row!;
    const texts = [year, quarter, month, week, day, hour, minute, second].map((each) => each.toISOString());
    expect(texts).toEqual([
      "2025-12-31T23:00:00.000Z",
      "2026-06-30T22:00:00.000Z",
      "2026-06-30T22:00:00.000Z",
      "2026-06-28T22:00:00.000Z",
      "2026-07-01T22:00:00.000Z",
      "2026-07-01T22:30:00.000Z",
      "2026-07-01T22:31:00.000Z",
      "2026-07-01T22:31:07.000Z",
    ]);
    expect(none).toBeNull();
  });

  test("microseconds stay where the unit keeps them", async () => {
    await ordersAt("2026-07-01T22:31:07Z");
    const table = `"shop_order"`;
    await project.backend.execute(`UPDATE ${table} SET created = '2026-07-01 22:31:07.123456'`);
    const cut = orders.annotate({ clock: TruncTime("created", kolkata), second: TruncSecond("created", kolkata) });
    expect(await cut.values("clock", "second")).toEqual([
      { clock: "04:01:07.123456", second: new Date("2026-07-01T22:31:07Z") },
    ]);
  });

  test("a day has as many hours as its clocks show", async () => {
    const day = (...moments: string[]) => truncations("day", "Europe/Prague", ...moments);
    // The last Sundays of March and October have 23 and 25 hours.
    expect(await day("2026-03-28T22:59Z", "2026-03-28T23:00Z", "2026-03-29T21:59Z", "2026-03-29T22:00Z")).toEqual([
      "2026-03-27T23:00:00Z",
      "2026-03-28T23:00:00Z",
      "2026-03-28T23:00:00Z",
      "2026-03-29T22:00:00Z",
    ]);
    expect(await day("2026-10-24T22:00Z", "2026-10-25T22:59Z", "2026-10-25T23:00Z")).toEqual([
      "2026-10-24T22:00:00Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T23:00:00Z",
    ]);
    // Weeks and quarters in which clocks are changed.
    expect(await truncations("week", "Europe/Prague", "2026-03-29T12:00Z", "2026-10-25T12:00Z")).toEqual([
      "2026-03-22T23:00:00Z",
      "2026-10-18T22:00:00Z",
    ]);
    expect(await truncations("quarter", "Europe/Prague", "2026-06-30T21:59Z", "2026-12-31T22:59Z")).toEqual([
      "2026-03-31T22:00:00Z",
      "2026-09-30T22:00:00Z",
    ]);
  });

  test("an hour that clocks show twice is two hours", async () => {
    expect(await truncations("hour", "Europe/Prague", "2026-10-25T00:30Z", "2026-10-25T01:30Z")).toEqual([
      "2026-10-25T00:00:00Z",
      "2026-10-25T01:00:00Z",
    ]);
    // Lord Howe sets its clocks by half an hour, at 2: forward to 2:30, and back to 1:30.
    expect(await truncations("hour", "Australia/Lord_Howe", "2026-10-03T15:40Z", "2026-10-03T15:20Z")).toEqual([
      "2026-10-03T15:00:00Z",
      "2026-10-03T14:30:00Z",
    ]);
    expect(await truncations("hour", "Australia/Lord_Howe", "2026-04-04T14:45Z", "2026-04-04T15:15Z")).toEqual([
      "2026-04-04T14:00:00Z",
      "2026-04-04T14:30:00Z",
    ]);
    const clocks = Order.objects
      .orderBy("id")
      .annotate({ clock: TruncTime("created", { timeZone: "Australia/Lord_Howe" }) });
    expect(await clocks.valuesList("clock", { flat: true })).toEqual(["01:45:00", "01:45:00"]);
  });

  test("a midnight that clocks skip is the moment at which they do", async () => {
    expect(await truncations("day", "America/Sao_Paulo", "2017-10-15T12:00Z")).toEqual(["2017-10-15T03:00:00Z"]);
    expect(await truncations("day", "Africa/Cairo", "2026-04-24T12:00Z")).toEqual(["2026-04-23T22:00:00Z"]);
    expect(await truncations("day", "Asia/Beirut", "2026-03-29T12:00Z")).toEqual(["2026-03-28T22:00:00Z"]);
    // Kwajalein left out a Saturday, Kiritimati the last day of a year.
    expect(await truncations("week", "Pacific/Kwajalein", "1993-08-21T12:30Z")).toEqual(["1993-08-16T12:00:00Z"]);
    expect(await truncations("year", "Pacific/Kiritimati", "1995-01-01T12:00Z")).toEqual(["1994-12-31T10:00:00Z"]);
  });

  test("of a midnight that clocks show twice it is the second", async () => {
    const moments = ["2026-11-01T04:30Z", "2026-11-01T05:30Z", "2026-11-01T12:00Z"] as const;
    const twice = Array(3).fill("2026-11-01T05:00:00Z");
    expect(await truncations("day", "America/Havana", ...moments)).toEqual(twice);
  });

  test("a calendar that leaves the years 1 to 9999 is refused by SQLite; PostgreSQL counts on", async () => {
    await ordersAt("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
    const dates = (timeZone: string) =>
      orders
        .orderBy("id")
        .annotate({ date: TruncDate("created", { timeZone }) })
        .values("date");
    expect(await dates("UTC")).toEqual([{ date: "0001-01-01" }, { date: "9999-12-31" }]);
    if (vendor === "postgres") {
      expect(await dates("Asia/Kolkata")).toEqual([{ date: "0001-01-01" }, { date: "10000-01-01" }]);
      return;
    }
    const refused = { code: "data_error", message: expect.stringContaining("outside of the years 1 to 9999") };
    await expect(dates("Asia/Kolkata")).rejects.toMatchObject(refused);
    await expect(dates("America/New_York")).rejects.toMatchObject(refused);
  });

  test("before clocks were set by zones, they went by the sun", async () => {
    await ordersAt("1850-06-01T00:00:00Z");
    const [row] = await orders.annotate({
      clock: TruncTime("created", { timeZone: "Europe/Vienna" }),
      day: TruncDay("created", { timeZone: "Europe/Vienna" }),
      minute: TruncMinute("created", { timeZone: "Europe/Vienna" }),
    });
    expect([row!.clock, row!.day, row!.minute]).toEqual([
      "01:05:21",
      new Date("1850-05-31T22:54:39Z"),
      new Date("1850-05-31T23:59:39Z"),
    ]);
  });

  describe("in queries", () => {
    const late = ["2026-03-28T23:30Z", "2026-03-29T10:00Z", "2026-03-29T22:30Z"] as const;

    test("group rows", async () => {
      await ordersAt(...late);
      const daily = orders.annotate({ day: TruncDate("created", prague) }).values("day");
      expect(await daily.annotate({ n: Count("id"), total: Sum("sum") }).orderBy("day")).toEqual([
        { day: "2026-03-29", n: 2, total: 3 },
        { day: "2026-03-30", n: 1, total: 3 },
      ]);
      const moments = orders.annotate({ day: TruncDay("created", prague) }).values("day");
      expect(await moments.annotate({ n: Count("id") }).orderBy("-day")).toEqual([
        { day: new Date("2026-03-29T22:00Z"), n: 1 },
        { day: new Date("2026-03-28T23:00Z"), n: 2 },
      ]);
    });

    test("filter, order and name them", async () => {
      await ordersAt(...late);
      const local = Order.objects.alias({ hour: ExtractHour("created", prague) });
      expect(await local.filter({ hour: 0 }).count()).toBe(2);
      expect(await local.orderBy("-hour", "id").valuesList("sum", { flat: true })).toEqual([2, 1, 3]);
      expect(await local.exclude({ hour__lt: 12 }).valuesList("sum", { flat: true })).toEqual([2]);
      expect(
        await Order.objects.orderBy(ExtractDay("created", prague).desc(), "id").valuesList("sum", { flat: true }),
      ).toEqual([3, 1, 2]);
      expect(await Order.objects.filter({ sum: ExtractHour(F("created"), { timeZone: "UTC" }) }).count()).toBe(0);
      expect(
        await Order.objects.aggregate({
          last: Max(TruncDay("created", prague)),
          mean: Avg(ExtractHour("created", prague)),
        }),
      ).toEqual({
        last: new Date("2026-03-29T22:00Z"),
        mean: 4,
      });
      expect(await Order.objects.aggregate({ n: Count("id", { filter: Q({ created__hour: 22 }) }) })).toEqual({ n: 1 });
    });

    test("stand in windows, subqueries and over relations", async () => {
      await ordersAt(...late);
      const day = TruncDate("created", prague);
      const numbered = Order.objects.annotate({ nth: Window(RowNumber(), { partitionBy: day, orderBy: "created" }) });
      expect(await numbered.orderBy("id").valuesList("nth", { flat: true })).toEqual([1, 2, 1]);
      const last = Order.objects
        .filter({ shop: OuterRef("pk") })
        .orderBy("-created")
        .annotate({ day })
        .values("day");
      expect(await Shop.objects.annotate({ last: Subquery(last.slice(0, 1)) }).values("last")).toEqual([
        { last: "2026-03-30" },
      ]);
      const early = Order.objects
        .alias({ hour: ExtractHour("created", prague) })
        .filter({ shop: OuterRef("pk"), hour: 12 });
      expect(await Shop.objects.filter(Exists(early)).count()).toBe(1);
      expect(
        await Shop.objects
          .annotate({ first: TruncMonth("orders__created", prague) })
          .distinct()
          .values("first"),
      ).toEqual([{ first: new Date("2026-02-28T23:00Z") }]);
      expect(await Order.objects.filter({ sum: 1 }).update({ due: day })).toBe(1);
      expect(await Order.objects.filter({ due: "2026-03-29" }).count()).toBe(1);
    });

    test("are of computed moments, too", async () => {
      await ordersAt("2026-03-28T22:30Z");
      const later = F("created").plus(Duration.from({ hours: 1 }));
      const [row] = await orders.annotate({
        before: TruncDate("created", prague),
        after: TruncDate(later, prague),
        value: TruncDay(Value(new Date("2026-03-29T12:00Z")), prague),
        twice: TruncMonth(TruncDay(later, prague), { timeZone: "Pacific/Auckland" }),
        week: TruncWeek(Greatest("created", later), prague),
        hours: TruncDay("created", prague).minus(TruncDay(later, prague)),
        now: TruncHour(Now(), kolkata),
      });
      expect([row!.before, row!.after]).toEqual(["2026-03-28", "2026-03-29"]);
      expect([row!.value, row!.twice, row!.week].map((moment) => moment.toISOString())).toEqual([
        "2026-03-28T23:00:00.000Z",
        "2026-02-28T11:00:00.000Z",
        "2026-03-22T23:00:00.000Z",
      ]);
      expect(row!.hours.toString()).toBe(Duration.from({ hours: -24 }).toString());
      expect(row!.now.getUTCMinutes()).toBe(30);
    });

    test("datetimes", async () => {
      await ordersAt(...late);
      const days = orders.datetimes("created", "day", prague);
      is<Date>()((await days)[0]!);
      expect(await days).toEqual([new Date("2026-03-28T23:00Z"), new Date("2026-03-29T22:00Z")]);
      expect(await orders.datetimes("created", "month", { ...prague, order: "desc" })).toHaveLength(1);
      expect(await orders.datetimes("created", "day")).toHaveLength(2);
      // @ts-expect-error days are of no time zone
      expect(() => Order.objects.dates("created", "day", prague)).toThrow("dates() takes no timeZone");
    });

    test("one zone is not taken for another", async () => {
      await ordersAt("2026-07-01T22:31:07Z");
      const hours = async (timeZone: string) =>
        await orders.annotate({ hour: ExtractHour("created", { timeZone }) }).valuesList("hour", { flat: true });
      for (let round = 0; round < 3; round++) {
        expect(await hours("Europe/Prague")).toEqual([0]);
        expect(await hours("Asia/Kolkata")).toEqual([4]);
        expect(await hours("UTC")).toEqual([22]);
      }
    });

    test("are written alike wherever they stand, whatever the case of the name", async () => {
      const sql = await statements(async () => {
        for (const timeZone of ["Europe/Prague", "europe/PRAGUE"]) {
          const day = TruncDay("created", { timeZone });
          await Order.objects
            .annotate({ day })
            .values("day")
            .annotate({ n: Count("id") })
            .orderBy(TruncDay("created", { timeZone }));
        }
      });
      expect(sql[0]).toBe(sql[1]);
      const day = {
        sqlite: `tsjango_trunc_in('day', "shop_order"."created", 'Europe/Prague')`,
        postgres: `(date_trunc('day', "shop_order"."created" at time zone 'Europe/Prague') at time zone 'Europe/Prague')`,
      }[vendor];
      expect(sql[0]).toBe(`select ${day}, count("shop_order"."id") from "shop_order" group by ${day} order by ${day}`);
    });
  });

  test.for([
    ["Europe/Pragu", 'there is no time zone "Europe/Pragu". Did you mean "Europe/Prague"?'],
    ["Prague", 'there is no time zone "Prague". Did you mean "Europe/Prague"?'],
    ["Mars/Olympus_Mons", 'there is no time zone "Mars/Olympus_Mons".'],
    ["", 'there is no time zone ""'],
    ["+02:00", '"+02:00" is an offset, whose sign databases read in opposite ways.'],
    ["UTC+2", '"UTC+2" is an offset'],
    ["CET", '"CET" is an abbreviation, which databases read differently.'],
    ["Japan", 'Name a place, such as "Asia/Tokyo".'],
    ["SystemV/PST8", '"SystemV/PST8" is an abbreviation'],
    ["posix/Europe/Prague", "there is no time zone"],
    ["Europe/Prague'", "there is no time zone"],
    [undefined, 'timeZone is a name, such as "Europe/Prague"; found undefined'],
    [2, "found number 2"],
  ] as const)("%s is refused", ([name, message]) => {
    const options = { timeZone: name as string };
    for (const make of [
      () => ExtractHour("created", options),
      () => Trunc("created", "day", options),
      () => TruncDate("created", options),
    ]) {
      expect(make).toThrow(QueryError);
      expect(make).toThrow(message);
    }
    expect(() => Order.objects.datetimes("created", "day", options)).toThrow(message);
  });

  test("old names and links are known", async () => {
    await ordersAt("2026-07-01T22:31:07Z");
    for (const [timeZone, hour] of [
      ["Asia/Calcutta", 4],
      ["asia/kolkata", 4],
      ["Europe/Kyiv", 1],
      ["US/Pacific", 15],
      ["America/Argentina/Buenos_Aires", 19],
      // Of these the sign is that of POSIX: behind Greenwich.
      ["Etc/GMT+5", 17],
      ["Etc/UTC", 22],
    ] as const) {
      expect(
        await orders.annotate({ hour: ExtractHour("created", { timeZone }) }).valuesList("hour", { flat: true }),
      ).toEqual([hour]);
    }
  });

  test("a date or a time is in none", async () => {
    const all = Order.objects;
    // @ts-expect-error a date has no time zone
    await expect(all.annotate({ n: ExtractYear("due", prague) })).rejects.toThrow(
      "Order.due is of the kind date: only a dateTime can be read in a time zone. Leave out timeZone.",
    );
    // @ts-expect-error nor has a time
    await expect(all.annotate({ n: TruncHour("at", { timeZone: "UTC" }) })).rejects.toThrow(
      "Order.at is of the kind time",
    );
    // @ts-expect-error nor has what was made of a moment
    await expect(all.annotate({ n: TruncYear(TruncDate("created", prague), prague) })).rejects.toThrow(
      "of the kind date",
    );
    // @ts-expect-error a moment has to be named
    expect(() => ExtractYear("created", {})).toThrow("found undefined");
    // @ts-expect-error no moment at all
    await expect(all.annotate({ n: TruncMonth("sum", prague) })).rejects.toThrow("of the kind integer");
  });
});

describeDatabases("a column that is computed in a time zone", (vendor) => {
  class Visit extends Model<Visit>()({
    at: fields.dateTime(),
    day: fields.generated({ expression: TruncDate("at", prague), output: fields.date({ null: true }) }),
    midnight: fields.generated({ expression: TruncDay("at", prague), output: fields.dateTime({ null: true }) }),
  }) {}

  test("is PostgreSQL's alone: SQLite's own program knows no zones", async () => {
    const opened = openProject(vendor, { Visit });
    if (vendor === "sqlite") {
      await expect(opened).rejects.toThrow("Visit.day needs a function that only this program has");
      return;
    }
    use(await opened);
    const visit = await Visit.objects.create({ at: new Date("2026-07-01T22:30Z") });
    expect(visit).toMatchObject({ day: "2026-07-02", midnight: new Date("2026-07-01T22:00Z") });
  });
});
