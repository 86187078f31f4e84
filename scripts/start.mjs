import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { install } from "./install.mjs";
import { localEnv, localNode, root } from "./node.mjs";

/** `npm start`: installs, builds, makes the demo site in mysite/ as a user would, fills it, and serves it. */
const port = Number(process.env["PORT"] || 8000);
const url = `http://127.0.0.1:${port}/`;
const site = join(root, "mysite");

function fail(message) {
  console.error(message);
  process.exit(1);
}

function step(args, cwd, what, output = "inherit") {
  const { status, signal } = spawnSync(node, args, { cwd, env, stdio: ["ignore", output, "inherit"] });
  if (signal) process.exit(128 + (signal === "SIGINT" ? 2 : 15));
  if (status !== 0) fail(`${what} failed; the reason stands above.`);
}

function isPortFree() {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

async function answers() {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

if (!Number.isInteger(port) || port < 1 || port > 65535)
  fail(`PORT is a number up to 65535; found "${process.env["PORT"]}".`);
if (!(await isPortFree())) {
  fail(
    `Port ${port} is already in use on 127.0.0.1. Stop the other process, or choose another port: PORT=${port + 1} npm start`,
  );
}
install();
const node = localNode();
const env = localEnv(node);
const tsjango = join(root, "packages/tsjango/bin/tsjango.js");

step(["node_modules/turbo/bin/turbo", "run", "build", "--output-logs=errors-only"], root, "The build");
if (!existsSync(join(site, "package.json"))) {
  console.log("Making the demo site: tsjango startproject mysite --example");
  // Inside the checkout the site finds the packages above it: what was built here, and no network.
  // Its advice on what to do next is for a site outside; here that is done below.
  step([tsjango, "startproject", "mysite", "--example", "--no-install"], root, "Making the demo site", "ignore");
}
step([tsjango, "migrate"], site, "Migrating the demo site");
step([tsjango, "loadbooks"], site, "Loading sample rows");

// A group of its own: a Ctrl-C of the terminal comes once, through here.
const server = spawn(node, [tsjango, "runserver", `127.0.0.1:${port}`], {
  cwd: site,
  env,
  stdio: "inherit",
  detached: true,
});
const stop = (signal) => server.kill(signal);
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.on("SIGHUP", () => stop("SIGTERM"));
// npm hands a TERM to the shell between, which ends and tells nobody.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid !== parent) stop("SIGTERM");
}, 200);
server.on("close", (code) => {
  clearInterval(watch);
  process.exitCode = code === null ? 1 : code;
});

while (server.exitCode === null && server.signalCode === null) {
  if (await answers()) {
    console.log(`
The demo site answers. Open:

    ${url}             books, searched with ?q=
    ${url}books/1/     one of them
    ${url}authors/1/   an author
    ${url}api/books/   as JSON

Its files are in mysite/: edit one, and reload. Ctrl-C ends it.`);
    break;
  }
  await sleep(50);
}
