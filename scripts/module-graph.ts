import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "oxc-parser";

/** One import or re-export of a source file. */
export interface ImportEdge {
  readonly from: string;
  /** As written: `"./query.ts"`, `"@tsjango/kernel/conf"`, `"node:fs"`. */
  readonly specifier: string;
  /** Erased by the compiler. */
  readonly typeOnly: boolean;
  /** `import("…")`: runs later, so it makes no cycle at load time. */
  readonly dynamic: boolean;
  readonly line: number;
}

/** The imports of one file; `file` is how it is named in the result. */
export function importsOf(file: string, source: string): ImportEdge[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const edge = (specifier: string, start: number, typeOnly: boolean, dynamic = false): ImportEdge => ({
    from: file,
    specifier,
    typeOnly,
    dynamic,
    line: source.slice(0, start).split("\n").length,
  });
  // With verbatimModuleSyntax `import { type A }` still loads the module; only `import type` is erased.
  const erased = (start: number) => /^(import|export)\s+type\b/.test(source.slice(start, start + 40));
  const edges = module.staticImports.map((item) => edge(item.moduleRequest.value, item.start, erased(item.start)));
  for (const item of module.staticExports) {
    const request = item.entries[0]?.moduleRequest;
    if (request) edges.push(edge(request.value, item.start, erased(item.start)));
  }
  for (const item of module.dynamicImports) {
    const text = source.slice(item.moduleRequest.start, item.moduleRequest.end);
    if (/^["'].*["']$/s.test(text)) edges.push(edge(text.slice(1, -1), item.start, false, true));
  }
  return edges;
}

/** Every source file of the packages under `root`, by its path from there. */
export function readSources(root: string, pattern = "packages/*/src/**/*.ts"): Map<string, string> {
  const files = globSync(pattern, { cwd: root }).sort();
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** The file that a relative specifier means, from the same root as `from`. */
export function resolveRelative(from: string, specifier: string): string {
  return relative(".", join(dirname(from), specifier));
}
