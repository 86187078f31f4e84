/** A header's value with parameters: `text/html; charset=utf-8`, `form-data; name="a"`. */
export interface ParameterizedValue {
  /** In lower case. */
  readonly value: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const VALUE = /[ \t]*([!#$%&'*+\-.^_`|~0-9a-z]+(?:\/[!#$%&'*+\-.^_`|~0-9a-z]+)?)[ \t]*/iy;
const PARAMETER = /;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*)?/iy;

/**
 * Parses such a value strictly: RFC 9110, section 5.6.6.
 * @returns undefined for anything else: rest that is no parameter, a parameter given twice.
 */
export function parseParameters(text: string): ParameterizedValue | undefined {
  VALUE.lastIndex = 0;
  const value = VALUE.exec(text)?.[1]?.toLowerCase();
  if (value === undefined) return undefined;
  const parameters = new Map<string, string>();
  let at = VALUE.lastIndex;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (match === null) return undefined;
    at = PARAMETER.lastIndex;
    const name = match[1]?.toLowerCase();
    // A ";" with nothing after it does no harm.
    if (name === undefined) continue;
    if (parameters.has(name)) return undefined;
    parameters.set(name, match[2] !== undefined ? match[2].replace(/\\(["\\])/g, "$1") : (match[3] ?? ""));
  }
  return { value, parameters };
}
