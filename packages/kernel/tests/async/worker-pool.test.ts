import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tearDown } from "@tsjango/kernel/apps";
import { runInContext, syncToAsync } from "@tsjango/kernel/async";
import { ValidationError, WorkerFunctionError } from "@tsjango/kernel/exceptions";
import { afterAll, describe, expect, test } from "vitest";
import * as work from "./fixtures/work.ts";

afterAll(tearDown);

describe("a function of a module", () => {
  test("runs in another thread, which has the module for itself", async () => {
    const [first, second] = [await work.counted(), await work.counted()];
    expect(first.threadId).not.toBe(0);
    expect([first.calls, second.calls]).toEqual([1, 2]);
    expect(await work.nested()).toMatchObject({ calls: 3 });
  });

  test("gets copies, and its result is one", async () => {
    const book = { title: "Emma", at: new Date(0) };
    expect(await work.upperCase(book)).toEqual({ title: "EMMA", at: new Date(0) });
    expect(book.title).toBe("Emma");
  });

  test("moves what is said to be transferred, both ways", async () => {
    const bytes = new Uint8Array([0, 255, 1]);
    expect([...(await work.inverted(bytes))]).toEqual([255, 0, 254]);
    expect(bytes.length).toBe(0);
  });

  test("leaves the event loop free", async () => {
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await work.spin(500);
    clearInterval(timer);
    expect(longest).toBeLessThan(400);
  });

  test("has no request and no guard in its thread", async () => {
    const result = await runInContext({ kind: "request", name: "index" }, () => work.lifted());
    expect(result).toEqual({ read: "read", context: undefined });
  });

  test("can wait for an async one by asyncToSync", async () => {
    const { text, threadId, own } = await work.waiting("Emma");
    expect(text).toBe("Emma, later");
    expect(threadId).not.toBe(own);
    await expect(work.waiting("")).rejects.toThrow("Nothing is too dull.");
    await expect(work.waitingBare()).rejects.toThrow("asyncToSync(import.meta.url, async function");
  });
});

describe("an error in the thread", () => {
  test("comes back with class, message, properties, cause and the stacks of both sides", async () => {
    const error = await work.failing("own").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(work.TooDull);
    expect(error).toMatchObject({ name: "TooDull", message: "Emma is too dull.", book: "Emma" });
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.stack).toMatch(
      /TooDull: Emma is too dull\.\n +at .*fixtures\/work\.ts:\d+[\s\S]*worker-pool\.test\.ts/,
    );
  });

  test("of tsjango or of JavaScript is one again, and what is no error stays what it is", async () => {
    const ours = await work.failing("ours").catch((thrown) => thrown);
    expect(ours).toBeInstanceOf(ValidationError);
    expect(ours.code).toBe("validation_error");
    expect(ours.errors).toEqual({ title: [{ code: "invalid", message: "Too dull." }] });
    await expect(work.failing("builtin")).rejects.toThrow(TypeError);
    await expect(work.failing("text")).rejects.toBe("a text");
  });
});

describe("what cannot be sent", () => {
  test("an argument is named with the reason", async () => {
    const send = work.upperCase as unknown as (value: unknown) => Promise<never>;
    const error = await send({ title: () => "Emma" }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WorkerFunctionError);
    expect(error.message).toMatch(/^An argument of upperCase cannot be sent to a worker thread: .*could not be cloned/);
  });

  test("so is a result, and the thread lives on", async () => {
    await expect(work.unsendable()).rejects.toThrow(/^The result of unsendable cannot be sent from the worker thread/);
    expect((await work.counted()).threadId).not.toBe(0);
  });

  test("a closure is refused: the thread does not find it", async () => {
    await expect(work.makeClosure(2)(3)).rejects.toThrow(
      /found no function "closure" in it\. A closure cannot be sent to a thread: call syncToAsync\(import\.meta\.url, …\) at the top level/,
    );
  });

  test("a function without a name, a second one of the same name, and a module that is no address", () => {
    expect(() => syncToAsync(import.meta.url, () => 1)).toThrow(/the function needs a name/);
    syncToAsync(import.meta.url, function twice() {
      return 1;
    });
    expect(() =>
      syncToAsync(import.meta.url, function twice() {
        return 2;
      }),
    ).toThrow(/has two functions "twice"/);
    expect(() => syncToAsync("./work.ts", function other() {})).toThrow(/named by import\.meta\.url; found string/);
  });
});

test("a request that is given up stops its call, and the next one runs", async () => {
  const gone = new AbortController();
  const started = performance.now();
  const call = runInContext({ kind: "request", signal: gone.signal }, () => work.spin(5_000));
  setTimeout(() => gone.abort(), 100);
  await expect(call).rejects.toMatchObject({ name: "AbortError", message: expect.stringContaining("call of spin") });
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await work.spin(1)).not.toBe(0);
});

test("a module that awaits its own function as it is loaded gets its error, too", async () => {
  const { told } = await import("./fixtures/awaits-itself.ts");
  expect(told).toBe("RangeError: no end");
});

test("threads do not keep a script running, and are not started by importing it", async () => {
  const code = `import { counted } from ${JSON.stringify(new URL("./fixtures/work.ts", import.meta.url).href)};
    console.log((await counted()).calls);`;
  const flags = ["--conditions=@tsjango/source", "--input-type=module", "--eval", code];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, flags, { timeout: 10_000 });
  expect([stdout, stderr]).toEqual(["1\n", ""]);
});
