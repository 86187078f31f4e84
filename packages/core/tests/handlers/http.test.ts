import {
  Http404,
  type HttpRequest,
  HttpResponse,
  HttpResponseRedirect,
  JsonResponse,
  PermissionDenied,
  StreamingHttpResponse,
} from "@tsjango/core/http";
import { common, type Middleware, security } from "@tsjango/core/middleware";
import { include, path, urls } from "@tsjango/core/urls";
import { View } from "@tsjango/core/views";
import { currentContext } from "@tsjango/kernel/async";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

const events: string[] = [];

class BookView extends View<{ id: number }> {
  greeting = "Book";
  async get(_request: HttpRequest, { id }: { id: number }) {
    return new HttpResponse(`${this.greeting} ${id} ${this.request.method}`);
  }
}

async function* pieces() {
  yield "非同期";
  yield new TextEncoder().encode("ビュー");
}

class Rows {
  // biome-ignore lint/suspicious/noThenProperty: a query set is a thenable
  then(resolve: (rows: string[]) => void): void {
    resolve([]);
  }
}

const Book = z.object({ title: z.string().min(1), pages: z.coerce.number().int() });

const urlpatterns = urls(
  path("", function index() {
    return new HttpResponse("index");
  }),
  path("async/", async (request) => new JsonResponse({ path: request.path, q: request.query.getAll("q") })),
  path(
    "blog/<slug:section>/",
    include(urls(path("<int:year>/", async (_request, params) => new JsonResponse(params)))),
  ),
  path("books/<int:id>/", BookView.asView({ greeting: "Buch" })),
  path("stream/", () => new StreamingHttpResponse(pieces(), { contentType: "text/plain" })),
  path("web/", () => new Response("web", { status: 201, headers: { "x-web": "1" } })),
  path("cookies/", (request) => {
    const response = new HttpResponse(request.cookies.get("a") ?? "none");
    return response.setCookie("b", "ü;1", { httpOnly: true, sameSite: "lax" }).setCookie("c", "2");
  }),
  path("away/", () => new HttpResponseRedirect("/async/?q=1")),
  path("json/", async (request) => new JsonResponse(await request.json(Book))),
  path("form/", async (request) => new JsonResponse(await request.form(Book))),
  path("body/", async (request) => new HttpResponse(String((await request.body()).byteLength))),
  path("missing/", () => {
    throw new Http404("No <such> book.");
  }),
  path("forbidden/", () => {
    throw new PermissionDenied();
  }),
  path("crash/", function crash() {
    throw new Error("secret detail <b>");
  }),
  path("undefined/", function forgetful() {}),
  path("rows/", function eager() {
    return new Rows();
  }),
  path("unawaited/", () => new JsonResponse({ books: new Rows() })),
  path("text/", () => "text"),
  path(
    "context/",
    async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return new JsonResponse({ kind: currentContext()?.kind, name: currentContext()?.name });
    },
    { name: "ctx" },
  ),
  path("signal/", async (request) => {
    const { signal } = request;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    events.push("aborted");
    return new HttpResponse();
  }),
  path("stuck/", () => {
    let first = true;
    const content: AsyncIterable<string> & AsyncIterator<string> = {
      [Symbol.asyncIterator]: () => content,
      next() {
        if (!first) return new Promise(() => {});
        first = false;
        return Promise.resolve({ done: false, value: "first" });
      },
      async return() {
        events.push("returned");
        return { done: true, value: undefined };
      },
    };
    return new StreamingHttpResponse(content);
  }),
  path("forever/", (request) => {
    async function* forever() {
      try {
        yield "first";
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      } finally {
        events.push("closed");
      }
    }
    return new StreamingHttpResponse(forever());
  }),
);

describe.each(transports)("%s", (_name, open) => {
  async function site() {
    return open((await makeSite(urlpatterns)).application);
  }
  async function get(url: string, init?: RequestInit, input: Parameters<typeof makeSite>[1] = {}) {
    const { application, logged } = await makeSite(urlpatterns, input);
    const transport = await open(application);
    const response = await transport.fetch(url, init);
    const text = await response.text();
    expect(transport.errors).toEqual([]);
    return { status: response.status, headers: response.headers, text, logged };
  }

  test("sync and async views answer; parameters and query are read", async () => {
    expect(await get("/")).toMatchObject({ status: 200, text: "index" });
    expect((await get("/")).headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect((await get("/async/?q=1&q=%C3%A9+x")).text).toBe('{"path":"/async/","q":["1","é x"]}');
    expect((await get("/blog/news/2026/")).text).toBe('{"section":"news","year":2026}');
  });

  test("class-based views: methods, HEAD through get, OPTIONS, 405 with Allow", async () => {
    expect((await get("/books/7/")).text).toBe("Buch 7 GET");
    expect(await get("/books/7/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect((await get("/books/7/", { method: "OPTIONS" })).headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    const refused = await get("/books/7/", { method: "DELETE" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  test("streams and web responses", async () => {
    expect(await get("/stream/")).toMatchObject({ status: 200, text: "非同期ビュー" });
    const web = await get("/web/");
    expect([web.status, web.text, web.headers.get("x-web")]).toEqual([201, "web", "1"]);
  });

  test("cookies are read and written", async () => {
    const response = await get("/cookies/", { headers: { cookie: "a=%C3%BC; a=other" } });
    expect(response.text).toBe("ü");
    expect(response.headers.getSetCookie()).toEqual(["b=%C3%BC%3B1; Path=/; HttpOnly; SameSite=Lax", "c=2; Path=/"]);
  });

  test("a schema checks JSON and forms; errors come by field", async () => {
    const post = (body: string, type: string, url: string) =>
      get(url, { method: "POST", body, headers: { "content-type": type } });
    expect((await post('{"title":"Emma","pages":9}', "application/json", "/json/")).text).toBe(
      '{"title":"Emma","pages":9}',
    );
    expect((await post("title=Emma&pages=9", "application/x-www-form-urlencoded", "/form/")).text).toBe(
      '{"title":"Emma","pages":9}',
    );
    const bad = await post('{"title":"","pages":1.5}', "application/json", "/json/");
    expect([bad.status, Object.keys(JSON.parse(bad.text).errors)]).toEqual([400, ["title", "pages"]]);
    expect((await post("{oops", "application/json", "/json/")).status).toBe(400);
    expect((await post('{"__proto__":{"x":1}}', "application/json", "/json/")).status).toBe(400);
    const nested = (depth: number) => post("[".repeat(depth) + "]".repeat(depth), "application/json", "/json/");
    expect((await nested(101)).logged[0]).toContain("more than 100 levels deep");
    expect((await nested(100)).logged).toEqual([]);
    expect((await post(`["${"[".repeat(500)}"]`, "application/json", "/json/")).logged).toEqual([]);
    expect((await post("a=1", "text/plain", "/form/")).status).toBe(415);
    expect((await post("&a=1".repeat(1001), "application/x-www-form-urlencoded", "/form/")).status).toBe(400);
  });

  test("a body beyond the limit is answered with 413, also without Content-Length", async () => {
    const input = { dataUploadMaxMemorySize: 1000 };
    expect((await get("/body/", { method: "POST", body: "x".repeat(1000) }, input)).text).toBe("1000");
    expect((await get("/body/", { method: "POST", body: "x".repeat(1001) }, input)).status).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(600));
        controller.enqueue(new Uint8Array(600));
        controller.close();
      },
    });
    const init = { method: "POST", body: stream, duplex: "half" } as RequestInit;
    expect((await get("/body/", init, input)).status).toBe(413);
  });

  test("errors have plain pages without debug; nothing of them leaks; 500 is logged", async () => {
    const missing = await get("/missing/");
    expect([missing.status, missing.text.includes("such")]).toEqual([404, false]);
    expect((await get("/nowhere/")).status).toBe(404);
    expect((await get("/forbidden/")).status).toBe(403);
    const crash = await get("/crash/");
    expect([crash.status, crash.text.includes("secret")]).toEqual([500, false]);
    expect(crash.logged).toEqual(["Internal Server Error: GET /crash/ Error: secret detail <b>"]);
  });

  test("with debug the pages tell, escaped, with secrets masked", async () => {
    const headers = { authorization: "Bearer topsecret" };
    const crash = await get("/crash/?api_key=topsecret", { headers }, { debug: true, secretKey: "topsecret" });
    expect(crash.status).toBe(500);
    expect(crash.text).toContain("Error at /crash/");
    expect(crash.text).toContain("secret detail &lt;b&gt;");
    expect(crash.text).toContain('class="hit"');
    expect(crash.text).not.toContain("topsecret");
    expect(crash.text).not.toContain("<b>");
    const missing = await get("/nowhere/%3Cscript%3E", {}, { debug: true });
    expect(missing.status).toBe(404);
    expect(missing.text).toContain("<code>books/&lt;int:id&gt;/</code>");
    expect(missing.text).not.toContain("<script>");
    expect((await get("/missing/", {}, { debug: true })).text).toContain("No &lt;such&gt; book.");
  });

  test.each([
    ["/undefined/", "The view forgetful didn't return an HttpResponse object. It returned undefined instead."],
    ["/text/", "It returned a string instead."],
    [
      "/rows/",
      "The view eager didn't return an HttpResponse object. It returned an unawaited Rows instead. " +
        'You may need to add an "await" into your view.',
    ],
    ["/unawaited/", 'JsonResponse was given a Rows at "books" that was not awaited. Write "await" before it.'],
  ])("%s is answered with 500 and says why", async (url, message) => {
    const { status, logged } = await get(url);
    expect(status).toBe(500);
    expect(logged[0]).toContain(message);
  });

  test("hosts that are not ours are answered with 400 before middleware", async () => {
    let seen = 0;
    const count: Middleware = (next) => (request) => {
      seen++;
      return next(request);
    };
    const refused = await get("/", {}, { allowedHosts: ["example.com"], middleware: [count] });
    expect([refused.status, seen]).toEqual([400, 0]);
    expect(refused.logged[0]).toContain("is not allowed");
  });

  test("middleware rings: order, errors within arrive as responses, errors of their own too", async () => {
    const order: string[] = [];
    const ring =
      (name: string): Middleware =>
      (next) =>
      async (request) => {
        order.push(`${name} in`);
        const response = await next(request);
        order.push(`${name} out ${response.status}`);
        response.headers.set(`x-${name}`, request.resolverMatch?.viewName ?? "");
        return response;
      };
    const broken: Middleware = (next) => async (request) => {
      if (request.query.has("break")) throw new PermissionDenied();
      return next(request);
    };
    const input = { middleware: [ring("a"), ring("b"), broken] };
    const crash = await get("/crash/", {}, input);
    expect([crash.status, crash.headers.get("x-a")]).toEqual([500, "crash"]);
    expect(order).toEqual(["a in", "b in", "b out 500", "a out 500"]);
    expect((await get("/?break=1", {}, input)).status).toBe(403);
  });

  test("common appends a slash with the query, keeping method and body, and never leads to another host", async () => {
    const input = { middleware: [security(), common()] };
    const slash = await get("/async?q=1", {}, input);
    expect([slash.status, slash.headers.get("location")]).toEqual([301, "/async/?q=1"]);
    expect((await get("/json", { method: "POST", body: "{}" }, input)).status).toBe(308);
    expect((await get("/nowhere", {}, input)).status).toBe(404);
    expect((await get("/async?q=1", {}, { ...input, appendSlash: false })).status).toBe(404);
    const ok = await get("/", {}, input);
    expect(ok.headers.get("content-length")).toBe("5");
    expect(ok.headers.get("x-content-type-options")).toBe("nosniff");
    expect(ok.headers.get("x-frame-options")).toBe("DENY");
    expect(ok.headers.get("referrer-policy")).toBe("same-origin");
  });

  test("a view is part of its request's context, by name", async () => {
    expect((await get("/context/")).text).toBe('{"kind":"request","name":"ctx"}');
  });

  test("request.signal aborts when the client goes away while the view runs", async () => {
    events.length = 0;
    const transport = await site();
    const abort = new AbortController();
    const response = transport.fetch("/signal/", { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(response).rejects.toThrow();
    await expect.poll(() => events).toEqual(["aborted"]);
  });

  test.each([
    ["that heeds request.signal", "/forever/", "closed"],
    ["that waits for something else", "/stuck/", "returned"],
  ])("a stream %s is closed when its client goes away", async (_kind, url, event) => {
    events.length = 0;
    const transport = await site();
    const response = await transport.fetch(url);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => events).toEqual([event]);
  });
});

describe("development", () => {
  test("without URL patterns there is a welcome page; without debug there is none", async () => {
    const [, open] = transports[0];
    for (const [debug, status] of [
      [true, 200],
      [false, 404],
    ] as const) {
      const { application } = await makeSite(urls(), { debug });
      const transport = await open(application);
      const response = await transport.fetch("/");
      expect(response.status).toBe(status);
      expect((await response.text()).includes("The install worked successfully!")).toBe(debug);
    }
  });
});
