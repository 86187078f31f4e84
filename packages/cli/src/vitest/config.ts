import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vitest/config";

/** The setup file, built or from source. */
function setupFile(): string {
  const files = ["./setup.js", "./setup.ts"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  return files.find((file) => existsSync(file)) as string;
}

/**
 * Makes Vitest test a tsjango project: settings loaded, apps set up, a test database in each worker, each test in a
 * transaction that is rolled back. Source: https://docs.djangoproject.com/en/5.2/topics/testing/
 * @example
 * // vitest.config.ts
 * import { tsjango } from "tsjango/test/config";
 * import { defineConfig } from "vitest/config";
 * export default defineConfig({ plugins: [tsjango()] });
 */
export function tsjango(): Plugin {
  return {
    name: "tsjango",
    config: () => ({
      test: {
        include: ["**/tests/**/*.test.ts"],
        setupFiles: [setupFile()],
        // Node itself loads the project, as it does in production: one copy of each model, no other TypeScript.
        experimental: { viteModuleRunner: false },
        pool: "forks",
        execArgv: process.execArgv.filter((flag) => flag.startsWith("--conditions")),
        env: { SECRET_KEY: "tests are no secret", DEBUG: "false", ALLOWED_HOSTS: "localhost,127.0.0.1,testserver" },
      },
    }),
  };
}
