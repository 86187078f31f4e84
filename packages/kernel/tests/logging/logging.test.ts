import { spawn } from "node:child_process";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInContext } from "@tsjango/kernel/async";
import { type Settings, settingsDefiner } from "@tsjango/kernel/conf";
import {
  configureLogging,
  type LoggingInput,
  type LogRecord,
  logger,
  redirectLogs,
  reopenLogs,
} from "@tsjango/kernel/logging";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prettyRecord } from "../../src/logging/pretty.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-logging-"));
});
afterEach(() => {
  configure({});
  rmSync(directory, { recursive: true });
});

function settingsOf(logging: LoggingInput, debug = false): Settings {
  return settingsDefiner([])({ baseDir: directory, secretKey: "for tests", debug, logging });
}

function configure(logging: LoggingInput, debug = false): void {
  configureLogging(settingsOf(logging, debug));
}

/** What `say` logs, as lines of the file. */
function written(logging: LoggingInput, say: () => void, debug = false): string[] {
  configure({ file: "site.log", ...logging }, debug);
  say();
  // Flushes what was in force.
  configure({});
  return readFileSync(join(directory, "site.log"), "utf8").trimEnd().split("\n");
}

test("a line of JSON in production: level, channel, message, fields, the error with its stack and cause", () => {
  const cause = new Error("no route to host");
  const [line] = written({}, () =>
    logger("shop.payments").error({ order: 17, error: new Error("refused", { cause }) }, "The payment failed"),
  );
  const record = JSON.parse(String(line));
  expect(record).toMatchObject({
    level: "error",
    channel: "shop.payments",
    message: "The payment failed",
    order: 17,
    pid: process.pid,
    err: { type: "Error" },
  });
  expect(record.err.stack).toMatch(/refused[\s\S]*no route to host/);
  expect(Math.abs(record.time - Date.now())).toBeLessThan(60_000);
});

test("for people with debug: time, level, channel and message, then fields and the stack", () => {
  const text = written({}, () => logger("shop").warn({ order: 17, error: new Error("refused") }, "Slow"), true).join(
    "\n",
  );
  expect(text).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: shop: Slow\n/);
  expect(text).toContain("order: 17");
  expect(text).toMatch(/Error: refused\n\s+at /);
  expect(text).not.toContain("\x1b[");
});

test("for people every value finds its words, and what a terminal obeys is made visible", () => {
  class Loop {
    readonly self = this;
  }
  const fields = { list: [1, { a: "x" }], big: 12n, loop: new Loop(), nothing: undefined, "a\nb": null };
  const error = new Error("refused\x1b[2J", { cause: new Error("no route") });
  const text = written({}, () => logger("shop").error({ ...fields, error }, "Look"), true).join("\n");
  expect(text).toContain('    list: [\n      1,\n      {\n        "a": "x"\n      }\n    ]\n    big: "12"\n');
  expect(text).toMatch(
    /\n {4}loop: <ref \*1> Loop \{ self: \[Circular \*1\] \}\n {4}a\\x0ab: null\n {4}err: \{\n {6}"type": "Error",\n/,
  );
  expect(text).toMatch(/\n {6}Error: refused\\x1b\[2J\n {10}at [\s\S]*\n {6}caused by: Error: no route\n {10}at /);
  expect(text).not.toContain("nothing");
});

test("colours for people come to a terminal only", () => {
  const record = { level: "warn", channel: "shop", message: "Slow", time: 0, fields: { order: 17 } } as const;
  expect(prettyRecord(record, true)).toMatch(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours
    /^\[\d\d:\d\d:\d\d\] \x1b\[33mWARN\x1b\[39m: \x1b\[36mshop: Slow\x1b\[39m\n {4}\x1b\[35morder\x1b\[39m: 17\n$/,
  );
  expect(prettyRecord(record, false)).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: shop: Slow\n {4}order: 17\n$/);
});

test("levels are by channel, the most precise name counts", () => {
  const say = () => {
    logger("tsjango.database").debug("1");
    logger("tsjango.database.pool").debug("2");
    logger("tsjango.databases").debug("3");
    logger("tsjango.request").info("4");
    logger("tsjango.request").trace("5");
  };
  const messages = (lines: string[]) => lines.map((line) => JSON.parse(line).message);
  expect(messages(written({}, say))).toEqual(["4"]);
  rmSync(join(directory, "site.log"));
  const channels = { "tsjango.database": "debug", "tsjango.database.pool": "silent", tsjango: "error" } as const;
  expect(messages(written({ channels }, say))).toEqual(["1"]);
});

test("isEnabled tells whether a record is worth making", () => {
  configure({ channels: { "tsjango.database": "debug" } });
  expect(logger("tsjango.database").isEnabled("debug")).toBe(true);
  expect(logger("tsjango.database").isEnabled("trace")).toBe(false);
  expect(logger("tsjango.request").isEnabled("debug")).toBe(false);
});

test("secrets are masked by the names of fields, in depth, and in addresses", () => {
  const [line] = written({}, () =>
    logger("shop").info(
      {
        password: "hunter2",
        headers: { Authorization: "Bearer hunter2", "set-cookie": ["s=hunter2"], accept: "*/*" },
        users: [{ apiKey: "hunter2", name: "Ann" }],
        url: "postgres://ann:hunter2@db/site",
        csrfCookieName: "csrftoken",
      },
      "Look",
    ),
  );
  expect(line).not.toContain("hunter2");
  expect(JSON.parse(String(line))).toMatchObject({
    password: "********",
    headers: { accept: "*/*" },
    users: [{ name: "Ann" }],
    url: "postgres://ann:********@db/site",
    csrfCookieName: "csrftoken",
  });
});

test("of an error its plain values are told, not what it refers to", () => {
  const error = Object.assign(new Error("terminated"), {
    code: "57P01",
    token: "hunter2",
    client: { password: "hunter2" },
  });
  const [line] = written({}, () => logger("shop").error({ error }, "Lost"));
  expect(line).not.toContain("hunter2");
  expect(JSON.parse(String(line)).err).toMatchObject({ type: "Error", code: "57P01", token: "********" });
});

test("a value that holds itself is written", () => {
  const self: Record<string, unknown> = { name: "loop" };
  self.self = self;
  const [line] = written({}, () => logger("shop").info({ self }, "Round"));
  expect(JSON.parse(String(line)).self).toEqual({ name: "loop", self: "[circular]" });
});

test("nobody forges a line", () => {
  const lines = written({}, () => logger("shop").warn("GET /\n[12:00:00] ERROR: shop: all is lost\x1b[2J"), true);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("\\x0a[12:00:00] ERROR");
  expect(lines[0]).toContain("\\x1b[2J");
});

test("a record carries the request's id and view", () => {
  const records: LogRecord[] = [];
  const putBack = redirectLogs((record) => records.push(record));
  runInContext({ kind: "request", name: "blog.views.list", requestId: "r-1" }, () =>
    logger("shop").info({ n: 1 }, "Hello"),
  );
  logger("shop").info("Outside");
  putBack();
  expect(records.map(({ fields }) => fields)).toEqual([{ requestId: "r-1", view: "blog.views.list", n: 1 }, {}]);
});

test("handlers get records from their level and channel on, errors by default", () => {
  const got: string[] = [];
  const putBack = redirectLogs(() => {});
  configure({
    handlers: [
      { handle: ({ message }) => void got.push(`all ${message}`) },
      { level: "warn", channel: "shop", handle: ({ message }) => void got.push(`shop ${message}`) },
    ],
  });
  logger("shop.payments").warn("1");
  logger("shopping").error("2");
  logger("shop").info("3");
  putBack();
  expect(got).toEqual(["shop 1", "all 2"]);
});

test("a handler that fails is told of in the output, and nothing else fails", async () => {
  configure({
    file: "site.log",
    handlers: [
      {
        handle() {
          throw new Error("the mail server is down");
        },
      },
      { handle: () => Promise.reject(new Error("the other one too")) },
    ],
  });
  logger("shop").error("Broken");
  await new Promise((resolve) => setTimeout(resolve, 5));
  configure({});
  const lines = readFileSync(join(directory, "site.log"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).message)).toEqual([
    "Broken",
    'A handler of logs failed at "Broken"',
    'A handler of logs failed at "Broken"',
  ]);
  expect(lines[1]).toContain("the mail server is down");
});

test("a log that was moved is opened again", async () => {
  configure({ file: "site.log" });
  logger("shop").info("before");
  await expect.poll(() => readFileSync(join(directory, "site.log"), "utf8")).toContain("before");
  renameSync(join(directory, "site.log"), join(directory, "site.log.1"));
  reopenLogs();
  logger("shop").info("after");
  await expect.poll(() => readFileSync(join(directory, "site.log"), "utf8")).toContain("after");
  expect(readFileSync(join(directory, "site.log.1"), "utf8")).not.toContain("after");
});

test("a file that cannot be opened is told of at start", () => {
  expect(() => configure({ file: "/dev/null/site.log" })).toThrow(
    /^The log file \/dev\/null\/site\.log \(logging\.file\) cannot be opened: .*ENOTDIR|EEXIST/,
  );
});

test("a wrong setting names what is wrong", () => {
  const wrong = {
    level: "loud",
    channels: { shop: "info" },
    handlers: [{ level: "error" }],
  } as unknown as LoggingInput;
  expect(() => settingsOf(wrong)).toThrow(
    /logging\.level: .*"silent"[\s\S]*logging\.handlers\[0\]: expected a handler/,
  );
});

// 10 MB, and for people another 10: whoever read the log has gone.
test.each(["json", "pretty"] as const)("a log whose reader has gone stops nothing: %s", async (format) => {
  const program = `
    import { configureLogging, logger } from "@tsjango/kernel/logging";
    import { settingsDefiner } from "@tsjango/kernel/conf";
    configureLogging(settingsDefiner([])({ baseDir: "/", secretKey: "x", logging: { format: ${JSON.stringify(format)} } }));
    for (let n = 0; n < 10_000; n++) {
      logger("shop").info({ text: "x".repeat(1000) }, "line " + n);
      if (n % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    process.stdout.write("done");
  `;
  const child = spawn(process.execPath, ["--conditions=@tsjango/source", "--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.once("data", () => child.stderr.destroy());
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, said }).toEqual({ code: 0, said: "done" });
});
