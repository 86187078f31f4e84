import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "@tsjango/kernel/exceptions";
import { defineCommand } from "@tsjango/kernel/management";
import { conditionFlags, TEST_ENVIRONMENT } from "../vitest/environment.ts";
import { testOptions, vitestWords } from "./test-options.ts";

const CONFIG = /^vite(st)?\.config\.[mc]?[jt]s$/;
const COVERAGE = /^--coverage(\.enabled)?(=true)?$/;
const PROVIDERS = ["@vitest/coverage-v8", "@vitest/coverage-istanbul"];
const TEST = /\.(test|spec)\.[mc]?[jt]sx?$/;

export default defineCommand({
  name: "test",
  description: "Runs the project's tests with Vitest, on a test database.",
  arguments: [
    { name: "[words...]", description: "files or directories, and Vitest's own: -t name, --watch, --coverage …" },
  ],
  options: testOptions,
  passThrough: true,
  requires: "project",
  async run({ args, options, project }) {
    const { directory, settingsFile } = project;
    const vitest = findVitest(directory);
    if (args.some((word) => COVERAGE.test(word))) requireCoverage(directory, vitest);
    if (!hasTests(directory)) {
      throw new CommandError(
        `There are no tests in ${directory} yet. Write one in a file such as tests/site.test.ts: ` +
          'import { client, expect, test } from "tsjango/test";',
      );
    }
    const watch = args.some((word) => word === "--watch" || word === "-w");
    const { words: own, environment } = vitestWords(options);
    const words = [...(watch ? [] : ["run"]), ...ownConfig(directory, args), ...own, ...args];
    const child = spawn(process.execPath, [...conditionFlags(), vitest, ...words], {
      cwd: directory,
      stdio: "inherit",
      env: { ...process.env, ...TEST_ENVIRONMENT, ...environment, TSJANGO_SETTINGS: settingsFile },
    });
    return ending(child);
  },
});

/** The project's Vitest, not this package's. */
function findVitest(directory: string): string {
  const require = createRequire(join(directory, "package.json"));
  try {
    return join(dirname(require.resolve("vitest/package.json")), "vitest.mjs");
  } catch (cause) {
    throw new CommandError(`Vitest is not installed in ${directory}. Install it: npm install --save-dev vitest`, {
      cause,
    });
  }
}

/** Vitest names the package that is missing, but neither its version nor how to get it. */
function requireCoverage(directory: string, vitest: string): void {
  const places = createRequire(join(directory, "package.json")).resolve.paths(PROVIDERS[0] as string) ?? [];
  if (PROVIDERS.some((name) => places.some((place) => existsSync(join(place, name))))) return;
  const { version } = JSON.parse(readFileSync(join(dirname(vitest), "package.json"), "utf8")) as { version: string };
  throw new CommandError(
    `--coverage needs ${PROVIDERS[0]} in Vitest's own version, and it is not installed in ${directory}. ` +
      `Install it: npm install --save-dev ${PROVIDERS[0]}@${version}`,
  );
}

/** Whether there is a test in a directory or below; packages and hidden directories are not looked into. */
function hasTests(directory: string): boolean {
  const entries = readdirSync(directory, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && TEST.test(entry.name))) return true;
  return entries.some((entry) => {
    const closed = entry.name === "node_modules" || entry.name.startsWith(".");
    return entry.isDirectory() && !closed && hasTests(join(directory, entry.name));
  });
}

/** A project without a configuration gets one with the plugin. */
function ownConfig(directory: string, args: readonly string[]): string[] {
  const given = args.some((word) => word === "-c" || word.startsWith("--config"));
  if (given || readdirSync(directory).some((name) => CONFIG.test(name))) return [];
  const file = ["js", "ts"]
    .map((extension) => fileURLToPath(new URL(`../vitest/default-config.${extension}`, import.meta.url)))
    .find((path) => existsSync(path));
  return file === undefined ? [] : ["--root", directory, "--config", file];
}

/** Signals of the terminal reach the child by themselves; those sent to this process alone are passed on. */
function ending(child: ReturnType<typeof spawn>): Promise<number> {
  const pass = (signal: NodeJS.Signals) => {
    child.kill(signal);
  };
  process.on("SIGTERM", pass).on("SIGINT", pass);
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code, signal) => {
      process.off("SIGTERM", pass).off("SIGINT", pass);
      done(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}
