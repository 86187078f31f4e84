import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/node.mjs";

/** A cache of the stories' own, for each worker: npx keeps in it what it ran, and would run that again. */
export const cache = join(root, ".cache", `npm-cache-${process.env["VITEST_POOL_ID"] ?? "1"}`);

/** Makes npx fetch anew what it runs in this worker. */
export function forgetNpx(): void {
  rmSync(join(cache, "_npx"), { recursive: true, force: true });
}

/** For a new run, whose registry is another. */
export function forgetAllNpx(): void {
  for (const directory of globSync(".cache/npm-cache-*/_npx", { cwd: root })) {
    rmSync(join(root, directory), { recursive: true, force: true });
  }
}
