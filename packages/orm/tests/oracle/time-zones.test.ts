import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqliteFunctions } from "../../src/backends/sqlite/functions.ts";
import { TimeZone } from "../../src/backends/sqlite/time-zone.ts";
import { fields, Model } from "../../src/index.ts";
import { Shape } from "../../src/sql/shape.ts";
import { expressions, loose } from "../support/loose.ts";
import { describeDatabases, openProject, type TestProject } from "../support/project.ts";
import { CLOCK, changesIn, DAYS, EXTRACTED, meaning, momentOf } from "./clocks.ts";

class Event extends Model<Event>()({ at: fields.dateTime() }) {}

/** Zones with rules of their own: halves of hours, changes at midnight, days that were left out, summer twice a year … */
const ODD =
  `Australia/Lord_Howe Asia/Kolkata Asia/Kathmandu Pacific/Chatham America/St_Johns America/Sao_Paulo America/Havana
  Africa/Cairo Asia/Beirut Asia/Amman Asia/Gaza Asia/Tehran Atlantic/Azores America/Asuncion America/Scoresbysund
  Africa/Casablanca Europe/Dublin Europe/Moscow Pacific/Apia Pacific/Kwajalein Pacific/Kiritimati Asia/Pyongyang
  America/Caracas Africa/Monrovia Antarctica/Troll America/Argentina/Tucuman America/Recife Asia/Manila`.split(/\s+/);
const zone = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom(...Intl.supportedValuesOf("timeZone")) },
);
// What is to come is a guess, and tables of time zones of different years guess differently.
const year = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1970, max: 2025 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1850, max: 1969 }) },
);
const DAY = 86_400_000;
/** Moments: by how far they are from the changes of a year, or from its beginning. */
const distance = fc.oneof(
  fc.integer({ min: -2 * DAY, max: 2 * DAY }),
  fc.integer({ min: -3_700_000, max: 3_700_000 }),
  fc.constantFrom(-1, 0, 1),
);
const question = fc.record({
  zone,
  year,
  near: fc.array(distance, { minLength: 4, maxLength: 8 }),
  anywhere: fc.array(fc.integer({ min: 0, max: 365 * DAY }), { minLength: 1, maxLength: 3 }),
});

/** How many zones and years are asked; `TSJANGO_ZONE_RUNS` asks for more. */
const RUNS = Number(process.env["TSJANGO_ZONE_RUNS"] ?? 60);

/** The database reads moments as a plain computation does. */
async function zonesMeanTheSame(seed: number, numRuns = RUNS): Promise<void> {
  await fc.assert(
    fc.asyncProperty(question, async ({ zone: timeZone, year: asked, near, anywhere }) => {
      const start = Date.UTC(asked, 0, 1);
      const moments = [...changesIn(timeZone, asked), momentOf(timeZone, start)]
        .flatMap((change) => near.map((by) => change + by))
        .concat(anywhere.map((by) => start + by));
      await Event.objects.all().delete();
      await Event.objects.bulkCreate(moments.map((moment) => new Event({ at: new Date(moment) })));
      const made = {
        ...Object.fromEntries(
          EXTRACTED.map((part) => [
            `extract${part}`,
            expressions[`Extract${part}` as "ExtractYear"]("at", { timeZone }),
          ]),
        ),
        ...Object.fromEntries(
          [...DAYS, ...CLOCK].map((unit) => [`trunc${unit}`, expressions[`Trunc${unit}`]("at", { timeZone })]),
        ),
        date: expressions.TruncDate("at", { timeZone }),
        time: expressions.TruncTime("at", { timeZone }),
      };
      const rows = await loose(Event)
        .orderBy("id")
        .annotate(made)
        .values("at", ...Object.keys(made));
      for (const { at, ...found } of rows as { at: Date }[]) {
        expect(found, `${timeZone} at ${at.toISOString()}`).toEqual(meaning(timeZone, at.getTime()));
      }
      expect(rows).toHaveLength(moments.length);
    }),
    { numRuns, seed },
  );
}

describeDatabases("random moments in random zones", (vendor) => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject(vendor, { Event });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test("are what a plain computation says", { timeout: 60_000 + RUNS * 100 }, () => zonesMeanTheSame(20_260_101));
});

const { truncated } = sqliteFunctions;
const { momentOf: momentIn, localOf } = TimeZone.prototype;
const { text } = Shape.prototype;
const planted = (target: object, name: string, value: unknown) => {
  const before = Object.getOwnPropertyDescriptor(target, name) as PropertyDescriptor;
  Object.defineProperty(target, name, { ...before, value });
  return () => Object.defineProperty(target, name, before);
};
/** Mistakes that the property must find. */
const MISTAKES: Readonly<Record<string, () => () => void>> = {
  "a midnight that comes twice is the first": () =>
    planted(TimeZone.prototype, "momentOf", function (this: TimeZone, local: number) {
      const moment = momentIn.call(this, local);
      return localOf.call(this, moment - 3600) === local ? moment - 3600 : moment;
    }),
  "a midnight that is skipped goes by how clocks are afterwards": () =>
    planted(TimeZone.prototype, "momentOf", function (this: TimeZone, local: number) {
      const moment = momentIn.call(this, local);
      return localOf.call(this, moment) === local ? moment : moment - 3600;
    }),
  "hours begin where the clocks of UTC say so": () =>
    planted(
      sqliteFunctions,
      "truncated",
      (dated: Parameters<typeof truncated>[0], to: Parameters<typeof truncated>[1]) =>
        truncated(to === "truncHour" ? { ...dated, timeZone: "UTC" } : dated, to),
    ),
  "clocks show whole hours alone": () =>
    planted(TimeZone.prototype, "localOf", function (this: TimeZone, moment: number) {
      return localOf.call(this, moment - (moment % 3600));
    }),
  "the plan of one zone is taken for another": () =>
    planted(Shape.prototype, "text", function (this: Shape, given: string) {
      text.call(this, given.includes("/") ? "" : given);
    }),
};

describe("the property finds it", () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await openProject("sqlite", { Event });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  for (const [mistake, plant] of Object.entries(MISTAKES)) {
    test(mistake, { timeout: 60_000 }, async () => {
      const undo = plant();
      await expect(zonesMeanTheSame(7, 300).finally(undo)).rejects.toThrow(/Property failed/);
    });
  }
});

interface WithTemporal {
  readonly Temporal?: {
    readonly PlainDateTime: {
      from(text: string): { toZonedDateTime(zone: string, options: object): { readonly epochMilliseconds: number } };
    };
  };
}
const { Temporal } = globalThis as WithTemporal;

test.skipIf(Temporal === undefined)("Temporal computes the same, where Node.js has it (from 26)", () => {
  const days = fc.record({ zone, year, near: distance });
  fc.assert(
    fc.property(days, ({ zone: timeZone, year: asked, near }) => {
      for (const change of changesIn(timeZone, asked)) {
        const shown = Math.floor((change + near) / 1000) * 1000;
        const plain = Temporal?.PlainDateTime.from(new Date(shown).toISOString().slice(0, 19));
        const { epochMilliseconds } = plain!.toZonedDateTime(timeZone, { disambiguation: "later" });
        expect(momentOf(timeZone, shown), `${timeZone} ${new Date(shown).toISOString()}`).toBe(epochMilliseconds);
      }
    }),
    { numRuns: 40, seed: 20_260_101 },
  );
});
