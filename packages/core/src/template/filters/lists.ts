import { filter, type TemplateFilter } from "../filter.ts";
import { toHtml, toText } from "../output.ts";
import { SafeString } from "../safe-string.ts";
import { wholeNumber } from "./text.ts";

/** The length of a text, list, map or object; 0 of anything else. */
export function lengthOf(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value) || value instanceof SafeString) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function items(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof SafeString) return [...value.toString()];
  if (typeof value === "object" && value !== null && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  return typeof value === "string" ? [...value] : [];
}

function isSequence(value: unknown): value is string | readonly unknown[] | SafeString {
  return typeof value === "string" || Array.isArray(value) || value instanceof SafeString;
}

/** A value's property by a path with dots; only data, as everywhere in templates. */
function read(from: unknown, path: string): unknown {
  let value = from;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || name.startsWith("_") || name === "constructor") return undefined;
    value = value instanceof Map ? value.get(name) : Reflect.get(value, name);
  }
  return typeof value === "function" ? undefined : value;
}

type Key = number | string;

function keyOf(value: unknown): Key | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return value instanceof SafeString ? value.toString() : undefined;
}

/** Sorted by a property of each item; nothing where an item lacks it or two cannot be compared. */
function sorted(value: unknown, by: unknown, direction: 1 | -1): readonly unknown[] | string {
  if (!isSequence(value)) return "";
  const keyed = items(value).map((item) => ({ item, key: keyOf(read(item, toText(by))) }));
  const kinds = new Set(keyed.map(({ key }) => typeof key));
  if (kinds.size > 1 || kinds.has("undefined")) return "";
  return keyed
    .sort(({ key: a }, { key: b }) => direction * ((a as Key) < (b as Key) ? -1 : (a as Key) > (b as Key) ? 1 : 0))
    .map(({ item }) => item);
}

/** Items from `from` to before `to`, each `step`th, with Python's meaning of negative numbers. */
function slice(value: unknown, range: unknown): unknown {
  const bounds = toText(range)
    .split(":")
    .map((part) => (part === "" ? undefined : wholeNumber(part)));
  const isRange = toText(range)
    .split(":")
    .every((part, index) => part === "" || bounds[index] !== undefined);
  if (!isSequence(value) || !isRange || bounds.length > 3 || bounds[2] === 0) return value;
  const all = items(value);
  const [start, stop, step = 1] = bounds.length === 1 ? [undefined, bounds[0]] : bounds;
  const indexes = step > 0 ? forward(all.length, start, stop) : backward(all.length, start, stop);
  const chosen: unknown[] = [];
  for (let at = indexes.first; step > 0 ? at < indexes.last : at > indexes.last; at += step) chosen.push(all[at]);
  if (Array.isArray(value)) return chosen;
  // Characters in another order are no HTML that anybody wrote.
  return value instanceof SafeString && step === 1 ? new SafeString(chosen.join("")) : chosen.join("");
}

function forward(length: number, start = 0, stop = length) {
  const at = (index: number) => Math.min(Math.max(index < 0 ? index + length : index, 0), length);
  return { first: at(start), last: at(stop) };
}

function backward(length: number, start = length - 1, stop?: number) {
  const at = (index: number) => Math.min(Math.max(index < 0 ? index + length : index, -1), length - 1);
  return { first: at(start), last: stop === undefined ? -1 : at(stop) };
}

/** Nested lists as `<li>`s: a list after an item stands below it. */
function unorderedList(value: unknown, shown: (value: unknown) => string, depth = 1): string {
  const list = items(value);
  const indent = "\t".repeat(depth);
  const lines: string[] = [];
  for (let index = 0; index < list.length; index++) {
    const below = list[index + 1];
    const own = shown(list[index]);
    if (!Array.isArray(below)) {
      lines.push(`${indent}<li>${own}</li>`);
      continue;
    }
    index++;
    lines.push(
      `${indent}<li>${own}\n${indent}<ul>\n${unorderedList(below, shown, depth + 1)}\n${indent}</ul>\n${indent}</li>`,
    );
  }
  return lines.join("\n");
}

/** Filters of lists. */
export const listFilters: Readonly<Record<string, TemplateFilter>> = {
  dictsort: filter((value, by) => sorted(value, by, 1)),
  dictsortreversed: filter((value, by) => sorted(value, by, -1)),
  escapeseq: filter((value) => items(value).map((item) => new SafeString(toHtml(item)))),
  first: filter((value) => items(value)[0] ?? ""),
  join: filter(
    function join(value, separator = "") {
      if (!Array.isArray(value) && !isSequence(value)) return value;
      const parts = items(value);
      if (!this.autoescape) return new SafeString(parts.map(toText).join(toText(separator)));
      return new SafeString(parts.map(toHtml).join(toHtml(separator)));
    },
    { isSafe: true },
  ),
  last: filter((value) => items(value).at(-1) ?? "", { isSafe: true }),
  length: filter(lengthOf),
  random: filter((value) => {
    const list = items(value);
    return list.length === 0 ? "" : list[Math.floor(Math.random() * list.length)];
  }),
  safeseq: filter((value) => items(value).map((item) => new SafeString(toText(item)))),
  slice: filter(slice),
  unordered_list: filter(function unordered(value) {
    return new SafeString(unorderedList(value, this.autoescape ? toHtml : toText));
  }),
};
