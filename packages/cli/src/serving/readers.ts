/** Reads what was typed, or what a file says in its own type; undefined where it is neither. */
export interface Reader<T> {
  /** What it takes, for messages: `"a number from 0"`. */
  readonly expects: string;
  read(value: unknown): T | undefined;
}

function numberFrom(value: unknown, least: number): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= least ? number : undefined;
}

/** A whole number. */
export function count(least: number): Reader<number> {
  return {
    expects: `a number from ${least}`,
    read: (value) => {
      const number = numberFrom(value, least);
      return Number.isInteger(number) ? number : undefined;
    },
  };
}

/** Seconds; 0 is never, or at once. */
export const seconds: Reader<number> = {
  expects: "a number of seconds from 0",
  read: (value) => numberFrom(value, 0),
};

/** For times where 0 would mean never, or at once. */
export const secondsAboveZero: Reader<number> = {
  expects: "a number of seconds above 0",
  read: (value) => {
    const number = numberFrom(value, 0);
    return number === 0 ? undefined : number;
  },
};

/** How many workers. */
export const workers: Reader<number | "auto"> = {
  expects: "a number from 1, or auto",
  read: (value) => (value === "auto" ? value : count(1).read(value)),
};

const UNITS: Readonly<Record<string, number>> = { "": 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** Bytes; texts may have a unit: `512mb`. */
export const size: Reader<number> = {
  expects: "a size, such as 512mb",
  read: (value) => {
    if (typeof value !== "string") return count(0).read(value);
    const { digits, unit = "" } = /^(?<digits>\d+(?:\.\d+)?)\s*(?<unit>[kmg]b)?$/i.exec(value)?.groups ?? {};
    return digits === undefined ? undefined : Math.round(Number(digits) * (UNITS[unit.toLowerCase()] as number));
  },
};

/** A text that is not empty. */
export const text: Reader<string> = {
  expects: "a text",
  read: (value) => (typeof value === "string" && value !== "" ? value : undefined),
};

/** A path of URLs. */
export const urlPath: Reader<string> = {
  expects: "a path, such as /healthz",
  read: (value) => (typeof value === "string" && /^\/[\w./~-]*\w$/.test(value) ? value : undefined),
};

/** Yes or no. */
export const flag: Reader<boolean> = {
  expects: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};

/** Texts, one or several. */
export const texts: Reader<readonly string[]> = {
  expects: "a list of texts",
  read: (value) => {
    const list = typeof value === "string" ? [value] : value;
    return Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === "string") ? list : undefined;
  },
};

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Reader<T> {
  return {
    expects: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    read: (value) => words.find((word) => word === value),
  };
}
