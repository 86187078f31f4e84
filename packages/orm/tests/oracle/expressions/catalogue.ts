import { createHash } from "node:crypto";
import type { Json, Kind, Value } from "./spec.ts";

// biome-ignore lint/suspicious/noExplicitAny: the kinds say what the values are
type Given = readonly any[];

/** A function: what it takes, and what it means. Nothing of it comes from the code that is judged. */
export interface Meaning {
  readonly takes: readonly Kind[];
  readonly gives: Kind;
  /** What is written behind the arguments, from which one is chosen. */
  readonly constants?: readonly (readonly (string | number)[])[];
  /** Of values that are not null, unless `lax`. */
  readonly means: (args: Given, constants: Given) => Value;
  /** Whether null is a value like any other for it. */
  readonly lax?: boolean;
}

const letters = (text: string) => [...text];
const hash = (name: string): Meaning => ({
  takes: ["text"],
  gives: "text",
  means: ([text]) => createHash(name).update(text).digest("hex"),
});
const ofFloat = (make: (x: number) => number): Meaning => ({
  takes: ["float"],
  gives: "float",
  means: ([x]) => make(x),
});
const ofText = (make: (text: string) => Value): Meaning => ({
  takes: ["text"],
  gives: typeof make("a") === "number" ? "integer" : "text",
  means: ([text]) => make(text),
});

function padded(text: string, length: number, fill: string, side: "left" | "right"): string {
  const own = letters(text);
  if (own.length >= length) return own.slice(0, length).join("");
  const filling = letters(fill);
  const missing = filling.length === 0 ? 0 : length - own.length;
  const added = Array.from({ length: missing }, (_, index) => filling[index % filling.length]).join("");
  return side === "left" ? added + text : text + added;
}

/** Half away from zero. */
export function rounded(value: number, places = 0): number {
  const size = Math.round(Number((Math.abs(value) * 10 ** places).toPrecision(14))) / 10 ** places;
  return value < 0 ? -size : size;
}

export function replaced(text: string, part: string, by: string): string {
  return part === "" ? text : text.split(part).join(by);
}

function extreme(kind: Kind, sign: 1 | -1): Meaning {
  return {
    takes: [kind, kind],
    gives: kind,
    lax: true,
    means: (given: readonly Value[]) => {
      const values = given.filter((value) => value !== null);
      return values.length === 0 ? null : values.reduce((a, b) => (a < b === sign > 0 ? b : a));
    },
  };
}

function forKinds(make: (kind: Kind) => Meaning): Meaning[] {
  return (["integer", "text", "decimal", "float", "date", "moment", "duration"] as const).map(make);
}

const PARTS = ["Year", "IsoYear", "Quarter", "Month", "Week", "Day", "WeekDay", "IsoWeekDay"] as const;
const CLOCK = ["Hour", "Minute", "Second"] as const;
const UNITS = ["Year", "Quarter", "Month", "Week", "Day"] as const;

const DAY = 86_400_000;

/** The Thursday of the week of a day: the week belongs to its year. */
function thursday(date: Date): Date {
  const monday = date.getTime() - ((date.getUTCDay() + 6) % 7) * DAY;
  return new Date(Math.floor(monday / DAY) * DAY + 3 * DAY);
}

/** A part of a date (`2020-03-04`) or moment (`2020-03-04T05:06:07.500Z`). */
export function partOf(part: string, text: string): number {
  const date = new Date(text);
  switch (part) {
    case "Year":
      return date.getUTCFullYear();
    case "IsoYear":
      return thursday(date).getUTCFullYear();
    case "Quarter":
      return Math.ceil((date.getUTCMonth() + 1) / 3);
    case "Month":
      return date.getUTCMonth() + 1;
    case "Week": {
      const end = thursday(date);
      const start = Date.UTC(end.getUTCFullYear(), 0, 1);
      return Math.floor((end.getTime() - start) / (7 * DAY)) + 1;
    }
    case "Day":
      return date.getUTCDate();
    case "WeekDay":
      return date.getUTCDay() + 1;
    case "IsoWeekDay":
      return date.getUTCDay() === 0 ? 7 : date.getUTCDay();
    case "Hour":
      return date.getUTCHours();
    case "Minute":
      return date.getUTCMinutes();
    default:
      return date.getUTCSeconds();
  }
}

/** The beginning of a year, month … of a date or moment, in its own form. */
export function truncated(unit: string, text: string): string {
  const date = new Date(text);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const ms: Record<string, number> = {
    year: Date.UTC(year, 0),
    quarter: Date.UTC(year, month - (month % 3)),
    month: Date.UTC(year, month),
    week: Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)),
    day: Date.UTC(year, month, day),
    hour: Math.floor(date.getTime() / 3_600_000) * 3_600_000,
    minute: Math.floor(date.getTime() / 60_000) * 60_000,
    second: Math.floor(date.getTime() / 1000) * 1000,
  };
  const moment = new Date(ms[unit.toLowerCase()] as number).toISOString();
  return text.length === "2020-03-04".length ? moment.slice(0, 10) : moment;
}

/** A time of the day as it is read: with microseconds, where there are any. */
export function timeOf(text: string): string {
  return text.endsWith(".000Z") ? text.slice(11, 19) : `${text.slice(11, 23)}000`;
}

const one = (...values: (string | number)[]) => values.map((value) => [value]);

/** What the functions of the same names mean; a name behind a dot tells apart what takes other kinds. */
export const FUNCTIONS: Readonly<Record<string, Meaning>> = {
  Lower: ofText((text) => text.toLowerCase()),
  Upper: ofText((text) => text.toUpperCase()),
  Length: ofText((text) => letters(text).length),
  Trim: ofText((text) => text.replace(/^ +| +$/g, "")),
  LTrim: ofText((text) => text.replace(/^ +/, "")),
  RTrim: ofText((text) => text.replace(/ +$/, "")),
  Reverse: ofText((text) => letters(text).reverse().join("")),
  Ord: ofText((text) => text.codePointAt(0) ?? 0),
  Collate: { takes: ["text"], gives: "text", means: ([text]) => text },
  MD5: hash("md5"),
  SHA224: hash("sha224"),
  SHA256: hash("sha256"),
  SHA384: hash("sha384"),
  SHA512: hash("sha512"),
  Concat: {
    takes: ["text", "text"],
    gives: "text",
    lax: true,
    means: ([a, b]: readonly (string | null)[]) => (a ?? "") + (b ?? ""),
  },
  Left: {
    takes: ["text"],
    constants: one(1, 2, 5),
    gives: "text",
    means: ([text], [length]) => letters(text).slice(0, length).join(""),
  },
  Right: {
    takes: ["text"],
    constants: one(1, 2, 5),
    gives: "text",
    means: ([text], [length]) => letters(text).slice(-length).join(""),
  },
  Substr: {
    takes: ["text"],
    constants: [[1], [2], [4], [1, 0], [2, 2], [1, 9]],
    gives: "text",
    means: ([text], [from, length]) =>
      letters(text)
        .slice((from as number) - 1, length === undefined ? undefined : (from as number) - 1 + length)
        .join(""),
  },
  LPad: {
    takes: ["text"],
    constants: [[0], [1], [4], [5, "xy"], [5, ""], [6, "💥é"]],
    gives: "text",
    means: ([text], [length, fill]) => padded(text, length, (fill ?? " ") as string, "left"),
  },
  RPad: {
    takes: ["text"],
    constants: [[0], [1], [4], [5, "xy"], [5, ""], [6, "💥é"]],
    gives: "text",
    means: ([text], [length, fill]) => padded(text, length, (fill ?? " ") as string, "right"),
  },
  Repeat: {
    takes: ["text"],
    constants: one(0, 1, 3),
    gives: "text",
    means: ([text], [times]) => text.repeat(times),
  },
  Replace: {
    takes: ["text"],
    constants: [["a"], ["a", "bb"], ["", "x"], ["%", "_"], ["A", "a"]],
    gives: "text",
    means: ([text], [part, by]) => replaced(text, part, by ?? ""),
  },
  StrIndex: {
    takes: ["text"],
    constants: one("a", "b", "", "%", "é", "💥"),
    gives: "integer",
    means: ([text], [part]) => {
      const at = text.indexOf(part);
      return at < 0 ? 0 : letters(text.slice(0, at)).length + 1;
    },
  },
  Abs: { takes: ["integer"], gives: "integer", means: ([n]) => Math.abs(n) },
  "Abs.decimal": { takes: ["decimal"], gives: "decimal", means: ([n]) => Math.abs(n) },
  Ceil: { takes: ["float"], gives: "float", means: ([n]) => Math.ceil(n) },
  "Ceil.decimal": { takes: ["decimal"], gives: "decimal", means: ([n]) => Math.ceil(n) },
  Floor: { takes: ["float"], gives: "float", means: ([n]) => Math.floor(n) },
  "Floor.decimal": { takes: ["decimal"], gives: "decimal", means: ([n]) => Math.floor(n) },
  "Round.decimal": {
    takes: ["decimal"],
    constants: [[], [0], [1], [-1]],
    gives: "decimal",
    means: ([n], [places]) => rounded(n, places),
  },
  Round: {
    takes: ["float"],
    constants: [[], [1], [-1]],
    gives: "float",
    means: ([n], [places]) => rounded(n, places),
  },
  Sign: { takes: ["integer"], gives: "float", means: ([n]) => Math.sign(n) },
  Mod: {
    takes: ["integer"],
    constants: one(2, 3, -3),
    gives: "integer",
    means: ([a], [b]) => a % b,
  },
  Power: {
    takes: ["integer"],
    constants: one(2, 3),
    gives: "float",
    means: ([a], [b]) => a ** b,
  },
  Sqrt: ofFloat((x) => Math.sqrt(x)),
  Exp: ofFloat(Math.exp),
  Ln: ofFloat((x) => Math.log(x)),
  Log: { takes: ["float"], gives: "float", means: ([x]) => Math.log2(x) },
  Sin: ofFloat(Math.sin),
  Cos: ofFloat(Math.cos),
  Tan: ofFloat(Math.tan),
  ATan: ofFloat(Math.atan),
  ATan2: {
    takes: ["float"],
    constants: one(2),
    gives: "float",
    means: ([y], [x]) => Math.atan2(y, x),
  },
  ACos: ofFloat((x) => Math.acos(x)),
  ASin: ofFloat((x) => Math.asin(x)),
  Cot: ofFloat((x) => 1 / Math.tan(x)),
  Degrees: ofFloat((x) => (x * 180) / Math.PI),
  Radians: ofFloat((x) => (x * Math.PI) / 180),
  Pi: { takes: [], gives: "float", means: () => Math.PI },
  Chr: { takes: ["integer"], gives: "text", means: ([n]) => String.fromCodePoint(n) },
  JSONObject: {
    takes: ["integer", "text"],
    gives: "json",
    lax: true,
    means: ([a, b]: readonly Json[]) => ({ json: { "a b": a as Json, "é'\"": b as Json } }),
  },
  JSONArray: {
    takes: ["text", "json", "boolean"],
    gives: "json",
    lax: true,
    means: ([a, b, c]: readonly Json[]) => ({
      json: [a as Json, (b as { json: Json } | null)?.json ?? null, c as Json],
    }),
  },
  ...Object.fromEntries(
    [
      ...PARTS.map((part) => ["date", part] as const),
      ...[...PARTS, ...CLOCK].map((part) => ["moment", part] as const),
    ].map(([of, part]) => [
      `Extract${part}.${of}`,
      {
        takes: [of as Kind],
        gives: "integer",
        means: ([text]) => partOf(part, text),
      } satisfies Meaning,
    ]),
  ),
  ...Object.fromEntries(
    [
      ...UNITS.map((unit) => ["date", unit] as const),
      ...[...UNITS, ...CLOCK].map((unit) => ["moment", unit] as const),
    ].map(([of, unit]) => [
      `Trunc${unit}.${of}`,
      {
        takes: [of as Kind],
        gives: of as Kind,
        means: ([text]) => truncated(unit as string, text),
      } satisfies Meaning,
    ]),
  ),
  TruncDate: { takes: ["moment"], gives: "date", means: ([text]) => text.slice(0, 10) },
  TruncTime: { takes: ["moment"], gives: "time", means: ([text]) => timeOf(text) },
  ...Object.fromEntries(
    forKinds((kind) => ({
      takes: [kind, kind],
      gives: kind,
      lax: true,
      means: ([a, b]: readonly Value[]) => (a ?? b ?? null) as Value,
    })).map((meaning) => [`Coalesce.${meaning.gives}`, meaning]),
  ),
  ...Object.fromEntries(
    forKinds((kind) => ({
      takes: [kind, kind],
      gives: kind,
      lax: true,
      means: ([a, b]: readonly Value[]) => (a === b ? null : (a as Value)),
    })).map((meaning) => [`NullIf.${meaning.gives}`, meaning]),
  ),
  ...Object.fromEntries(forKinds((kind) => extreme(kind, 1)).map((meaning) => [`Greatest.${meaning.gives}`, meaning])),
  ...Object.fromEntries(forKinds((kind) => extreme(kind, -1)).map((meaning) => [`Least.${meaning.gives}`, meaning])),
};

/** What is defined for a part of the numbers alone: what is put around its argument so that it lies there. */
export const WITHIN: Readonly<Record<string, (x: number) => number>> = {
  Sqrt: (x) => Math.abs(x),
  Ln: (x) => Math.abs(x) + 1,
  Log: (x) => Math.abs(x) + 1,
  ACos: (x) => Math.sin(x) / 2,
  ASin: (x) => Math.sin(x) / 2,
  Cot: (x) => Math.abs(x) + 1,
  Exp: (x) => Math.sin(x),
  Tan: (x) => Math.sin(x),
  Chr: (n) => Math.abs(n) + 64,
};

/** What can be cast to what, and what comes of it. */
export const CASTS: Readonly<Record<string, (value: never) => Value>> = {
  "integer text": String,
  "integer float": Number,
  "integer decimal": Number,
  "boolean integer": Number,
  "boolean text": String,
  "decimal integer": (value: number) => rounded(value),
  "decimal float": Number,
  "decimal text": (value: number) => value.toFixed(2),
  "float integer": (value: number) => rounded(value),
  "date text": String,
  "date moment": (value: string) => `${value}T00:00:00.000Z`,
  "moment date": (value: string) => value.slice(0, 10),
  "moment time": (value: string) => timeOf(value),
  "moment text": String,
};

/** Fragments of SQL, and calls of functions that have no name. */
export const FRAGMENTS: Readonly<Record<string, Meaning>> = {
  sum: { takes: ["integer", "integer"], gives: "integer", means: ([a, b]) => a + b },
  joined: { takes: ["text", "text"], gives: "text", means: ([a, b]) => `${a}-${b}` },
  chosen: {
    takes: ["boolean", "integer", "integer"],
    gives: "integer",
    lax: true,
    means: ([yes, a, b]: readonly Value[]) => (yes === true ? a : b) as Value,
  },
  list: {
    takes: ["integer", "integer"],
    gives: "boolean",
    lax: true,
    means: ([a, b]: readonly (number | null)[]) =>
      a === null || a === undefined ? null : a === 1 || a === 2 || a === b ? true : b === null ? null : false,
  },
  called: { takes: ["text"], gives: "integer", means: ([text]) => letters(text).length },
  chosenByFunc: {
    takes: ["integer", "integer"],
    gives: "integer",
    lax: true,
    means: ([a, b]: readonly Value[]) => (a ?? b ?? null) as Value,
  },
};

/** Transforms in a path: by the kind they stand behind. */
export const TRANSFORMS: Readonly<
  Partial<Record<Kind, Readonly<Record<string, { gives: Kind; means: (value: never) => Value }>>>>
> = {
  text: { initial: { gives: "text", means: (text: string) => letters(text)[0] ?? "" } },
  integer: { digits: { gives: "integer", means: (n: number) => String(Math.abs(n)).length } },
  date: parts(PARTS),
  moment: {
    ...parts([...PARTS, ...CLOCK]),
    date: { gives: "date", means: (text: string) => text.slice(0, 10) },
  },
};

function parts(names: readonly string[]) {
  return Object.fromEntries(
    names.map((part) => [
      part.charAt(0).toLowerCase() + part.slice(1),
      { gives: "integer" as Kind, means: (text: string) => partOf(part, text) },
    ]),
  );
}
