import { inspect } from "node:util";
import { escapeHtml } from "../../utils/escape-html.ts";
import { filter, type TemplateFilter } from "../filter.ts";
import { stripTags, type TextUnits, truncateHtml } from "../html-tokens.ts";
import { toHtml, toText } from "../output.ts";
import { SafeString } from "../safe-string.ts";
import { urlize } from "../urlize.ts";
import { wholeNumber } from "./text.ts";

function lines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** Paragraphs at blank lines, line breaks at the others. */
function paragraphs(html: string): SafeString {
  const texts = lines(html)
    .join("\n")
    .split(/\n{2,}/);
  return new SafeString(texts.map((text) => `<p>${text.replaceAll("\n", "<br>")}</p>`).join("\n\n"));
}

function numbered(text: string, shown: (line: string) => string): SafeString {
  const all = text.split("\n");
  const width = String(all.length).length;
  const numberedLines = all.map((line, index) => `${String(index + 1).padStart(width, "0")}. ${shown(line)}`);
  return new SafeString(numberedLines.join("\n"));
}

const JSON_UNSAFE = /[<>&\u2028\u2029]/g;

/** A value as JSON in a `<script>`, for scripts of the page to read. */
function jsonScript(value: unknown, id?: unknown): SafeString {
  const plain = value instanceof Map ? Object.fromEntries(value) : value;
  const json = (
    JSON.stringify(plain, (_key, inner) => (typeof inner === "bigint" ? inner.toString() : inner)) ?? "null"
  ).replace(JSON_UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  const attribute = id === undefined || id === null || id === "" ? "" : ` id="${toHtml(id)}"`;
  return new SafeString(`<script${attribute} type="application/json">${json}</script>`);
}

const CHARACTERS: TextUnits = {
  split: (text) => text.match(/&(?:#\d+|#x[\da-f]+|\w+);|[\s\S]/giu) ?? [],
  glue: "",
  ellipsis: "…",
  own: 1,
};
const WORDS: TextUnits = { split: (text) => text.split(/(?<=\S)\s+(?=\S)/), glue: " ", ellipsis: " …", own: 0 };

/** Truncates HTML; the result is as safe as what came in. */
function truncated(units: TextUnits): TemplateFilter {
  const truncate = (value: unknown, count: unknown) => {
    const most = wholeNumber(count);
    return most === undefined ? toText(value) : truncateHtml(toText(value), most, units);
  };
  return filter(truncate, { isSafe: true });
}

/** Filters that make or read HTML. */
export const htmlFilters: Readonly<Record<string, TemplateFilter>> = {
  escape: filter((value) => new SafeString(toHtml(value))),
  force_escape: filter((value) => new SafeString(escapeHtml(toText(value)))),
  json_script: filter(jsonScript),
  linebreaks: filter(function linebreaks(value) {
    return paragraphs(this.autoescape ? toHtml(value) : toText(value));
  }),
  linebreaksbr: filter(function linebreaksbr(value) {
    return new SafeString(lines(this.autoescape ? toHtml(value) : toText(value)).join("<br>"));
  }),
  linenumbers: filter(function linenumbers(value) {
    const asIs = !this.autoescape || value instanceof SafeString;
    return numbered(toText(value), asIs ? (line) => line : escapeHtml);
  }),
  pprint: filter((value) => inspect(value, { depth: 6 })),
  safe: filter((value) => new SafeString(toText(value))),
  striptags: filter((value) => stripTags(toText(value)), { isSafe: true }),
  truncatechars_html: truncated(CHARACTERS),
  truncatewords_html: truncated(WORDS),
  urlize: filter(function urlizeFilter(value) {
    return urlize(value, { autoescape: this.autoescape });
  }),
  urlizetrunc: filter(function urlizetrunc(value, limit) {
    return urlize(value, { autoescape: this.autoescape, limit: wholeNumber(limit) });
  }),
};
