import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";
import { conditionFlags, TEST_ENVIRONMENT } from "./environment.ts";

/** What the plugin may be told. */
export interface TsjangoTestOptions {
  /** The settings module, relative to the working directory. Default: what package.json names. */
  readonly settings?: string;
}

/**
 * The Vitest plugin that runs a project's tests with its settings: a test database for each worker, a transaction that is
 * rolled back around each test. Node itself loads the files, as it does in production.
 * @example
 * export default defineConfig({ plugins: [tsjango()] });
 */
export default function tsjango(options: TsjangoTestOptions = {}): Plugin {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return {
    name: "tsjango",
    config: () => ({
      test: {
        // Vite's own loader would make a second copy of each model, and accept what Node refuses.
        experimental: { viteModuleRunner: false },
        pool: "forks",
        setupFiles: [fileURLToPath(new URL(`setup.${extension}`, import.meta.url))],
        env: { ...TEST_ENVIRONMENT, ...(options.settings !== undefined && { TSJANGO_SETTINGS: options.settings }) },
        execArgv: conditionFlags(),
      },
    }),
  };
}
