import { HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { CSP, common, conditionalGet, cors, csp, csrf, gzip, requestId, security } from "@tsjango/core/middleware";
import { path, urls } from "@tsjango/core/urls";
import { csrfExempt, requirePost } from "@tsjango/core/views";
import { describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

const events: string[] = [];
const PAGE = "a page that is long enough to be compressed ".repeat(20);
const SECRET = "a".repeat(32);

function endless(request: { signal: AbortSignal }): StreamingHttpResponse {
  async function* pieces() {
    try {
      yield "first";
      await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    } finally {
      events.push("closed");
    }
  }
  return new StreamingHttpResponse(pieces(), { contentType: "text/plain" });
}

function watched(): StreamingHttpResponse {
  const content: AsyncIterable<string> & AsyncIterator<string> = {
    [Symbol.asyncIterator]: () => content,
    next: async () => ({ done: false, value: "x" }),
    async return() {
      events.push("let go");
      return { done: true, value: undefined };
    },
  };
  return new StreamingHttpResponse(content);
}

const urlpatterns = urls(
  path("page/", () => new HttpResponse(PAGE)),
  path("save/", async (request) => {
    const form = await request.form();
    return new HttpResponse(`${form.get("title")} ${form.files?.get("file")?.name ?? ""}`.trim());
  }),
  path("hook/", requirePost(csrfExempt(async (request) => new HttpResponse(await request.text())))),
  path("endless/", endless),
  path("watched/", watched),
);

const middleware = [
  security(),
  requestId(),
  cors({ origins: ["https://app.example.com"] }),
  gzip(),
  conditionalGet(),
  csp({ policy: { defaultSrc: [CSP.self] } }),
  common(),
  csrf(),
];

describe.each(transports)("all middleware together, %s", (_name, open) => {
  async function site() {
    events.length = 0;
    return open((await makeSite(urlpatterns, { middleware })).application);
  }

  test("a page is compressed, tagged and carries every header; its tag gives 304", async () => {
    const { fetch } = await site();
    const response = await fetch("/page/", {
      headers: { "accept-encoding": "gzip", origin: "https://app.example.com" },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example.com",
      "content-encoding": "gzip",
      "content-security-policy": "default-src 'self'",
      etag: expect.stringMatching(/^W\/"\w{32}"$/),
      vary: "Accept-Encoding, Origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "x-request-id": expect.stringMatching(/^[-\w]{36}$/),
    });
    const etag = response.headers.get("etag") as string;
    await response.arrayBuffer();
    const again = await fetch("/page/", { headers: { "if-none-match": etag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const plain = await fetch("/page/", { headers: { "accept-encoding": "identity" } });
    expect([plain.headers.get("content-length"), await plain.text()]).toEqual([String(PAGE.length), PAGE]);
  });

  test("forms need their token, multipart ones too; exempt views none", async () => {
    const { fetch } = await site();
    const cookie = `csrftoken=${SECRET}`;
    const send = async (
      body: string | FormData | URLSearchParams,
      headers: Record<string, string> = {},
      url = "/save/",
    ) => {
      const response = await fetch(url, { method: "POST", body, headers: { cookie, ...headers } });
      const text = await response.text();
      return [response.status, response.status === 200 ? text : ""];
    };
    expect(await send(new URLSearchParams({ title: "a" }))).toEqual([403, ""]);
    expect(await send(new URLSearchParams({ title: "a", csrfmiddlewaretoken: SECRET }))).toEqual([200, "a"]);
    const upload = new FormData();
    upload.set("title", "b");
    upload.set("file", new File(["x".repeat(1000)], "x.txt"));
    expect(await send(upload)).toEqual([403, ""]);
    upload.set("csrfmiddlewaretoken", SECRET);
    expect(await send(upload)).toEqual([200, "b x.txt"]);
    const form = new URLSearchParams({ title: "a", csrfmiddlewaretoken: SECRET });
    expect(await send(form, { origin: "https://evil.example" })).toEqual([403, ""]);
    expect(await send("raw", {}, "/hook/")).toEqual([200, "raw"]);
    expect(await send("raw", { "content-type": "text/plain" })).toEqual([403, ""]);
  });

  test("a compressed stream ends when the client goes, and is let go where it is not sent", async () => {
    const { fetch } = await site();
    const headers = { "accept-encoding": "gzip" };
    const response = await fetch("/endless/", { headers });
    const reader = (response.body as ReadableStream).getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(() => events).toEqual(["closed"]);
    events.length = 0;
    const unsent = await fetch("/watched/", { method: "HEAD", headers });
    expect([unsent.status, await unsent.text()]).toEqual([200, ""]);
    await expect.poll(() => events).toEqual(["let go"]);
  });
});
