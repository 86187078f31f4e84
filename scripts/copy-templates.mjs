// The templates are part of the command line's package; run by its build, in its directory.
import { cpSync, renameSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";

rmSync("templates", { recursive: true, force: true });
cpSync(resolve(import.meta.dirname, "../templates"), "templates", {
  recursive: true,
  filter: (file) => basename(file) !== "node_modules",
});
// Tools take a nested package.json for a package's own.
renameSync("templates/project/package.json", "templates/project/package.json.template");
