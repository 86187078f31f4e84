import { HttpResponse } from "@tsjango/core/http";
import { clickjacking, common, csrf, security } from "@tsjango/core/middleware";
import { include, path, rePath, type UrlList, urls } from "@tsjango/core/urls";
import { runChecks } from "@tsjango/kernel/checks";
import type { SettingsInput } from "@tsjango/kernel/conf";
import { expect, test } from "vitest";
import { defineSettings } from "../support/site.ts";

const view = () => new HttpResponse();
const key = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";

async function ids(urlpatterns: UrlList, input: Partial<SettingsInput> = {}, deploy = false) {
  const settings = defineSettings({
    baseDir: "/",
    secretKey: key,
    rootUrlconf: async () => ({ urlpatterns }),
    ...input,
  });
  return (await runChecks({ ...settings, custom: {} }, { deploy })).map((message) => message.id);
}

const https = { sslRedirect: true, hstsSeconds: 3600, hstsIncludeSubdomains: true, hstsPreload: true };

test("a sound project has nothing to say", async () => {
  const input = {
    allowedHosts: ["example.com"],
    middleware: [security(https), common(), csrf()],
    csrfCookieSecure: true,
  };
  expect(await ids(urls(path("a/", view, { name: "a" })), input, true)).toEqual([]);
});

test("deployment: what a project has after startproject, with --deploy only", async () => {
  const input = { debug: true, middleware: [security(), common(), csrf()], allowedHosts: ["localhost"] };
  expect(await ids(urls(), input, true)).toEqual(["security.W004", "security.W008", "security.W016", "security.W018"]);
  expect(await ids(urls(), input)).toEqual([]);
  const bare = { ...input, secretKey: "short", allowedHosts: [] };
  expect(await ids(urls(), bare, true)).toEqual([
    "security.W004",
    "security.W008",
    "security.W016",
    "security.W009",
    "security.W018",
    "security.W020",
  ]);
});

test("deployment: middleware that is missing, and options that are lax", async () => {
  const input = { allowedHosts: ["example.com"], csrfCookieSecure: true };
  expect(await ids(urls(), input, true)).toEqual(["security.W001", "security.W002", "security.W003"]);
  const lax = security({
    sslRedirect: true,
    hstsSeconds: 60,
    contentTypeNosniff: false,
    referrerPolicy: null,
    frameOptions: "SAMEORIGIN",
  });
  expect(await ids(urls(), { ...input, middleware: [lax, csrf()] }, true)).toEqual([
    "security.W005",
    "security.W021",
    "security.W006",
    "security.W022",
    "security.W019",
  ]);
  const framed = [security({ ...https, frameOptions: null }), clickjacking(), csrf()];
  expect(await ids(urls(), { ...input, middleware: framed }, true)).toEqual([]);
});

test("deployment: the variable that turns the guard of the event loop off is an error", async () => {
  const input = { allowedHosts: ["example.com"], middleware: [security(https), csrf()], csrfCookieSecure: true };
  process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"] = "1";
  try {
    expect(await ids(urls(), input, true)).toEqual(["async.E001"]);
    expect(await ids(urls(), input)).toEqual([]);
  } finally {
    delete process.env["TSJANGO_ALLOW_ASYNC_UNSAFE"];
  }
});

test("URL patterns: slashes, names and namespaces that clash, and what cannot be loaded", async () => {
  expect(await ids(urls(path("/a/", view)))).toEqual(["urls.W002"]);
  expect(await ids(urls(path("a/", view, { name: "x" }), path("b/", view, { name: "x" })))).toEqual(["urls.W010"]);
  expect(await ids(urls(path("a/", view, { name: "x" }), path("b/<n>/", view, { name: "x" })))).toEqual([]);
  const twice = urls(
    path("a/", include(urls(path("", view)), { namespace: "n" })),
    path("b/", include(urls(path("", view)), { namespace: "n" })),
  );
  expect(await ids(twice)).toEqual(["urls.W005"]);
  expect(await ids(["nonsense"])).toEqual(["urls.E001"]);
});

test("URL patterns: regular expressions where none are meant, and those that are dangerous", async () => {
  expect(await ids(urls(path("^a/$", view)))).toEqual(["2_0.W001"]);
  expect(await ids(urls(path("(?<n>x)/", view)))).toEqual(["2_0.W001"]);
  expect(await ids(urls(rePath("^a/$", include(urls(path("b/", view))))))).toEqual(["urls.W001"]);
  expect(await ids(urls(rePath("^/a/$", view)))).toEqual(["urls.W002"]);
  expect(await ids(urls(path("a/", view, { name: "x:y" })))).toEqual(["urls.W003"]);
  for (const source of ["^(?:a+)+$", "^(?<n>[a-z]*x)*$", "^(?:\\d{2,})+$"]) {
    expect([source, await ids(urls(rePath(source, view)))]).toEqual([source, ["urls.W101"]]);
  }
  for (const source of ["^(?<n>[a-z]+)/$", "^(?:a+)?$", "^(?<y>\\d{4})-(?<m>\\d+)$", "^(?:ab)+$"]) {
    expect([source, await ids(urls(rePath(source, view)))]).toEqual([source, []]);
  }
});

test("error handlers that ask for more than they get", async () => {
  const settings = defineSettings({
    baseDir: "/",
    secretKey: key,
    rootUrlconf: async () => ({
      urlpatterns: urls(),
      handler404: ((_a: unknown, _b: unknown, _c: unknown) => new HttpResponse()) as never,
    }),
  });
  expect((await runChecks({ ...settings, custom: {} })).map(({ id }) => id)).toEqual(["urls.E007"]);
});
