import type { AsgiApplication, HttpScope, Receive, Send } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { transports } from "../support/transports.ts";

type HttpApplication = (scope: HttpScope, receive: Receive, send: Send) => Promise<void>;

function http(application: HttpApplication): AsgiApplication {
  return (scope, receive, send) => application(scope as HttpScope, receive, send);
}

/** Answers with what `body` gives. */
function answering(body: (scope: HttpScope, receive: Receive) => unknown): AsgiApplication {
  return http(async (scope, receive, send) => {
    const text = JSON.stringify(await body(scope, receive));
    await send({ type: "http.response.start", status: 200, headers: [["content-type", "application/json"]] });
    await send({ type: "http.response.body", body: text });
  });
}

// The items of the ASGI specification, by the letters under which they are known here; other files show the rest.
describe.each(transports)("%s", (name, open) => {
  const overSocket = name === "over a socket";

  test("C1 an application is called once for each request", async () => {
    let calls = 0;
    const transport = await open(answering(() => ++calls));
    expect([await (await transport.fetch("/")).json(), await (await transport.fetch("/")).json()]).toEqual([1, 2]);
  });

  test("C2 the scope names its type and the versions", async () => {
    const transport = await open(answering(({ type, asgi, httpVersion }) => ({ type, asgi, httpVersion })));
    expect(await (await transport.fetch("/")).json()).toEqual({
      type: "http",
      asgi: { version: "3.0", specVersion: "2.5" },
      httpVersion: "1.1",
    });
  });

  test.each<[string, unknown, string]>([
    ["no event", undefined, "sent undefined"],
    ["an event without a type", {}, "sent undefined"],
    ["an unknown type", { type: "http.response.end" }, '"http.response.end"'],
    ["an event of another protocol", { type: "websocket.send", text: "x" }, '"websocket.send"'],
    ["no status", { type: "http.response.start" }, "from 200 to 999; found undefined"],
    ["a status that is a text", { type: "http.response.start", status: "200" }, "from 200 to 999"],
    ["a status of 99", { type: "http.response.start", status: 99 }, "found 99"],
    ["a status of 1000", { type: "http.response.start", status: 1000 }, "found 1000"],
    ["a status of NaN", { type: "http.response.start", status: Number.NaN }, "found NaN"],
    ["a header that is no text", { type: "http.response.start", status: 200, headers: [["a", 1]] }, "pairs of strings"],
    [
      "a name that is no text",
      { type: "http.response.start", status: 200, headers: [[null, "1"]] },
      "pairs of strings",
    ],
    ["a body that is a number", { type: "http.response.body", body: 7 }, "Uint8Array or a string; found number"],
  ])("C6 send refuses %s", async (_what, event, message) => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        if ((event as { type?: string })?.type === "http.response.body")
          await send({ type: "http.response.start", status: 200 });
        await send(event as never);
      }),
    );
    expect((await transport.fetch("/")).status).toBe(500);
    expect(String(transport.errors[0])).toContain(message);
  });

  test("C7 keys beyond the known ones are ignored", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, reason: "x" } as never);
        await send({ type: "http.response.body", body: "ok", more: true } as never);
      }),
    );
    expect(await (await transport.fetch("/")).text()).toBe("ok");
  });

  test("C9 a send after the client left throws what the server passes over in silence", async () => {
    const thrown = Promise.withResolvers<string>();
    const transport = await open(
      http(async (_scope, receive, send) => {
        await receive();
        await receive();
        try {
          await send({ type: "http.response.start", status: 200 });
          await send({ type: "http.response.body" });
          thrown.resolve("nothing");
        } catch (error) {
          thrown.resolve((error as { code: string }).code);
          throw error;
        }
      }),
    );
    const abort = new AbortController();
    const response = transport.fetch("/", { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(response).rejects.toThrow();
    expect(await thrown.promise).toBe("client_disconnected");
    expect(transport.errors).toEqual([]);
  });

  test("C10 a copy of the scope is whole: middleware may spread it", async () => {
    const inner = answering(({ path, headers, extra }: HttpScope & { extra?: string }) => [
      path,
      headers.some(([key]) => key === "host"),
      extra,
    ]);
    const transport = await open((scope, receive, send) => inner({ ...scope, extra: "x" } as never, receive, send));
    expect(await (await transport.fetch("/a")).json()).toEqual(["/a", true, "x"]);
  });

  test.each([
    { type: "http.response.push", path: "/" },
    { type: "http.response.pathsend", path: "/etc/hostname" },
    { type: "http.response.trailers" },
  ])("C11 the event of an extension that the scope does not offer is an error: $type", async (event) => {
    const transport = await open(
      http(async (scope, _receive, send) => {
        expect(Object.keys(scope.extensions ?? {})).not.toContain(event.type);
        await send({ type: "http.response.start", status: 200 });
        await send(event as never);
      }),
    );
    expect((await transport.fetch("/")).status).toBe(500);
    expect(String(transport.errors[0])).toContain(event.type);
  });

  test("H1 a request without a body is one empty event; then receive waits for the client to go", async () => {
    const outcome = Promise.withResolvers<unknown[]>();
    const transport = await open(
      http(async (_scope, receive, send) => {
        const first = await receive();
        const second = receive();
        const waited = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 30, "waits"))]);
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.body", body: "x", moreBody: true });
        outcome.resolve([first.type, "body" in first ? first.body?.byteLength : 0, waited, (await second).type]);
      }),
    );
    const response = await transport.fetch("/");
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await outcome.promise).toEqual(["http.request", 0, "waits", "http.disconnect"]);
  });

  test("H2 a body without a length comes whole, and is marked by its headers", async () => {
    const transport = await open(
      answering(async (scope, receive) => {
        let text = "";
        for (;;) {
          const event = await receive();
          if (event.type !== "http.request") break;
          text += Buffer.from(event.body ?? []).toString();
          if (event.moreBody !== true) break;
        }
        return [text, scope.headers.some(([key]) => key === "transfer-encoding")];
      }),
    );
    const body = ReadableStream.from(["one ", "two"].map((text) => new TextEncoder().encode(text)));
    const response = await transport.fetch("/", { method: "POST", body, duplex: "half" } as RequestInit);
    expect(await response.json()).toEqual(["one two", true]);
  });

  test.each<[string, readonly { type: string }[]]>([
    ["a body before the start", [{ type: "http.response.body" }]],
    ["a second start", [{ type: "http.response.start" }, { type: "http.response.start" }]],
  ])("H6 %s is an error", async (_what, events) => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        for (const event of events) await send({ status: 200, ...event } as never);
      }),
    );
    expect((await transport.fetch("/")).status).toBe(500);
  });

  test("H6 anything after the last piece is an error, which the client does not see", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.body", body: "done" });
        await send({ type: "http.response.body", body: "more" });
      }),
    );
    expect(await (await transport.fetch("/")).text()).toBe("done");
    await expect.poll(() => String(transport.errors[0])).toContain("already complete");
  });

  test.each<[string, string, readonly string[], string]>([
    ["more", "3", ["four"], "more bytes (4) than its Content-Length says (3)"],
    ["fewer", "5", ["four"], "fewer bytes (4)"],
    ["no number of", "x", ["four"], "which is no number"],
  ])(
    "H10 %s bytes than the length says are an error before anything is sent",
    async (_what, length, pieces, message) => {
      const transport = await open(
        http(async (_scope, _receive, send) => {
          await send({ type: "http.response.start", status: 200, headers: [["content-length", length]] });
          for (const body of pieces) await send({ type: "http.response.body", body });
        }),
      );
      expect((await transport.fetch("/")).status).toBe(500);
      expect(String(transport.errors[0])).toContain(message);
    },
  );

  test.each([
    ["more", "3"],
    ["fewer", "9"],
  ])("H10 %s bytes, in pieces, break the response; never more than the length are sent", async (_what, length) => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, headers: [["content-length", length]] });
        await send({ type: "http.response.body", body: "ab", moreBody: true });
        await send({ type: "http.response.body", body: "cd" });
      }),
    );
    const response = await transport.fetch("/");
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => String(transport.errors[0])).toContain("bytes (4) than its Content-Length");
  });

  test.each([
    ["GET", 204, null],
    ["GET", 205, "0"],
    ["GET", 304, null],
    ["HEAD", 200, "4"],
    ["HEAD", 404, "4"],
  ])("H11 %s with %i sends no body, also none in pieces, and the length %s", async (method, status, length) => {
    for (const more of [false, true]) {
      const transport = await open(
        http(async (_scope, _receive, send) => {
          await send({ type: "http.response.start", status, headers: [["content-length", "4"]] });
          await send({ type: "http.response.body", body: "body", moreBody: more });
          if (more) await send({ type: "http.response.body" });
        }),
      );
      const response = await transport.fetch("/", { method });
      expect([response.status, await response.text(), response.headers.get("content-length")]).toEqual([
        status,
        "",
        length,
      ]);
      expect(transport.errors).toEqual([]);
    }
  });

  test("H12 returning in the middle breaks the response, and is reported", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.body", body: "x", moreBody: true });
      }),
    );
    const response = await transport.fetch("/");
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => String(transport.errors[0])).toContain("returned without completing its response");
  });

  test("H12 returning without a start is answered with 500, and reported", async () => {
    const transport = await open(http(async () => {}));
    expect((await transport.fetch("/")).status).toBe(500);
    expect(String(transport.errors[0])).toContain("returned without starting a response");
  });

  test("H13 several cookies of a response stay apart, in order", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        const headers: [string, string][] = ["a=1", "b=2", "a=3"].map((cookie) => ["set-cookie", cookie]);
        await send({ type: "http.response.start", status: 200, headers });
        await send({ type: "http.response.body" });
      }),
    );
    expect((await transport.fetch("/")).headers.getSetCookie()).toEqual(["a=1", "b=2", "a=3"]);
  });

  test("H16 an application may end the connection", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, headers: [["connection", "close"]] });
        await send({ type: "http.response.body", body: "bye" });
      }),
    );
    const response = await transport.fetch("/");
    expect([response.headers.get("connection"), await response.text()]).toEqual(["close", "bye"]);
  });

  test("a transfer-encoding of the application's is never sent", async () => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, headers: [["Transfer-Encoding", "gzip"]] });
        await send({ type: "http.response.body", body: "four" });
      }),
    );
    const response = await transport.fetch("/");
    expect([response.headers.get("transfer-encoding"), await response.text()]).toEqual([null, "four"]);
  });

  test.each(["1\r\nset-cookie: b=1", "a\0b", "a\nb"])("a header of %j never splits the response", async (value) => {
    const transport = await open(
      http(async (_scope, _receive, send) => {
        await send({ type: "http.response.start", status: 200, headers: [["x-a", value]] });
        await send({ type: "http.response.body", body: "four" });
      }),
    );
    const response = await transport.fetch("/");
    expect([response.status, response.headers.get("set-cookie")]).toEqual([500, null]);
  });

  test("early hints go before the response, where the scope offers them", async () => {
    const transport = await open(
      http(async (scope, _receive, send) => {
        const offered = scope.extensions !== undefined && "http.response.early_hint" in scope.extensions;
        if (offered) await send({ type: "http.response.early_hint", links: ["</a.css>; rel=preload; as=style"] });
        await send({ type: "http.response.start", status: 200 });
        await send({ type: "http.response.body", body: String(offered) });
      }),
    );
    expect(await (await transport.fetch("/")).text()).toBe(String(overSocket));
  });
});
