import type { AsgiApplication, HttpScope, Receive, Send } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { transports } from "../support/transports.ts";

type HttpApplication = (scope: HttpScope, receive: Receive, send: Send) => Promise<void>;

function http(application: HttpApplication): AsgiApplication {
  return (scope, receive, send) => application(scope as HttpScope, receive, send);
}

function answer(status: number, headers: [string, string][], ...pieces: (string | Uint8Array)[]): AsgiApplication {
  return http(async (_scope, _receive, send) => {
    await send({ type: "http.response.start", status, headers });
    for (const [index, body] of pieces.entries()) {
      await send({ type: "http.response.body", body, moreBody: index < pieces.length - 1 });
    }
    if (pieces.length === 0) await send({ type: "http.response.body" });
  });
}

describe.each(transports)("%s", (name, open) => {
  test("the scope has path, raw path, query and headers as ASGI says", async () => {
    let seen: HttpScope | undefined;
    const echo = http(async (scope, _receive, send) => {
      seen = { ...scope };
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body" });
    });
    const transport = await open(echo);
    await transport.fetch("/a%20b/%C3%A9?x=%20&y", { headers: { "X-Thing": "é" } });
    expect(seen).toMatchObject({
      type: "http",
      method: "GET",
      path: "/a b/é",
      rawPath: "/a%20b/%C3%A9",
      queryString: "x=%20&y",
      rootPath: "",
    });
    expect(seen?.headers).toContainEqual(["x-thing", "é"]);
    expect(seen?.headers.filter(([header]) => header === "host")).toHaveLength(1);
  });

  test.each(["/%ff", "/%zz", "/%", "/a%c0%ae", "/%ed%a0%80"])("the path %s is refused with 400", async (path) => {
    let calls = 0;
    const transport = await open(http(async () => void calls++));
    expect([(await transport.fetch(path)).status, calls]).toEqual([400, 0]);
  });

  test("one piece has its length; text is sent as UTF-8, bytes exactly", async () => {
    const transport = await open(answer(200, [["content-type", "text/plain"]], "非同期"));
    const response = await transport.fetch("/");
    expect(response.headers.get("content-length")).toBe("9");
    expect(await response.text()).toBe("非同期");
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const second = await open(answer(200, [], bytes));
    expect(new Uint8Array(await (await second.fetch("/")).arrayBuffer())).toEqual(bytes);
  });

  test("a latin1 header value and a text body both stay what they are", async () => {
    const transport = await open(answer(200, [["x-name", "caf\u00e9"]], "é"));
    const response = await transport.fetch("/");
    expect(response.headers.get("x-name")).toBe("caf\u00e9");
    expect(await response.text()).toBe("é");
  });

  test("set-cookie lines stay apart", async () => {
    const transport = await open(
      answer(
        200,
        [
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
        ],
        "",
      ),
    );
    expect((await transport.fetch("/")).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  test("pieces arrive one after the other", async () => {
    const gate = Promise.withResolvers<void>();
    const slow = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "one", moreBody: true });
      await gate.promise;
      await send({ type: "http.response.body", body: "two", moreBody: true });
      await send({ type: "http.response.body" });
    });
    const transport = await open(slow);
    const reader = (await transport.fetch("/")).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("one");
    gate.resolve();
    expect((await reader?.read())?.value).toBe("two");
    expect((await reader?.read())?.done).toBe(true);
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("%s with %i has no body", async (method, status) => {
    const transport = await open(answer(status, [], "body"));
    const response = await transport.fetch("/", { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe("");
    expect(response.headers.get("content-length")).toBe(method === "HEAD" ? "4" : null);
    expect(transport.errors).toEqual([]);
  });

  test("a request's body is read in order, to the byte", async () => {
    const echo = http(async (_scope, receive, send) => {
      const chunks: Uint8Array[] = [];
      for (;;) {
        const event = await receive();
        if (event.type !== "http.request") throw new Error(event.type);
        if (event.body) chunks.push(event.body);
        if (event.moreBody !== true) break;
      }
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: Buffer.concat(chunks) });
    });
    const transport = await open(echo);
    const body = Buffer.alloc(300_000, "0123456789");
    const response = await transport.fetch("/", { method: "POST", body });
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  test("after the response, receive gives http.disconnect each time", async () => {
    const events: string[] = [];
    const application = http(async (_scope, receive, send) => {
      await receive();
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body" });
      events.push((await receive()).type, (await receive()).type);
    });
    const transport = await open(application);
    await transport.fetch("/");
    await expect.poll(() => events).toEqual(["http.disconnect", "http.disconnect"]);
  });

  test("a client that goes away is told by receive, and send throws ClientDisconnected", async () => {
    const outcome = Promise.withResolvers<string[]>();
    const application = http(async (_scope, receive, send) => {
      await receive();
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "one", moreBody: true });
      const event = await receive();
      try {
        await send({ type: "http.response.body", body: "two", moreBody: true });
        outcome.resolve([event.type, "sent"]);
      } catch (error) {
        outcome.resolve([event.type, (error as { code: string }).code]);
        throw error;
      }
    });
    const transport = await open(application);
    const response = await transport.fetch("/");
    await response.body?.cancel();
    expect(await outcome.promise).toEqual(["http.disconnect", "client_disconnected"]);
    expect(transport.errors).toEqual([]);
  });

  test("a slow reader holds the application back", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024);
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      for (; sent < 2000; sent++) await send({ type: "http.response.body", body: chunk, moreBody: true });
      await send({ type: "http.response.body" });
    });
    const transport = await open(application);
    const response = await transport.fetch("/");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBeLessThan(1000);
    await response.body?.cancel();
  });

  test("an error before the start is answered with 500 and reported", async () => {
    const application = http(async () => {
      throw new Error("broken");
    });
    const transport = await open(application);
    const response = await transport.fetch("/");
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
    expect(String(transport.errors[0])).toBe("Error: broken");
  });

  test("an error between start and first piece is answered with 500 too", async () => {
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      throw new Error("broken");
    });
    const transport = await open(application);
    expect((await transport.fetch("/")).status).toBe(500);
  });

  test("an error after the first piece breaks the response", async () => {
    const application = http(async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "one", moreBody: true });
      throw new Error("broken");
    });
    const transport = await open(application);
    const response = await transport.fetch("/");
    await expect(response.text()).rejects.toThrow();
    expect(transport.errors).toHaveLength(1);
  });

  test.each<[string, HttpApplication, string]>([
    ["nothing", async () => {}, "without starting a response|without completing"],
    [
      "a body first",
      async (_scope, _receive, send) => send({ type: "http.response.body" }),
      "http.response.start comes first",
    ],
    [
      "two starts",
      async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.start", status: 200 });
      },
      "has already started",
    ],
    [
      "an unknown event",
      async (_scope, _receive, send) => send({ type: "http.response.pizza" } as never),
      '"http.response.pizza"',
    ],
  ])("an application that sends %s is refused with 500", async (_name, application, message) => {
    const transport = await open(http(application));
    expect((await transport.fetch("/")).status).toBe(500);
    expect(String(transport.errors[0])).toMatch(new RegExp(message));
  });

  if (name === "over a socket") {
    test("a wrong Content-Length is never sent", async () => {
      for (const length of ["3", "5", "x"]) {
        const transport = await open(answer(200, [["content-length", length]], "four"));
        expect((await transport.fetch("/")).status).toBe(500);
        expect(String(transport.errors[0])).toContain("Content-Length");
      }
    });
    test("the application's transfer-encoding is dropped", async () => {
      const transport = await open(answer(200, [["transfer-encoding", "gzip"]], "four"));
      const response = await transport.fetch("/");
      expect([response.headers.get("transfer-encoding"), await response.text()]).toEqual([null, "four"]);
    });
    test("a header that would split the response is refused", async () => {
      const transport = await open(answer(200, [["x-a", "1\r\nset-cookie: b=1"]], "four"));
      const response = await transport.fetch("/");
      expect([response.status, response.headers.get("set-cookie")]).toEqual([500, null]);
    });
  }
});
