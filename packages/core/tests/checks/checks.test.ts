import { HttpResponse } from "@tsjango/core/http";
import { include, path, type UrlList, urls } from "@tsjango/core/urls";
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

test("a sound project has nothing to say", async () => {
  expect(await ids(urls(path("a/", view, { name: "a" })), { allowedHosts: ["example.com"] }, true)).toEqual([]);
});

test("deployment: key, debug and hosts are looked at, with --deploy only", async () => {
  const input = { secretKey: "short", debug: true };
  expect(await ids(urls(), input, true)).toEqual(["security.W009", "security.W018", "security.W020"]);
  expect(await ids(urls(), input)).toEqual([]);
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
