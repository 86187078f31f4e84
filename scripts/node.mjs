import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. The starters are plain JavaScript for Node 18 and later: they bring the Node of the rest. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const bin = join(root, "node_modules", ".bin");
const windows = process.platform === "win32";

/** @returns {boolean} Whether this Node can run the sources: `^22.23.2 || ^24.18.1 || >=26`. */
export function isNewEnough(version = process.versions.node) {
  const [major, minor, patch] = version.split(".").map(Number);
  const from = (m, p) => minor > m || (minor === m && patch >= p);
  return major >= 26 || (major === 24 && from(18, 1)) || (major === 22 && from(23, 2));
}

/** @returns {string} The Node that came with the dependencies, or the one that runs now when it is new enough. */
export function localNode() {
  const file = join(bin, windows ? "node.exe" : "node");
  if (existsSync(file)) return realpathSync(file);
  if (isNewEnough()) return process.execPath;
  const needed = "^22.23.2 || ^24.18.1 || >=26";
  throw new Error(
    `There is no Node package for ${process.platform}-${process.arch}, and Node ${process.versions.node} is too old: install Node ${needed}.`,
  );
}

/** The environment in which the repository's own tools and Node come first. */
export function localEnv(node = localNode()) {
  return withPath([dirname(node), bin, ...paths().filter((path) => path !== bin)], { TURBO_TELEMETRY_DISABLED: "1" });
}

/** The environment without anything of `node_modules`: what `npm ci` deletes must not be what runs it. */
export function systemEnv() {
  return withPath(paths().filter((path) => !/[\\/]node_modules([\\/]|$)/.test(resolve(path))));
}

function paths() {
  return (process.env.PATH || "").split(delimiter).filter(Boolean);
}

function withPath(list, more) {
  const env = { ...process.env, ...more };
  for (const name of Object.keys(env)) if (name.toUpperCase() === "PATH") delete env[name];
  // What npm says of the package whose script this is would be taken for the wishes of the user by an npm started here.
  for (const name of Object.keys(env)) if (/^npm_(package|lifecycle)_/.test(name)) delete env[name];
  return { ...env, PATH: list.join(delimiter) };
}
