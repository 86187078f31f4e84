import {
  EventStreamResponse,
  type HttpRequest,
  HttpResponse,
  InvalidContent,
  StreamingHttpResponse,
} from "@tsjango/core/http";
import { path, urls } from "@tsjango/core/urls";
import { describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";
import { transports } from "../support/transports.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const events: string[] = [];

async function* endless(request: HttpRequest, name: string) {
  try {
    for (let n = 0; ; n++) {
      yield `${n}\n`;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, n === 0 ? 0 : 60_000);
        request.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (request.signal.aborted) return;
    }
  } finally {
    events.push(`${name} closed`);
  }
}

describe.each(transports)("%s", (_name, open) => {
  async function fetchView(view: (request: HttpRequest) => HttpResponse | StreamingHttpResponse, init?: RequestInit) {
    const { application, logged } = await makeSite(urls(path("", view)));
    const transport = await open(application);
    return { response: await transport.fetch("/", init), logged, transport };
  }

  test("async iterables, iterables and web streams are sent piece by piece", async () => {
    async function* pieces() {
      yield "é";
      yield new Uint8Array([33]);
    }
    const contents = [() => pieces(), () => ["é", "!"], () => ReadableStream.from(["é", "!"]) as AsyncIterable<string>];
    for (const content of contents) {
      const { response } = await fetchView(() => new StreamingHttpResponse(content(), { contentType: "text/plain" }));
      expect([await response.text(), response.headers.get("content-length")]).toEqual(["é!", null]);
    }
  });

  test("HEAD runs nothing of the content, and lets go of it", async () => {
    let ran = false;
    const cancelled: string[] = [];
    async function* content() {
      ran = true;
      yield "x";
    }
    const stream = new ReadableStream<string>({ cancel: () => void cancelled.push("cancelled") });
    await fetchView(() => new StreamingHttpResponse(content()), { method: "HEAD" });
    await fetchView(() => new StreamingHttpResponse(stream as unknown as AsyncIterable<string>), { method: "HEAD" });
    expect([ran, cancelled]).toEqual([false, ["cancelled"]]);
  });

  test.each<[string, unknown, string]>([
    ["a number", 7, "is strings and Uint8Arrays; found"],
    ["an object", { a: 1 }, "is strings and Uint8Arrays; found"],
    ["a promise", [Promise.resolve("x")], "is strings and Uint8Arrays; found"],
  ])("a piece that is %s breaks the response, and says why", async (_what, piece, message) => {
    async function* content() {
      yield "first";
      yield piece as string;
    }
    const { response, transport } = await fetchView(() => new StreamingHttpResponse(content()));
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => String(transport.errors[0])).toContain(message);
  });

  test("an error after the first piece breaks the response", async () => {
    async function* content() {
      yield "first";
      throw new Error("broken");
    }
    const { response, transport } = await fetchView(() => new StreamingHttpResponse(content()));
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => String(transport.errors[0])).toBe("Error: broken");
  });

  test("events are written as the standard has them, their data as text or JSON", async () => {
    async function* news() {
      yield "plain";
      yield { data: "two\nlines\r\nthree", event: "note", id: 7 };
      yield { data: { a: ["é"] }, id: "x", retry: 500.7 };
      yield { data: "" };
    }
    const { response } = await fetchView(() => new EventStreamResponse(news(), { retry: 3000 }));
    expect(await response.text()).toBe(
      "retry: 3000\n\n" +
        "data: plain\n\n" +
        "event: note\nid: 7\ndata: two\ndata: lines\ndata: three\n\n" +
        'id: x\nretry: 500\ndata: {"a":["é"]}\n\n' +
        "data: \n\n",
    );
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
  });

  test.each<[string, object]>([
    ["an event with a line break", { data: "x", event: "a\nb" }],
    ["an id with NUL", { data: "x", id: "\0" }],
    ["no data", { id: 1 }],
    ["a promise in its data", { data: { a: Promise.resolve() } }],
  ])("%s is refused", async (_what, event) => {
    async function* bad() {
      yield event as { data: unknown };
    }
    const { response, transport } = await fetchView(() => new EventStreamResponse(bad()));
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => transport.errors).toHaveLength(1);
  });

  test("the head comes before the first event, comments while there is none, and a late event is not lost", async () => {
    async function* late() {
      await sleep(130);
      yield "late";
    }
    const { response } = await fetchView(() => new EventStreamResponse(late(), { keepAlive: 0.03 }));
    expect(await response.text()).toMatch(/^:\n\n(:\n\n){1,6}data: late\n\n$/);
  });

  test.each([
    ["a stream", (request: HttpRequest) => new StreamingHttpResponse(endless(request, "a stream"))],
    ["an event stream", (request: HttpRequest) => new EventStreamResponse(endless(request, "an event stream"))],
  ])("%s ends when its client goes away", async (what, view) => {
    events.length = 0;
    const { response, transport } = await fetchView(view);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => events).toEqual([`${what} closed`]);
    expect(transport.errors).toEqual([]);
  });

  test("the view's finally blocks run when its client goes away while it works", async () => {
    events.length = 0;
    const { application, logged } = await makeSite(
      urls(
        path("", async (request) => {
          try {
            await new Promise((_resolve, reject) => {
              request.signal.addEventListener("abort", () => reject(request.signal.reason));
            });
          } finally {
            events.push("finally");
          }
          return new HttpResponse();
        }),
      ),
    );
    const transport = await open(application);
    const abort = new AbortController();
    const response = transport.fetch("/", { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(response).rejects.toThrow();
    await expect.poll(() => events).toEqual(["finally"]);
    await sleep(10);
    expect([logged, transport.errors]).toEqual([[], []]);
  });
});

test("what is no content is refused at once", () => {
  class Rows implements AsyncIterable<string> {
    async *[Symbol.asyncIterator]() {
      yield "row";
    }
    // biome-ignore lint/suspicious/noThenProperty: a query set is a thenable
    then() {}
  }
  expect(() => new StreamingHttpResponse(Promise.resolve([]) as never)).toThrow("was given a Promise");
  expect(() => new StreamingHttpResponse(new Rows())).toThrow("was given a Rows that was not awaited");
  expect(() => new StreamingHttpResponse("text" as never)).toThrow(InvalidContent);
  expect(() => new EventStreamResponse(7 as never)).toThrow("EventStreamResponse takes an async iterable");
});

test("the status is given in words", () => {
  expect(new HttpResponse("", { status: 404 }).reasonPhrase).toBe("Not Found");
  expect(new HttpResponse("", { status: 299 }).reasonPhrase).toBe("Unknown Status Code");
});
