/** A text as lookups that ignore case compare it: full Unicode upper case, so that `ß` is `SS`. */
export function casefold(text: unknown): unknown {
  return typeof text === "string" ? text.toUpperCase() : text;
}
