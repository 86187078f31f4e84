import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install } from "./install.mjs";
import { localEnv, localNode, root } from "./node.mjs";

/**
 * `npm test`: everything, as CI runs it. Each check counts as one, a suite counts its tests.
 * `npm test -- types unit` runs the named steps.
 */
const reports = join(root, ".cache", "reports");
const vitest = join("node_modules", "vitest", "vitest.mjs");
const tool = (name) => [`node_modules/${name}`];

/** Name, then what Node runs. */
const steps = [
  ["types", ["scripts/check-types.ts"]],
  ["lint", [...tool("@biomejs/biome/bin/biome"), "check", "."]],
  ["imports", ["scripts/check-imports.ts"]],
  ["size", ["scripts/check-size.ts"]],
  ["words", ["scripts/check-words.ts"]],
  ["parity", ["scripts/check-parity.ts"]],
  ["links", ["scripts/check-links.ts"]],
  ["build", [...tool("turbo/bin/turbo"), "run", "build", "--output-logs=errors-only"]],
  ["declarations", ["scripts/check-declarations.ts"]],
  ["packages", ["scripts/check-packages.ts"]],
  ["unit", [vitest, "run", "--project", "unit", "--project", "alone"], "suite"],
  ["processes", [vitest, "run", "--project", "processes", "--project", "built"], "suite"],
  ["e2e", [vitest, "run", "--config", "e2e/vitest.config.ts"], "suite"],
];

function run([name, args, kind]) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const reporters = kind === "suite" ? ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`] : [];
  const { status } = spawnSync(node, [...args, ...reporters], { cwd: root, env, stdio: "inherit" });
  const counts = kind === "suite" ? countTests(report, status) : { passed: +(status === 0), failed: +(status !== 0) };
  return { name, ...counts, seconds: (Date.now() - started) / 1000 };
}

/** A file that does not load, a run that breaks off and a run without tests count as failures: they are no pass. */
function countTests(report, status) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const found = JSON.parse(readFileSync(report, "utf8"));
  const broken = found.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = found.numFailedTests + broken;
  const unexplained = failed === 0 && (status !== 0 || found.numPassedTests === 0);
  return { passed: found.numPassedTests, failed: failed + (unexplained ? 1 : 0), skipped: found.numPendingTests };
}

install();
const node = localNode();
const env = localEnv(node);
mkdirSync(reports, { recursive: true });

const names = process.argv.slice(2);
const unknown = names.find((name) => !steps.some(([step]) => step === name));
if (unknown !== undefined) {
  console.error(`There is no step "${unknown}". Steps: ${steps.map(([step]) => step).join(", ")}.`);
  process.exit(2);
}

// It grows with each made project that tests throw away.
if (names.length === 0) rmSync(join(root, ".cache", "compile"), { recursive: true, force: true });

const results = steps.filter(([name]) => names.length === 0 || names.includes(name)).map(run);
console.log("\n── summary");
for (const { name, passed, failed, skipped, seconds } of results) {
  const more = skipped ? `, ${skipped} skipped` : "";
  console.log(`${failed > 0 ? "✗" : "✓"} ${name}: ${passed} passed, ${failed} failed${more} (${seconds.toFixed(1)} s)`);
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
process.exitCode = total("failed") > 0 ? 1 : 0;
console.log(`${total("passed")} passed, ${total("failed")} failed`);
