import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { within } from "./support/resource.ts";
import { expectThat, type Measured } from "./support/scenario.ts";
import { Site } from "./support/site.ts";

const same = (source: string) => source;

/** Serves at an address that cannot be had: one message, and exit code 1. */
async function refused(bind: string, words: RegExp): Promise<void> {
  await within(Site.start({ bind: [bind] }, same), async (site) => {
    const { code } = await site.exit;
    const lines = site.stderr.trim().split("\n");
    expectThat(code === 1, `${bind}: exit code ${code}`);
    expectThat(lines.length === 1 && words.test(lines[0] ?? ""), `${bind}: ${site.stderr}`);
  });
}

/** Addresses that are taken, missing, or left by the dead; each with its message, and none stolen from the living. */
export default async function addresses(): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-s41-"));
  const path = join(directory, "site.sock");
  const tried: string[] = [];
  try {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await refused(`127.0.0.1:${port}`, /^Port \d+ is already in use on 127\.0\.0\.1\. .*choose another/);
    other.close();
    await refused("192.0.2.1:0", /is not an address of this machine/);
    await refused("no-such-host.invalid:0", /is not a host name that this machine knows/);
    await refused(`unix:${join(directory, "no", "site.sock")}`, /its directory does not exist/);
    await refused("fd://55", /It must be a socket that the process was started with/);
    tried.push("a taken port", "foreign addresses", "a missing directory", "a wrong fd");
    if (process.getuid?.() !== 0) {
      await refused("127.0.0.1:80", /ports below 1024 need privileges/);
      tried.push("a privileged port");
    }
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", script]), "exit");
    expectThat(existsSync(path), "no socket was left");
    await within(Site.start({ bind: [`unix:${path}`] }, same), async (site) => {
      await site.until(() => site.stdout.includes("Serving"));
      await refused(`unix:${path}`, /Another process listens on/);
      expectThat(await answers(path), "the living one lost its socket");
      site.child.kill("SIGTERM");
      await site.exit;
    });
    expectThat(!existsSync(path), "the socket was left at the end");
    await writeFile(path, "");
    await refused(`unix:${path}`, /is no socket/);
    tried.push("a dead, a living and a false socket");
    await within(Site.start({ bind: ["[::1]:0", `unix:${path}2`] }, same), async (site) => {
      await site.until(() => site.stdout.includes("Serving") || site.stderr !== "");
      const served = /at (http:\/\/\[::1\]:\d+\/)(?:,| and) unix:/.exec(site.stdout);
      expectThat(served !== null || /::1/.test(site.stderr), site.stdout + site.stderr);
      if (served !== null) tried.push("IPv6 and a unix socket at once");
    });
    return { figure: `exit code 1 with one message each, nothing stolen: ${tried.join(", ")}` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path }, () => socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    socket.on("error", () => resolve(false));
    socket.on("data", (data) => resolve(data.includes("200 OK")));
  });
}
