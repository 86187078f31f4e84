import { gzipSync } from "node:zlib";
import { type HttpRequest, HttpResponse, JsonResponse, Signer } from "@tsjango/core/http";
import { makeRequest } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { type SettingsInput, settings } from "@tsjango/kernel/conf";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

afterEach(() => void vi.useRealTimers());

/** What `read` gives for a request that comes in through a whole site. */
async function inSite(read: (request: HttpRequest) => unknown, input: Partial<SettingsInput> = {}) {
  const urlpatterns = urls(path("<path:rest>", async (request) => new JsonResponse((await read(request)) ?? null)));
  const { application, logged } = await makeSite(urlpatterns, input);
  return { application, logged };
}

describe.each(transports)("%s", (_name, open) => {
  async function ask(read: (request: HttpRequest) => unknown, init?: RequestInit, input: Partial<SettingsInput> = {}) {
    const { application, logged } = await inSite(read, input);
    const response = await (await open(application)).fetch("/x/?q=1", init);
    return { status: response.status, value: response.ok ? await response.json() : await response.text(), logged };
  }
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => ({
    method: "POST",
    body,
    headers,
  });
  const json = (body: string, type = "application/json") => post(body, { "content-type": type });

  test("json, text, body and form may be read again; the query is immutable", async () => {
    const { value } = await ask(async (request) => {
      const [first, second] = [await request.json(), await request.json()];
      expect(() => request.query.set("q", "2")).toThrow("immutable");
      let streamed = 0;
      for await (const chunk of request.stream()) streamed += chunk.byteLength;
      return [first, second, await request.text(), (await request.body()).byteLength, streamed, request.query.get("q")];
    }, json("[1]"));
    expect(value).toEqual([[1], [1], "[1]", 3, 3, "1"]);
  });

  test("a body is streamed without being kept, beyond the limit for bodies that are", async () => {
    const read = async (request: HttpRequest) => {
      let size = 0;
      for await (const chunk of request.stream()) size += chunk.byteLength;
      const error = await request.body().catch((thrown: { code: string }) => thrown.code);
      return [size, error];
    };
    const { value } = await ask(read, post("x".repeat(100_000)), { dataUploadMaxMemorySize: 200_000 });
    expect(value).toEqual([100_000, "unreadable_body"]);
    const large = await ask(read, post("x".repeat(300_000)), { dataUploadMaxMemorySize: 200_000 });
    expect(large.value).toMatchObject({ 0: 300_000 });
  });

  test("reading the signal first loses nothing of the body", async () => {
    const { value } = await ask(
      async (request) => {
        const { signal } = request;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return [(await request.json()) as unknown, signal.aborted];
      },
      json(JSON.stringify("x".repeat(50_000))),
    );
    expect(value).toEqual(["x".repeat(50_000), false]);
  });

  test.each([
    ["application/json garbage", 400],
    ["application/json; charset", 400],
    ["application/json; charset=utf-7", 415],
    ["application/json; a=1; a=2", 400],
    ["json", 400],
    ["text/plain", 415],
    [`application/json; x=${"y".repeat(2000)}`, 400],
    ["application/json ; charset=UTF-8", 200],
    ["application/problem+json", 200],
    ['application/json; charset="utf-8"', 200],
  ])("JSON of the type %j is answered with %i", async (type, status) => {
    expect((await ask((request) => request.json(), json("1", type))).status).toBe(status);
  });

  test("JSON that is not UTF-8 is refused with 400", async () => {
    const init = post(Buffer.from([34, 0xff, 34]), { "content-type": "application/json" });
    expect((await ask((request) => request.json(), init)).status).toBe(400);
  });

  test("a form without body and type is empty; one of another type is refused", async () => {
    const read = async (request: HttpRequest) => [...(await request.form())].length;
    expect((await ask(read, { method: "POST" })).value).toBe(0);
    expect((await ask(read, json("{}"))).status).toBe(415);
    const charset = { "content-type": "application/x-www-form-urlencoded; charset=utf-16" };
    expect((await ask(read, post("a=1", charset))).status).toBe(415);
  });

  test("an encoded body is refused before the view, unless the settings name its encoding", async () => {
    let calls = 0;
    const read = async (request: HttpRequest) => {
      calls++;
      return request.json();
    };
    const init = post(gzipSync('{"a":1}'), { "content-type": "application/json", "content-encoding": "gzip" });
    expect([(await ask(read, init)).status, calls]).toEqual([415, 0]);
    const input: Partial<SettingsInput> = { requestEncodings: ["gzip"] };
    expect((await ask(read, init, input)).value).toEqual({ a: 1 });
    const bomb = post(gzipSync(Buffer.alloc(50_000_000)), { "content-encoding": "gzip" });
    expect((await ask((request) => request.text(), bomb, input)).status).toBe(413);
    const broken = post("no gzip", { "content-encoding": "gzip" });
    expect((await ask((request) => request.text(), broken, input)).status).toBe(400);
    expect((await ask((request) => request.text(), init, { requestEncodings: ["br"] })).status).toBe(415);
  });

  test("cookies: Django's reading, at most 50, no name is special", async () => {
    const read = (request: HttpRequest) => [...request.cookies];
    const cookies = async (cookie: string) => (await ask(read, { headers: { cookie } })).value;
    expect(await cookies('a; =b; a=b=c; q="x"; u=%zz; __proto__=1; a=2; ;;; $Version=1')).toEqual([
      ["a", "b=c"],
      ["q", "x"],
      ["u", "%zz"],
      ["__proto__", "1"],
      ["$Version", "1"],
    ]);
    const many = Array.from({ length: 4000 }, (_, index) => `c${index}=1`)
      .join(";")
      .slice(0, 8000);
    expect(await cookies(many)).toHaveLength(50);
  });

  test("overriding the method by header or field is not heeded", async () => {
    const headers = { "x-http-method-override": "DELETE", "content-type": "application/x-www-form-urlencoded" };
    expect((await ask((request) => request.method, post("_method=DELETE", headers))).value).toBe("POST");
  });
});

describe("behind proxies", () => {
  const forwarded = {
    "x-forwarded-for": "6.6.6.6, 203.0.113.7, 10.1.2.3",
    "x-forwarded-proto": "http, https",
    "x-forwarded-host": "evil.example, example.com",
  };
  async function seen(client: string | null, trustedProxies: string[], headers: Record<string, string> = forwarded) {
    const { application } = await inSite(() => null, { allowedHosts: ["example.com", "localhost"], trustedProxies });
    void application;
    const base = makeRequest("GET", "/", { headers });
    const scope = { ...base.scope, client: client === null ? null : ([client, 1] as const) };
    const request = new (base.constructor as typeof HttpRequest)(scope);
    return [request.clientAddress, request.scheme, request.host];
  }
  test.each<[string, string | null, string[], unknown[]]>([
    ["nobody is trusted", "127.0.0.1", [], ["127.0.0.1", "http", "localhost"]],
    ["the peer is not trusted", "192.0.2.1", ["127.0.0.1", "10.0.0.0/8"], ["192.0.2.1", "http", "localhost"]],
    ["the peer is trusted, the next not", "127.0.0.1", ["127.0.0.1"], ["10.1.2.3", "https", "example.com"]],
    ["a chain is trusted", "127.0.0.1", ["127.0.0.1", "10.0.0.0/8"], ["203.0.113.7", "https", "example.com"]],
    ["an IPv4 peer in an IPv6 shape", "::ffff:127.0.0.1", ["127.0.0.1"], ["10.1.2.3", "https", "example.com"]],
    ["a unix socket", null, ["unix", "10.0.0.0/8"], ["203.0.113.7", "https", "example.com"]],
  ])("%s", async (_what, client, trusted, expected) => {
    expect(await seen(client, trusted)).toEqual(expected);
  });

  test("what is no address ends the chain; what is no scheme is not believed; ports are dropped", async () => {
    const read = (list: string) =>
      seen("127.0.0.1", ["127.0.0.1"], { "x-forwarded-for": list, "x-forwarded-proto": "javascript" });
    expect(await read("1.1.1.1, unknown")).toEqual(["127.0.0.1", "http", "localhost"]);
    expect((await read("[2001:db8::1]:8080"))[0]).toBe("2001:db8::1");
    expect((await read("1.1.1.1:99"))[0]).toBe("1.1.1.1");
  });

  test("a host that a proxy names must be allowed", async () => {
    await expect(seen("127.0.0.1", ["127.0.0.1"], { "x-forwarded-host": "evil.example" })).rejects.toThrow(
      "not allowed",
    );
  });

  describe("the header Forwarded", () => {
    const read = async (header: string, others: Record<string, string> = {}) => {
      await inSite(() => null, {
        allowedHosts: ["example.com", "localhost"],
        trustedProxies: ["127.0.0.1", "10.0.0.0/8"],
        proxyHeaders: "forwarded",
      });
      const base = makeRequest("GET", "/", { headers: { ...others, forwarded: header } });
      const scope = { ...base.scope, client: ["127.0.0.1", 1] as const };
      const request = new (base.constructor as typeof HttpRequest)(scope);
      return [request.clientAddress, request.scheme, request.host];
    };
    const nothing = ["127.0.0.1", "http", "localhost"];
    test.each<[string, string, unknown[]]>([
      ["one proxy", "for=203.0.113.7;proto=https;host=example.com", ["203.0.113.7", "https", "example.com"]],
      ["quoted, with a port", 'For="[2001:db8::1]:4711";Proto=HTTPS', ["2001:db8::1", "https", "localhost"]],
      [
        "what the client wrote before it is not heeded",
        "for=6.6.6.6;proto=http;host=evil.example, for=203.0.113.7;proto=https;host=example.com",
        ["203.0.113.7", "https", "example.com"],
      ],
      [
        "a chain of trusted proxies: the one that the client spoke to",
        "for=203.0.113.7;proto=https;host=example.com, for=10.1.2.3;proto=http;host=localhost",
        ["203.0.113.7", "https", "example.com"],
      ],
      [
        "where that says less, the next",
        "for=203.0.113.7, for=10.1.2.3;proto=https",
        ["203.0.113.7", "https", "localhost"],
      ],
      [
        "a quote that a client left open",
        'for="6.6.6.6, for="203.0.113.7";proto=https',
        ["203.0.113.7", "https", "localhost"],
      ],
      ["a name in place of an address", "for=6.6.6.6, for=_hidden;proto=https", ["127.0.0.1", "https", "localhost"]],
      ["a name given twice", "for=203.0.113.7;for=6.6.6.6", nothing],
      ["no pairs at all", "nonsense", nothing],
    ])("%s", async (_what, header, expected) => {
      expect(await read(header)).toEqual(expected);
    });

    test("is the only one that is read where it was chosen, and not read where it was not", async () => {
      expect(await read("", forwarded)).toEqual(nothing);
      const both = { ...forwarded, forwarded: "for=6.6.6.6;proto=http;host=evil.example" };
      expect(await seen("127.0.0.1", ["127.0.0.1"], both)).toEqual(["10.1.2.3", "https", "example.com"]);
      expect(await seen("127.0.0.1", ["127.0.0.1"], { forwarded: both.forwarded })).toEqual(nothing);
    });
  });

  test("an address that is none is refused in the settings", async () => {
    await expect(makeSite(urls(), { trustedProxies: ["10.0.0.0/33"] })).rejects.toThrow(
      "expected an address or a range",
    );
  });
});

describe("what a client accepts", () => {
  const request = (accept: string) => makeRequest("GET", "/", { headers: { accept } });
  test("the best type is chosen, by quality and then by the server's order", () => {
    const browser = request("text/html,application/xml;q=0.9,*/*;q=0.8");
    expect(browser.preferredType(["application/json", "text/html"])).toBe("text/html");
    expect(request("*/*").preferredType(["application/json", "text/html"])).toBe("application/json");
    expect(request("text/*;q=0.5, text/html;q=0").preferredType(["text/html", "text/plain"])).toBe("text/plain");
    expect(request("image/png").preferredType(["text/html"])).toBeUndefined();
    expect(browser.acceptedTypes.map(({ type }) => type)).toEqual(["text/html", "application/xml", "*/*"]);
  });
  test("qualities that are none count as never, and 10,000 entries take no time", () => {
    for (const q of ["NaN", "-1", "1e999", "2"]) expect(request(`text/html;q=${q}`).accepts("text/html")).toBe(false);
    const start = performance.now();
    expect(request("*/*;q=0.1,".repeat(10_000)).acceptedTypes).toHaveLength(50);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("signed cookies", () => {
  const signed = (value: string, salt?: string) =>
    new HttpResponse()
      .setSignedCookie("user", value, salt === undefined ? {} : { salt })
      .headerPairs()
      .find(([name]) => name === "set-cookie")?.[1]
      .split("; ")[0] as string;
  const read = (cookie: string, options = {}) =>
    makeRequest("GET", "/", { headers: { cookie } }).signedCookie("user", options);

  test("come back as they were set, for as long as they hold", async () => {
    await makeSite(urls());
    vi.useFakeTimers({ now: 1_000_000_000_000 });
    const cookie = signed("jäne:1 ;");
    expect(read(cookie)).toBe("jäne:1 ;");
    vi.setSystemTime(1_000_000_061_000);
    expect([read(cookie, { maxAge: 61 }), read(cookie, { maxAge: 60 })]).toEqual(["jäne:1 ;", undefined]);
  });

  test("that were changed, signed for another name or salt, or with another key, are as none", async () => {
    await makeSite(urls());
    const cookie = signed("jane");
    expect(read(cookie.replace("jane", "john"))).toBeUndefined();
    for (let index = "user=".length; index < cookie.length; index++) {
      for (const other of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(
        cookie[index] as string,
        "",
      )) {
        expect(read(cookie.slice(0, index) + other + cookie.slice(index + 1))).toBeUndefined();
      }
    }
    expect(read(cookie, { salt: "x" })).toBeUndefined();
    expect(read(signed("jane", "x"), { salt: "x" })).toBe("jane");
    expect(
      makeRequest("GET", "/", { headers: { cookie: cookie.replace("user=", "admin=") } }).signedCookie("admin"),
    ).toBe(undefined);
    for (const value of ["", ":", "::", "jane", "jane:x:"]) expect(read(`user=${value}`)).toBeUndefined();
    await makeSite(urls(), { secretKey: "new" });
    expect(read(cookie)).toBeUndefined();
    await makeSite(urls(), { secretKey: "new", secretKeyFallbacks: [settings.secretKey, "for tests"] });
    expect(read(cookie)).toBe("jane");
  });

  test("purposes cannot be run together", async () => {
    await makeSite(urls());
    expect(() => new Signer("a", "bc").unsign(new Signer("ab", "c").sign("x"))).toThrow("does not match");
  });
});

test("addresses: port, absolute ones, paths with two slashes", async () => {
  await makeSite(urls(), { allowedHosts: ["*"] });
  const request = makeRequest("GET", "/a/b/?x=1", { headers: { host: "example.com:8000" } });
  expect([
    request.port,
    request.absoluteUrl(),
    request.absoluteUrl("../c/"),
    request.absoluteUrl("//evil.example/"),
  ]).toEqual([
    8000,
    "http://example.com:8000/a/b/?x=1",
    "http://example.com:8000/a/c/",
    "http://example.com:8000/evil.example/",
  ]);
  expect(makeRequest("GET", "/", { secure: true, headers: { host: "example.com" } }).port).toBe(443);
  expect(makeRequest("GET", "/", { headers: { "last-event-id": "7" } }).lastEventId).toBe("7");
});
