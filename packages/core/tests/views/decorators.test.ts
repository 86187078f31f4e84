import { gunzipSync } from "node:zlib";
import { toFetch } from "@tsjango/core/asgi";
import { type HttpRequest, HttpResponse, JsonResponse } from "@tsjango/core/http";
import { csrf, security } from "@tsjango/core/middleware";
import { path, urls } from "@tsjango/core/urls";
import {
  cacheControl,
  condition,
  conditionalPage,
  csrfExempt,
  csrfProtect,
  ensureCsrfCookie,
  etag,
  gzipPage,
  lastModified,
  neverCache,
  requireGet,
  requireMethods,
  requirePost,
  requireSafe,
  View,
  varyOnCookie,
  varyOnHeaders,
  xframeOptionsDeny,
  xframeOptionsExempt,
  xframeOptionsSameorigin,
} from "@tsjango/core/views";
import { describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let ran = 0;
const plain = () => {
  ran++;
  return new HttpResponse("text ".repeat(100));
};
const changed = new Date("2026-01-02T03:04:05Z");

class Book extends View<{ id: number }> {
  get(_request: HttpRequest, { id }: { id: number }) {
    return new JsonResponse({ id });
  }
}

const urlpatterns = urls(
  path("get/", requireGet(plain)),
  path(
    "post/",
    requirePost(async () => new Response("web")),
  ),
  path("safe/", requireSafe(plain)),
  path("methods/", requireMethods(["PUT", "GET"], plain)),
  path("class/<int:id>/", neverCache(requireGet(Book.asView()))),
  path(
    "inline/<int:id>/",
    requireGet((_request, { id }) => new HttpResponse(id.toFixed(1))),
  ),
  path(
    "condition/<int:id>/",
    condition({ etag: (_request, { id }) => `v${id}`, lastModified: async () => changed }, plain),
  ),
  path(
    "etag/",
    etag(() => 'W/"x"', plain),
  ),
  path(
    "changed/",
    lastModified(() => changed, plain),
  ),
  path("unknown/", condition({ etag: () => null, lastModified: () => undefined }, plain)),
  path("conditional/", conditionalPage(plain)),
  path("gzip/", gzipPage(plain)),
  path("cache/", cacheControl({ public: true, maxAge: 60 }, plain)),
  path("never/", neverCache(plain)),
  path("vary/", varyOnHeaders(["Accept-Language"], varyOnCookie(plain))),
  path("exempt/", requirePost(csrfExempt(plain))),
  path("protected/", csrfProtect(plain)),
  path("ensure/", ensureCsrfCookie(plain)),
  path("deny/", xframeOptionsDeny(plain)),
  path("same/", xframeOptionsSameorigin(plain)),
  path("open/", xframeOptionsExempt(plain)),
  path(
    "nothing/",
    requireGet(function forgetful() {}),
  ),
);

async function site(middleware = [security()]) {
  const { application, logged } = await makeSite(urlpatterns, { middleware });
  const fetch = toFetch(application);
  ran = 0;
  return {
    logged,
    send: (url: string, headers: Record<string, string> = {}, method = "GET") =>
      fetch(new Request(`http://localhost/${url}/`, { method, headers })),
  };
}

test("methods that are not allowed are answered with 405, and the view does not run", async () => {
  const { send, logged } = await site();
  const status = async (url: string, method: string) => {
    const response = await send(url, {}, method);
    return [response.status, response.headers.get("allow")];
  };
  expect(await status("get", "GET")).toEqual([200, null]);
  expect(await status("get", "HEAD")).toEqual([405, "GET"]);
  expect(await status("post", "GET")).toEqual([405, "POST"]);
  expect(await status("post", "POST")).toEqual([200, null]);
  expect(await status("safe", "HEAD")).toEqual([200, null]);
  expect(await status("safe", "DELETE")).toEqual([405, "GET, HEAD"]);
  expect(await status("methods", "POST")).toEqual([405, "PUT, GET"]);
  expect(ran).toBe(2);
  expect(logged[0]).toBe("Method Not Allowed (HEAD): /get/");
});

test("decorators go around class views, inline views and each other, and keep the view's name", async () => {
  const { send, logged } = await site();
  const response = await send("class/7");
  expect([await response.json(), response.headers.get("cache-control")]).toEqual([
    { id: 7 },
    "max-age=0, no-cache, no-store, must-revalidate, private",
  ]);
  expect(await (await send("inline/3")).text()).toBe("3.0");
  await send("nothing");
  expect(logged[0]).toContain(
    "The view forgetful didn't return an HttpResponse object. It returned undefined instead.",
  );
});

describe("conditions", () => {
  test("answer 304 and 412 without running the view", async () => {
    const { send } = await site();
    const first = await send("condition/7");
    expect([first.status, first.headers.get("etag"), first.headers.get("last-modified")]).toEqual([
      200,
      '"v7"',
      changed.toUTCString(),
    ]);
    expect(ran).toBe(1);
    const again = await send("condition/7", { "if-none-match": '"v7"' });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", '"v7"']);
    expect((await send("condition/8", { "if-none-match": '"v7"' })).status).toBe(200);
    expect((await send("condition/7", { "if-match": '"v6"' }, "PUT")).status).toBe(412);
    expect((await send("changed", { "if-modified-since": changed.toUTCString() })).status).toBe(304);
    expect((await send("etag", { "if-none-match": '"x"' })).status).toBe(304);
    expect(ran).toBe(2);
    const unknown = await send("unknown", { "if-none-match": '"v7"' });
    expect([unknown.status, unknown.headers.get("etag")]).toEqual([200, null]);
  });

  test("conditionalPage makes the tag of the content", async () => {
    const { send } = await site();
    const tag = (await send("conditional")).headers.get("etag") as string;
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    expect((await send("conditional", { "if-none-match": tag })).status).toBe(304);
  });
});

test("gzipPage, cacheControl, neverCache and varyOn… write their headers", async () => {
  const { send } = await site();
  const compressed = await send("gzip", { "accept-encoding": "br, gzip" });
  expect([compressed.headers.get("content-encoding"), compressed.headers.get("vary")]).toEqual([
    "gzip",
    "Accept-Encoding",
  ]);
  expect(gunzipSync(await compressed.arrayBuffer()).toString()).toBe("text ".repeat(100));
  expect((await send("cache")).headers.get("cache-control")).toBe("public, max-age=60");
  const never = await send("never");
  expect(Date.parse(never.headers.get("expires") as string)).toBeLessThanOrEqual(Date.now());
  expect((await send("vary")).headers.get("vary")).toBe("Cookie, Accept-Language");
});

test("csrfExempt passes other decorators by; csrfProtect and ensureCsrfCookie need no middleware", async () => {
  const { send } = await site([csrf()]);
  expect((await send("exempt", {}, "POST")).status).toBe(200);
  expect((await send("methods", {}, "PUT")).status).toBe(403);
  const bare = await site([]);
  expect((await bare.send("protected", {}, "POST")).status).toBe(403);
  expect((await bare.send("ensure")).headers.getSetCookie()[0]).toMatch(/^csrftoken=\w{32};/);
  const both = await site([csrf()]);
  const cookie = { cookie: `csrftoken=${"a".repeat(32)}`, "x-csrftoken": "a".repeat(32) };
  expect((await both.send("protected", cookie, "POST")).status).toBe(200);
});

test("frames: a view may be stricter or laxer than the site", async () => {
  const { send } = await site();
  const option = async (url: string) => (await send(url)).headers.get("x-frame-options");
  expect([await option("deny"), await option("same"), await option("open"), await option("get")]).toEqual([
    "DENY",
    "SAMEORIGIN",
    null,
    "DENY",
  ]);
});
