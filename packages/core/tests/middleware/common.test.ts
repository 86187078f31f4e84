import { HttpResponse } from "@tsjango/core/http";
import { AppendSlashError, common } from "@tsjango/core/middleware";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { noAppendSlash } from "@tsjango/core/views";
import type { SettingsInput } from "@tsjango/kernel/conf";
import { describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const urlpatterns = urls(
  path("books/", (request) => new HttpResponse(request.method)),
  path("exact", () => new HttpResponse("exact")),
  path(
    "kept/",
    noAppendSlash(() => new HttpResponse("kept")),
  ),
  path("<path:any>/deep/", () => new HttpResponse("deep")),
);

async function client(input: Partial<SettingsInput> = {}, headers = {}) {
  const { application } = await makeSite(urlpatterns, {
    allowedHosts: ["localhost", "example.com", "www.example.com"],
    middleware: [common()],
    ...input,
  });
  return new Client(application, { headers });
}

describe("append slash", () => {
  test.each([
    ["GET", "/books?a=1&a=%20", 301, "/books/?a=1&a=%20"],
    ["POST", "/books", 308, "/books/"],
    ["GET", "/books/", 200, null],
    ["GET", "/exact", 200, null],
    ["GET", "/nothing", 404, null],
    ["GET", "/kept", 404, null],
    ["GET", "//evil.com/deep", 301, "/%2Fevil.com/deep/"],
  ])("%s %s: %i", async (method, url, status, location) => {
    const { application } = await makeSite(urlpatterns, { middleware: [common()] });
    const { toFetch } = await import("@tsjango/core/asgi");
    const response = await toFetch(application)(new Request(`http://localhost${url}`, { method }));
    expect([response.status, response.headers.get("location")]).toEqual([status, location]);
  });

  test("in development, data sent to the wrong path is an error that names the right one", async () => {
    const developing = await client({ debug: true });
    const sent = developing.post("/books?x=1", { form: { a: 1 } });
    await expect(sent).rejects.toThrow(AppendSlashError);
    await expect(developing.post("/books?x=1")).rejects.toThrow(
      "POST /books: this path matches no URL pattern, but localhost/books/?x=1 does.",
    );
    expect((await developing.get("/books")).status).toBe(301);
  });

  test("is off where a setting or an option says so", async () => {
    expect((await (await client({ appendSlash: false })).get("/books")).status).toBe(404);
    expect((await (await client({ middleware: [common({ appendSlash: false })] })).get("/books")).status).toBe(404);
  });
});

test("prependWww sends on in one step, with the slash", async () => {
  const site = await client({ prependWww: true });
  expect((await site.get("/exact")).headers.get("location")).toBe("http://www.localhost/exact");
  const { application } = await makeSite(urlpatterns, {
    allowedHosts: ["example.com", "www.example.com"],
    middleware: [common({ prependWww: true })],
  });
  const plain = new Client(application, { host: "example.com" });
  expect((await plain.get("/books?a=1")).headers.get("location")).toBe("http://www.example.com/books/?a=1");
  expect((await plain.get("/exact", { secure: true })).headers.get("location")).toBe("https://www.example.com/exact");
  expect((await new Client(application, { host: "www.example.com" }).get("/exact")).status).toBe(200);
});

test("unwanted clients are refused", async () => {
  const site = await client({ disallowedUserAgents: [/^BadBot/] }, { "user-agent": "BadBot/1.0" });
  expect((await site.get("/exact")).status).toBe(403);
  expect((await site.get("/exact", { headers: { "user-agent": "Mozilla" } })).status).toBe(200);
});

test("sets the length of a response", async () => {
  expect((await (await client()).get("/exact")).headers.get("content-length")).toBe("5");
});
