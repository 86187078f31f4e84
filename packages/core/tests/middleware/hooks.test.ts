import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HttpRequest, HttpResponse } from "@tsjango/core/http";
import { type Handler, type Middleware, type MiddlewareHooks, MiddlewareNotUsed } from "@tsjango/core/middleware";
import { ContentNotRenderedError, TemplateResponse } from "@tsjango/core/template";
import { Client, makeRequest } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "tsjango-hooks-"));
  await mkdir(join(baseDir, "templates"));
  await writeFile(join(baseDir, "templates/hello.html"), "Hello {{ name }} at {{ request.path }}");
  await writeFile(join(baseDir, "templates/broken.html"), "{{ name.missing }}{% url 'nowhere' %}");
});
afterAll(() => rm(baseDir, { recursive: true, force: true }));

let order: string[] = [];
beforeEach(() => {
  order = [];
});

const urlpatterns = urls(
  path("plain/<int:n>/", () => {
    order.push("view");
    return new HttpResponse("plain");
  }),
  path("crash/", () => {
    order.push("view");
    throw new Error("broken");
  }),
  path("template/", (request) => new TemplateResponse(request, ["none.html", "hello.html"], { name: "Jane" })),
  path("broken/", (request) => new TemplateResponse(request, "broken.html", {})),
);

/** A middleware that notes when it is called. */
function noting(name: string, hooks: (note: (what: string) => void) => MiddlewareHooks = () => ({})): Middleware {
  return (next: Handler) => {
    const note = (what: string) => order.push(`${name}.${what}`);
    const handler = async (request: HttpRequest) => {
      note("in");
      const response = await next(request);
      note(`out ${response.status}`);
      return response;
    };
    return Object.assign(handler, hooks(note));
  };
}

async function client(middleware: readonly Middleware[]) {
  const { application, logged } = await makeSite(urlpatterns, {
    baseDir,
    templates: { dirs: ["templates"] },
    middleware,
  });
  return Object.assign(new Client(application, { raiseRequestException: false }), { logged });
}

const all = (note: (what: string) => void): MiddlewareHooks => ({
  processView(_request, match) {
    note(`view ${match.route} ${JSON.stringify(match.params)}`);
  },
  processException(_request, error) {
    note(`exception ${(error as Error).message}`);
  },
  processTemplateResponse(_request, response) {
    note("template");
    response.contextData["name"] += "!";
    return response;
  },
});

test("view hooks run on the way in, the others on the way out, close to the view", async () => {
  const { get } = await bound([noting("a", all), noting("b", all)]);
  await get("/plain/7/");
  const ins = ["a.in", "b.in"];
  expect(order).toEqual([
    ...ins,
    'a.view plain/<int:n>/ {"n":7}',
    'b.view plain/<int:n>/ {"n":7}',
    "view",
    "b.out 200",
    "a.out 200",
  ]);
  order = [];
  await get("/crash/");
  const views = ["a.view crash/ {}", "b.view crash/ {}"];
  expect(order).toEqual([
    ...ins,
    ...views,
    "view",
    "b.exception broken",
    "a.exception broken",
    "b.out 500",
    "a.out 500",
  ]);
  order = [];
  expect((await get("/template/")).text()).toBe("Hello Jane!! at /template/");
  expect(order.slice(4)).toEqual(["b.template", "a.template", "b.out 200", "a.out 200"]);
  order = [];
  await get("/nowhere/");
  expect(order).toEqual(["a.in", "b.in", "b.out 404", "a.out 404"]);
});

async function bound(middleware: readonly Middleware[]) {
  const made = await client(middleware);
  return { get: (url: string) => made.get(url), logged: made.logged };
}

test("a hook's response is the answer; what lies within is not asked", async () => {
  const answers = noting("x", () => ({ processView: async () => new HttpResponse("from the hook") }));
  const { get } = await bound([answers, noting("b", all)]);
  expect((await get("/plain/7/")).text()).toBe("from the hook");
  expect(order).toEqual(["x.in", "b.in", "b.out 200", "x.out 200"]);
  order = [];
  const rescue = noting("x", () => ({
    processException: (_request, error) => new HttpResponse(String(error), { status: 503 }),
  }));
  const rescued = await (await bound([noting("b", all), rescue])).get("/crash/");
  expect([rescued.status, rescued.text()]).toEqual([503, "Error: broken"]);
  expect(order).not.toContain("b.exception broken");
});

test("what fails while a template is rendered goes through the exception hooks, too", async () => {
  const { get } = await bound([noting("a", all)]);
  expect((await get("/broken/")).status).toBe(500);
  expect(order.find((entry) => entry.startsWith("a.exception"))).toContain("nowhere");
});

test("MiddlewareNotUsed leaves a ring out", async () => {
  const unused: Middleware = () => {
    throw new MiddlewareNotUsed("not with these settings");
  };
  const { get } = await bound([noting("a"), unused, noting("b")]);
  expect((await get("/plain/1/")).status).toBe(200);
  expect(order).toEqual(["a.in", "b.in", "view", "b.out 200", "a.out 200"]);
});

test("a hook that gives something else is named", async () => {
  const wrong = (hooks: object) => noting("x", () => hooks as MiddlewareHooks);
  const { get, logged } = await bound([wrong({ processView: () => "text" })]);
  expect((await get("/plain/1/")).status).toBe(500);
  expect(logged[0]).toContain("A middleware's processView returns a response or nothing; found string 'text'.");
  const other = await bound([wrong({ processTemplateResponse: () => undefined })]);
  expect((await other.get("/template/")).status).toBe(500);
  expect(other.logged[0]).toContain("processTemplateResponse must return a TemplateResponse; found undefined");
});

test("a TemplateResponse is rendered once, and its callbacks are called then", async () => {
  await client([]);
  const response = new TemplateResponse(makeRequest("GET", "/x/"), "hello.html", { name: "Ann" });
  expect(() => response.content).toThrow(ContentNotRenderedError);
  expect(() => response.content).toThrow('The response with the template "hello.html" must be rendered before');
  await response.addPostRenderCallback((rendered) => new HttpResponse(rendered.text.toUpperCase()));
  expect((await response.render()).content).toBe("HELLO ANN AT /X/");
  expect([response.isRendered, response.text]).toEqual([true, "Hello Ann at /x/"]);
  response.contextData = {};
  expect(await response.render()).toBe(response);
  await response.addPostRenderCallback(() => void order.push("called at once"));
  expect(order).toEqual(["called at once"]);
});
