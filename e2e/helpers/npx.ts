import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/node.mjs";

/** A cache of the stories' own: npx keeps in it what it ran, and would run that again. */
export const cache = join(root, ".cache", "npm-cache");

/** Makes npx fetch anew what it runs. */
export function forgetNpx(): void {
  rmSync(join(cache, "_npx"), { recursive: true, force: true });
}
