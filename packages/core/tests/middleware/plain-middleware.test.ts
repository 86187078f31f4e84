import { HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { common, csrf, type Middleware, security } from "@tsjango/core/middleware";
import { Client, makeRequest } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { currentContext } from "@tsjango/kernel/async";
import { expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const urlpatterns = urls(
  path("sync/", () => new HttpResponse(currentContext()?.name), { name: "sync" }),
  path("async/", async () => new HttpResponse(currentContext()?.name), { name: "async" }),
  path("throws/", () => {
    throw new RangeError("thrown at once");
  }),
  path("rejects/", async () => {
    throw new RangeError("thrown later");
  }),
  path("pieces/", () => new StreamingHttpResponse(["a", "b"])),
);

const SENT = ["x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "x-frame-options"];

/** Hides that a middleware is made of plain steps, as a project's own around it does. */
function wrapped(middleware: Middleware): Middleware {
  return (next) => middleware(next);
}

test.each([
  ["as they are", [security(), common(), csrf()]],
  ["called by another middleware", [wrapped(security()), wrapped(common()), wrapped(csrf())]],
  ["around each other", [security(), wrapped(common()), csrf()]],
])("plain middleware %s answers sync and async views, errors and streams alike", async (_how, middleware) => {
  const { application, logged } = await makeSite(urlpatterns, { middleware });
  const client = new Client(application, { raiseRequestException: false });
  const answers = [];
  for (const at of ["sync", "async", "throws", "rejects", "pieces", "sync/.."]) {
    const response = await client.get(`/${at}/`);
    answers.push([
      response.status,
      SENT.every((name) => response.headers.has(name)),
      response.headers.has("content-length"),
    ]);
  }
  expect(answers).toEqual([
    [200, true, true],
    [200, true, true],
    [500, true, true],
    [500, true, true],
    [200, true, false],
    [404, true, true],
  ]);
  expect(await (await client.get("/sync/")).text()).toBe("sync");
  expect(await (await client.get("/async/")).text()).toBe("async");
  expect((await client.get("/sync")).status).toBe(301);
  expect(logged.filter((line) => line.includes("Internal Server Error"))).toHaveLength(2);
});

test("a plain middleware called with a handler of one's own gives a promise, and rejects with what that throws", async () => {
  const ring = security()(async () => {
    throw new RangeError("from within");
  });
  await expect(ring(makeRequest("GET", "/"))).rejects.toThrow("from within");
  const answer = security()(async () => new HttpResponse("ok"))(makeRequest("GET", "/"));
  expect(answer).toBeInstanceOf(Promise);
  expect((await answer).headers.get("x-frame-options")).toBe("DENY");
});
