import { fileURLToPath } from "node:url";
import type { Plugin, TestTagDefinition } from "vitest/config";
import { conditionFlags, OPTION_VARIABLES, REPEATED_QUERIES, TEST_ENVIRONMENT } from "./environment.ts";
import { TRANSACTIONAL } from "./transactional.ts";

/** What the plugin may be told. */
export interface TsjangoTestOptions {
  /** The settings module, relative to the working directory. Default: what package.json names. */
  readonly settings?: string;
  /** Fails each test that sends the same query so many times or more, but for its values. Default: nobody counts. */
  readonly repeatedQueries?: number;
}

/**
 * The Vitest plugin that runs a project's tests with its settings: a test database for each worker, a transaction that is
 * rolled back around each test. Node itself loads the files, as it does in production.
 * @example
 * export default defineConfig({ plugins: [tsjango()] });
 */
export default function tsjango(options: TsjangoTestOptions = {}): Plugin {
  return {
    name: "tsjango",
    config: (own) => ({
      test: {
        // Vite's own loader would make a second copy of each model, and accept what Node refuses.
        experimental: { viteModuleRunner: false },
        pool: "forks",
        // As in Django, files share a process: starting one for each file takes longer than most files' tests.
        ...(own.test?.isolate === undefined && { isolate: false }),
        globalSetup: [beside("global-setup")],
        setupFiles: [beside("setup")],
        env: {
          ...TEST_ENVIRONMENT,
          ...(options.settings !== undefined && { TSJANGO_SETTINGS: options.settings }),
          ...(options.repeatedQueries !== undefined && { [REPEATED_QUERIES]: String(options.repeatedQueries) }),
        },
        execArgv: conditionFlags(),
        // They run only where a template database is made.
        coverage: { exclude: ["**/migrations/**"] },
        tags: tagsBeside(own.test?.tags ?? []),
        // Tags need no definition, as in Django.
        ...(own.test?.strictTags === undefined && { strictTags: false }),
      },
    }),
    configureVitest({ vitest, project }) {
      // Node keeps what it has loaded: only a new process sees a changed file.
      if (vitest.config.watch) project.config.isolate = true;
    },
  };
}

function beside(name: string): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`${name}.${extension}`, import.meta.url));
}

/** Our own tag, and those that the command line names: Vitest filters only by tags that it knows. */
function tagsBeside(own: readonly TestTagDefinition[]): TestTagDefinition[] {
  const known = new Set(own.map(({ name }) => name));
  const named = (process.env[OPTION_VARIABLES.tags] ?? "").split(",").filter((name) => name !== "");
  const ours = [
    { name: TRANSACTIONAL, description: "really commits; the database is restored afterwards" },
    ...[...new Set(named)].filter((name) => name !== TRANSACTIONAL).map((name) => ({ name })),
  ];
  return ours.filter(({ name }) => !known.has(name));
}
