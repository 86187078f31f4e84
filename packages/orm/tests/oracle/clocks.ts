import { partOf, timeOf, truncated } from "./expressions/catalogue.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks show at a moment, as the moment at which those of UTC do; asked anew each time. */
export function shownAt(zone: string, moment: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const [number, two] = ["numeric", "2-digit"] as const;
    const clock = { hour: two, minute: two, second: two, hourCycle: "h23" } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, year: number, month: two, day: two, ...clock });
    formats.set(zone, format);
  }
  const second = Math.floor(moment / 1000) * 1000;
  const parts = Object.fromEntries(format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second: seconds = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, seconds) + (moment - second);
}

/** When clocks show this: the last time; where they skip it, by how they were before. */
export function momentOf(zone: string, shown: number): number {
  const offsets = [-DAY, DAY].map((by) => shownAt(zone, shown + by) - (shown + by));
  const moments = offsets.map((offset) => shown - offset);
  const found = moments.filter((moment) => shownAt(zone, moment) === shown);
  return Math.max(...(found.length > 0 ? found : moments));
}

/** The moments of a year from which clocks are set otherwise than before. */
export function changesIn(zone: string, year: number): number[] {
  const changes: number[] = [];
  const offset = (moment: number) => shownAt(zone, moment) - moment;
  const end = Date.UTC(year + 1, 0, 1);
  for (let from = Date.UTC(year, 0, 1); from < end; from += 6 * DAY) {
    let [before, after] = [from, from + 6 * DAY];
    if (offset(before) === offset(after)) continue;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (offset(middle) === offset(from)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}

/** All that the ORM makes of a moment in a time zone, plainly. */
export function meaning(zone: string, moment: number): Record<string, unknown> {
  const shown = shownAt(zone, moment);
  const text = new Date(shown).toISOString();
  const cut = (unit: string) => Date.parse(truncated(unit, text));
  return {
    ...Object.fromEntries(EXTRACTED.map((part) => [`extract${part}`, partOf(part, text)])),
    ...Object.fromEntries(DAYS.map((unit) => [`trunc${unit}`, new Date(momentOf(zone, cut(unit)))])),
    ...Object.fromEntries(CLOCK.map((unit) => [`trunc${unit}`, new Date(moment - (shown - cut(unit)))])),
    date: text.slice(0, 10),
    time: timeOf(text),
  };
}

export const CLOCK = ["Hour", "Minute", "Second"] as const;
export const DAYS = ["Year", "Quarter", "Month", "Week", "Day"] as const;
export const EXTRACTED = [
  ...["Year", "IsoYear", "Quarter", "Month", "Week", "Day", "WeekDay", "IsoWeekDay"],
  ...CLOCK,
] as const;
