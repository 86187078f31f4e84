import { describeValue } from "@tsjango/kernel/utils";
import { elementsOf, type HtmlNode, openingTag, parseHtml, renderHtml } from "./html-tree.ts";
import { bodyOf, isResponse, type MatcherResult, noResponse, requireStatus, times } from "./response-matchers.ts";

const SHOWN = 2000;

/** The matcher behind `expect(html).toEqualHtml("<p>Emma</p>")`. */
export function toEqualHtml(received: unknown, expected: string, options: { status?: number } = {}): MatcherResult {
  const text = htmlOf("toEqualHtml", received, options.status);
  if (typeof text !== "string") return text;
  const trees = [parseHtml(text), parseHtml(needsText("toEqualHtml", expected))] as const;
  const [actual, wanted] = [renderHtml(trees[0]), renderHtml(trees[1])];
  const pass = actual === wanted;
  return {
    pass,
    actual,
    expected: wanted,
    message: () =>
      pass
        ? `The HTML is the same, which was not expected:\n\n${shown(actual)}`
        : `Expected the same HTML; it differs ${firstDifference(trees[0], trees[1])}`,
  };
}

/** The matcher behind `expect(response).toContainHtml("<li>Emma</li>", { count: 1 })`. */
export function toContainHtml(
  received: unknown,
  part: string,
  options: { count?: number; status?: number } = {},
): MatcherResult {
  const text = htmlOf("toContainHtml", received, options.status);
  if (typeof text !== "string") return text;
  const wanted = parseHtml(needsText("toContainHtml", part));
  if (wanted.length === 0) {
    throw new TypeError("toContainHtml needs HTML with a tag or a text in it: every page contains the empty one.");
  }
  const page = parseHtml(text);
  const found = countIn(page, wanted);
  const pass = options.count === undefined ? found > 0 : found === options.count;
  const often = options.count === undefined ? "" : ` ${times(options.count)}`;
  const near = found === 0 && !pass ? nearest(page, wanted) : undefined;
  return {
    pass,
    ...(near !== undefined && { actual: near, expected: renderHtml(wanted) }),
    message: () => {
      if (pass)
        return `The HTML contains this ${times(found)}, which was not expected:\n\n${shown(renderHtml(wanted))}`;
      const head = `Expected the HTML to contain this${often}; it does ${times(found)}:\n\n${shown(renderHtml(wanted))}`;
      if (near !== undefined) return `${head}\n\nThe nearest to it is:\n\n${shown(near)}`;
      return `${head}\n\nThe HTML is:\n\n${shown(renderHtml(page)) || "(empty)"}`;
    },
  };
}

/** The HTML of a text or of a response; a failure where it is neither. */
function htmlOf(matcher: string, received: unknown, status: number | undefined): string | MatcherResult {
  if (typeof received === "string") return received;
  if (!isResponse(received)) return noResponse(matcher, received, "HTML as a text, or a response");
  requireStatus(received, status);
  return bodyOf(matcher, received);
}

function needsText(matcher: string, expected: unknown): string {
  if (typeof expected === "string") return expected;
  throw new TypeError(`${matcher} takes HTML as a text; found ${describeValue(expected)}.`);
}

/**
 * How often a tree has a part: an element as a whole, a text inside of one, several of them side by side.
 * Source: `assertInHTML`.
 */
function countIn(page: readonly HtmlNode[], part: readonly HtmlNode[]): number {
  const [only] = part;
  const inside = [page, ...[...elementsOf(page)].map(({ children }) => children)];
  if (part.length === 1 && typeof only === "string") {
    const texts = inside.flat().filter((node) => typeof node === "string");
    return texts.reduce((sum, text) => sum + text.split(only).length - 1, 0);
  }
  const wanted = part.map((node) => renderHtml([node]));
  return inside.reduce((sum, nodes) => sum + runsOf(nodes, wanted), 0);
}

/** How often these nodes stand side by side, not overlapping. */
function runsOf(nodes: readonly HtmlNode[], wanted: readonly string[]): number {
  const rendered = nodes.map((node) => renderHtml([node]));
  let count = 0;
  for (let start = 0; start + wanted.length <= rendered.length; ) {
    const here = wanted.every((each, index) => rendered[start + index] === each);
    if (here) count++;
    start += here ? wanted.length : 1;
  }
  return count;
}

/** The element of the same tag that has the most lines in common with a part, as text. */
function nearest(page: readonly HtmlNode[], [first]: readonly HtmlNode[]): string | undefined {
  if (first === undefined || typeof first === "string") return undefined;
  const wanted = wordsOf(renderHtml([first]));
  let best: { readonly text: string; readonly shared: number } | undefined;
  for (const element of elementsOf(page)) {
    if (element.tag !== first.tag) continue;
    const text = renderHtml([element]);
    const words = wordsOf(text);
    const shared = [...wanted].filter((word) => words.has(word)).length / Math.max(words.size, wanted.size);
    if (best === undefined || shared > best.shared) best = { text, shared };
  }
  return best?.text;
}

function wordsOf(html: string): Set<string> {
  return new Set(html.match(/[^\s<>"=]+/g));
}

/** Where two trees that are not equal begin to differ, and how. */
function firstDifference(
  actual: readonly HtmlNode[],
  expected: readonly HtmlNode[],
  path: readonly string[] = [],
): string {
  for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
    const [a, b] = [actual[index], expected[index]];
    if (a !== undefined && b !== undefined && renderHtml([a]) === renderHtml([b])) continue;
    if (typeof a === "object" && typeof b === "object" && openingTag(a) === openingTag(b)) {
      return firstDifference(a.children, b.children, [...path, placeOf(actual, index)]);
    }
    const where = path.length === 0 ? "at the top" : `in ${path.join(" > ")}`;
    return `${where}: expected ${inWords(b)}, found ${inWords(a)}.`;
  }
  return "nowhere.";
}

/** `li (3)`: an element by its tag, and its number where there are others of it. */
function placeOf(nodes: readonly HtmlNode[], index: number): string {
  const tags = nodes.map((node) => (typeof node === "string" ? "" : node.tag));
  const tag = tags[index] as string;
  const number = tags.slice(0, index + 1).filter((each) => each === tag).length;
  return tags.filter((each) => each === tag).length === 1 ? tag : `${tag} (${number})`;
}

function inWords(node: HtmlNode | undefined): string {
  if (node === undefined) return "nothing";
  return typeof node === "string" ? `the text ${JSON.stringify(node)}` : openingTag(node);
}

function shown(html: string): string {
  return html.length > SHOWN ? `${html.slice(0, SHOWN)} …` : html;
}
