import { globSync } from "node:fs";
import { basename, join } from "node:path";
import type { Scenario } from "./support/scenario.ts";

// Runs the scenarios, or those whose names hold one of the arguments: `npm run reliability -- s01 s07`. Exits with 1 where
// a promise is broken.
const words = process.argv.slice(2);
const form = words.includes("--short") ? "short" : "long";
const wanted = words.filter((word) => !word.startsWith("--"));
const files = globSync("s[0-9]*.ts", { cwd: import.meta.dirname }).sort();
const chosen = files.filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)));
if (chosen.length === 0) throw new Error(`There is no scenario ${wanted.join(", ")}; there are ${files.join(", ")}.`);

let broken = 0;
for (const file of chosen) {
  const name = basename(file, ".ts");
  const start = performance.now();
  try {
    const { default: scenario } = (await import(join(import.meta.dirname, file))) as { default: Scenario };
    const { figure } = await scenario(form);
    console.log(`ok   ${name} (${((performance.now() - start) / 1000).toFixed(1)} s): ${figure}`);
  } catch (error) {
    broken++;
    console.log(`FAIL ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
console.log(`${chosen.length - broken} of ${chosen.length} scenarios hold.`);
process.exit(broken === 0 ? 0 : 1);
