import { BadRequest } from "../exceptions.ts";

const MAX_DEPTH = 100;

/**
 * Parses JSON of a client: at most 100 levels deep, and without keys that change prototypes when data is merged.
 * @throws BadRequest saying what is wrong.
 */
export function parseJson(text: string): unknown {
  if (hasManyBrackets(text)) checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadRequest(`The body is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  // A search for a word is much faster than an expression with three.
  if (text.includes("__proto__") || text.includes("constructor") || text.includes("\\u")) refusePrototypeKeys(value);
  return value;
}

/** Whether there are enough opening brackets for JSON that is too deep; counted by searches, not by character. */
function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ["[", "{"]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34 /* a string, skipped */) {
      for (index++; index < text.length && text.charCodeAt(index) !== 34; index++) {
        if (text.charCodeAt(index) === 92) index++;
      }
    } else if (code === 91 || code === 123) {
      if (++depth > MAX_DEPTH) throw new BadRequest(`The body's JSON is more than ${MAX_DEPTH} levels deep.`);
    } else if (code === 93 || code === 125) depth--;
  }
}

function refusePrototypeKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    const pollutes =
      key === "__proto__" ||
      (key === "constructor" && typeof inner === "object" && inner !== null && Object.hasOwn(inner, "prototype"));
    if (pollutes) throw new BadRequest(`The body's JSON has the key "${key}", which is refused.`);
    refusePrototypeKeys(inner);
  }
}
