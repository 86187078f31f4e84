import {
  include,
  NoReverseMatch,
  path,
  registerConverter,
  rePath,
  reverseIn,
  UrlResolver,
  urls,
} from "@tsjango/core/urls";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const view = () => undefined;

describe("rePath", () => {
  const site = new UrlResolver(
    urls(
      rePath("^articles/(?<year>[0-9]{4})/$", view, { name: "year" }),
      rePath(/^ARTICLES\/(?<slug>[\w-]+)\/$/i, view, { name: "slug" }),
      rePath("^comments/(?:page-(?<page>\\d+)/)?$", view, { name: "comments" }),
      rePath("^(?<language>de|en)/", include(urls(path("about/<int:n>/", view, { name: "about" })))),
      rePath("x+\\.(?=html$)html$", view, { name: "anywhere" }),
      rePath("^a{2,3}[^/]\\d\\x2d.(?!x)\\/end$", view, { name: "made" }),
      rePath("^(?:old|new)/$", view, { name: "either" }),
    ),
  );

  test.each([
    ["/articles/2026/", "year", { year: "2026" }],
    ["/Articles/a-b/", "slug", { slug: "a-b" }],
    ["/comments/", "comments", {}],
    ["/comments/page-7/", "comments", { page: "7" }],
    ["/en/about/3/", "about", { language: "en", n: 3 }],
    ["/any/where/xxx.html", "anywhere", {}],
    ["/new/", "either", {}],
  ])("%s leads to %s", (url, viewName, params) => {
    expect(site.resolve(url)).toMatchObject({ viewName });
    expect({ ...site.resolve(url).params }).toEqual(params);
  });

  test.each(["/articles/2_6/x", "/articles/2026/x", "/comments/page-x/", "/fr/about/3/", "/x.htm"])(
    "%s matches nothing",
    (url) => {
      expect(site.find(url)).toBeUndefined();
    },
  );

  test.each([
    ["year", { year: 2026 }, "/articles/2026/"],
    ["slug", { slug: "a-b" }, "/ARTICLES/a-b/"],
    ["comments", {}, "/comments/"],
    ["comments", { page: 7 }, "/comments/page-7/"],
    ["about", { language: "de", n: 1 }, "/de/about/1/"],
    ["anywhere", {}, "/x.html"],
    ["made", {}, "/aa00-./end"],
    ["either", {}, "/new/"],
  ])("%s with %j is reversed to %s", (name, params, url) => {
    expect(reverseIn(site, name, params)).toBe(url);
    expect(site.resolve(url).name).toBe(name);
  });

  test.each([
    ["year", { year: "26" }],
    ["year", {}],
    ["comments", { page: "x" }],
    ["about", { language: "fr", n: 1 }],
  ])("%s with %j has no match", (name, params) => {
    expect(() => reverseIn(site, name, params)).toThrow(NoReverseMatch);
  });

  test.each([
    ["(", "is not valid"],
    ["(?P<year>\\d+)", "Write (?<name>…) for (?P<name>…)."],
    ["(\\d+)/$", "has a group without a name. Write (?:…), or name it: (?<year>…)."],
    ["(?<$x>a)", 'has a parameter named "$x"'],
  ])("%s is refused", (source, message) => {
    expect(() => rePath(source, view)).toThrow(ImproperlyConfigured);
    expect(() => rePath(source, view)).toThrow(message);
    expect(() => rePath(7 as unknown as string, view)).toThrow(
      "takes a regular expression or its source; found number 7",
    );
  });
});

describe("parameters that a pattern adds", () => {
  const site = new UrlResolver(
    urls(
      path("first/", view, { name: "page", extra: { number: 1 } }),
      path("page/<int:number>/", view, { name: "page" }),
      path("more/<int:number>/", view, { name: "other", extra: { kind: "x" } }),
    ),
  );
  test("reach the view", () => {
    expect(site.resolve("/first/").params).toEqual({ number: 1 });
    expect(site.resolve("/more/2/").params).toEqual({ number: 2, kind: "x" });
  });
  test("are not needed by reverse, and must not differ", () => {
    expect(reverseIn(site, "other", { number: 1 })).toBe("/more/1/");
    expect(reverseIn(site, "other", { number: 1, kind: "x" })).toBe("/more/1/");
    expect(() => reverseIn(site, "other", { number: 1, kind: "y" })).toThrow(NoReverseMatch);
    expect(reverseIn(site, "page", { number: 2 })).toBe("/page/2/");
    expect(reverseIn(site, "page", {})).toBe("/first/");
  });
});

describe("app names", () => {
  const polls = urls(path("", view, { name: "index" }), path("<int:n>/", view, { name: "detail" }));
  const inner = urls(path("polls/", include(polls, { appName: "polls" })));
  const site = new UrlResolver(
    urls(
      path("author/", include(polls, { namespace: "author-polls", appName: "polls" })),
      path("publisher/", include(polls, { namespace: "publisher-polls", appName: "polls" })),
      path("outer/", include(inner, { namespace: "outer" })),
      path("plain/", include(urls(path("x/", include(polls, { namespace: "x-polls", appName: "x" }))))),
    ),
  );
  // The rules of Django's page "Reversing namespaced URLs".
  test.each([
    ["polls:index", "author-polls", "/author/"],
    ["polls:index", "publisher-polls", "/publisher/"],
    ["polls:index", "outer:polls", "/publisher/"],
    ["polls:index", undefined, "/publisher/"],
    ["author-polls:index", "publisher-polls", "/author/"],
    ["outer:polls:index", undefined, "/outer/polls/"],
    ["x:index", undefined, "/plain/x/"],
  ])("%s seen from %s is %s", (name, currentApp, url) => {
    expect(reverseIn(site, name, {}, { currentApp })).toBe(url);
  });
  test("a mount named as its app is the default one", () => {
    const own = new UrlResolver(
      urls(
        path("a/", include(polls, { appName: "polls" })),
        path("b/", include(polls, { namespace: "b", appName: "polls" })),
      ),
    );
    expect(reverseIn(own, "polls:index")).toBe("/a/");
    expect(reverseIn(own, "polls:detail", { n: 1 }, { currentApp: "b" })).toBe("/b/1/");
    expect(own.resolve("/b/1/")).toMatchObject({ namespaces: ["b"], appNames: ["polls"], viewName: "b:detail" });
  });
  test("a name without its namespace is not found, and the namespaces are offered", () => {
    expect(() => reverseIn(site, "index")).toThrow("Did you mean");
    expect(() => reverseIn(site, "nope:index")).toThrow('reverse("nope:index"): no URL pattern has this name.');
  });
});

describe("registerConverter", () => {
  const register = registerConverter as unknown as (name: string, converter: object) => void;
  const good = {
    pattern: "[0-9]{4}",
    parse: (text: string) => Number(text),
    format: (value: unknown) => String(value).padStart(4, "0"),
  };

  test("adds a converter that routes read and reverse writes", () => {
    register("yyyy", good);
    register("yyyy", { ...good });
    const site = new UrlResolver([
      (path as unknown as (...args: unknown[]) => unknown)("<yyyy:year>/", view, { name: "y" }),
    ]);
    expect(site.resolve("/0099/").params).toEqual({ year: 99 });
    expect(reverseIn(site, "y", { year: 99 })).toBe("/0099/");
    expect(() => reverseIn(site, "y", { year: 12_345 })).toThrow(NoReverseMatch);
  });

  test.each([
    ["int", good, 'registerConverter("int"): there is a converter of this name already.'],
    ["a-b", good, 'a converter\'s name is letters, digits and "_"'],
    ["p1", { ...good, pattern: "(a)" }, "the pattern has a group that captures. Write (?:…) for (…)."],
    ["p2", { ...good, pattern: "(" }, "the pattern is not valid"],
    ["p3", { ...good, parse: undefined }, "takes { pattern, parse, format }; parse is undefined"],
  ])("refuses %s", (name, converter, message) => {
    expect(() => register(name, converter)).toThrow(ImproperlyConfigured);
    expect(() => register(name, converter)).toThrow(message);
  });
});

test("a path of ten thousand segments is refused in no time", () => {
  const site = new UrlResolver(
    urls(...Array.from({ length: 50 }, (_, n) => path(`p${n}/<int:a>/<path:rest>/x/`, view))),
  );
  const start = performance.now();
  expect(site.find(`/${"a/".repeat(10_000)}`)).toBeUndefined();
  expect(site.find("/".repeat(100_000))).toBeUndefined();
  expect(site.find(`/p7/1/${"x/".repeat(4000)}y`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(200);
});

describe("paths made for regular expressions", () => {
  const source = fc
    .array(
      fc.constantFrom(
        ..."ab/-^$.|?*+()[]{}\\\\12,=!<:",
        "(?<n>",
        "(?:",
        "(?=",
        "(?<!",
        "\\d",
        "\\w+",
        "\\p{L}",
        "[a-c]",
        "[^/]+",
        "{2}",
        "\\k<n>",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(""));

  test("match them, whatever the expression, or are not made", () => {
    let [made, refused] = [0, 0];
    fc.assert(
      fc.property(source, fc.constantFrom("", "i", "u", "v"), (text, flags) => {
        let pattern: ReturnType<typeof rePath>;
        try {
          pattern = rePath(new RegExp(text, flags), view, { name: "x" });
        } catch {
          refused++;
          return;
        }
        const site = new UrlResolver([pattern]);
        try {
          const path = reverseIn(site, "x", /\(\?<n>/.test(text) ? { n: "a" } : {});
          expect(site.find(decodeURIComponent(path))).toBeDefined();
          made++;
        } catch (error) {
          expect(error).toBeInstanceOf(NoReverseMatch);
        }
      }),
      { numRuns: 3000, seed: 20_266 },
    );
    expect([made > 300, refused > 300]).toEqual([true, true]);
  });

  test("letters by their Unicode property", () => {
    const site = new UrlResolver(urls(rePath(/^\p{L}+\/$/u, view, { name: "word" })));
    expect(reverseIn(site, "word")).toBe("/x/");
    expect(site.find("/é/")).toBeDefined();
  });
});
