import { defineConfig } from "vitest/config";

const source = ["--conditions=@tsjango/source"];

/** The unit part: fast, in process, no network beyond loopback. PostgreSQL and browser stories run apart. */
export default defineConfig({
  test: {
    include: ["packages/*/tests/**/*.test.ts", "scripts/tests/**/*.test.ts", "docs/tests/**/*.test.ts"],
    experimental: { viteModuleRunner: false },
    pool: "forks",
    execArgv: source,
    maxWorkers: 2,
    // Starts nothing by itself: PostgreSQL comes up when the first test asks for it.
    globalSetup: ["packages/orm/tests/support/postgres-broker.ts"],
  },
});
