import { HttpResponse, StreamingHttpResponse } from "@tsjango/core/http";
import { Client } from "@tsjango/core/test";
import { path, urls } from "@tsjango/core/urls";
import { beforeEach, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

let client: Client;
let went: string[];
let goOn: PromiseWithResolvers<void>;

beforeEach(async () => {
  went = [];
  goOn = Promise.withResolvers();
  const urlpatterns = urls(
    path("slow/", () => {
      async function* pieces() {
        try {
          yield "one é";
          await goOn.promise;
          yield "two";
        } finally {
          went.push("closed");
        }
      }
      return new StreamingHttpResponse(pieces());
    }),
    path("events/", () => {
      async function* pieces() {
        yield ": a comment\n\ndata: a\nda";
        yield "ta: b\n\nevent: end\r";
        yield "\nid: 7\r\ndata:c\r\n\r\n";
        yield "data: never ended";
      }
      return new StreamingHttpResponse(pieces(), { contentType: "text/event-stream" });
    }),
    path("breaks/", () => {
      async function* pieces() {
        yield "one";
        throw new TypeError("broken stream");
      }
      return new StreamingHttpResponse(pieces());
    }),
    path("plain/", (request) => new HttpResponse(`hello ${request.query.get("a")}`).setCookie("seen", "yes")),
  );
  client = new Client((await makeSite(urlpatterns)).application);
});

test("pieces are read while the view waits", async () => {
  const stream = await client.stream("/slow/");
  expect([stream.status, await stream.read()]).toEqual([200, "one é"]);
  goOn.resolve();
  expect([await stream.read(), await stream.read()]).toEqual(["two", undefined]);
});

test("who leaves early closes the view's stream", async () => {
  for await (const piece of await client.stream("/slow/")) {
    expect(piece).toBe("one é");
    break;
  }
  goOn.resolve();
  await expect.poll(() => went).toEqual(["closed"]);
});

test("server-sent events are read one by one, however they are cut", async () => {
  const events = [];
  for await (const event of (await client.stream("/events/")).events()) events.push(event);
  expect(events).toEqual([
    { event: "message", data: "a\nb", id: undefined },
    { event: "end", data: "c", id: "7" },
  ]);
});

test("what breaks a stream is thrown where it is read", async () => {
  const stream = await client.stream("/breaks/");
  expect(await stream.read()).toBe("one");
  await expect(stream.read()).rejects.toThrow(new TypeError("broken stream"));
});

test("responses that do not stream can be read so, too, and leave their cookies", async () => {
  const stream = await client.stream("/plain/", { query: { a: 1 } });
  expect([await stream.read(), await stream.read()]).toEqual(["hello 1", undefined]);
  expect(client.cookies.get("seen")).toBe("yes");
});
