import { describe, expect, test } from "vitest";
import { patchCacheControl } from "../../src/utils/cache-control.ts";
import { evaluateConditions, parseEtags, parseHttpDate, quoteEtag } from "../../src/utils/conditional.ts";
import { patchVary } from "../../src/utils/vary.ts";

const at = new Date("2026-01-02T03:04:05.678Z");
const same = at.toUTCString();
const earlier = new Date(at.getTime() - 1000).toUTCString();
const later = new Date(at.getTime() + 1000).toUTCString();

describe("conditions of a request, by RFC 9110", () => {
  const known = { etag: '"a"', lastModified: at };
  test.each<[string, Record<string, string>, { etag?: string; lastModified?: Date }, 304 | 412 | undefined]>([
    ["GET", {}, known, undefined],
    ["GET", { "if-none-match": '"a"' }, known, 304],
    ["HEAD", { "if-none-match": 'W/"a", "b"' }, known, 304],
    ["GET", { "if-none-match": '"b"' }, known, undefined],
    ["GET", { "if-none-match": "*" }, known, 304],
    ["GET", { "if-none-match": "*" }, {}, undefined],
    ["GET", { "if-none-match": "a" }, known, undefined],
    ["PUT", { "if-none-match": '"a"' }, known, 412],
    ["PUT", { "if-none-match": "*" }, {}, undefined],
    ["PUT", { "if-match": '"a"' }, known, undefined],
    ["PUT", { "if-match": '"b", "a"' }, known, undefined],
    ["PUT", { "if-match": '"b"' }, known, 412],
    ["PUT", { "if-match": "*" }, {}, 412],
    ["PUT", { "if-match": "*" }, known, undefined],
    ["PUT", { "if-match": 'W/"a"' }, { etag: 'W/"a"' }, 412],
    ["GET", { "if-modified-since": same }, known, 304],
    ["GET", { "if-modified-since": later }, known, 304],
    ["GET", { "if-modified-since": earlier }, known, undefined],
    ["GET", { "if-modified-since": "nonsense" }, known, undefined],
    ["GET", { "if-modified-since": same }, {}, undefined],
    ["POST", { "if-modified-since": same }, known, undefined],
    // The tag counts before the date.
    ["GET", { "if-none-match": '"b"', "if-modified-since": same }, known, undefined],
    ["GET", { "if-none-match": '"a"', "if-modified-since": earlier }, known, 304],
    ["PUT", { "if-unmodified-since": same }, known, undefined],
    ["PUT", { "if-unmodified-since": earlier }, known, 412],
    ["PUT", { "if-unmodified-since": earlier, "if-match": '"a"' }, known, undefined],
    ["PUT", { "if-unmodified-since": same }, {}, 412],
  ])("%s %j of %j: %s", (method, headers, validators, expected) => {
    expect(evaluateConditions(method, (name) => headers[name], validators)).toBe(expected);
  });

  test("tags are quoted and read", () => {
    expect([quoteEtag("a"), quoteEtag('"a"'), quoteEtag('W/"a"')]).toEqual(['"a"', '"a"', 'W/"a"']);
    expect(parseEtags(' "a" , W/"b",c, "" ')).toEqual(['"a"', 'W/"b"', '""']);
    expect(parseEtags("*")).toEqual(["*"]);
  });

  test.each([
    ["Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05.000Z"],
    ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
    ["2026-01-02", undefined],
    ["Fri, 02 Xxx 2026 03:04:05 GMT", undefined],
    ["", undefined],
  ])("the date %j is %s", (header, expected) => {
    const time = parseHttpDate(header);
    expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(expected);
  });
});

describe("headers that several parts write", () => {
  test.each([
    [null, ["Cookie"], "Cookie"],
    ["Accept-Encoding, cookie", ["Cookie", "Origin"], "Accept-Encoding, cookie, Origin"],
    ["*", ["Cookie"], "*"],
  ])("Vary %s with %j is %s", (before, names, after) => {
    const headers = new Headers(before === null ? {} : { vary: before });
    patchVary(headers, ...names);
    expect(headers.get("vary")).toBe(after);
  });

  test.each([
    [null, { private: true }, "private"],
    ["", { public: true, maxAge: 3600 }, "public, max-age=3600"],
    ["max-age=10, no-cache", { maxAge: 20 }, "max-age=10, no-cache"],
    ["max-age=30", { maxAge: 20, mustRevalidate: true }, "max-age=20, must-revalidate"],
    ["private", { public: true }, "public"],
    ["public, max-age=5", { private: true }, "max-age=5, private"],
    ["no-cache", { noCache: false, sMaxage: 7.9, staleWhileRevalidate: 5 }, "s-maxage=7, stale-while-revalidate=5"],
  ])("Cache-Control %s with %j is %s", (before, directives, after) => {
    const headers = new Headers(before === null ? {} : { "cache-control": before });
    patchCacheControl(headers, directives);
    expect(headers.get("cache-control")).toBe(after);
  });
});
