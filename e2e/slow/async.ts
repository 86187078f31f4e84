import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get as request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { bleeding } from "../../packages/tsjango/tests/support/async-site.ts";

// The long form of packages/tsjango/tests/async-safety.test.ts: `npm run test:slow`. Exits with 1 where a figure is beyond its limit.
const CALLS = 50;
const MILLISECONDS = 300;
const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const problems: string[] = [];

function report(what: string, figure: string, good: boolean): void {
  console.log(`${good ? "ok  " : "FAIL"} ${what}: ${figure}`);
  if (!good) problems.push(what);
}

async function get(url: string, headers: Record<string, string> = {}) {
  const [response] = await once(request(url, { agent, headers }), "response");
  return { text: await text(response), id: (response.headers["x-request-id"] as string | undefined) ?? null };
}

/** A site in a process of its own, for as long as `body` takes; gives what it logged. */
async function withSite(mode: string, body: (url: string) => Promise<void>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tsjango-async-"));
  const child = fork(join(import.meta.dirname, "async-site.ts"), [directory, mode], {
    execArgv: ["--conditions=@tsjango/source"],
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const logged = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  const [url] = (await once(child, "message")) as [string];
  await body(url.replace(/\/$/, ""));
  child.disconnect();
  await once(child, "exit");
  await rm(directory, { recursive: true, force: true });
  return logged;
}

/** How long another view took while `work` went on, in ms: 99 of 100 times less. */
async function p99While(url: string, work: Promise<unknown>): Promise<{ p99: number; count: number }> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  const times: number[] = [];
  while (!done) {
    const started = performance.now();
    await get(`${url}/quick/`);
    times.push(performance.now() - started);
    await sleep(2);
  }
  times.sort((a, b) => a - b);
  return { p99: times[Math.floor(times.length * 0.99)] ?? 0, count: times.length };
}

const many = (url: string, view: string) =>
  Promise.all(Array.from({ length: CALLS }, () => get(`${url}/${view}/${MILLISECONDS}/`)));
const what = `p99 of another view while ${CALLS} calls of ${MILLISECONDS} ms`;

await withSite("", async (url) => {
  await get(`${url}/heavy/1/`);
  const { p99, count } = await p99While(url, many(url, "heavy"));
  report(`${what} go through the pool`, `${p99.toFixed(1)} ms (${count} requests)`, p99 < 50);
});
const logged = await withSite("debug", async (url) => {
  await get(`${url}/quick/`);
  await sleep(500);
  const { p99, count } = await p99While(url, many(url, "blocking"));
  report(`${what} run in the view`, `${p99.toFixed(1)} ms (${count} requests)`, p99 > MILLISECONDS);
});
const told = logged.split("\n").filter((line) => line.includes("The event loop was held up"));
report("the watch tells of that, once", told.join(" | "), told.length === 1 && told[0]?.includes("heavy.ts") === true);
await withSite("", async (url) => {
  const wrong = await bleeding((path, headers) => get(url + path, headers), 10_000);
  report(
    "10,000 requests at once that saw something of another one",
    `${wrong.length} ${wrong[0] ?? ""}`,
    wrong.length === 0,
  );
});
agent.destroy();
process.exitCode = problems.length === 0 ? 0 : 1;
