const MONTHS = "January February March April May June July August September October November December".split(" ");
const AP_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const DAY = 86_400_000;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function hour12(date: Date): number {
  return date.getUTCHours() % 12 || 12;
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** The ISO 8601 year and week. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

/** "7:30 a.m.", "7 a.m.", "noon", "midnight". */
function apTime(date: Date): string {
  const [hours, minutes] = [date.getUTCHours(), date.getUTCMinutes()];
  if (minutes === 0 && hours === 0) return "midnight";
  if (minutes === 0 && hours === 12) return "noon";
  return `${hour12(date)}${minutes === 0 ? "" : `:${two(minutes)}`} ${hours < 12 ? "a.m." : "p.m."}`;
}

const LETTERS: ReadonlyMap<string, (date: Date) => string> = new Map(
  Object.entries({
    a: (date) => (date.getUTCHours() < 12 ? "a.m." : "p.m."),
    A: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
    b: (date) => (MONTHS[date.getUTCMonth()] as string).slice(0, 3).toLowerCase(),
    c: (date) => date.toISOString().replace(/\.000Z$|Z$/, "+00:00"),
    d: (date) => two(date.getUTCDate()),
    D: (date) => (DAYS[date.getUTCDay()] as string).slice(0, 3),
    e: () => "UTC",
    E: (date) => MONTHS[date.getUTCMonth()] as string,
    f: (date) => `${hour12(date)}${date.getUTCMinutes() === 0 ? "" : `:${two(date.getUTCMinutes())}`}`,
    F: (date) => MONTHS[date.getUTCMonth()] as string,
    g: (date) => String(hour12(date)),
    G: (date) => String(date.getUTCHours()),
    h: (date) => two(hour12(date)),
    H: (date) => two(date.getUTCHours()),
    i: (date) => two(date.getUTCMinutes()),
    I: () => "0",
    j: (date) => String(date.getUTCDate()),
    l: (date) => DAYS[date.getUTCDay()] as string,
    L: (date) => (isLeapYear(date.getUTCFullYear()) ? "True" : "False"),
    m: (date) => two(date.getUTCMonth() + 1),
    M: (date) => (MONTHS[date.getUTCMonth()] as string).slice(0, 3),
    n: (date) => String(date.getUTCMonth() + 1),
    N: (date) => AP_MONTHS[date.getUTCMonth()] as string,
    o: (date) => String(isoWeek(date).year),
    O: () => "+0000",
    P: apTime,
    r: (date) => date.toUTCString().replace("GMT", "+0000"),
    s: (date) => two(date.getUTCSeconds()),
    S: (date) => ordinalSuffix(date.getUTCDate()),
    t: (date) => String(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
    T: () => "UTC",
    u: (date) => String(date.getUTCMilliseconds() * 1000).padStart(6, "0"),
    U: (date) => String(Math.floor(date.getTime() / 1000)),
    w: (date) => String(date.getUTCDay()),
    W: (date) => String(isoWeek(date).week),
    y: (date) => two(date.getUTCFullYear() % 100),
    Y: (date) => String(date.getUTCFullYear()).padStart(4, "0"),
    z: (date) => String(dayOfYear(date)),
    Z: () => "0",
  }),
);

type Part = string | ((date: Date) => string);

/** A format read once: texts, and what stands for letters. */
function readFormat(format: string): readonly Part[] {
  const parts: Part[] = [];
  for (const [found, kept] of format.matchAll(/\\(.)|[^\\]|\\/gs)) parts.push(kept ?? LETTERS.get(found) ?? found);
  return parts;
}

/** Formats that were read; those that come out of data have no end. */
const read = new Map<string, readonly Part[]>();
const MOST = 500;

function partsOf(format: string): readonly Part[] {
  let parts = read.get(format);
  if (parts === undefined) {
    parts = readFormat(format);
    if (read.size >= MOST) read.clear();
    read.set(format, parts);
  }
  return parts;
}

/**
 * A date in UTC by Django's format letters; a backslash keeps a letter as it is.
 * Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date
 */
export function formatDate(date: Date, format: string): string {
  if (Number.isNaN(date.getTime())) return "";
  let text = "";
  for (const part of partsOf(format)) text += typeof part === "string" ? part : part(date);
  return text;
}
