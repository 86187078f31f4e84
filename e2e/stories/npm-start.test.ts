import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/node.mjs";
import { eventually, freePort, isPortFree } from "../helpers/http.ts";
import { RunningCommand, run } from "../helpers/process.ts";
import { temporaryDirectory } from "../helpers/temporary-directory.ts";
import { userEnv } from "../helpers/user.ts";

/** What a clone of this checkout would have: its files under version control, and those about to be. */
function clone(directory: string): void {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter((name) => name !== "" && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(directory, file));
  }
}

/** The processes that run from a directory, by what their command lines name. */
function processesOf(directory: string): string[] {
  const list = execFileSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return list.filter((line) => line.includes(directory) && !/^\s*\d+\s+Z/.test(line));
}

function kill(directory: string): void {
  for (const line of processesOf(directory)) process.kill(Number.parseInt(line, 10), "SIGKILL");
}

test("npm start in a fresh clone installs, builds, makes the demo site and serves it; again, and to the end", async () => {
  using place = temporaryDirectory();
  using _ = { [Symbol.dispose]: () => kill(place.path) };
  clone(place.path);
  const port = await freePort();
  const options = { cwd: place.path, env: userEnv({ node: "system", env: { PORT: String(port) } }) };
  const url = `http://127.0.0.1:${port}/`;
  {
    await using demo = new RunningCommand(["npm", "start"], options);
    await demo.printed(/The demo site answers/, 170_000);
    expect(demo.output).toContain(url);
    expect(await eventually(url, (_text, response) => response.ok)).toContain("Middlemarch");
    await demo.stop("SIGTERM");
    await expect.poll(() => processesOf(place.path), { timeout: 10_000 }).toEqual([]);
    expect(await isPortFree(port)).toBe(true);
  }
  const key = readFileSync(join(place.path, "mysite/.env"), "utf8");
  {
    await using again = new RunningCommand(["npm", "start"], options);
    await again.printed(/The demo site answers/);
    expect(again.output).not.toContain("Installing");
    expect(again.output).toContain("Loaded 0 books; there are 5.");
    expect(readFileSync(join(place.path, "mysite/.env"), "utf8")).toBe(key);
    await again.interrupt();
    await expect.poll(() => processesOf(place.path), { timeout: 10_000 }).toEqual([]);
    expect(await isPortFree(port)).toBe(true);
  }
  const holder = createServer();
  await new Promise<void>((done) => holder.listen(port, "127.0.0.1", done));
  const { code, output } = await run(["npm", "start"], options);
  holder.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} is already in use`);
}, 300_000);
