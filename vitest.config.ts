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
];

/** What makes projects and compiles them, against the packages as they are built. */
const built = ["packages/cli/tests/scaffold/made-project.test.ts", "docs/tests/**/*.test.ts"];

/** What says how a process begins, or lasts for it: settings that are not loaded yet, a log. */
const alone = ["packages/kernel/tests/{conf,logging}/*.test.ts"];

// Each test file and each command that it starts loads the same sources: Node keeps what it has made of them.
process.env["NODE_COMPILE_CACHE"] ??= `${import.meta.dirname}/.cache/compile`;

/** What both parts have in common: Node itself loads the sources, as they are. */
const common = {
  experimental: { viteModuleRunner: false },
  pool: "forks",
  execArgv: ["--conditions=@tsjango/source"],
} as const;

/**
 * `npm test -- unit` runs `unit` and `alone`, which are fast; `npm test -- processes` the other two. The files of `unit`
 * share a process for each worker: loading the framework anew for each took half of the time. They leave nothing behind for
 * the next, whatever the order: `vitest run --project unit --sequence.shuffle.files` shows it.
 */
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
          isolate: false,
          include: ["packages/*/tests/**/*.test.ts", "scripts/tests/**/*.test.ts"],
          exclude: [...processes, ...built, ...alone, "**/node_modules/**"],
        },
      },
      { test: { ...common, name: "alone", include: alone, exclude: [...processes, "**/node_modules/**"] } },
      { test: { ...common, name: "processes", include: processes, exclude: [...built, "**/node_modules/**"] } },
      { test: { ...common, name: "built", include: built, globalSetup: ["scripts/build-packages.ts"] } },
    ],
  },
});
