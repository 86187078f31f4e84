import { defineConfig } from "vitest/config";

/**
 * Tests that take their time: whole processes (the command line, its servers and workers, the documentation's programs,
 * the compiler), databases that are made, migrated or killed, random queries and histories.
 */
const processes = [
  "packages/cli/tests/**/*.test.ts",
  "packages/tsjango/tests/**/*.test.ts",
  "packages/server/tests/supervisors/*.test.ts",
  "packages/kernel/tests/conf/env.test.ts",
  "packages/kernel/tests/watch/*.test.ts",
  "packages/kernel/tests/async/{worker-pool,decorator}.test.ts",
  "packages/server/tests/{load,reliability}.test.ts",
  "packages/orm/tests/types/*.test.ts",
  "packages/orm/tests/test/*.test.ts",
  "packages/orm/tests/serialization/*.test.ts",
  "packages/orm/tests/commands/*.test.ts",
  "packages/orm/tests/reliability.test.ts",
  "packages/orm/tests/transaction/{kill,pool}.test.ts",
  "packages/orm/tests/contract/transaction.test.ts",
  "packages/orm/tests/{oracle,injection}/*.test.ts",
  "packages/orm/tests/migrations/{two-processes,random-histories,schema,online,writer}.test.ts",
  "docs/tests/**/*.test.ts",
];

/** What both parts have in common: Node itself loads the sources, as they are. */
const common = {
  experimental: { viteModuleRunner: false },
  pool: "forks",
  execArgv: ["--conditions=@tsjango/source"],
} as const;

/** `vitest --project unit` for what is fast, `--project processes` for the rest, neither for both. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Starts nothing by itself: PostgreSQL comes up when the first test asks for it.
    globalSetup: ["packages/orm/tests/support/postgres-broker.ts"],
    projects: [
      {
        test: {
          ...common,
          name: "unit",
          include: ["packages/*/tests/**/*.test.ts", "scripts/tests/**/*.test.ts"],
          exclude: [...processes, "**/node_modules/**"],
        },
      },
      { test: { ...common, name: "processes", include: processes } },
    ],
  },
});
