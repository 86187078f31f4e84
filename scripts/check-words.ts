import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { report } from "./report.ts";

const root = resolve(import.meta.dirname, "..");
const FILES = "{packages/*/{src,bin,tests},templates,e2e,scripts,bench,docs}/**/*.{ts,mjs,js,md}";

/** Words that mark unfinished work, and ways round the compiler; a reason in the same line lets the latter pass. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, "unfinished work"],
  [/\bnot (yet )?implemented\b/i, "a stub"],
  [/@ts-ignore|@ts-nocheck/, "use @ts-expect-error with a reason"],
  [/\b(describe|test|it)\.only\(/, "a focused test"],
  [/\b(describe|test|it)\.(skip|todo)\(/, "a skipped test"],
  [/biome-ignore [\w/]+\s*$/, "a suppression without a reason"],
];

const problems = globSync(FILES, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**", "**/generated/**"] })
  .filter((file) => !file.endsWith("scripts/check-words.ts"))
  .sort()
  .flatMap((file) =>
    readFileSync(resolve(root, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        REFUSED.filter(([pattern]) => pattern.test(line)).map(
          ([, why]) => `${file}:${index + 1}: ${why}: ${line.trim()}`,
        ),
      ),
  );
report("words", problems);
