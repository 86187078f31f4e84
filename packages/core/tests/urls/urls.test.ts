import {
  include,
  NoReverseMatch,
  path,
  Resolver404,
  type ReverseOptions,
  resolve,
  reverseFor,
  setUrlResolver,
  reverse as typedReverse,
  UrlResolver,
  urls,
} from "@tsjango/core/urls";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { describe, expect, test } from "vitest";

// This package's type tests register a urlconf of their own; here, names are of any kind.
const reverse = typedReverse as unknown as (name: string, params?: object, options?: ReverseOptions) => string;

function first() {}
function second() {}

const blog = urls(
  path("", first, { name: "index" }),
  path("<int:year>/<slug:slug>/", first, { name: "article" }),
  path("<str:anything>/", second, { name: "anything" }),
);
const patterns = urls(
  path("", first, { name: "home" }),
  path("about", first),
  path("t/<str:tenant>/", include(blog, { namespace: "tenant" })),
  path("blog/", include(blog, { namespace: "blog" })),
  path("plain/", include(urls(path("x/", second, { name: "x" })))),
  path("id/<uuid:id>/", first, { name: "by-id" }),
  path("files/<path:name>", first, { name: "file" }),
  path("n/<int:n>/", first, { name: "number" }),
  path("n/<str:n>/", second),
);
const resolver = new UrlResolver(patterns);
setUrlResolver(resolver);

describe("resolving", () => {
  test.each([
    ["/", "home", {}],
    ["/about", "first", {}],
    ["/blog/", "blog:index", {}],
    ["/blog/2026/a-b/", "blog:article", { year: 2026, slug: "a-b" }],
    ["/blog/2026/", "blog:anything", { anything: "2026" }],
    ["/t/acme/7/x/", "tenant:article", { tenant: "acme", year: 7, slug: "x" }],
    ["/plain/x/", "x", {}],
    ["/id/0189f0f0-0000-7000-8000-000000000000/", "by-id", { id: "0189f0f0-0000-7000-8000-000000000000" }],
    ["/files/a/b.txt", "file", { name: "a/b.txt" }],
    ["/blog/ü b/", "blog:anything", { anything: "ü b" }],
  ])("%s leads to %s", (url, viewName, params) => {
    expect(resolve(url)).toMatchObject({ viewName, params });
  });

  test("what a converter refuses goes on to the next pattern", () => {
    expect(resolve("/n/12/").viewName).toBe("number");
    expect(resolve("/n/99999999999999999999/").viewName).toBe("second");
  });

  test.each(["/nope", "/about/", "/ABOUT", "/n/12/x", "/blog/2026/a_ b/c/", "/files/", "", "about"])(
    "%j matches nothing",
    (url) => {
      expect(() => resolve(url)).toThrow(Resolver404);
    },
  );

  test("a line break never ends a path early", () => {
    expect(resolver.find("/about\n")).toBeUndefined();
    expect(resolver.find("/n/12/\n")).toBeUndefined();
    expect(resolver.find("/blog/a\nb/")).toBeUndefined();
  });

  test("agrees with trying every full route in order, for paths of all kinds", () => {
    const parts = ["blog", "2026", "a-b", "t", "n", "x", "plain", "id", "files", "ü", "about", ""];
    const flat = [...resolver.routes()].map((route) => {
      const source = route.replace(/<(?:(\w+):)?\w+>/g, (_all, kind: string | undefined) => {
        const by: Record<string, string> = {
          int: "[0-9]{1,15}",
          slug: "[-a-zA-Z0-9_]+",
          uuid: "[0-9a-f-]{36}",
          path: ".+",
        };
        return by[kind ?? "str"] ?? "[^/\\n\\r]+";
      });
      return { route, pattern: new RegExp(`^${source}$`) };
    });
    let matched = 0;
    for (const a of parts) {
      for (const b of parts) {
        for (const c of parts) {
          for (const end of ["", "/"]) {
            const url = `/${[a, b, c].filter(Boolean).join("/")}${end}`;
            const expected = flat.find(({ pattern }) => pattern.test(url.slice(1)))?.route;
            expect([url, resolver.find(url)?.route]).toEqual([url, expected]);
            if (expected !== undefined) matched++;
          }
        }
      }
    }
    expect(matched).toBeGreaterThan(100);
  });
});

describe("reversing", () => {
  test.each([
    ["home", {}, "/"],
    ["blog:article", { year: 2026, slug: "x" }, "/blog/2026/x/"],
    ["tenant:index", { tenant: "a b" }, "/t/a%20b/"],
    ["file", { name: "a/b c.txt" }, "/files/a/b%20c.txt"],
    ["blog:anything", { anything: "ü?#%" }, "/blog/%C3%BC%3F%23%25/"],
    ["x", {}, "/plain/x/"],
  ])("%s with %j is %s, and resolves back", (name, params, url) => {
    expect(reverse(name, params)).toBe(url);
    expect(resolve(decodeURIComponent(url)).viewName).toBe(name);
  });

  test("query and fragment are added", () => {
    expect(reverse("home", {}, { query: { q: ["a b", "&"], n: 1 }, fragment: "top" })).toBe("/?q=a+b&q=%26&n=1#top");
  });

  test("never gives an address on another host", () => {
    const open = new UrlResolver(urls(path("<path:rest>", first, { name: "any" })));
    setUrlResolver(open);
    expect(reverse("any", { rest: "/evil.com" })).toBe("/%2Fevil.com");
    setUrlResolver(resolver);
  });

  test.each([
    ["blog:artcle", {}, 'reverse("blog:artcle"): no URL pattern has this name. Did you mean "blog:article"?'],
    ["article", {}, 'Did you mean "blog:article" or "tenant:article"?'],
    ["number", { n: -1 }, 'reverse("number") has no match for the parameters {"n":-1}. Tried: "n/<int:n>/".'],
    ["number", {}, "has no match for the parameters {}"],
    ["number", { n: 1, m: 2 }, 'has no match for the parameters {"n":1,"m":2}'],
    ["blog:anything", { anything: "a/b" }, "has no match"],
    ["blog:anything", { anything: "" }, "has no match"],
  ])("%s with %j throws", (name, params, message) => {
    expect(() => reverse(name, params)).toThrow(message);
    expect(() => reverse(name, params)).toThrow(NoReverseMatch);
  });

  test("reverseFor finds the only mount, and says when there are several or none", () => {
    const own = urls(path("only/", first, { name: "only" }));
    const site = new UrlResolver(
      urls(path("a/", include(urls(path("b/", include(own, { namespace: "in" }))), { namespace: "out" }))),
    );
    setUrlResolver(site);
    expect(reverseFor(() => own)("only")).toBe("/a/b/only/");
    setUrlResolver(resolver);
    expect(() => reverseFor(() => blog)("index")).toThrow("are mounted 2 times (tenant, blog)");
    expect(() => reverseFor(() => own)("only")).toThrow("are not mounted");
  });
});

describe("mistakes are found at start", () => {
  // The types refuse these; a JavaScript project, or a cast, does not.
  const loose = path as unknown as (route: string, view: unknown) => unknown;
  test.each([
    ["x/<itn:n>/", first, 'The URL route "x/<itn:n>/" uses an unknown converter "itn". Did you mean "int"?'],
    ["x/<int:n/", first, 'The URL route "x/<int:n/" has a "<" without ">".'],
    ["<a>/<a>/", first, 'uses the parameter name "a" twice'],
    ["<int:a-b>/", first, 'has a parameter named "a-b"'],
    ["x/", undefined, "found undefined"],
    ["x/", urls(), "found an array; write include(…) around it"],
    ["x/", class Thing {}, "was given the class Thing. Write Thing.asView()."],
  ])("path(%j, …)", (route, view, message) => {
    expect(() => loose(route, view)).toThrow(message);
    expect(() => loose(route, view)).toThrow(ImproperlyConfigured);
  });
  test("an entry that path did not make", () => {
    expect(() => new UrlResolver([first])).toThrow("urlpatterns[0] must be made by path(…)");
  });
});
