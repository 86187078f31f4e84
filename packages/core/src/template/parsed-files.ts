import type { Liquid, Template } from "liquidjs";
import { drive, whenThere } from "./drive.ts";

const METHODS = ["_parseFile", "_parsePartialFile", "_parseLayoutFile"] as const;
/** Parsed files that are kept; `{% include %}` of names out of data has no end. */
const MOST = 2000;

/** Has an engine keep the files that it has parsed, and give them at once from then on. */
export function keepParsedFiles(liquid: Liquid): void {
  const kept = new Map<string, Template[]>();
  for (const method of METHODS) {
    const parse = liquid[method].bind(liquid) as (...args: readonly unknown[]) => unknown;
    const parseOnce = (name: string, ...rest: readonly unknown[]): unknown => {
      // Names such as "./part.html" are looked for beside the file that they are in.
      const key = `${name.startsWith(".") ? rest.at(-1) : ""}:${name}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      return whenThere(drive(parse(name, ...rest)), (templates) => {
        if (kept.size >= MOST) kept.delete(kept.keys().next().value as string);
        kept.set(key, templates as Template[]);
        return templates;
      });
    };
    liquid[method] = parseOnce as never;
  }
}
