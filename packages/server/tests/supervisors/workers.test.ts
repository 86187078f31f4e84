import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { ServingProcess } from "../support/process.ts";
import { use } from "../support/use.ts";

async function pids(url: string, wanted: number): Promise<Set<string>> {
  const seen = new Set<string>();
  const end = Date.now() + 5_000;
  while (seen.size < wanted && Date.now() < end) {
    const answers = Array.from({ length: 8 }, async () =>
      (await fetch(`${url}pid`, { headers: { connection: "close" } })).text(),
    );
    for (const pid of await Promise.all(answers)) seen.add(pid);
  }
  return seen;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.each([1, 2])("%i worker(s)", { timeout: 120_000 }, (count) => {
  test("finish the request in flight on SIGTERM, exit with 0 and free the port", async () => {
    const served = use(new ServingProcess(count));
    const url = await served.url();
    const slow = fetch(`${url}slow`);
    await served.until(() => served.stdout.includes("slow begins"));
    served.child.kill("SIGTERM");
    expect(await (await slow).text()).toBe("path /slow");
    expect(await served.exit).toEqual({ code: 0, signal: null });
    await expect(fetch(url)).rejects.toThrow();
  });

  test("stop at once at a second signal", async () => {
    const served = use(new ServingProcess(count, { gracefulTimeout: 60 }));
    const hanging = fetch(`${await served.url()}hang`).catch(() => "cut");
    await served.until(() => served.stdout.includes("hanging"));
    served.child.kill("SIGTERM");
    // Two signals of a kind that come while nobody looks are one.
    await served.until(() => served.stdout.includes("SIGTERM: ending. Requests in flight may take 60 s."));
    served.child.kill("SIGTERM");
    expect(await served.exit).toEqual({ code: 0, signal: null });
    expect(served.stdout).toContain("SIGTERM again: killing what is left.");
    expect(await hanging).toBe("cut");
  });

  test("have ended when another signal comes: the process does so at once, with 0", async () => {
    const served = use(new ServingProcess(count, {}, { LINGERS: "yes" }));
    await served.url();
    served.child.kill("SIGTERM");
    await served.until(() => served.stdout.includes("it is over"));
    served.child.kill("SIGINT");
    expect(await served.exit).toEqual({ code: 0, signal: null });
  });

  test("stop with 1 when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const served = use(new ServingProcess(count, { bind: [`127.0.0.1:${port}`] }));
    expect((await served.exit).code).toBe(1);
    expect(served.stderr.trim()).toBe(
      `Port ${port} is already in use on 127.0.0.1. Stop the other process, or choose another with --port/--bind.`,
    );
    other.close();
  });
});

test.runIf(process.platform === "linux")(
  "as many connections wait as --backlog says, on sockets that workers inherit",
  {
    timeout: 60_000,
  },
  async () => {
    const served = use(new ServingProcess(2, { backlog: 3 }));
    const url = await served.url();
    const workers = [...(await pids(url, 2))].map(Number);
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    const sockets = Array.from({ length: 12 }, () =>
      connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {}),
    );
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      for (const pid of workers) process.kill(pid, "SIGKILL");
    });
    const waiting = () => sockets.filter(({ connecting }) => !connecting).length;
    // Linux takes one more than it was told: listen(2) and tcp_v4_syn_recv_sock.
    await expect.poll(waiting).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(waiting()).toBe(4);
  },
);

test("workers that do not boot are tried five times, the cause is told once, and the exit code is 3", {
  timeout: 120_000,
}, async () => {
  const served = use(new ServingProcess(2, { application: "throws-on-import" }));
  expect((await served.exit).code).toBe(3);
  expect(served.stderr.match(/the settings are missing/g)).toHaveLength(2);
  expect(served.stderr.match(/A worker failed to boot: in the same way/g)).toHaveLength(4);
  expect(served.stderr.match(/starts in \d+ ms/g)).toEqual([100, 200, 400, 800].map((ms) => `starts in ${ms} ms`));
});

test("a worker that is killed is replaced, and the others keep answering", { timeout: 120_000 }, async () => {
  const served = use(new ServingProcess(2));
  const url = await served.url();
  const [victim] = await pids(url, 1);
  process.kill(Number(victim), "SIGKILL");
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => (await fetch(url, { headers: { connection: "close" } })).status),
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  await served.until(() => served.stderr.includes(`Worker ${victim} ended with SIGKILL.`));
  expect(await pids(url, 2)).not.toContain(victim);
});

test("workers end when their supervisor is killed", { timeout: 120_000 }, async () => {
  const served = use(new ServingProcess(2));
  const url = await served.url();
  const workers = [...(await pids(url, 1))].map(Number);
  served.child.kill("SIGKILL");
  await served.exit;
  await expect.poll(() => workers.filter(alive), { timeout: 3_000 }).toEqual([]);
});
