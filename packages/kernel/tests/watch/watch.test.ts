import { execFile } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import fs, { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { runInContext, syncToAsync } from "@tsjango/kernel/async";
import { type LogRecord, redirectLogs } from "@tsjango/kernel/logging";
import { type Metric, onMetric } from "@tsjango/kernel/metrics";
import { type BlockReport, blockReports, clearBlockReports, onBlocked, watchEventLoop } from "@tsjango/kernel/watch";
import { afterEach, describe, expect, test } from "vitest";
import { busy } from "../async/fixtures/work.ts";

const THRESHOLD = 50;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  clearBlockReports();
});

/** Begins a watch and gathers what it says, until the test ends. */
async function watching(development: boolean) {
  const logs: LogRecord[] = [];
  const seen: BlockReport[] = [];
  const metrics: Metric[] = [];
  const watch = watchEventLoop({ threshold: THRESHOLD, development });
  endings.push(
    () => watch.end(),
    redirectLogs((record) => logs.push(record)),
    onBlocked((report) => seen.push(report)),
    onMetric((metric) => metrics.push(metric)),
  );
  await watch.ready;
  await sleep(THRESHOLD);
  return { logs, seen, metrics };
}

async function request(name: string, body: () => unknown): Promise<void> {
  await runInContext({ kind: "request", name }, async () => {
    await sleep(5);
    await body();
  });
  await sleep(60);
}

// A busy machine may keep the thread from looking in time.
describe("in development", { timeout: 30_000 }, () => {
  test("a request that holds up the event loop is told of once, with view, line, stack and time", async () => {
    const { logs, seen, metrics } = await watching(true);
    for (let round = 0; round < 10 && seen.length < 2; round++) await request("blog.heavy", () => busy(250));
    expect(seen).toHaveLength(2);
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({ level: "warn", channel: "tsjango.async" });
    expect(logs[0]?.message).toMatch(
      /^The event loop was held up for \d+ ms by the view blog\.heavy, at packages\/kernel\/tests\/async\/fixtures\/work\.ts:\d+:\d+\. Nobody else was served\. Move the work to a worker thread/,
    );
    const [report] = blockReports();
    expect(report).toMatchObject({ kind: "stretch", view: "blog.heavy", count: 2 });
    expect(report?.duration).toBeGreaterThan(100);
    expect(report?.stack[0]).toMatch(/^busy \(packages\/kernel\/tests\/async\/fixtures\/work\.ts:\d+:\d+\)$/);
    expect(report?.stack.join("\n")).toContain("watch.test.ts");
    expect(metrics[0]).toMatchObject({ kind: "histogram", unit: "s", attributes: { view: "blog.heavy" } });
  });

  test("code of Node that cannot be interrupted is found where it was called, and by its name", async () => {
    const { logs } = await watching(true);
    for (let round = 0; round < 10 && logs.length < 2; round++) {
      await request("blog.hash", () => pbkdf2Sync("a", "b", 400_000, 64, "sha512"));
    }
    const [call, stretch] = logs.map(({ message }) => message);
    expect(call).toMatch(
      /^crypto\.pbkdf2Sync blocks the event loop; it was called in the view blog\.hash, at packages\/kernel\/tests\/watch\/watch\.test\.ts:\d+:\d+\. Use: await promisify\(pbkdf2\)\(…\)/,
    );
    expect(stretch).toMatch(/by the view blog\.hash, at packages\/kernel\/tests\/watch\/watch\.test\.ts/);
  });

  test("a pattern that backtracks is found while it runs, with nothing of the watch in its stack", async () => {
    const { seen } = await watching(true);
    const backtrack = () => /^(a+)+$/.test(`${"a".repeat(24)}b`);
    for (let round = 0; round < 5 && seen.length === 0; round++) await request("blog.search", backtrack);
    expect(seen[0]).toMatchObject({ kind: "stretch", view: "blog.search" });
    expect(seen[0]?.stack[0]).toMatch(/^backtrack \(packages\/kernel\/tests\/watch\/watch\.test\.ts:/);
    expect(seen[0]?.stack.join("\n")).not.toContain("src/watch");
  });

  test("stacks may begin later, and a watch that ends before has no thread", async () => {
    const early = watchEventLoop({ threshold: THRESHOLD, development: true, stacksAfter: 60_000 });
    early.end();
    await early.ready;
    const start = performance.now();
    const late = watchEventLoop({ threshold: THRESHOLD, development: true, stacksAfter: 100 });
    endings.push(() => late.end());
    await late.ready;
    expect(performance.now() - start).toBeGreaterThan(90);
    const seen: BlockReport[] = [];
    endings.push(
      onBlocked((report) => seen.push(report)),
      redirectLogs(() => undefined),
    );
    for (let round = 0; round < 10 && seen.length === 0; round++) await request("blog.heavy", () => busy(250));
    expect(seen[0]).toMatchObject({ kind: "stretch", view: "blog.heavy" });
  });

  test("many short pieces of work of many requests are nobody's fault", async () => {
    const { seen } = await watching(true);
    await Promise.all(Array.from({ length: 30 }, (_, n) => request(`view ${n}`, () => busy(5))));
    expect(seen).toEqual([]);
  });

  test("what waits, what is short, and what is outside of requests is not told of", async () => {
    const { seen } = await watching(true);
    await request("blog.index", () => sleep(120));
    await request("blog.index", () => busy(10));
    busy(120);
    await sleep(60);
    expect(seen).toEqual([]);
  });
});

describe("Node's functions that block", { timeout: 30_000 }, () => {
  test("are told of once for each line, when the project calls them in a request", async () => {
    const { logs, seen } = await watching(true);
    readFileSync(import.meta.filename);
    for (let round = 0; round < 2; round++) await request("blog.read", () => readFileSync(import.meta.filename));
    await request("blog.read", () => fs.existsSync(import.meta.filename));
    expect(logs.map(({ message }) => message.replace(/:\d+:\d+/, ""))).toEqual([
      "fs.readFileSync blocks the event loop; it was called in the view blog.read, at packages/kernel/tests/watch/watch.test.ts. " +
        'Use: await readFile(…), from "node:fs/promises".',
      "fs.existsSync blocks the event loop; it was called in the view blog.read, at packages/kernel/tests/watch/watch.test.ts. " +
        'Use: await access(…), from "node:fs/promises", which rejects where there is nothing.',
    ]);
    expect(seen[0]).toMatchObject({ kind: "call", call: "fs.readFileSync", view: "blog.read" });
    expect(blockReports().map(({ count }) => count)).toEqual([2, 1]);
    expect(seen[0]?.stack[0]).toContain("(packages/kernel/tests/watch/watch.test.ts:");
  });

  test("are not told of in a function of syncToAsync, nor while a module is loaded", async () => {
    const { seen } = await watching(true);
    await request(
      "blog.read",
      syncToAsync(() => readFileSync(import.meta.filename)),
    );
    await request("blog.read", () => import("./fixtures/reads-at-import.ts"));
    expect(seen).toEqual([]);
  });

  test("are Node's own again when the watch ends", async () => {
    const original = fs.readFileSync;
    await watching(true);
    expect(fs.readFileSync).not.toBe(original);
    expect(fs.readFileSync.name).toBe("readFileSync");
    for (const end of endings.splice(0)) await end();
    expect(fs.readFileSync).toBe(original);
    expect(readFileSync).toBe(original);
  });
});

test("a watch keeps no process running, and its end is silent", { timeout: 30_000 }, async () => {
  const code = `import { watchEventLoop } from ${JSON.stringify(new URL("../../src/watch/index.ts", import.meta.url).href)};
    await watchEventLoop({ threshold: 50, development: true }).ready;
    if (process.argv[1] === "exit") process.exit();`;
  for (const way of ["natural", "exit"]) {
    const flags = ["--conditions=@tsjango/source", "--input-type=module", "--eval", code, way];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { timeout: 20_000 });
    expect([stdout, stderr]).toEqual(["", ""]);
  }
});

describe("in production", { timeout: 30_000 }, () => {
  test("there is a line for a view, a metric each time, and no stack", async () => {
    const { logs, metrics } = await watching(false);
    for (let round = 0; round < 2; round++) await request("blog.heavy", () => busy(150));
    await request("blog.index", () => readFileSync(import.meta.filename));
    // A busy machine holds up other views, too.
    const heavy = logs.filter(({ fields }) => fields["view"] === "blog.heavy");
    expect(heavy.map(({ message }) => message.replace(/\d+ ms/, "… ms"))).toEqual([
      "The event loop was held up for … ms: the view that started last is blog.heavy. With debug on, the place is told.",
    ]);
    expect(logs.filter(({ message }) => message.includes("readFileSync"))).toEqual([]);
    expect(metrics.filter(({ attributes }) => attributes?.["view"] === "blog.heavy").length).toBeGreaterThanOrEqual(2);
    expect(metrics[0]?.name).toBe("tsjango.event_loop.blocked.duration");
    expect(Math.max(...metrics.map(({ value }) => value))).toBeGreaterThan(0.1);
  });

  test("a threshold of 0 turns the watch off", async () => {
    expect(await watchEventLoop({ threshold: 0, development: true }).ready).toBeUndefined();
    const seen: BlockReport[] = [];
    endings.push(onBlocked((report) => seen.push(report)));
    await request("blog.heavy", () => busy(120));
    expect(seen).toEqual([]);
  });
});
