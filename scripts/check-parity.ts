import { existsSync, globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { report } from "./report.ts";

/**
 * The parity tables say the truth: each row has three cells (Django's name, ours, evidence), and the evidence is a test
 * that exists (`path › words of its name`), or begins with "later:" or "absent:" and gives a reason.
 */
const root = resolve(import.meta.dirname, "..");
const problems: string[] = [];
const seen = new Map<string, string>();
let rows = 0;

for (const page of globSync("docs/parity/*.md", { cwd: root }).sort()) {
  for (const [index, line] of readFileSync(resolve(root, page), "utf8").split("\n").entries()) {
    if (!line.startsWith("| ") || /^\| (Django|---)/.test(line)) continue;
    rows++;
    const at = `${page}:${index + 1}`;
    const [name = "", ours = "", evidence = "", ...rest] = line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (rest.length > 0 || !name || !ours || !evidence) problems.push(`${at}: a row has three cells: ${line}`);
    if (seen.has(name)) problems.push(`${at}: ${name} stands at ${seen.get(name)} already`);
    seen.set(name, at);
    problems.push(...checkEvidence(evidence).map((problem) => `${at}: ${name}: ${problem}`));
  }
}
if (rows === 0) problems.push("there are no parity tables");
report(`parity of ${rows} rows`, problems);

function checkEvidence(evidence: string): string[] {
  if (/^(later|absent): .{5,}/.test(evidence)) return [];
  const test = /^`([^`›]+?)(?: › ([^`]+))?`$/.exec(evidence);
  if (test === null) return [`evidence is a test in backticks, or "later: …", or "absent: …"; found ${evidence}`];
  const [, file = "", words] = test;
  if (!existsSync(resolve(root, file))) return [`there is no test file ${file}`];
  const lines = words ? readFileSync(resolve(root, file), "utf8").split("\n") : [];
  if (words && !lines.some((line) => isNamed(line, words))) return [`${file} has no test "${words}"`];
  return [];
}

/** Whether a line has the words in a test's name, or in what a type test says: not in code that happens to hold them. */
function isNamed(line: string, words: string): boolean {
  const at = line.indexOf(words);
  if (at < 0 || /^\s*import|expect\(/.test(line)) return false;
  return /["'`]/.test(line.slice(0, at)) || line.includes("@ts-expect-error");
}
