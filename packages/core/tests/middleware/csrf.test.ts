import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toFetch } from "@tsjango/core/asgi";
import { HttpResponse } from "@tsjango/core/http";
import { csrf, getCsrfToken, rotateCsrfToken } from "@tsjango/core/middleware";
import { render } from "@tsjango/core/shortcuts";
import { path, urls } from "@tsjango/core/urls";
import type { SettingsInput } from "@tsjango/kernel/conf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineSettings, makeSite } from "../support/site.ts";

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "tsjango-csrf-"));
  await mkdir(join(baseDir, "templates"));
  await writeFile(join(baseDir, "templates/form.html"), "<form>{% csrf_token %}</form>{{ csrf_token|length }}");
});
afterAll(() => rm(baseDir, { recursive: true, force: true }));

let ran = 0;
const urlpatterns = urls(
  path("form/", (request) => render(request, "form.html")),
  path("plain/", () => new HttpResponse("no token here")),
  path("login/", (request) => {
    rotateCsrfToken(request);
    return new HttpResponse(getCsrfToken(request));
  }),
  path("save/", async (request) => {
    ran++;
    const title = request.contentType === "application/json" ? "json" : (await request.form()).get("title");
    return new HttpResponse(title ?? "");
  }),
);

const SECRET = "aB3".repeat(11).slice(0, 32);

async function site(input: Partial<SettingsInput> = {}) {
  ran = 0;
  const { application, logged } = await makeSite(urlpatterns, {
    baseDir,
    templates: { dirs: ["templates"] },
    allowedHosts: ["localhost", "shop.example.com"],
    middleware: [csrf()],
    ...input,
  });
  const fetch = toFetch(application);
  const send = (headers: Record<string, string> = {}, body = "title=x", url = "http://localhost/save/") =>
    fetch(
      new Request(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      }),
    );
  return { fetch, send, logged };
}

const cookie = { cookie: `csrftoken=${SECRET}` };

describe("a request that changes things", () => {
  test("needs the cookie and its token; the view does not run without", async () => {
    const { send, logged } = await site({ debug: true });
    const refused = async (headers: Record<string, string>, body?: string) => {
      const response = await send(headers, body);
      return [response.status, /<pre>(.*)<\/pre>/.exec(await response.text())?.[1]];
    };
    expect(await refused({})).toEqual([403, "CSRF cookie not set."]);
    expect(await refused(cookie)).toEqual([403, "CSRF token missing."]);
    expect(await refused(cookie, "csrfmiddlewaretoken=")).toEqual([403, "CSRF token missing."]);
    expect(await refused(cookie, "csrfmiddlewaretoken=abc")).toEqual([
      403,
      "CSRF token from POST has incorrect length.",
    ]);
    expect(await refused(cookie, `csrfmiddlewaretoken=${"%2A".repeat(64)}`)).toEqual([
      403,
      "CSRF token from POST has invalid characters.",
    ]);
    expect(await refused(cookie, `csrfmiddlewaretoken=${"b".repeat(64)}`)).toEqual([
      403,
      "CSRF token from POST incorrect.",
    ]);
    expect(await refused({ ...cookie, "x-csrftoken": "c".repeat(64) })).toEqual([
      403,
      "CSRF token from the &quot;X-CSRFToken&quot; HTTP header incorrect.",
    ]);
    expect(await refused({ cookie: "csrftoken=short" })).toEqual([403, "CSRF cookie has incorrect length."]);
    expect(logged[0]).toBe("Forbidden (CSRF cookie not set.): /save/");
    expect(ran).toBe(0);
  });

  test("goes on with the page's token in the form, or in the header", async () => {
    const { fetch, send } = await site();
    const page = await fetch(new Request("http://localhost/form/"));
    const html = await page.text();
    const token = /name="csrfmiddlewaretoken" value="(\w{64})"/.exec(html)?.[1] as string;
    expect(html).toContain("</form>64");
    expect(page.headers.get("vary")).toBe("Cookie");
    const [set] = page.headers.getSetCookie();
    expect(set).toMatch(/^csrftoken=\w{32}; Max-Age=31449600; Path=\/; SameSite=Lax$/);
    const own = { cookie: (set as string).split(";")[0] as string };
    expect(await (await send(own, `title=form&csrfmiddlewaretoken=${token}`)).text()).toBe("form");
    const json = { ...own, "x-csrftoken": token, "content-type": "application/json" };
    expect(await (await send(json, "{}")).text()).toBe("json");
    // A header that is wrong does not spoil a form that is right.
    expect((await send({ ...own, "x-csrftoken": "x" }, `csrfmiddlewaretoken=${token}`)).status).toBe(200);
    // Nor is a form read for other methods, as in Django.
    const put = new Request("http://localhost/save/", {
      method: "PUT",
      body: `csrfmiddlewaretoken=${token}`,
      headers: { ...own, "content-type": "application/x-www-form-urlencoded" },
    });
    expect((await fetch(put)).status).toBe(403);
  });

  test("goes on with the token of a cookie that Django masked", async () => {
    const { fetch, send } = await site();
    const headers = { cookie: `csrftoken=${SECRET}` };
    const token = /value="(\w+)"/.exec(
      await (await fetch(new Request("http://localhost/form/", { headers }))).text(),
    )?.[1] as string;
    expect((await send({ cookie: `csrftoken=${token}`, "x-csrftoken": SECRET })).status).toBe(200);
  });

  test.each(["GET", "HEAD", "OPTIONS"])("%s changes nothing and needs none", async (method) => {
    const { fetch } = await site();
    expect((await fetch(new Request("http://localhost/plain/", { method }))).status).toBe(200);
  });

  test("with a body that is too large is answered with 413", async () => {
    const { send } = await site({ dataUploadMaxMemorySize: 10 });
    expect((await send(cookie, "x".repeat(11))).status).toBe(413);
  });
});

describe("the token", () => {
  test("is masked anew on each page, and only pages that use it set the cookie", async () => {
    const { fetch } = await site();
    const get = (url: string) => fetch(new Request(`http://localhost/${url}/`, { headers: cookie }));
    const [a, b] = [await (await get("form")).text(), await (await get("form")).text()];
    expect(a).not.toBe(b);
    const plain = await get("plain");
    expect([plain.headers.getSetCookie(), plain.headers.get("vary")]).toEqual([[], null]);
    expect((await get("form")).headers.getSetCookie()[0]).toContain(`csrftoken=${SECRET};`);
    expect((await get("login")).headers.getSetCookie()[0]).not.toContain(SECRET);
  });

  test("replaces a cookie that was tampered with", async () => {
    const { fetch } = await site();
    const headers = { cookie: "csrftoken=<script>" };
    const response = await fetch(new Request("http://localhost/form/", { headers }));
    expect(response.headers.getSetCookie()[0]).toMatch(/^csrftoken=\w{32};/);
  });

  test("takes the settings of its cookie and header", async () => {
    const input: Partial<SettingsInput> = {
      csrfCookieName: "t",
      csrfCookieAge: null,
      csrfCookieDomain: ".example.com",
      csrfCookiePath: "/shop/",
      csrfCookieSecure: true,
      csrfCookieHttpOnly: true,
      csrfCookieSameSite: "strict",
      csrfHeaderName: "X-Token",
    };
    const { fetch, send } = await site(input);
    const page = await fetch(new Request("http://localhost/form/"));
    expect(page.headers.getSetCookie()[0]).toMatch(
      /^t=\w{32}; Domain=.example.com; Path=\/shop\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await send({ cookie: `t=${SECRET}`, "x-token": SECRET })).status).toBe(200);
  });

  test("is asked for in a template without a request: the error says so", async () => {
    await site();
    const { renderToString } = await import("@tsjango/core/shortcuts");
    await expect(renderToString("form.html")).rejects.toThrow("{% csrf_token %} needs a request");
  });
});

describe("origins", () => {
  const good = { ...cookie, "x-csrftoken": SECRET };
  const trusted: Partial<SettingsInput> = {
    debug: true,
    csrfTrustedOrigins: ["https://a.example.org", "https://*.example.net", "http://b.example.org:8080"],
  };

  test.each([
    ["http://localhost", 200],
    ["http://LOCALHOST", 200],
    ["http://localhost:80", 200],
    ["http://localhost:8000", 403],
    ["https://localhost", 403],
    ["https://a.example.org", 200],
    ["http://a.example.org", 403],
    ["https://x.y.example.net", 200],
    ["https://evilexample.net", 403],
    ["http://b.example.org:8080", 200],
    ["http://b.example.org", 403],
    ["null", 403],
    ["https://", 403],
    ["https://a.example.org.evil.com", 403],
  ])("from %s: %i", async (origin, status) => {
    const { send } = await site(trusted);
    const response = await send({ ...good, origin });
    expect(response.status).toBe(status);
    if (status === 403) {
      expect(await response.text()).toContain(`Origin checking failed - ${origin} does not match any trusted origins.`);
    }
  });

  test.each([
    [undefined, "Referer checking failed - no Referer."],
    ["nonsense", "Referer checking failed - Referer is malformed."],
    ["http://shop.example.com/", "Referer checking failed - Referer is insecure while host is secure."],
    ["https://evil.com/", "Referer checking failed - https://evil.com/ does not match any trusted origins."],
    ["https://shop.example.com:444/", "does not match any trusted origins."],
    ["https://shop.example.com/cart/?x=1", undefined],
    ["https://deep.example.net/", undefined],
  ])("over https, with the referer %s", async (referer, reason) => {
    const { send } = await site(trusted);
    const response = await send(
      referer === undefined ? good : { ...good, referer },
      "title=x",
      "https://shop.example.com/save/",
    );
    expect(response.status).toBe(reason === undefined ? 200 : 403);
    if (reason !== undefined) expect(await response.text()).toContain(reason);
  });

  test("hosts that share the cookie's domain are good referers", async () => {
    const { send } = await site({ csrfCookieDomain: ".example.com" });
    const url = "https://shop.example.com/save/";
    expect((await send({ ...good, referer: "https://www.example.com/" }, "", url)).status).toBe(200);
    expect((await send({ ...good, referer: "https://www.example.org/" }, "", url)).status).toBe(403);
  });

  test("a trusted origin needs its scheme: the settings say so", () => {
    const settings = { baseDir: "/", secretKey: "x", csrfTrustedOrigins: ["example.com"] };
    expect(() => defineSettings(settings)).toThrow(
      'csrfTrustedOrigins[0]: expected an origin with its scheme: "https://example.com" or "https://*.example.com"',
    );
  });
});

describe("the refusal", () => {
  test("says nothing of its reason without debug", async () => {
    const text = await (await (await site()).send()).text();
    expect(text).toContain("CSRF verification failed. Request aborted.");
    expect(text).not.toContain("cookie not set");
  });

  test("is the project's template, or its view", async () => {
    await writeFile(join(baseDir, "templates/403_csrf.html"), "own page {{ reason }}");
    const own = await (await site({ debug: true })).send();
    expect([own.status, await own.text()]).toEqual([403, "own page CSRF cookie not set."]);
    await rm(join(baseDir, "templates/403_csrf.html"));
    const csrfFailureView: SettingsInput["csrfFailureView"] = (request, reason) =>
      new HttpResponse(`${request.path}: ${reason}`, { status: 418 });
    const response = await (await site({ csrfFailureView })).send();
    expect([response.status, await response.text()]).toEqual([418, "/save/: CSRF cookie not set."]);
  });
});
