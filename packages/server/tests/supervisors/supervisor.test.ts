import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ServingProcess } from "../support/process.ts";
import { use } from "../support/use.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tsjango-serve-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
});

async function text(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: "close" } })).text();
}

describe("hooks", { timeout: 120_000 }, () => {
  const configFile = join(import.meta.dirname, "../support/hooks.ts");

  test("are called in the order of a server's life, in the process that each is for", async () => {
    const file = join(directory, "hooks.txt");
    const read = () => readFileSync(file, "utf8").trim().split("\n");
    const served = use(new ServingProcess(1, { configFile, timeout: 1 }, { HOOKS_FILE: file }));
    const url = await served.url();
    await served.until(() => read().includes("whenReady true"));
    expect(await text(url)).toBe("path /");
    expect(read()).toEqual([
      "onStarting 1",
      "preFork 1 undefined",
      "postFork 1 true",
      "postWorkerInit 1",
      "whenReady true",
      "preRequest http",
      "postRequest 200 true",
    ]);
    expect(await text(`${url}hook-throws`)).toBe("path /hook-throws");
    await served.until(() => served.stderr.includes("The hook preRequest failed: Error: the hook throws"));

    served.child.kill("SIGTTIN");
    await served.until(() => read().includes("nworkersChanged 1 2") && read().includes("postWorkerInit 2"));
    served.child.kill("SIGTTOU");
    await served.until(
      () => read().includes("nworkersChanged 2 1") && read().some((line) => line.startsWith("childExit")),
    );

    served.child.kill("SIGHUP");
    await served.until(() => served.stdout.includes("Reloaded: "));
    expect(read()).toContain("onReload ");
    await served.until(() => read().some((line) => line.startsWith("workerExit")));

    const blocked = text(`${url}spin`).catch(() => "cut");
    await served.until(() => read().some((line) => line.startsWith("workerAbort")));
    expect(read().find((line) => line.startsWith("workerAbort"))).toMatch(/^workerAbort \d true$/);
    expect(await blocked).toBe("cut");
    await served.until(() => read().includes("postWorkerInit 4"));
    expect(await text(url)).toBe("path /");

    served.child.kill("SIGINT");
    expect((await served.exit).code).toBe(0);
    const id = Number(read().at(-2)?.split(" ")[1]);
    expect(read().slice(-4)).toEqual([`workerInt ${id}`, `workerExit ${id}`, `childExit ${id}`, "onExit"]);
  });
});

describe("a supervisor", { timeout: 120_000 }, () => {
  test("hands its addresses to a successor at SIGUSR2, and no connection is refused", async () => {
    const pidFile = join(directory, "serve.pid");
    const path = join(directory, "site.sock");
    const served = use(new ServingProcess(2, { pidFile, bind: ["127.0.0.1:0", `unix:${path}`] }));
    const url = await served.url();
    expect(readFileSync(pidFile, "utf8")).toBe(`${served.child.pid}\n`);
    let [running, failed, answered] = [true, 0, 0];
    const clients = Array.from({ length: 4 }, async () => {
      while (running) {
        await text(url).then(
          () => answered++,
          () => failed++,
        );
      }
    });
    served.child.kill("SIGUSR2");
    expect(await served.over).toEqual({ code: 0, signal: null });
    const successor = Number(/Process (\d+) serves now/.exec(served.stdout)?.[1]);
    onTestFinished(() => void process.kill(successor, "SIGTERM"));
    expect(readFileSync(pidFile, "utf8")).toBe(`${successor}\n`);
    expect(await text(url)).toBe("path /");
    running = false;
    await Promise.all(clients);
    expect(answered).toBeGreaterThan(0);
    expect(failed).toBe(0);
    const onSocket = await new Promise((resolve) => {
      const socket = connect(path, () => socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
      socket.once("data", (data) => resolve(data.toString().slice(0, 12)));
    });
    expect(onSocket).toBe("HTTP/1.1 200");
    process.kill(successor, "SIGTERM");
    await expect.poll(() => existsSync(pidFile) || existsSync(path), { timeout: 60_000 }).toBe(false);
    await served.exit;
  });

  test("goes on where its successor does not come up", async () => {
    const configFile = join(directory, "tsjango.server.mjs");
    writeFileSync(configFile, "export default {};\n");
    const served = use(new ServingProcess(1, { configFile }));
    const url = await served.url();
    writeFileSync(configFile, 'throw new Error("not now");\n');
    served.child.kill("SIGUSR2");
    await served.until(() => served.stderr.includes("The successor ended with code 99 before it served"));
    expect(await text(url)).toBe("path /");
  });

  test("answers for its health, which ends before its connections do", async () => {
    const served = use(new ServingProcess(1, { health: "/healthz", drainDelay: 1 }));
    const url = await served.url();
    const status = async (path: string) =>
      (await fetch(`${url}healthz/${path}`, { headers: { connection: "close" } })).status;
    expect([await status("live"), await status("ready")]).toEqual([200, 200]);
    expect(await text(`${url}healthz/else`)).toBe("path /healthz/else");
    served.child.kill("SIGTERM");
    await expect.poll(() => status("ready")).toBe(503);
    expect(await status("live")).toBe(200);
    expect((await served.exit).code).toBe(0);
  });

  test("refuses a file of process ids that a living process has, and takes a dead one's", async () => {
    const pidFile = join(directory, "serve.pid");
    writeFileSync(pidFile, `${process.ppid}\n`);
    const refused = use(new ServingProcess(1, { pidFile }));
    expect((await refused.exit).code).toBe(1);
    expect(refused.stderr).toBe(
      `Process ${process.ppid} has ${pidFile} and is alive. Stop it first, or choose another --pid-file.\n`,
    );
    writeFileSync(pidFile, "4194303\n");
    const served = use(new ServingProcess(1, { pidFile }));
    await served.url();
    served.child.kill("SIGTERM");
    await served.exit;
    expect(existsSync(pidFile)).toBe(false);
  });

  test("kills a worker that takes too long to become ready", async () => {
    const served = use(new ServingProcess(1, { application: "never-ready", startupTimeout: 0.5 }));
    await served.until(() => served.stderr.includes("It was not ready after 0.5 s (--startup-timeout)."));
    await served.until(() => served.stderr.includes("The next worker starts in 100 ms."));
  });

  test("goes on where nobody reads what it writes", async () => {
    const served = use(new ServingProcess(1, { accessLog: true }));
    const url = await served.url();
    served.child.stdout?.destroy();
    served.child.stderr?.destroy();
    for (let request = 0; request < 20; request++) expect(await text(url)).toBe("path /");
    served.child.kill("SIGUSR1");
    expect(await text(url)).toBe("path /");
    served.child.kill("SIGTERM");
    expect(await served.over).toEqual({ code: 0, signal: null });
  });
});
