import { init, parse } from "es-module-lexer";

/** A place in a file that names another one. */
export interface Reference {
  readonly start: number;
  readonly end: number;
  /** As it stands there: "../img/a.png?x#y". */
  readonly target: string;
}

const CSS = /url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')/gi;
const COMMENT = /\/\*[\s\S]*?\*\//g;
const SOURCE_MAP = /[#@]\s*sourceMappingURL=([^\s'"*]+)/g;

/** The references of a style sheet or a module to other files; none of a file of another kind. */
export async function referencesOf(name: string, text: string): Promise<Reference[]> {
  const found = /\.css$/i.test(name)
    ? styleReferences(text)
    : /\.m?js$/i.test(name)
      ? await moduleReferences(text)
      : [];
  if (/\.(?:css|m?js)$/i.test(name)) found.push(...sourceMaps(text));
  return found
    .filter(({ target }) => target !== "" && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(target))
    .sort((a, b) => a.start - b.start);
}

function styleReferences(text: string): Reference[] {
  const comments = [...text.matchAll(COMMENT)].map((match) => [match.index, match.index + match[0].length] as const);
  return [...text.matchAll(CSS)]
    .filter((match) => !comments.some(([start, end]) => match.index > start && match.index < end))
    .map((match) => place(match, match.slice(1).find((group) => group !== undefined) ?? ""));
}

function sourceMaps(text: string): Reference[] {
  return [...text.matchAll(SOURCE_MAP)].map((match) => place(match, match[1] ?? ""));
}

function place(match: RegExpExecArray, target: string): Reference {
  const start = match.index + match[0].lastIndexOf(target);
  return { start, end: start + target.length, target };
}

/** Imports by relative paths; bare names and computed ones are left as they are. A script that is no module has none. */
async function moduleReferences(text: string): Promise<Reference[]> {
  await init;
  try {
    const [imports] = parse(text);
    return imports.flatMap(({ n, s, e, d }) => {
      if (n === undefined || !/^[./]/.test(n)) return [];
      // The specifier of import("…") stands with its quotes.
      const quoted = d > -1 ? 1 : 0;
      return [{ start: s + quoted, end: e - quoted, target: n }];
    });
  } catch {
    return [];
  }
}
