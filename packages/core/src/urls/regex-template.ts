import type { Converter } from "./converters.ts";
import { type RouteParts, routeParameter } from "./route.ts";

/** More templates than these are not made: each optional part doubles them. */
const MOST = 64;

/** Characters of which one is in nearly every class that a URL uses. */
const SAMPLES = "0ax-_A1.~zZ9 /:@é";

const ESCAPED: Readonly<Record<string, string>> = { d: "0", w: "x", s: " ", D: "x", W: "-", S: "x", b: "", B: "" };

type Template = (string | ReturnType<typeof routeParameter>)[];

const captured = (pattern: string): Converter<string> => ({
  pattern,
  parse: (text) => text,
  format: (value) =>
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : undefined,
});

/**
 * The texts that a regular expression matches, as templates with its named groups as parameters: the shortest text for
 * each choice, as Django reverses them. A made path is matched again, so a template that is too short does no harm.
 */
export function templatesOf(source: string, flags: string): RouteParts[] {
  const reader = { source, flags, at: 0 };
  return alternatives(reader).map(joined);
}

interface Reader {
  readonly source: string;
  readonly flags: string;
  at: number;
}

function joined(template: Template): RouteParts {
  const parts: Template = [];
  for (const part of template) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

/** What stands up to the closing ")" or the end, its alternatives one after the other. */
function alternatives(reader: Reader): Template[] {
  const all: Template[] = [];
  let current: Template[] = [[]];
  while (reader.at < reader.source.length && reader.source[reader.at] !== ")") {
    if (reader.source[reader.at] === "|") {
      reader.at++;
      all.push(...current);
      current = [[]];
      continue;
    }
    const choices = quantified(reader, atom(reader));
    current = current.flatMap((before) => choices.map((choice) => [...before, ...choice])).slice(0, MOST);
  }
  return [...all, ...current].slice(0, MOST);
}

function atom(reader: Reader): Template[] {
  const character = reader.source[reader.at++] as string;
  if (character === "^" || character === "$") return [[]];
  if (character === ".") return [["."]];
  if (character === "\\") return [[escaped(reader)]];
  if (character === "[") return [[ofClass(reader)]];
  return character === "(" ? group(reader) : [[character]];
}

function escaped(reader: Reader): string {
  const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/i.exec(reader.source.slice(reader.at));
  if (code !== null) {
    reader.at += code[0].length;
    return String.fromCodePoint(Number.parseInt((code[1] ?? code[2] ?? code[3]) as string, 16));
  }
  const property = /^[pP]\{[^}]*\}/.exec(reader.source.slice(reader.at));
  if (property !== null && /[uv]/.test(reader.flags)) {
    reader.at += property[0].length;
    return property[0].startsWith("p") ? "x" : "-";
  }
  const character = reader.source[reader.at++] ?? "";
  return ESCAPED[character] ?? character;
}

/** A character of the class that begins here: one of the samples, else the first that it names. */
function ofClass(reader: Reader): string {
  const start = reader.at - 1;
  while (reader.at < reader.source.length && reader.source[reader.at] !== "]") {
    reader.at += reader.source[reader.at] === "\\" ? 2 : 1;
  }
  reader.at++;
  const text = reader.source.slice(start, reader.at);
  return [...SAMPLES, ...text.slice(1)].find((sample) => fits(text, reader.flags, sample)) ?? "";
}

function fits(text: string, flags: string, sample: string): boolean {
  try {
    return new RegExp(`^${text}$`, flags).test(sample);
  } catch {
    // Part of a nested class, which is read to its first "]" only: no path is made of it.
    return false;
  }
}

function group(reader: Reader): Template[] {
  const head = /^\?(?:<([A-Za-z_$][\w$]*)>|<?[=!]|:|)/.exec(reader.source.slice(reader.at));
  reader.at += head?.[0].length ?? 0;
  const start = reader.at;
  const inner = alternatives(reader);
  const text = reader.source.slice(start, reader.at);
  reader.at++;
  const name = head?.[1];
  if (name !== undefined) return [[routeParameter(name, captured(text))]];
  // Looking ahead and behind takes no text.
  return /^\?<?[=!]$/.test(head?.[0] ?? "") ? [[]] : inner;
}

/** The atom as often as it must stand; where it may be missing, without it first. */
function quantified(reader: Reader, choices: Template[]): Template[] {
  const quantifier = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at));
  if (quantifier === null) return choices;
  reader.at += quantifier[0].length;
  const least = quantifier[1] === undefined ? (quantifier[0].startsWith("+") ? 1 : 0) : Number(quantifier[1]);
  if (least === 0) {
    const withParameters = choices.filter((choice) => choice.some((part) => typeof part !== "string"));
    return [[], ...withParameters];
  }
  return choices.map((choice) => Array.from({ length: Math.min(least, MOST) }, () => choice).flat());
}
