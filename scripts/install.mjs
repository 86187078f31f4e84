import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { localNode, root, systemEnv } from "./node.mjs";

const stamp = join(root, "node_modules", ".cache", "tsjango", "installed");

/** Installs the dependencies as the lock file has them, unless that was done already. */
export function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing dependencies (npm ci) …");
  const options = { cwd: root, env: systemEnv(), stdio: "inherit", shell: process.platform === "win32" };
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], options);
  if (status !== 0) {
    const reason = error ? error.message : `npm ci ended with ${status}`;
    throw new Error(`The dependencies could not be installed: ${reason}. Mend what it names, and run this again.`);
  }
  localNode();
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, wanted);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) install();
