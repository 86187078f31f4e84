import { filter, type TemplateFilter } from "../filter.ts";
import { toText } from "../output.ts";
import { formatPercent } from "../percent-format.ts";
import { SafeString } from "../safe-string.ts";

/** Texts are what filters of this file work on: other values are written as texts first. */
function text(apply: (value: string, ...args: string[]) => unknown, isSafe = true): TemplateFilter {
  return filter((value, ...args) => apply(toText(value), ...args.map(toText)), { isSafe });
}

function title(value: string): string {
  return value
    .toLowerCase()
    .replace(/(^|[^\p{L}'’])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/(\P{L}['’]|^['’])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/\d\p{Lu}/gu, (match) => match.toLowerCase());
}

/** A whole number out of what stands after a filter's colon; undefined for what is none. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(toText(value));
  return Number.isInteger(number) ? number : undefined;
}

function padded(value: string, width: string, place: "left" | "right" | "center"): string {
  const size = wholeNumber(width);
  const missing = (size ?? 0) - [...value].length;
  if (size === undefined || missing <= 0) return value;
  // As Python's str.center: the odd blank stands at the left where the width is odd, too.
  const center = (missing >> 1) + (missing & size & 1);
  const before = place === "left" ? 0 : place === "right" ? missing : center;
  return " ".repeat(before) + value + " ".repeat(missing - before);
}

function truncateWords(value: string, count: string): string {
  const most = wholeNumber(count);
  if (most === undefined) return value;
  const words = value.split(/\s+/).filter(Boolean);
  if (most <= 0) return "";
  return words.length <= most ? words.join(" ") : `${words.slice(0, most).join(" ")} …`;
}

function truncateCharacters(value: string, count: string): string {
  const most = wholeNumber(count);
  const characters = [...value.normalize("NFC")];
  if (most === undefined) return value;
  if (most <= 0) return "";
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

function slugify(value: string): string {
  return value
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .toLowerCase()
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
}

/** Breaks lines at blanks, so that each has at most `width` characters where its words allow it. */
function wrap(value: string, width: string): string {
  const most = wholeNumber(width);
  if (most === undefined || most < 1) return value;
  return (
    value
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they end lines
      .split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/)
      .flatMap((line) => wrapLine(line, most))
      .join("\n")
  );
}

function wrapLine(line: string, most: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const chunk of line.match(/\s+|\S+/g) ?? []) {
    const isBlank = /^\s/.test(chunk);
    if (isBlank && current === "" && lines.length > 0) continue;
    if (current === "" || current.length + chunk.length <= most) {
      current += chunk;
      continue;
    }
    lines.push(current.trimEnd());
    current = isBlank ? "" : chunk;
  }
  const last = current.trimEnd();
  return last === "" && lines.length > 0 ? lines : [...lines, last];
}

const PHONE_LETTERS = "22233344455566677778889999";

function urlencode(value: string, kept = "/"): string {
  const encoded = encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replace(/%([0-9A-F]{2})/g, (code, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return character < "\x80" && kept.includes(character) ? character : code;
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const SCRIPT_UNSAFE = /[\x00-\x1f\\'"<>&=;`\u2028\u2029-]/g;

function escapeScript(value: string): SafeString {
  const escaped = value.replace(
    SCRIPT_UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return new SafeString(escaped);
}

/** Filters of texts. */
export const textFilters: Readonly<Record<string, TemplateFilter>> = {
  addslashes: text((value) => value.replace(/[\\"']/g, "\\$&")),
  capfirst: text((value) => value.replace(/^./su, (first) => first.toUpperCase())),
  center: text((value, width = "") => padded(value, width, "center")),
  cut: filter((value, part = "") => {
    const cut = toText(value).replaceAll(toText(part), "");
    // A text without its ";" may be another entity.
    return value instanceof SafeString && toText(part) !== ";" ? new SafeString(cut) : cut;
  }),
  escapejs: text(escapeScript),
  iriencode: text((value) => urlencode(value, "/#%[]=:;$&()+,!?*@'~")),
  ljust: text((value, width = "") => padded(value, width, "left")),
  lower: text((value) => value.toLowerCase()),
  make_list: text((value) => [...value], false),
  phone2numeric: text((value) =>
    value.toLowerCase().replace(/[a-z]/g, (letter) => PHONE_LETTERS[letter.charCodeAt(0) - 97] as string),
  ),
  rjust: text((value, width = "") => padded(value, width, "right")),
  slugify: text(slugify),
  stringformat: filter((value, format = "") => formatPercent(toText(format), value), { isSafe: true }),
  title: text(title),
  truncatechars: text((value, count = "") => truncateCharacters(value, count)),
  truncatewords: text((value, count = "") => truncateWords(value, count)),
  upper: text((value) => value.toUpperCase(), false),
  urlencode: text((value, kept) => urlencode(value, kept), false),
  wordcount: text((value) => value.split(/\s+/).filter(Boolean).length, false),
  wordwrap: text((value, width = "") => wrap(value, width)),
};
