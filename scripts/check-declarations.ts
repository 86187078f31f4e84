import { existsSync, globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkConsumer } from "./check-consumer.ts";
import { report } from "./report.ts";

/**
 * What a user's editor reads: each built package has declaration and source maps, its public names keep their
 * documentation, and no exported signature has `any` outside the wildcard positions of conditional types.
 */
const root = resolve(import.meta.dirname, "..");
/**
 * Where `any` is meant: a checked result would make `reverse` circular (TS2456) in views that call it; and in functions
 * that work with all models (`AnyManager`) the compiler does not know the model.
 */
const MEANT =
  /^export type ViewFunction\b|^\s+(all\(\)|(filter|get)\(\.\.\.conditions: any\)|create\(values: any\)): any;$/;
const problems: string[] = [];

for (const manifestFile of globSync("packages/*/package.json", { cwd: root }).sort()) {
  const directory = resolve(root, manifestFile, "..");
  const manifest: { name: string; exports: Record<string, string | Record<string, string>> } = JSON.parse(
    readFileSync(resolve(directory, "package.json"), "utf8"),
  );
  for (const [door, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") continue;
    for (const condition of ["types", "default", "@tsjango/source"]) {
      const file = target[condition];
      if (file === undefined || !existsSync(resolve(directory, file))) {
        problems.push(`${manifest.name} ${door}: ${condition} names ${file}, which does not exist`);
      }
    }
  }
  for (const file of globSync("dist/**/*.{d.ts,js}", { cwd: directory })) {
    if (!existsSync(resolve(directory, `${file}.map`))) problems.push(`${manifest.name}: ${file} has no map`);
  }
  const declarations = globSync("dist/**/*.d.ts", { cwd: directory }).sort();
  if (declarations.length === 0) problems.push(`${manifest.name}: not built`);
  for (const file of declarations) {
    const text = readFileSync(resolve(directory, file), "utf8");
    problems.push(...undocumented(text).map((name) => `${manifest.name} ${file}: ${name} lost its documentation`));
    problems.push(...leaks(text).map((line) => `${manifest.name} ${file}: any in an exported signature: ${line}`));
  }
}
problems.push(...checkConsumer());
report("declarations", problems);

/** Exported functions, classes and constants without a documentation comment right above them. */
function undocumented(text: string): string[] {
  return [...text.matchAll(/(\*\/\n)?^export (?:declare )?(?:abstract )?(?:function|class|const|let) (\w+)/gm)]
    .filter((match, _index, all) => match[1] === undefined && all.find((other) => other[2] === match[2]) === match)
    .map((match) => match[2] as string);
}

/** Lines in which a parameter, property or result is `any`. */
function leaks(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*(\*|\/\*|\/\/)/.test(line) && !MEANT.test(line))
    .filter((line) => /(: any\b(?!\[?\]?\s*\?)|=> any\b|Promise<any>)/.test(line) && !/extends|infer/.test(line))
    .map((line) => line.trim());
}
