// The templates are part of the command line's package; run by its build, in its directory.
import { cpSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";

rmSync("templates", { recursive: true, force: true });
cpSync(resolve(import.meta.dirname, "../templates"), "templates", {
  recursive: true,
  filter: (file) => basename(file) !== "node_modules",
});
