import {
  BadHeaderError,
  DisallowedRedirect,
  HttpResponse,
  HttpResponseNotAllowed,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  InvalidContent,
  isAllowedHost,
  JsonResponse,
  parseCookies,
  QueryDict,
  ResponseHeaders,
  StreamingHttpResponse,
  serializeCookie,
  UnawaitedValueError,
} from "@tsjango/core/http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("QueryDict", () => {
  test.each([
    ["a=1&a=2&b=", { a: ["1", "2"], b: "" }],
    ["a", { a: "" }],
    ["=1", { "": "1" }],
    ["a=b=c", { a: "b=c" }],
    ["a+b=%2B+%26", { "a b": "+ &" }],
    ["&&a=1&", { a: "1" }],
    ["a=%ff&b=%zz", { a: "\ufffd", b: "%zz" }],
    ["__proto__=1&constructor=2", JSON.parse('{"__proto__":"1","constructor":"2"}')],
  ])("%s", (text, expected) => {
    expect({ ...QueryDict.parse(text).toObject() }).toEqual(expected);
  });
  test("get gives the last value, getAll all, unknown names nothing", () => {
    const query = QueryDict.parse("a=1&a=2");
    expect([query.get("a"), query.getAll("a"), query.get("b"), query.getAll("b")]).toEqual([
      "2",
      ["1", "2"],
      undefined,
      [],
    ]);
    expect(query.toString()).toBe("a=1&a=2");
  });
  test("more fields than allowed are refused", () => {
    expect(QueryDict.parse("a&b", 2).size).toBe(2);
    expect(() => QueryDict.parse("a&b&c", 2)).toThrow("more than 2 fields");
  });
});

describe("cookies", () => {
  test("any value comes back as it was set", () => {
    for (const value of ["", "plain", 'a;b,c "d" \\ %41', "ü 非", "\n\0"]) {
      const line = serializeCookie("n", value);
      expect(line).not.toMatch(/[\n\0]/);
      expect(parseCookies(line.split("; ")[0] as string).get("n")).toBe(value);
    }
  });
  test("any cookies come back as they were set", () => {
    const name = fc.constantFrom("a", "b", "__proto__", "x-!#$%&'*+.^_`|~", "A0");
    const value = fc.string({ unit: fc.constantFrom(...'ab%;,= \\"3B5Cé非\n\0'), maxLength: 8 });
    const cookies = fc.uniqueArray(fc.tuple(name, value), {
      selector: ([key]) => key,
      maxLength: 9,
    });
    const roundTrip = (read: (header: string) => Map<string, string>) =>
      fc.assert(
        fc.property(cookies, (entries) => {
          const header = entries.map(([key, value]) => serializeCookie(key, value).split("; ")[0]).join("; ");
          return JSON.stringify([...read(header)]) === JSON.stringify(entries);
        }),
        { seed: 8, numRuns: 200, endOnFailure: true },
      );
    roundTrip(parseCookies);
    expect(() => roundTrip((header) => parseCookies(header.replaceAll("%3B", ";")))).toThrow("Property failed");
    expect(() => roundTrip((header) => parseCookies(header.replaceAll("%25", "%")))).toThrow("Property failed");
  });
  test("foreign cookies are read as browsers send them", () => {
    expect([...parseCookies('a=1; b="q"; c; =x; a=2; d=%zz; e=x]y=1')]).toEqual([
      ["a", "1"],
      ["b", "q"],
      ["d", "%zz"],
      ["e", "x]y=1"],
    ]);
  });
  test("attributes are written in full, and cannot be broken out of", () => {
    const options = { maxAge: 60, domain: "example.com", secure: true, httpOnly: true, sameSite: "strict" } as const;
    expect(serializeCookie("a", "1", options)).toBe(
      "a=1; Domain=example.com; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict",
    );
    expect(() => serializeCookie("a b", "1")).toThrow(BadHeaderError);
    expect(() => serializeCookie("a", "1", { path: "/; Domain=evil.com" })).toThrow(BadHeaderError);
    expect(() => serializeCookie("a", "1", { domain: "x\r\ny" })).toThrow(BadHeaderError);
  });
  test("deleteCookie expires it; the last word on a cookie counts", () => {
    const response = new HttpResponse().setCookie("a", "1").deleteCookie("a");
    expect(response.headerPairs().filter(([name]) => name === "set-cookie")).toEqual([
      ["set-cookie", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"],
    ]);
  });
});

describe("headers", () => {
  test.each(["a\r\nb: c", "a\nb", "a\0", "\u2028", "非"])("the value %j is refused", (value) => {
    const headers = new ResponseHeaders();
    expect(() => headers.set("x-a", value)).toThrow(BadHeaderError);
    expect(() => headers.append("x-a", value)).toThrow(BadHeaderError);
    expect(() => new HttpResponse("", { headers: { "x-a": value } })).toThrow(BadHeaderError);
    expect(() => new HttpResponse("", { contentType: value })).toThrow(BadHeaderError);
  });
  test.each(["", "a b", "a:", "a\n", "ü"])("the name %j is refused", (name) => {
    expect(() => new ResponseHeaders().set(name, "1")).toThrow(BadHeaderError);
  });
  test("names are found in any case, set-cookie lines stay apart", () => {
    const headers = new ResponseHeaders();
    headers.set("X-A", "1");
    headers.append("x-a", "2");
    headers.append("Set-Cookie", "a=1");
    headers.append("set-cookie", "b=2");
    expect(headers.get("x-A")).toBe("1, 2");
    expect([...headers]).toEqual([
      ["x-a", "1, 2"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });
});

describe("responses", () => {
  test("status, type and content", () => {
    const response = new HttpResponse("ü", { status: 201, contentType: "text/plain" });
    expect([response.status, response.text, response.headers.get("content-type")]).toEqual([201, "ü", "text/plain"]);
    expect(() => new HttpResponse("", { status: 199 })).toThrow(InvalidContent);
    expect(new HttpResponseNotAllowed(["GET", "POST"]).headers.get("allow")).toBe("GET, POST");
  });
  test("content that is no text is refused with what to use", () => {
    expect(() => new HttpResponse({} as never)).toThrow("Use JsonResponse for data");
    expect(() => new StreamingHttpResponse("text" as never)).toThrow("takes an async iterable");
  });
  test.each<[unknown, string]>([
    [Promise.resolve(1), "JsonResponse was given a Promise that was not awaited."],
    [{ books: Promise.resolve([]) }, 'a Promise at "books"'],
    [{ pages: [{ rows: Promise.resolve([]) }] }, 'a Promise at "pages[0].rows"'],
  ])("JsonResponse(%j) throws, naming the key", (data, message) => {
    expect(() => new JsonResponse(data)).toThrow(message);
    expect(() => new JsonResponse(data)).toThrow(UnawaitedValueError);
  });
  test("HttpResponse(promise) throws", () => {
    expect(() => new HttpResponse(Promise.resolve("x") as never)).toThrow("HttpResponse was given a Promise");
  });
  test("JSON of dates and bigints", () => {
    const data = { d: new Date(0), n: 12345678901234567890n, toJSON: undefined };
    expect(new JsonResponse(data).text).toBe('{"d":"1970-01-01T00:00:00.000Z","n":"12345678901234567890"}');
  });
  test.each([
    ["/a?b=ü", "/a?b=%C3%BC"],
    ["https://example.com/x", "https://example.com/x"],
    ["/\\evil.com", "/%5Cevil.com"],
    ["a\r\nb", "a%0D%0Ab"],
    ["/%20", "/%20"],
  ])("a redirect to %j goes to %s", (to, location) => {
    expect(new HttpResponseRedirect(to).headers.get("location")).toBe(location);
  });
  test.each(["javascript:alert(1)", "\tjava\nscript:alert(1)", "data:text/html,x", `/${"x".repeat(16_384)}`])(
    "a redirect to %j is refused",
    (to) => {
      expect(() => new HttpResponseRedirect(to)).toThrow(DisallowedRedirect);
    },
  );
  test("redirects may have the request repeated", () => {
    expect(new HttpResponseRedirect("/").status).toBe(302);
    expect(new HttpResponseRedirect("/", { preserveRequest: true }).status).toBe(307);
    expect(new HttpResponsePermanentRedirect("/").status).toBe(301);
    expect(new HttpResponsePermanentRedirect("/", { preserveRequest: true }).status).toBe(308);
  });
});

describe("allowed hosts", () => {
  test.each<[string, readonly string[], boolean, boolean]>([
    ["example.com", ["example.com"], false, true],
    ["EXAMPLE.com:8000", ["example.com"], false, true],
    ["example.com.", ["example.com"], false, true],
    ["evil.com", ["example.com"], false, false],
    ["a.example.com", ["example.com"], false, false],
    ["a.example.com", [".example.com"], false, true],
    ["example.com", [".example.com"], false, true],
    ["evilexample.com", [".example.com"], false, false],
    ["good.com:80@evil.com", ["*"], false, false],
    ["good.com:abc", ["*"], false, false],
    ["a b", ["*"], false, false],
    ["", ["*"], false, false],
    ["[::1", ["*"], false, false],
    ["anything.org", ["*"], false, true],
    ["localhost:8000", [], true, true],
    ["a.localhost", [], true, true],
    ["127.0.0.1", [], true, true],
    ["[::1]:8000", [], true, true],
    ["attacker.example", [], true, false],
    ["localhost", [], false, false],
  ])("%j with %j, debug %s: %s", (host, allowed, debug, expected) => {
    expect(isAllowedHost(host, allowed, debug)).toBe(expected);
  });
});
