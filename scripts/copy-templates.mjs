import { cpSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";

/** The templates travel inside the command line's package; run by its build. */
const root = resolve(import.meta.dirname, "..");
const target = resolve(root, "packages/cli/templates");
rmSync(target, { recursive: true, force: true });
cpSync(resolve(root, "templates"), target, {
  recursive: true,
  filter: (source) => basename(source) !== "node_modules",
});
