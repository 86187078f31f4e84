import { spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { report } from "./report.ts";

/** Type-checks every project of the repository from source, two at a time, the type tests beside it included. */
const root = resolve(import.meta.dirname, "..");
const projects = globSync("{packages/*,scripts,e2e,e2e/self-test,bench,templates/*}/tsconfig.json", { cwd: root })
  .map((file) => dirname(file))
  .filter((directory) => directory !== "bench" || existsSync(resolve(root, "bench/node_modules")))
  .sort();

async function check(project: string): Promise<string[]> {
  const child = spawn(
    resolve(root, "node_modules/.bin/tsc"),
    ["-p", project, "--customConditions", "@tsjango/source", "--pretty", "false"],
    { cwd: root },
  );
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const code = await new Promise((done) => child.on("close", done));
  const lines = output.split("\n").filter(Boolean);
  return code === 0 ? [] : lines.length > 0 ? lines : [`${project}: tsc ended with ${code}`];
}

const problems: string[] = [];
const queue = [...projects];
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
      problems.push(...(await check(project)));
    }
  }),
);
report(`types of ${projects.length} projects`, problems);
