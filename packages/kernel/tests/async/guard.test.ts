import { currentContext, refuseSynchronous, runInContext } from "@tsjango/kernel/async";
import { SynchronousOnlyOperation } from "@tsjango/kernel/exceptions";
import { afterEach, expect, test } from "vitest";

afterEach(() => {
  delete process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"];
});

test("a context follows awaits and timers, and is not seen outside", async () => {
  const name = await runInContext({ kind: "request", name: "index" }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return currentContext()?.name;
  });
  expect(name).toBe("index");
  expect(currentContext()).toBeUndefined();
});

test("sync-only work is refused with the remedy, Django's words, the subject, the view and the line", () => {
  expect(() => refuseSynchronous("Await it.")).toThrow(SynchronousOnlyOperation);
  expect(() =>
    runInContext({ kind: "request", name: "blog.index" }, () => refuseSynchronous("Await it.", "Book")),
  ).toThrow(
    /^Await it\. You cannot call this from an async context - use a thread or syncToAsync\. \(Book, in blog\.index, at packages\/kernel\/tests\/async\/guard\.test\.ts:\d+:\d+\)$/,
  );
});

test("any non-empty value of the variable lets it through", () => {
  process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"] = "0";
  expect(() => refuseSynchronous("Await it.")).not.toThrow();
  process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"] = "";
  expect(() => refuseSynchronous("Await it.")).toThrow(SynchronousOnlyOperation);
});
