import type { MatchKind } from "./functions.ts";

/** A text in which LIKE's wildcards stand for themselves; `\` is the escape character. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}

/** The pattern for an escaped text. */
export function likePattern(kind: Exclude<MatchKind, "exact">, escaped: string): string {
  return { contains: `%${escaped}%`, startswith: `${escaped}%`, endswith: `%${escaped}` }[kind];
}
