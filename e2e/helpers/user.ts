import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { inject } from "vitest";
import { localNode, root, systemEnv } from "../../scripts/node.mjs";
import { cache } from "./npx.ts";

/** A user's machine: the Node and the npm that come first on PATH. */
export interface Machine {
  /** The Node of the system, which may be too old for tsjango, or the one that the repository brings. */
  readonly node?: "system" | "new";
  /** An exact version; default: the system's. */
  readonly npm?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The environment of a user who has not seen this repository, but whose registry has the packed packages. */
export function userEnv({ node = "new", npm, env }: Machine = {}): NodeJS.ProcessEnv {
  const system = systemEnv();
  const path = [
    ...(npm === undefined ? [] : [installedNpm(npm)]),
    ...(node === "new" ? [dirname(localNode())] : []),
    system.PATH,
  ];
  const clean = Object.entries(system).filter(
    ([name]) => !/^(npm_|vitest|vite_|test$|node_env$|node_options$|tsjango_|database_url$|port$|ci$)/i.test(name),
  );
  return {
    ...Object.fromEntries(clean),
    PATH: path.join(delimiter),
    NO_COLOR: "1",
    npm_config_userconfig: inject("npmrc"),
    npm_config_cache: cache,
    ...env,
  };
}

/** npm in an exact version, kept under .cache; the directory with `npm` and `npx`. */
function installedNpm(version: string): string {
  const directory = join(root, ".cache", "npm", version);
  const bin = join(directory, "node_modules", ".bin");
  if (!existsSync(join(bin, "npx"))) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
    const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", `npm@${version}`];
    execFileSync("npm", args, { cwd: directory, env: systemEnv(), stdio: "pipe" });
  }
  return bin;
}
