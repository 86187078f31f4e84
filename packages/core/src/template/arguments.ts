import { type Context, type Liquid, Value } from "liquidjs";
import { compileFiltered } from "./evaluate.ts";
import { literal } from "./filter.ts";

/** A value in a tag, with its filters. */
export interface TagValue {
  /** What it is in a context, or a promise of that. */
  value(context: Context): unknown;
}

/** A tag's arguments: values, `name=value` pairs, bare words such as "only", and "as name". */
export interface TagArguments {
  readonly positional: readonly TagValue[];
  readonly named: ReadonlyMap<string, TagValue>;
  readonly words: ReadonlySet<string>;
  /** The variable after "as". */
  readonly target: string | undefined;
}

/** Compiles one value with its filters: `book.title|upper`. Throws where the text is more or less than one. */
export function compileValue(text: string, liquid: Liquid): TagValue {
  const value = new Value(text, liquid);
  const [token, ...others] = value.initial.postfix;
  if (token === undefined || others.length > 0) throw new Error(`cannot read ${JSON.stringify(text)} as one value`);
  // What the template's author wrote is HTML.
  const safe = literal(token);
  if (safe !== undefined) Object.assign(token, { content: safe });
  return { value: compileFiltered(value) };
}

/** Splits at blanks outside quotes; a comma at the end of a part is dropped. Throws for a quote without its twin. */
export function splitArguments(text: string): string[] {
  const rest = text.replace(/"[^"]*"|'[^']*'/g, "");
  if (/["']/.test(rest)) throw new Error(`a quote is not closed in ${JSON.stringify(text)}`);
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return parts.map((part) => part.replace(/,$/, "")).filter((part) => part !== "");
}

/** Reads a tag's arguments; `words` are those that the tag knows. */
export function readArguments(text: string, liquid: Liquid, words: readonly string[] = []): TagArguments {
  const parts = splitArguments(text);
  let target: string | undefined;
  if (parts.at(-2) === "as") target = parts.splice(-2)[1];
  const positional: TagValue[] = [];
  const named = new Map<string, TagValue>();
  const found = new Set<string>();
  for (const part of parts) {
    const pair = /^([A-Za-z_]\w*)=(.+)$/s.exec(part);
    if (pair !== null) named.set(pair[1] as string, compileValue(pair[2] as string, liquid));
    else if (words.includes(part)) found.add(part);
    else positional.push(compileValue(part, liquid));
  }
  return { positional, named, words: found, target };
}
