import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpResponse } from "@tsjango/core/http";
import { render } from "@tsjango/core/shortcuts";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { View } from "@tsjango/core/views";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let baseDir: string;

beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "tsjango-pages-"));
  await mkdir(join(baseDir, "templates"));
  await writeFile(join(baseDir, "templates/404.html"), "<h1>Lost at {{ request.path }}</h1>");
  await writeFile(join(baseDir, "templates/500.html"), "{% broken %}");
  await writeFile(join(baseDir, "templates/hello.html"), "Hello {{ name }} on {{ request.method }}");
});

afterAll(() => rm(baseDir, { recursive: true, force: true }));

async function client(debug = false) {
  const urlpatterns = urls(
    path("crash/", () => {
      throw new Error("broken");
    }),
    path("hello/", (request) => render(request, "hello.html", { name: "<Jane>" }, { status: 202 })),
    path("away/", () => {
      throw Object.assign(new Error("no database"), { status: 503, retryAfter: 2 });
    }),
    path("none/", (request) => render(request, "none.html")),
  );
  const input = { baseDir, debug, templates: { dirs: ["templates"] } };
  const { application, logged } = await makeSite(urlpatterns, input);
  return { client: new Client(application, { raiseRequestException: false }), logged };
}

test("render answers with the template, escaped, and sees the request", async () => {
  const response = await (await client()).client.get("/hello/");
  expect([response.status, response.text()]).toEqual([202, "Hello &lt;Jane&gt; on GET"]);
});

test("a project's own 404.html is the page of a 404", async () => {
  const response = await (await client()).client.get("/%3Cb%3E/");
  expect([response.status, response.text()]).toEqual([404, "<h1>Lost at /&lt;b&gt;/</h1>"]);
});

test("an error page that fails itself is logged and replaced by a plain text", async () => {
  const { client: own, logged } = await client();
  const response = await own.get("/crash/");
  expect([response.status, response.text()]).toEqual([500, "Internal Server Error"]);
  expect(logged.join("\n")).toContain('there is no tag "broken"');
});

test("what may be there again in a while is a 503 that says when, and is logged as such", async () => {
  for (const debug of [false, true]) {
    const { client: own, logged } = await client(debug);
    const response = await own.get("/away/");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(logged.join("\n")).toContain("Service Unavailable: GET /away/");
  }
});

test("a missing template says where it was looked for", async () => {
  const { client: own } = await client(true);
  const response = await own.get("/none/");
  expect(response.status).toBe(500);
  expect(response.text()).toContain(
    `There is no template &quot;none.html&quot;. Looked in: ${join(baseDir, "templates")}`,
  );
});

test("asView refuses properties that the class does not have, and names of methods", () => {
  class Page extends View {
    pageSize = 10;
    get() {
      return new HttpResponse(String(this.pageSize));
    }
  }
  const asView = Page.asView.bind(Page) as (initial: object) => unknown;
  expect(() => asView({ pagesize: 5 })).toThrow('Page has no property "pagesize". Did you mean "pageSize"?');
  expect(() => asView({ get: 1 })).toThrow('"get" is the name of a method');
  expect(() => asView({ pageSize: 5 })).not.toThrow();
});

test("the page for developers shows neither what a form sent nor local variables", async () => {
  const { client: developing } = await client(true);
  const response = await developing.post("/crash/", { form: { password: "hunter2", card: "4111 1111" } });
  expect(response.status).toBe(500);
  expect(response.text()).not.toMatch(/hunter2|4111/);
});
