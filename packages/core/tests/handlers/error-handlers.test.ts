import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import { BadRequest, Http404, HttpResponse, PermissionDenied } from "@tsjango/core/http";
import { Client } from "@tsjango/core/test";
import { type ErrorHandlerExports, path, urls } from "@tsjango/core/urls";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { ImproperlyConfigured } from "@tsjango/kernel/exceptions";
import { redirectLogs } from "@tsjango/kernel/logging";
import { expect, test } from "vitest";

const urlpatterns = urls(
  path("missing/", () => {
    throw new Http404("no such thing");
  }),
  path("forbidden/", () => {
    throw new PermissionDenied("not yours");
  }),
  path("bad/", () => {
    throw new BadRequest("odd");
  }),
  path("crash/", () => {
    throw new Error("broken");
  }),
);

const logged: string[] = [];
async function client(handlers: ErrorHandlerExports, debug = false) {
  redirectLogs(({ level, message, error }) => level === "error" && logged.push(`${message} ${String(error)}`));
  const settings = settingsDefiner([core])({
    baseDir: import.meta.dirname,
    secretKey: "for tests",
    allowedHosts: ["localhost"],
    debug,
    rootUrlconf: async () => ({ urlpatterns, ...handlers }),
  });
  return new Client(await getAsgiApplication(settings), { raiseRequestException: false });
}

const told =
  (name: string) =>
  (request: { path: string }, error: unknown): HttpResponse =>
    new HttpResponse(`${name} ${request.path} ${(error as Error).message}`, { status: 418 });

test("the handlers that urls.ts exports answer errors, by status", async () => {
  const own = await client({
    handler400: told("400"),
    handler403: told("403"),
    handler404: async (...args) => told("404")(...args),
    handler500: told("500"),
  });
  const get = async (url: string) => {
    const response = await own.get(url);
    return [response.status, response.text()];
  };
  expect(await get("/missing/")).toEqual([418, "404 /missing/ no such thing"]);
  expect(await get("/nowhere/")).toEqual([418, '404 /nowhere/ No URL pattern matches "/nowhere/".']);
  expect(await get("/forbidden/")).toEqual([418, "403 /forbidden/ not yours"]);
  expect(await get("/bad/")).toEqual([418, "400 /bad/ odd"]);
  expect(await get("/crash/")).toEqual([418, "500 /crash/ broken"]);
});

test("in development, the pages that tell everything come first, but for 403", async () => {
  const own = await client({ handler403: told("403"), handler404: told("404"), handler500: told("500") }, true);
  expect((await own.get("/missing/")).text()).toContain("Page not found (404)");
  expect((await own.get("/crash/")).text()).toContain("<h1>Error at /crash/</h1>");
  expect((await own.get("/forbidden/")).text()).toBe("403 /forbidden/ not yours");
});

test("a handler that fails, or gives no response, leaves a plain 500", async () => {
  const failing = await client({
    handler404: () => {
      throw new Error("the handler is broken, too");
    },
    handler500: (() => "text") as unknown as NonNullable<ErrorHandlerExports["handler500"]>,
  });
  const response = await failing.get("/missing/");
  expect([response.status, response.text()]).toEqual([500, "Internal Server Error"]);
  expect(logged.at(-1)).toContain("the handler is broken, too");
  await failing.get("/crash/");
  expect(logged.at(-1)).toContain(
    "The error handler handler500 didn't return an HttpResponse object. It returned string 'text' instead.",
  );
});

test("a handler that is no function is named at start", async () => {
  const wrong = { handler404: "views.lost" } as unknown as ErrorHandlerExports;
  await expect(client(wrong)).rejects.toThrow(ImproperlyConfigured);
  await expect(client(wrong)).rejects.toThrow("The export handler404 of urls.ts must be a function");
});
