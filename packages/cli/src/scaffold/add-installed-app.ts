/** Characters of a source that are code; the others (comments, strings, templates) are blanked, positions kept. */
export function blankOut(source: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
  return source.replaceAll(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g,
    blank,
  );
}

/**
 * Adds an app to `installedApps` of a settings module: an import line after the last import, an entry at the end of the
 * array. Undefined where the module has an unusual shape, which is then better left to its author.
 */
export function addInstalledApp(source: string, app: string, specifier: string): string | undefined {
  const code = blankOut(source);
  const arrays = [...code.matchAll(/\binstalledApps\s*:\s*\[([^[\]{}()]*)\]/g)];
  const array = arrays[0];
  if (arrays.length !== 1 || array === undefined || new RegExp(`\\b${app}\\b`).test(code)) return undefined;
  const open = array.index + array[0].indexOf("[") + 1;
  const entries = source.slice(open, array.index + array[0].length - 1);
  const importEnd = endOfImports(code);
  if (importEnd === undefined || importEnd > array.index) return undefined;
  return (
    source.slice(0, importEnd) +
    `\nimport ${app} from "${specifier}";` +
    source.slice(importEnd, open) +
    withEntry(entries, array[1] as string, app) +
    source.slice(open + entries.length)
  );
}

/** The end of the last top-level import line. */
function endOfImports(code: string): number | undefined {
  const last = [...code.matchAll(/^import\b[^;]*?;?[ \t]*$/gm)].at(-1);
  return last === undefined ? undefined : last.index + last[0].trimEnd().length;
}

function withEntry(entries: string, code: string, app: string): string {
  const end = code.trimEnd().length;
  if (end === 0 && entries.trim() === "") return app;
  const [kept, rest] = [entries.slice(0, end), entries.slice(end)];
  const indent = /\n([ \t]*)\S/.exec(entries)?.[1];
  const comma = end === 0 || code.trimEnd().endsWith(",") ? "" : ",";
  if (indent === undefined) return `${kept}${comma} ${app}${rest}`;
  const [comment = "", ...lines] = rest.split("\n");
  return `${kept}${comma}${comment}\n${indent}${app},\n${lines.join("\n")}`;
}
