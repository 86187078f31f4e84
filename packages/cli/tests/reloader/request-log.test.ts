import type { AsgiApplication } from "@tsjango/core/asgi";
import { type AppConfig, defineApp, type StatementWatcher } from "@tsjango/kernel/apps";
import { runInContext } from "@tsjango/kernel/async";
import { expect, test } from "vitest";
import { requestLog } from "../../src/reloader/request-log.ts";
import { recordingOutput } from "../../src/terminal/output.ts";
import { answerOf, httpScope, sending } from "../support/asgi.ts";

const OK = sending({ type: "http.response.start", status: 200 }, { type: "http.response.body" });

/** An app whose statements are sent by hand. */
function database(): { app: AppConfig; query(sql: string, alias?: string): void } {
  let watcher: StatementWatcher | undefined;
  const app = defineApp({
    name: "database",
    watchStatements(given) {
      watcher = given;
      return () => undefined;
    },
  });
  return {
    app,
    query(sql, alias = "default") {
      const statement = { alias, sql, parameters: [] };
      watcher?.started?.(statement);
      watcher?.settled?.(statement, 0.5);
    },
  };
}

function logged(application: AsgiApplication, apps: AppConfig[]) {
  const { output, stdout } = recordingOutput();
  return { application: requestLog(application, apps, import.meta.dirname, output), stdout };
}

test("a line has time, request, status and milliseconds; control characters are shown as escapes", async () => {
  const { application, stdout } = logged(OK, []);
  await answerOf(application, httpScope("/a\u001b[31m/?q=1"));
  expect(stdout()).toMatch(/^\d\d:\d\d:\d\d GET \/a\\x1b\[31m\/\?q=1 200 \d+\.\d ms\n$/);
});

test("it counts the queries of its request alone, and their time", async () => {
  const { app, query } = database();
  const { application, stdout } = logged(
    async (scope, receive, send) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (scope.type === "http" && scope.path === "/two/") query("INSERT 1");
      query("SELECT 1");
      await OK(scope, receive, send);
    },
    [app],
  );
  await Promise.all(["/one/", "/two/"].map((path) => answerOf(application, httpScope(path))));
  expect(stdout()).toMatch(/GET \/one\/ 200 [\d.]+ ms, 1 query 0\.5 ms$/m);
  expect(stdout()).toMatch(/GET \/two\/ 200 [\d.]+ ms, 2 queries 1\.0 ms$/m);
});

test("a query that runs three times is pointed out, with its view and where it comes from", async () => {
  const { app, query } = database();
  const { application, stdout } = logged(
    (scope, receive, send) =>
      runInContext({ kind: "request", name: "books.views.index" }, async () => {
        for (let index = 0; index < 4; index++) query("SELECT author");
        for (let index = 0; index < 2; index++) query("SELECT twice");
        for (let index = 0; index < 5; index++) query("INSERT row");
        for (let index = 0; index < 2; index++) query("SELECT author", "other");
        await OK(scope, receive, send);
      }),
    [app],
  );
  await answerOf(application, httpScope("/"));
  const [line, repeated, ...rest] = stdout().trimEnd().split("\n");
  expect(line).toContain("13 queries 6.5 ms");
  expect(repeated).toMatch(
    /^ +The same query 4 times in books\.views\.index, request-log\.test\.ts:\d+: SELECT author — Load related rows/,
  );
  expect(rest).toEqual([]);
});

test("who left before the answer began is shown as 499, an application that throws is logged too", async () => {
  const { application, stdout } = logged(async () => Promise.reject(new Error("gone")), []);
  await expect(answerOf(application, httpScope("/"))).rejects.toThrow("gone");
  expect(stdout()).toMatch(/GET \/ 499 /);
});
