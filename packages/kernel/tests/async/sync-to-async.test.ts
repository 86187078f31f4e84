import { AsyncLocalStorage } from "node:async_hooks";
import {
  asyncToSync,
  asyncUnsafe,
  currentContext,
  refuseSynchronous,
  runInContext,
  syncToAsync,
} from "@tsjango/kernel/async";
import { AsyncToSyncError, SynchronousOnlyOperation, SyncToAsyncError } from "@tsjango/kernel/exceptions";
import { describe, expect, test } from "vitest";

function inRequest<T>(body: () => T, name = "blog.index"): T {
  return runInContext({ kind: "request", name }, body);
}

describe("a wrapped sync function", () => {
  test("gives a promise of its result, with this, arguments, name and length kept", async () => {
    const counter = {
      start: 1,
      add: syncToAsync(function add(this: { start: number }, n: number) {
        return this.start + n;
      }),
    };
    expect(await counter.add(2)).toBe(3);
    expect([counter.add.name, counter.add.length]).toEqual(["add", 1]);
  });

  test("never runs in the middle of the caller", async () => {
    const seen: string[] = [];
    const done = syncToAsync(() => seen.push("function"))();
    seen.push("caller");
    await done;
    expect(seen).toEqual(["caller", "function"]);
  });

  test("throws the very error", async () => {
    const error = new RangeError("no end");
    const failing = syncToAsync(() => {
      throw error;
    });
    await expect(failing()).rejects.toBe(error);
  });

  test("is in the async context of its caller, and may do sync-only work there, but what it leaves behind may not", async () => {
    const user = new AsyncLocalStorage<string>();
    const legacy = asyncUnsafe(() => "read");
    let left: Promise<unknown> | undefined;
    const result = await inRequest(() =>
      user.run("ada", () =>
        syncToAsync(() => {
          left = Promise.resolve().then(() => legacy());
          left.catch(() => undefined);
          return [user.getStore(), currentContext()?.name, legacy()];
        })(),
      ),
    );
    expect(result).toEqual(["ada", "blog.index", "read"]);
    await expect(left).rejects.toThrow(SynchronousOnlyOperation);
    expect(() => inRequest(legacy)).toThrow(SynchronousOnlyOperation);
  });

  test("puts the guard back when it throws", async () => {
    await expect(syncToAsync(() => JSON.parse("{"))()).rejects.toThrow(SyntaxError);
    expect(() => refuseSynchronous("Await it.")).toThrow(SynchronousOnlyOperation);
  });
});

describe("calls of one request", () => {
  test("run in their order, one in each round of the event loop; those of another request in between", async () => {
    const seen: string[] = [];
    const note = syncToAsync((text: string) => seen.push(text));
    const one = inRequest(() => ["a1", "a2", "a3"].map((text) => note(text)), "a");
    const two = inRequest(() => ["b1", "b2", "b3"].map((text) => note(text)), "b");
    await Promise.all([...one, ...two]);
    expect(seen).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  });

  test("stand behind one another whatever function they are of", async () => {
    const seen: string[] = [];
    const first = syncToAsync(() => seen.push("first"));
    const second = syncToAsync({ threadSensitive: true })(() => seen.push("second"));
    await inRequest(() => Promise.all([first(), second(), first()]));
    expect(seen).toEqual(["first", "second", "first"]);
  });

  test("that are not sensitive do not wait for those that are", async () => {
    const seen: string[] = [];
    const sensitive = syncToAsync(() => seen.push("sensitive"));
    const free = syncToAsync(() => seen.push("free"), { threadSensitive: false });
    await inRequest(() => Promise.all([sensitive(), sensitive(), sensitive(), free()]));
    expect(seen).toEqual(["sensitive", "free", "sensitive", "sensitive"]);
  });

  test("go on after one that threw, and may call one another without a deadlock", async () => {
    const seen: string[] = [];
    const inner = syncToAsync(() => seen.push("inner"));
    const failing = syncToAsync(() => {
      throw new Error("no");
    });
    const outer = syncToAsync((): unknown => {
      seen.push("outer");
      return inner();
    });
    await inRequest(() => Promise.allSettled([failing(), outer(), inner()]));
    expect(seen).toEqual(["outer", "inner", "inner"]);
  });
});

describe("what it refuses", () => {
  const sync = syncToAsync as unknown as (...given: unknown[]) => unknown;
  const message = /^syncToAsync can only be applied to sync functions\./;

  test.for([[async () => 1], [3], [null], [syncToAsync(() => 1)], [async function* () {}]])(
    "%s is no sync function: a TypeError in Django's words",
    ([value]) => {
      expect(() => sync(value)).toThrow(message);
      expect(() => sync(value, { threadSensitive: false })).toThrow(TypeError);
      expect(() => sync(import.meta.url, value)).toThrow(SyncToAsyncError);
    },
  );

  test("an executor and thread sensitivity exclude one another", () => {
    const words = /^executor must not be set when threadSensitive is true/;
    expect(() => sync(() => 1, { executor: {} })).toThrow(words);
    expect(() => sync(import.meta.url, function named() {}, { threadSensitive: true })).toThrow(words);
  });
});

describe("asyncUnsafe", () => {
  test("a marked function runs outside of requests, and not in one: function, view and line are named", () => {
    const readLegacy = asyncUnsafe(function readLegacy(text: string) {
      return text;
    });
    expect(readLegacy("x")).toBe("x");
    expect(() => inRequest(() => readLegacy("x"))).toThrow(
      /^You cannot call this from an async context - use a thread or syncToAsync\. \(readLegacy\(\), in blog\.index, at packages\/kernel\/tests\/async\/sync-to-async\.test\.ts:\d+:\d+\)$/,
    );
  });

  test("its message says what to do instead", () => {
    const readLegacy = asyncUnsafe(() => 1, "Read the table instead.");
    expect(() => inRequest(readLegacy)).toThrow(/^Read the table instead\. You cannot call this from an async context/);
    expect(() => inRequest(asyncUnsafe("Another.")(() => 1))).toThrow(/^Another\./);
  });

  test("in a task, too; and what is no function is refused", () => {
    expect(() =>
      runInContext(
        { kind: "task", name: "mail" },
        asyncUnsafe(() => 1),
      ),
    ).toThrow("in mail");
    expect(() => (asyncUnsafe as (given: unknown) => unknown)(3)).toThrow("can only be applied to functions");
  });
});

test("asyncToSync is refused on the main thread when it is called, in Django's words", () => {
  const sync = asyncToSync(async () => 1);
  expect(() => sync()).toThrow(AsyncToSyncError);
  expect(() => sync()).toThrow(
    /^You cannot use AsyncToSync in the same thread as an async event loop - just await the async function directly\.$/,
  );
});
