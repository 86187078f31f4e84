import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { toFetch } from "@tsjango/core/asgi";
import { HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import {
  CSP,
  clickjacking,
  conditionalGet,
  cors,
  csp,
  cspNonce,
  getRequestId,
  gzip,
  type Middleware,
  requestId,
  security,
} from "@tsjango/core/middleware";
import { render } from "@tsjango/core/shortcuts";
import { path, urls } from "@tsjango/core/urls";
import { cspOverride, cspReportOnlyOverride } from "@tsjango/core/views";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "tsjango-headers-"));
  await mkdir(join(baseDir, "templates"));
  await writeFile(join(baseDir, "templates/nonce.html"), '<script nonce="{{ csp_nonce }}"></script>{{ csp_nonce }}');
});
afterAll(() => rm(baseDir, { recursive: true, force: true }));

const LONG = "compress me ".repeat(100);
async function* pieces() {
  for (let n = 0; n < 5; n++) yield `${n} ${LONG}`;
}

const urlpatterns = urls(
  path("plain/", () => new HttpResponse("plain")),
  path("long/", () => new HttpResponse(LONG, { headers: { etag: '"a"' } })),
  path("stream/", () => new StreamingHttpResponse(pieces(), { contentType: "text/plain" })),
  path("encoded/", () => new HttpResponse(LONG, { headers: { "content-encoding": "br" } })),
  path("no-store/", () => new HttpResponse("x", { headers: { "cache-control": "no-store" } })),
  path("cookie/", () => new HttpResponse("x", { headers: { vary: "Cookie", "x-own": "1" } }).setCookie("a", "b")),
  path("nonce/", (request) => render(request, "nonce.html")),
  path(
    "own-policy/",
    cspOverride({ defaultSrc: CSP.none }, () => new HttpResponse("x")),
  ),
  path(
    "no-policy/",
    cspReportOnlyOverride(
      null,
      cspOverride(null, () => new HttpResponse("x")),
    ),
  ),
  path("set-policy/", () => new HttpResponse("x", { headers: { "content-security-policy": "img-src *" } })),
  path("id/", () => new HttpResponse(getRequestId())),
  path("crash/", () => {
    throw new Error("broken");
  }),
);

async function site(middleware: readonly Middleware[], debug = false) {
  const input = { middleware, debug, baseDir, templates: { dirs: ["templates"] } };
  const { application } = await makeSite(urlpatterns, input);
  const fetch = toFetch(application);
  return (url: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(new Request(url.includes("//") ? url : `http://localhost/${url}/`, { method, headers }));
}

describe("gzip", () => {
  const accept = { "accept-encoding": "gzip, deflate" };

  test("compresses what gets smaller, for those that take it, and weakens the tag", async () => {
    const send = await site([gzip()]);
    const response = await send("long", accept);
    const { headers } = response;
    expect([headers.get("content-encoding"), headers.get("vary"), headers.get("etag")]).toEqual([
      "gzip",
      "Accept-Encoding",
      'W/"a"',
    ]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(headers.get("content-length")).toBe(String(bytes.length));
    expect(gunzipSync(bytes).toString()).toBe(LONG);
  });

  test.each([
    ["plain", accept],
    ["long", {}],
    ["long", { "accept-encoding": "br" }],
    ["long", { "accept-encoding": "gzip;q=0" }],
    ["encoded", accept],
  ])("leaves %s to %j as it is", async (url, headers) => {
    const response = await (await site([gzip()]))(url, headers);
    expect(response.headers.get("content-encoding")).not.toBe("gzip");
  });

  test("a stream can be read while it is made", async () => {
    const response = await (await site([gzip()]))("stream", accept);
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new DecompressionStream("gzip"))
      .getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toContain("0 compress me");
    let text = new TextDecoder().decode(first.value);
    for (let step = await reader.read(); !step.done; step = await reader.read())
      text += new TextDecoder().decode(step.value);
    expect(text).toBe([0, 1, 2, 3, 4].map((n) => `${n} ${LONG}`).join(""));
  });

  test("the size does not tell the content (BREACH)", async () => {
    const send = await site([gzip()]);
    const sizes = new Set<string | null>();
    for (let n = 0; n < 20; n++) sizes.add((await send("long", accept)).headers.get("content-length"));
    expect(sizes.size).toBeGreaterThan(3);
  });
});

describe("conditionalGet", () => {
  test("tags what has content, and answers 304 with the headers that count", async () => {
    const send = await site([conditionalGet()]);
    const tag = `"${createHash("md5").update("x").digest("hex")}"`;
    expect((await send("cookie")).headers.get("etag")).toBe(tag);
    const again = await send("cookie", { "if-none-match": tag });
    expect([again.status, await again.text(), again.headers.get("content-type")]).toEqual([304, "", null]);
    expect([again.headers.get("vary"), again.headers.getSetCookie().length, again.headers.get("x-own")]).toEqual([
      "Cookie",
      1,
      null,
    ]);
    for (const url of ["no-store", "stream"]) expect((await send(url)).headers.get("etag")).toBeNull();
    expect((await send("cookie", {}, "POST")).headers.get("etag")).toBeNull();
  });
});

describe("csp", () => {
  const policy = {
    defaultSrc: [CSP.self],
    scriptSrc: [CSP.self, CSP.nonce],
    upgradeInsecureRequests: true,
    imgSrc: null,
  } as const;
  const name = "content-security-policy";

  test("sends the policy, with the nonce only where the page used it", async () => {
    const send = await site([csp({ policy, reportOnly: { styleSrc: CSP.nonce } })]);
    const plain = await send("plain");
    expect(plain.headers.get(name)).toBe("default-src 'self'; script-src 'self'; upgrade-insecure-requests");
    expect(plain.headers.get(`${name}-report-only`)).toBeNull();
    const page = await send("nonce");
    const [, nonce, again] = /nonce="(.*?)"><\/script>(.*)/.exec(await page.text()) as unknown as [
      string,
      string,
      string,
    ];
    const decoded = nonce.replaceAll("&#43;", "+").replaceAll("&#61;", "=");
    expect([nonce, decoded.length]).toEqual([again, 24]);
    expect(page.headers.get(name)).toContain(`script-src 'self' 'nonce-${decoded}';`);
    expect(page.headers.get(`${name}-report-only`)).toBe(`style-src 'nonce-${decoded}'`);
    expect(await (await send("nonce")).text()).not.toContain(nonce);
  });

  test("a view may have its own, or none; what a view set stays", async () => {
    const send = await site([csp({ policy, reportOnly: policy })]);
    expect((await send("own-policy")).headers.get(name)).toBe("default-src 'none'");
    const none = await send("no-policy");
    expect([none.headers.get(name), none.headers.get(`${name}-report-only`)]).toEqual([null, null]);
    expect((await send("set-policy")).headers.get(name)).toBe("img-src *");
  });

  test("the pages for developers keep their styles", async () => {
    expect((await (await site([csp({ policy })], true))("crash")).headers.get(name)).toBeNull();
    expect((await (await site([csp({ policy })]))("crash")).headers.get(name)).not.toBeNull();
  });

  test.each([
    [{}, "csp() needs a policy"],
    [
      { policy: { scripts: "x" } },
      'csp({ policy }): there is no directive "scripts". Directives are written in camel case',
    ],
    [{ policy: { imgSrc: "a; script-src *" } }, "imgSrc takes sources such as CSP.self"],
    [{ reportOnly: { imgSrc: 7 } }, "csp({ reportOnly }): imgSrc takes sources"],
  ])("%j is refused", (options, message) => {
    expect(() => csp(options as Parameters<typeof csp>[0])).toThrow(ImproperlyConfigured);
    expect(() => csp(options as Parameters<typeof csp>[0])).toThrow(message);
  });
});

describe("cors", () => {
  const from = (origin: string, more = {}) => ({ origin, ...more });

  test("lets named origins read, with what they may", async () => {
    const send = await site([
      cors({
        origins: ["https://app.example.com", /https:\/\/[a-z]+\.example\.org/],
        credentials: true,
        exposeHeaders: ["X-Total"],
      }),
    ]);
    const { headers } = await send("plain", from("https://app.example.com"));
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    expect([headers.get("access-control-expose-headers"), headers.get("vary")]).toEqual(["X-Total", "Origin"]);
    const allowed = async (origin: string) =>
      (await send("plain", from(origin))).headers.get("access-control-allow-origin");
    expect(await allowed("https://a.example.org")).toBe("https://a.example.org");
    for (const other of ["https://a.example.org.evil.com", "https://evil.com", "null", "https://app.example.com:444"]) {
      expect(await allowed(other)).toBeNull();
    }
    expect((await send("plain")).headers.get("vary")).toBe("Origin");
  });

  test("answers preflights without running the view", async () => {
    const send = await site([cors({ origins: "*", maxAge: 60 })]);
    const asking = from("https://x.com", {
      "access-control-request-method": "PUT",
      "access-control-request-headers": "x-a",
    });
    const response = await send("crash", asking, "OPTIONS");
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "x-a",
      "access-control-max-age": "60",
    });
    const strict = await site([cors({ origins: ["https://a.com"], paths: /^\/plain/ })]);
    const refused = await strict("plain", asking, "OPTIONS");
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([204, null]);
    expect((await strict("long", from("https://a.com"))).headers.get("access-control-allow-origin")).toBeNull();
  });

  test.each([
    [{ origins: "*", credentials: true }, 'credentials with origins "*" would give every site'],
    [
      { origins: ["example.com"] },
      "an origin is a scheme and a host, \"https://app.example.com\"; found string 'example.com'",
    ],
    [{ origins: ["https://example.com/"] }, "an origin is a scheme and a host"],
    [{ origins: "https://a.com" }, 'origins is "*" or a list of origins'],
  ])("%j is refused", (options, message) => {
    expect(() => cors(options as Parameters<typeof cors>[0])).toThrow(message);
  });
});

describe("requestId", () => {
  test("gives each request an id that views and clients see", async () => {
    const send = await site([requestId()]);
    const response = await send("id", { "x-request-id": "forged" });
    const id = response.headers.get("x-request-id");
    expect([await response.text(), id?.length]).toEqual([id, 36]);
    expect((await send("crash")).headers.get("x-request-id")).not.toBe(id);
    expect(getRequestId()).toBeUndefined();
  });
  test("keeps that of a proxy where told so, if it is sound", async () => {
    const send = await site([requestId({ trustIncoming: true, header: "X-Trace" })]);
    expect((await send("id", { "x-trace": "abc-1" })).headers.get("x-trace")).toBe("abc-1");
    expect((await send("id", { "x-trace": "a b<script>" })).headers.get("x-trace")).toHaveLength(36);
  });
});

describe("security and clickjacking", () => {
  test("the headers of security()", async () => {
    const { headers } = await (await site([security()]))("plain");
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "x-frame-options": "DENY",
    });
    expect(headers.get("strict-transport-security")).toBeNull();
  });
  test("https: redirects, exceptions, another host, and HSTS", async () => {
    const send = await site([
      security({
        sslRedirect: true,
        sslHost: "secure.example.com",
        redirectExempt: [/^plain\/$/],
        hstsSeconds: 60.5,
        hstsPreload: true,
      }),
    ]);
    expect((await send("long")).headers.get("location")).toBe("https://secure.example.com/long/");
    expect((await send("plain")).status).toBe(200);
    const secure = await send("https://localhost/plain/");
    expect(secure.headers.get("strict-transport-security")).toBe("max-age=60; preload");
  });
  test("what is told otherwise", async () => {
    const options = {
      contentTypeNosniff: false,
      referrerPolicy: ["no-referrer", "origin"],
      crossOriginOpenerPolicy: null,
      frameOptions: null,
    };
    const { headers } = await (await site([security(options), clickjacking({ frameOptions: "SAMEORIGIN" })]))("plain");
    expect(headers.get("referrer-policy")).toBe("no-referrer,origin");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    for (const name of ["x-content-type-options", "cross-origin-opener-policy"]) expect(headers.get(name)).toBeNull();
  });
  test.each([
    [() => security({ referrerPolicy: "same" }), "security: referrerPolicy is one of no-referrer, "],
    [() => security({ crossOriginOpenerPolicy: "x" }), "security: crossOriginOpenerPolicy is one of same-origin, "],
    [
      () => security({ frameOptions: "ALLOW" as "DENY" }),
      'security: frameOptions is "DENY" or "SAMEORIGIN"; found string \'ALLOW\'',
    ],
    [() => clickjacking({ frameOptions: "x" as "DENY" }), 'clickjacking: frameOptions is "DENY" or "SAMEORIGIN"'],
  ])("a value that browsers do not know is refused", (make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(ImproperlyConfigured);
  });
});

test("a nonce is one per request", async () => {
  const { makeRequest } = await import("@tsjango/core/test");
  const [a, b] = [makeRequest("GET", "/"), makeRequest("GET", "/")];
  expect(cspNonce(a)).toBe(cspNonce(a));
  expect(cspNonce(a)).not.toBe(cspNonce(b));
});
