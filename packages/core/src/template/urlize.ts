import { domainToASCII } from "node:url";
import { escapeHtml } from "../utils/escape-html.ts";
import { toText } from "./output.ts";
import { SafeString } from "./safe-string.ts";

/** Longer addresses stay text. */
const MAX_URL = 2048;
const WITH_SCHEME = /^https?:\/\/\[?\w/i;
const WITHOUT_SCHEME = /^(?:www\.|(?!http)[\p{L}\p{N}_][^@:]+\.(?:com|edu|gov|int|mil|net|org)(?:$|\/))/iu;
const EMAIL = /^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/;
const PAIRS: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
];
const ENTITY_AT_END = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});$/i;

/**
 * A text whose addresses are links: those with http or https, those that begin with "www." or end in one of the old
 * domains, and e-mail addresses. Source: https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#urlize
 */
export function urlize(
  value: unknown,
  { autoescape, limit }: { autoescape: boolean; limit?: number | undefined },
): SafeString {
  const shown = autoescape && !(value instanceof SafeString) ? escapeHtml : (text: string) => text;
  const words = toText(value).split(/([\s<>"']+)/);
  return new SafeString(words.map((word) => linked(word, shown, limit)).join(""));
}

function linked(word: string, write: (text: string) => string, limit: number | undefined): string {
  if (!/[.@:]/.test(word)) return write(word);
  const { before, address, after } = trimmed(word);
  const href = hrefOf(address);
  if (href === undefined) return write(word);
  const rel = href.startsWith("mailto:") ? "" : ' rel="nofollow"';
  const shown =
    limit !== undefined && address.length > limit ? `${address.slice(0, Math.max(limit - 1, 0))}…` : address;
  return `${write(before)}<a href="${escapeHtml(href)}"${rel}>${write(shown)}</a>${write(after)}`;
}

function hrefOf(address: string): string | undefined {
  if (address.length > MAX_URL) return undefined;
  if (WITH_SCHEME.test(address)) return quoted(address);
  if (WITHOUT_SCHEME.test(address)) return quoted(`http://${address}`);
  if (!EMAIL.test(address)) return undefined;
  const at = address.lastIndexOf("@");
  return `mailto:${encodeURIComponent(address.slice(0, at))}@${encodeURIComponent(address.slice(at + 1))}`;
}

/** An address as a header or attribute takes it: the host in ASCII, the rest percent-encoded. */
function quoted(address: string): string {
  const [, scheme = "", host = "", rest = ""] = /^([^:]*:\/\/)([^/?#]*)(.*)$/s.exec(unescaped(address)) ?? [];
  const ascii = /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host) || encodeURIComponent(host);
  return scheme.toLowerCase() + ascii + encodeURI(rest.toWellFormed()).replace(/%25(?=[\da-f]{2})/gi, "%");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
  "&#39;": "'",
};

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity] as string);
}

/** Takes the punctuation around an address away: brackets that it does not close itself, and the sentence's end. */
function trimmed(word: string): { before: string; address: string; after: string } {
  let start = 0;
  while (word[start] === "(" || word[start] === "[") start++;
  let end = word.length;
  const counts = new Map<string, number>();
  for (const character of word.slice(start)) counts.set(character, (counts.get(character) ?? 0) + 1);
  for (let again = true; again && end > start; ) {
    again = false;
    for (const [opening, closing] of PAIRS) {
      while (word[end - 1] === closing && (counts.get(closing) ?? 0) > (counts.get(opening) ?? 0) && end > start) {
        counts.set(closing, (counts.get(closing) ?? 0) - 1);
        end--;
        again = true;
      }
    }
    while (end > start && ".,:;!".includes(word[end - 1] as string)) {
      if (word[end - 1] === ";" && ENTITY_AT_END.test(word.slice(Math.max(start, end - 40), end))) break;
      end--;
      again = true;
    }
  }
  return { before: word.slice(0, start), address: word.slice(start, end), after: word.slice(end) };
}
