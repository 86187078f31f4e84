import { createRequire } from "node:module";
import type { DefaultTreeAdapterMap } from "parse5";

type Parse5 = typeof import("parse5");
type ParsedNode = DefaultTreeAdapterMap["node"];

/** An element, as far as two pages may differ in it. */
export interface HtmlElement {
  readonly tag: string;
  /** By name in alphabetical order; a boolean attribute has no value. */
  readonly attributes: readonly (readonly [name: string, value?: string])[];
  readonly children: readonly HtmlNode[];
}

/** An element or a text. */
export type HtmlNode = HtmlElement | string;

/** Attributes that say yes by being there. Source: https://html.spec.whatwg.org/multipage/indices.html#attributes-3 */
const BOOLEAN = new Set(
  (
    "allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate hidden inert ismap " +
    "itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected"
  ).split(" "),
);

const WHITE = /[ \t\n\f\r]+/;

let parser: Parse5 | undefined;

/**
 * The tree of a page or of a part of one, as browsers read it, without what makes no difference: space around tags and
 * its kind, the order of attributes and classes, comments, the document type.
 */
export function parseHtml(text: string): HtmlNode[] {
  // Few tests need it, and each worker would load it.
  parser ??= createRequire(import.meta.url)("parse5") as Parse5;
  const [, whole] = /^\s*(?:<!--[\s\S]*?-->\s*)*<(!doctype|html|head|body)\b/i.exec(text) ?? [];
  if (whole === undefined) return nodesOf(parser.parseFragment(text));
  const nodes = nodesOf(parser.parse(text));
  const [html] = nodes;
  if (!/^(head|body)$/i.test(whole) || html === undefined || typeof html === "string") return nodes;
  // The parser adds what is left out around and beside them.
  return html.children.filter(
    (child) => typeof child === "string" || child.children.length > 0 || child.attributes.length > 0,
  );
}

function nodesOf(parent: ParsedNode): HtmlNode[] {
  const merged: HtmlNode[] = [];
  for (const node of childrenOf(parent)) {
    const made = nodeOf(node);
    const last = merged.at(-1);
    if (typeof made === "string" && typeof last === "string") merged[merged.length - 1] = last + made;
    else if (made !== undefined) merged.push(made);
  }
  const spaced = merged.map((node) => (typeof node === "string" ? wordsOf(node).join(" ") : node));
  return spaced.filter((node) => node !== "");
}

function childrenOf(parent: ParsedNode): readonly ParsedNode[] {
  if ("content" in parent) return parent.content.childNodes;
  return "childNodes" in parent ? parent.childNodes : [];
}

function nodeOf(node: ParsedNode): HtmlNode | undefined {
  if (node.nodeName === "#text" && "value" in node) return node.value;
  if (!("tagName" in node)) return undefined;
  const attributes = node.attrs.map(({ name, value }) => attribute(name, value));
  return { tag: node.tagName, attributes: attributes.sort(([a], [b]) => (a < b ? -1 : 1)), children: nodesOf(node) };
}

function attribute(name: string, value: string): readonly [string, string?] {
  if (BOOLEAN.has(name) && (value === "" || value.toLowerCase() === name)) return [name];
  if (name !== "class") return [name, value];
  return [name, [...new Set(wordsOf(value))].sort().join(" ")];
}

function wordsOf(text: string): string[] {
  return text.split(WHITE).filter((word) => word !== "");
}

/** A tree as text: a line for each tag and text, indented. Two trees are equal where their texts are. */
export function renderHtml(nodes: readonly HtmlNode[]): string {
  return linesOf(nodes, "").join("\n");
}

function linesOf(nodes: readonly HtmlNode[], indent: string): string[] {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return [indent + escapeText(node)];
    const open = indent + openingTag(node);
    const [only] = node.children;
    if (only === undefined) return [open];
    const close = `</${node.tag}>`;
    if (node.children.length === 1 && typeof only === "string") return [open + escapeText(only) + close];
    return [open, ...linesOf(node.children, `${indent}  `), indent + close];
  });
}

/** The tag with which an element begins. */
export function openingTag({ tag, attributes }: HtmlElement): string {
  const shown = attributes.map(([name, value]) =>
    value === undefined ? ` ${name}` : ` ${name}="${escapeValue(value)}"`,
  );
  return `<${tag}${shown.join("")}>`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function escapeValue(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("\n", "&#10;");
}

/** All elements of a tree, an element before those in it. */
export function* elementsOf(nodes: readonly HtmlNode[]): Generator<HtmlElement> {
  for (const node of nodes) {
    if (typeof node === "string") continue;
    yield node;
    yield* elementsOf(node.children);
  }
}
