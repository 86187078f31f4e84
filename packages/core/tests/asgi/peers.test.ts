import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type AsgiApplication, fromFetch, fromNodeListener, mount, toFetch, toNodeListener } from "@tsjango/core/asgi";
import { HttpResponse, JsonResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { path, reverseFor, type UrlList, urls } from "@tsjango/core/urls";
import express, { type Request as ExpressRequest } from "express";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

const events: string[] = [];

function expressApp() {
  const app = express();
  app.use(express.json());
  app.get("/hello/:name", (request, response) => {
    response.cookie("a", "1").cookie("b", "2");
    response.json({
      name: request.params["name"],
      query: request.query,
      url: request.url,
      baseUrl: request.baseUrl,
      host: request.get("host"),
      ip: request.ip ?? null,
    });
  });
  app.post("/echo", (request, response) => void response.status(201).send(request.body));
  app.post("/raw", (request, response) => void request.pipe(response.type("bin")));
  app.get("/many", (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.write("one ");
    setTimeout(() => response.end("two"), 10);
  });
  app.get("/endless", (request, response) => {
    request.on("close", () => events.push("express request"));
    response.on("close", () => events.push("express response"));
    response.write("first");
  });
  app.get("/fast", async (_request, response) => {
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    response.setMaxListeners(0);
    while (written < 2000 && !response.destroyed) {
      written++;
      if (!response.write(chunk))
        await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
    }
    events.push(`wrote ${written < 1000 ? "little" : "all"}`);
  });
  app.get("/broken", () => {
    throw new Error("broken in express");
  });
  app.use((error: Error, _request: ExpressRequest, response: express.Response, _next: express.NextFunction) => {
    response.status(500).send(error.message);
  });
  return app;
}

function honoApp() {
  const app = new Hono();
  app.get("/hello/:name", (context) => {
    const { pathname, search } = new URL(context.req.url);
    return context.json({ name: context.req.param("name"), url: pathname + search });
  });
  app.post("/raw", (context) => new Response(context.req.raw.body));
  app.get("/many", (context) =>
    stream(context, async (out) => {
      await out.write("one ");
      await sleep(10);
      await out.write("two");
    }),
  );
  app.get("/endless", (context) => {
    context.req.raw.signal.addEventListener("abort", () => events.push("hono signal"));
    return stream(context, async (out) => {
      out.onAbort(() => void events.push("hono stream"));
      await out.write("first");
      await new Promise(() => {});
    });
  });
  return app;
}

async function site(): Promise<AsgiApplication> {
  const own: (name: string) => string = (name) => (reverseFor<UrlList>(() => list) as (name: string) => string)(name);
  const list: UrlList = urls(
    path("", (request) => new HttpResponse(`ours ${request.method} ${own("index")}`), { name: "index" }),
    path("echo/", async (request) => new JsonResponse(await request.json())),
    path("stream/", () => new StreamingHttpResponse(["one ", "two"])),
  );
  return (await makeSite(list, { allowedHosts: ["*"] })).application;
}

describe.each(transports)("%s", (_name, open) => {
  const mounted = async () =>
    open(mount({ "/legacy": fromNodeListener(expressApp()), "/api": fromFetch(honoApp().fetch) }, await site()));

  test("an Express app answers below its mount point, which it knows", async () => {
    const transport = await mounted();
    const response = await transport.fetch("/legacy/hello/J%C3%A9?x=1");
    expect(await response.json()).toMatchObject({ name: "Jé", query: { x: "1" }, url: "/hello/J%C3%A9?x=1" });
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"]);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect((await transport.fetch("/legacy/nowhere")).status).toBe(404);
    expect(await (await transport.fetch("/legacy/hello/x", { method: "HEAD" })).text()).toBe("");
    expect(await (await transport.fetch("/legacy/broken")).text()).toBe("broken in express");
    expect(await (await transport.fetch("/")).text()).toBe("ours GET /");
    expect((await transport.fetch("/legacyx/")).status).toBe(404);
  });

  test("a Hono app answers below its mount point", async () => {
    const transport = await mounted();
    expect(await (await transport.fetch("/api/hello/x?y=1")).json()).toEqual({ name: "x", url: "/hello/x?y=1" });
    expect((await transport.fetch("/api/nowhere")).status).toBe(404);
  });

  test.each(["/legacy", "/api"])("bodies are streamed both ways below %s", async (prefix) => {
    const transport = await mounted();
    const body = Buffer.alloc(500_000, "0123456789");
    const init = { method: "POST", body, headers: { "content-type": "application/octet-stream" } };
    const echoed = await (await transport.fetch(`${prefix}/raw`, init)).arrayBuffer();
    expect(Buffer.from(echoed).equals(body)).toBe(true);
    const reader = (await transport.fetch(`${prefix}/many`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("one ");
    expect((await reader?.read())?.value).toBe("two");
  });

  test("Express's own body parser reads JSON", async () => {
    const transport = await mounted();
    const init = { method: "POST", body: '{"a":1}', headers: { "content-type": "application/json" } };
    const response = await transport.fetch("/legacy/echo", init);
    expect([response.status, await response.json()]).toEqual([201, { a: 1 }]);
  });

  test.each([
    ["/legacy/endless", ["express request", "express response"]],
    ["/api/endless", ["hono signal", "hono stream"]],
  ])("a client that leaves %s ends it", async (url, expected) => {
    events.length = 0;
    const transport = await mounted();
    const reader = (await transport.fetch(url)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => [...events].sort()).toEqual(expected);
    expect(transport.errors).toEqual([]);
  });

  test("a slow reader holds an Express app back", async () => {
    events.length = 0;
    const transport = await mounted();
    const response = await transport.fetch("/legacy/fast");
    await sleep(150);
    await response.body?.cancel();
    await expect.poll(() => events).toEqual(["wrote little"]);
  });
});

describe("the whole application", () => {
  test("is a handler of an Express app, below its mount point", async () => {
    const app = express();
    app.use("/site", toNodeListener(await site()));
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/site`;
    expect(await (await fetch(`${base}/`)).text()).toBe("ours GET /site/");
    const init = { method: "POST", body: "[1]", headers: { "content-type": "application/json" } };
    expect(await (await fetch(`${base}/echo/`, init)).json()).toEqual([1]);
  });

  test("is a fetch handler of a Hono app, below its mount point", async () => {
    const app = new Hono();
    const handler = toFetch(await site(), { rootPath: "/site" });
    app.all("/site/*", (context) => handler(context.req.raw));
    const request = (url: string, init?: RequestInit) => app.fetch(new Request(`http://localhost${url}`, init));
    expect(await (await request("/site/")).text()).toBe("ours GET /site/");
    expect(await (await request("/site/stream/")).text()).toBe("one two");
    const init = { method: "POST", body: "[1]", headers: { "content-type": "application/json" } };
    expect(await (await request("/site/echo/", init)).json()).toEqual([1]);
  });
});

test.each(["legacy", "/", "/legacy/", ""])("the mount point %j is refused, with what to write", async (prefix) => {
  const nothing: AsgiApplication = async () => {};
  expect(() => mount({ [prefix]: nothing }, nothing)).toThrow('under a path like "/legacy"');
});
