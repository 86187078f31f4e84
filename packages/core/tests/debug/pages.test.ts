import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { Http404 } from "@tsjango/core/http";
import { render } from "@tsjango/core/shortcuts";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { defineApp, type StatementWatcher } from "@tsjango/kernel/apps";
import { redirectLogs } from "@tsjango/kernel/logging";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { makeSite } from "../support/site.ts";

let directory: string;
let failing: (request: unknown) => unknown;
let client: Client;
let application: AsgiApplication;
const watchers = new Set<StatementWatcher>();

const VIEWS = `
export async function pay(request) {
  await undefined;
  const order = 17;
  return charge(order);
}
function charge(order) {
  try {
    JSON.parse("{");
  } catch (cause) {
    throw new TypeError("The <order> " + order + " cannot be paid", { cause });
  }
}
`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tsjango-debug-"));
  await writeFile(join(directory, "views.js"), VIEWS);
  ({ pay: failing } = await import(pathToFileURL(join(directory, "views.js")).href));
});
afterAll(() => rm(directory, { recursive: true }));

beforeEach(async () => {
  const database = defineApp({
    name: "database",
    watchStatements(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  });
  const urlpatterns = urls(
    path("pay/", failing as never, { name: "pay" }),
    path("query/", () => {
      for (const watcher of watchers)
        watcher.settled?.(
          { alias: "default", sql: "SELECT <1> WHERE x = ?", parameters: [["s3", "cret"].join("")] },
          1.25,
        );
      for (const watcher of watchers) watcher.settled?.({ alias: "replica", sql: "SELECT 2", parameters: [] }, 0.25);
      throw new Error('no such table: blog_book. Have all migrations been applied? Run "tsjango migrate".');
    }),
    path("thrown/", () => {
      throw { not: "an error" };
    }),
    path("gone/", () => {
      throw new Http404("No <such> book.");
    }),
    path("template/", (request) => render(request, "broken.html")),
  );
  ({ application } = await makeSite(urlpatterns, {
    baseDir: directory,
    debug: true,
    editor: "zed",
    installedApps: [database],
    templates: { strings: { "broken.html": "one\n{% nosuch %}\nthree" } },
    custom: { paymentToken: "hunter2", url: "postgres://ann:hunter2@db/x" },
  } as never));
  client = new Client(application, { raiseRequestException: false });
});

const HEADERS = {
  authorization: "Bearer hunter2",
  cookie: "sessionid=hunter2; csrftoken=hunter2",
  "x-api-key": "hunter2",
  accept: "text/html",
};

test("an error: message, the project's frames with their source, causes, links to the editor", async () => {
  const response = await client.get("/pay/?card_token=hunter2&q=<x>", { headers: HEADERS });
  expect([response.status, response.headers.get("cache-control")]).toEqual([500, "no-store"]);
  const html = response.text();
  const file = join(directory, "views.js");
  expect(html).toContain("TypeError at /pay/");
  expect(html).toContain("The &lt;order&gt; 17 cannot be paid");
  expect(html).toContain(`<a href="zed://file${file}:11">views.js, line 11</a> in <code>charge</code>`);
  expect(html).toContain('<span class="hit">   11      throw new TypeError(');
  expect(html).toContain(`${file}:5">views.js, line 5</a>`);
  expect(html).toContain("Caused by SyntaxError");
  expect(html).toMatch(/<summary>\d+ frames? of tsjango, packages and Node<\/summary>/);
  expect(html).toContain("<th>q</th><td>&lt;x&gt;</td>");
  expect(html).toContain("<th>View</th><td>pay</td>");
});

test("no secret is on the page, nor in its text", async () => {
  const html = (await client.get("/pay/?card_token=hunter2", { headers: HEADERS })).text();
  expect(html).not.toContain("hunter2");
  expect(html).not.toContain("for tests");
  expect(html).toContain("<th>sessionid</th><td>********</td>");
  expect(html).toContain("<th>secretKey</th><td>********</td>");
});

test("a client that takes no HTML gets the report as text, without secrets", async () => {
  const headers = { ...HEADERS, accept: "application/json" };
  const response = await client.get("/pay/?card_token=hunter2", { headers });
  expect([response.status, response.headers.get("content-type")]).toEqual([500, "text/plain; charset=utf-8"]);
  expect(response.text()).toMatch(
    /^# TypeError at GET \/pay\/\n[\s\S]*TypeError: The <order> 17 cannot be paid\n[\s\S]*Caused by SyntaxError/,
  );
  expect(response.text()).not.toContain("hunter2");
});

test("what the request asked of databases, without values; the text to copy has it too", async () => {
  const html = (await client.get("/query/")).text();
  expect(html).toContain("2 queries in 1.5 ms");
  expect(html).toContain("SELECT &lt;1&gt; WHERE x = ?");
  expect(html).toContain("replica: SELECT 2");
  expect(html).not.toContain("s3cret");
  expect(html).toMatch(/<pre id="report" hidden># Error at GET \/query\/\n[\s\S]*Queries:\n- `SELECT &lt;1&gt;/);
});

test("a button applies migrations where the error asks for it and a server does it", async () => {
  expect((await client.get("/query/")).text()).not.toContain("Apply migrations");
  const withActions: AsgiApplication = (scope, receive, send) =>
    application(
      { ...scope, extensions: { "tsjango.actions": { migrate: "/__tsjango__/x" } } } as typeof scope,
      receive,
      send,
    );
  const helped = new Client(withActions, { raiseRequestException: false });
  expect((await helped.get("/query/")).text()).toContain(
    '<form method="post" action="/__tsjango__/x"><button>Apply migrations</button></form>',
  );
  expect((await helped.get("/pay/")).text()).not.toContain("Apply migrations");
});

test("an error of a template stands in the log with its file, line and the template's lines", async () => {
  const errors: unknown[] = [];
  onTestFinished(redirectLogs(({ channel, error }) => channel === "tsjango.request" && errors.push(error)));
  await client.get("/template/");
  expect(errors).toHaveLength(1);
  const { stack } = errors[0] as Error;
  expect(stack).toContain('there is no tag "nosuch" (in templates.strings/broken.html, line 2)');
  expect(stack).toMatch(/2 \|? *\{% nosuch %\}/);
});

test("an error of a template shows the template", async () => {
  const html = (await client.get("/template/")).text();
  expect(html).toContain("there is no tag &quot;nosuch&quot; (in templates.strings/broken.html, line 2)");
  expect(html).toContain('<span class="hit">    2  {% nosuch %}</span>');
});

test("what is thrown and is no error is shown", async () => {
  expect((await client.get("/thrown/")).text()).toContain(
    "A value that is no Error was thrown: { not: &#x27;an error&#x27; }",
  );
});

test("a 404 names the patterns that were tried, or the view that raised it", async () => {
  const none = (await client.get("/%3Cscript%3E/")).text();
  expect(none).toContain("<li><code>pay/</code></li>");
  expect(none).toContain("The path <code>&lt;script&gt;/</code> matched none of them.");
  const raised = (await client.get("/gone/")).text();
  expect(raised).toContain("No &lt;such&gt; book.");
  expect(raised).toMatch(/It was raised by the view <code>[^<]+<\/code>/);
});

test("without debug nothing of it is told", async () => {
  const { application: production } = await makeSite(urls(path("pay/", failing as never)), {
    custom: { a: "hunter2" },
  } as never);
  const response = await new Client(production, { raiseRequestException: false }).get("/pay/?x=hunter2", {
    headers: HEADERS,
  });
  expect(response.status).toBe(500);
  for (const told of ["hunter2", "order", "TypeError", "views.js", "for tests", "tsjango"])
    expect(response.text()).not.toContain(told);
});
