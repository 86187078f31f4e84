import { HttpResponse } from "@tsjango/core/http";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { type Metric, onMetric } from "@tsjango/kernel/metrics";
import { expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const name = "http.server.request.duration";

test("requests are measured while somebody listens: their time by method, status and route, and how many run", async () => {
  const entered = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const site = await makeSite(
    urls(
      path("book/<int:id>/", () => new HttpResponse("book")),
      path("slow/", async () => {
        entered.resolve();
        await go.promise;
        return new HttpResponse("slow", { status: 201 });
      }),
      path("broken/", () => {
        throw new Error("odd");
      }),
    ),
  );
  const client = new Client(site.application, { raiseRequestException: false });
  const metrics: Metric[] = [];
  const stop = onMetric((metric) => metrics.push(metric));
  const slow = client.post("/slow/");
  await entered.promise;
  await client.get("/book/7/");
  go.resolve();
  await slow;
  await client.get("/nowhere/");
  await client.get("/broken/");
  stop();
  await client.get("/book/7/");
  const active = metrics.filter((metric) => metric.name === "http.server.active_requests");
  expect(active.map(({ value }) => value)).toEqual([1, 2, 1, 0, 1, 0, 1, 0]);
  const measured = metrics.filter((metric) => metric.name === name);
  const get = { "http.request.method": "GET" };
  expect(measured.map(({ attributes }) => attributes)).toEqual([
    { ...get, "http.response.status_code": 200, "http.route": "/book/<int:id>/" },
    { "http.request.method": "POST", "http.response.status_code": 201, "http.route": "/slow/" },
    { ...get, "http.response.status_code": 404 },
    { ...get, "http.response.status_code": 500, "http.route": "/broken/" },
  ]);
  expect(
    measured.every(({ value, unit, kind }) => value > 0 && value < 10 && unit === "s" && kind === "histogram"),
  ).toBe(true);
});
