import { escapeHtml } from "../utils/escape-html.ts";

/** A piece of HTML: a tag as it stands, or a text with its entities. */
export interface HtmlToken {
  readonly kind: "tag" | "text";
  readonly source: string;
  /** Of a tag: its name in lower case, and whether it opens or closes; undefined for a comment or declaration. */
  readonly name?: string | undefined;
  readonly closes?: boolean | undefined;
}

const TAG_START = /[A-Za-z/!?]/;

/** Splits HTML at its tags, in one walk; what only looks like a tag is text. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const lastEnd = html.lastIndexOf(">");
  let text = 0;
  let at = html.indexOf("<");
  while (at !== -1 && at < lastEnd) {
    const end = tagEnd(html, at);
    if (end === -1) {
      at = html.indexOf("<", at + 1);
      continue;
    }
    if (at > text) yield { kind: "text", source: html.slice(text, at) };
    const source = html.slice(at, end);
    const match = /^<(\/?)([A-Za-z][^\s/>]*)/.exec(source);
    yield { kind: "tag", source, name: match?.[2]?.toLowerCase(), closes: match?.[1] === "/" };
    text = end;
    at = html.indexOf("<", end);
  }
  if (text < html.length) yield { kind: "text", source: html.slice(text) };
}

/** Behind the tag that starts at `start`; -1 where none does. */
function tagEnd(html: string, start: number): number {
  if (!TAG_START.test(html[start + 1] ?? "")) return -1;
  if (html.startsWith("<!--", start)) {
    const end = html.indexOf("-->", start + 4);
    return end === -1 ? -1 : end + 3;
  }
  return html.indexOf(">", start) + 1;
}

const VOID: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

/** Which tags are open, innermost last. */
export class OpenTags {
  readonly #names: string[] = [];

  add({ name, closes, source }: HtmlToken): void {
    if (name === undefined || VOID.has(name) || source.endsWith("/>")) return;
    if (closes !== true) {
      this.#names.push(name);
      return;
    }
    const at = this.#names.lastIndexOf(name);
    if (at !== -1) this.#names.splice(at);
  }

  /** What closes them. */
  closing(): string {
    return this.#names
      .toReversed()
      .map((name) => `</${name}>`)
      .join("");
  }
}

/** HTML without its tags; also of what is a tag only once others are taken out. */
export function stripTags(html: string): string {
  let text = html;
  for (let depth = 0; depth < 50 && text.includes("<") && text.includes(">"); depth++) {
    let stripped = "";
    for (const token of htmlTokens(text)) if (token.kind === "text") stripped += token.source;
    if (stripped.length === text.length) break;
    text = stripped;
  }
  return text;
}

/** How a text is cut: into units that are counted, and how those that stay are joined. */
export interface TextUnits {
  readonly split: (text: string) => readonly string[];
  readonly glue: string;
  readonly ellipsis: string;
  /** How many units the ellipsis itself counts. */
  readonly own: number;
}

/** Escapes a text of HTML; entities stay. */
function tidy(text: string): string {
  return text.replace(/&(?:#\d+|#x[\da-f]+|\w+);|[&<>"']/gi, (found) => (found.length > 1 ? found : escapeHtml(found)));
}

/** The first `most` units of the texts of HTML; tags that are open there are closed. */
export function truncateHtml(html: string, most: number, { split, glue, ellipsis, own }: TextUnits): string {
  if (most <= 0) return "";
  const tokens = [...htmlTokens(html)].map((token) => ({
    token,
    units: token.kind === "text" ? split(token.source) : [],
  }));
  const fits = tokens.reduce((sum, { units }) => sum + units.length, 0) <= most;
  const open = new OpenTags();
  let left = fits ? most : most - own;
  let kept = "";
  for (const { token, units } of tokens) {
    if (token.kind === "tag") open.add(token);
    if (units.length > left) return kept + tidy(units.slice(0, left).join(glue)) + ellipsis + open.closing();
    left -= units.length;
    kept += token.kind === "tag" ? token.source : tidy(units.join(glue));
  }
  return kept;
}
