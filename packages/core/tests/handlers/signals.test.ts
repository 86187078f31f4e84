import { toFetch } from "@tsjango/core/asgi";
import { HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { gotRequestException, requestFinished, requestStarted } from "@tsjango/core/signals";
import { path, urls } from "@tsjango/core/urls";
import { expect, onTestFinished, test } from "vitest";
import { makeSite } from "../support/site.ts";

let events: string[] = [];
const urlpatterns = urls(
  path("ok/", () => {
    events.push("view");
    return new HttpResponse("ok");
  }),
  path("stream/", () => {
    async function* pieces() {
      yield "a";
      events.push("streamed");
      yield "b";
    }
    return new StreamingHttpResponse(pieces());
  }),
  path("crash/", () => {
    throw new Error("broken");
  }),
);

async function site() {
  events = [];
  const { application, logged } = await makeSite(urlpatterns);
  const fetch = toFetch(application);
  const get = async (url: string) => {
    const response = await fetch(new Request(`http://localhost/${url}/`));
    const text = await response.text();
    await new Promise((resolve) => setImmediate(resolve));
    return [response.status, text];
  };
  return { get, logged };
}

test("the start, the end and the errors of requests are told, async receivers awaited", async () => {
  onTestFinished(
    requestStarted.connect(async ({ request }) => void events.push(`started ${request.path}`)) as () => void,
  );
  onTestFinished(requestFinished.connect(({ request }) => void events.push(`finished ${request.path}`)) as () => void);
  onTestFinished(
    gotRequestException.connect(
      ({ request, error }) => void events.push(`${request.path} ${String(error)}`),
    ) as () => void,
  );
  const { get } = await site();
  await get("ok");
  expect(events).toEqual(["started /ok/", "view", "finished /ok/"]);
  events = [];
  await get("stream");
  expect(events).toEqual(["started /stream/", "streamed", "finished /stream/"]);
  events = [];
  await get("crash");
  expect(events).toEqual(["started /crash/", "/crash/ Error: broken", "finished /crash/"]);
  events = [];
  await get("nowhere");
  expect(events).toEqual(["started /nowhere/", "finished /nowhere/"]);
});

test("a receiver that throws: before the view it is an error of the request, afterwards it is logged", async () => {
  const fail = (name: string) => () => {
    throw new Error(`${name} failed`);
  };
  const off = requestStarted.connect(fail("started"));
  onTestFinished(requestFinished.connect(fail("finished")) as () => void);
  onTestFinished(gotRequestException.connect(fail("got")) as () => void);
  const { get, logged } = await site();
  expect((await get("ok"))[0]).toBe(500);
  expect(events).toEqual([]);
  off();
  expect(await get("ok")).toEqual([200, "ok"]);
  expect(logged).toContain("A receiver of requestFinished failed Error: finished failed");
  expect(logged).toContain("A receiver of gotRequestException failed Error: got failed");
});
