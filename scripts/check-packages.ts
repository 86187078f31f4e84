import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { report } from "./report.ts";

/** Each package as npm would pack it passes publint, and its types resolve for those who import it (attw). */
const root = resolve(import.meta.dirname, "..");
const execute = promisify(execFile);
const tools = [
  ["publint", "run", "--strict"],
  ["attw", "--profile", "esm-only", "--format", "ascii", "--pack"],
];

async function check(directory: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [tool = "", ...args] of tools) {
    try {
      await execute(resolve(root, "node_modules/.bin", tool), [...args, directory], { cwd: root });
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      problems.push(`${directory}: ${tool}: ${`${stdout}${stderr}`.trim() || error}`);
    }
  }
  return problems;
}

const problems: string[] = [];
const queue = globSync("packages/*/package.json", { cwd: root })
  .map((file) => dirname(file))
  .sort();
const count = queue.length;
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) problems.push(...(await check(next)));
  }),
);
report(`${count} packages as packed`, problems);
