import { defineConfig } from "vitest/config";
import { LongestFirst } from "./helpers/longest-first.ts";

/** Stories: the product as its users install and run it, each with processes of its own. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ["stories/**/*.test.ts"],
    globalSetup: [`${import.meta.dirname}/helpers/global-setup.ts`],
    experimental: { viteModuleRunner: false },
    pool: "forks",
    // Installing waits for the disk and for npm: two at a time fill two processors.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
