import type { AsgiApplication, SendEvent, WebSocketReceiveEvent, WebSocketScope } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { inProcess, overSocket } from "../support/websocket-clients.ts";

type Handler = (
  scope: WebSocketScope,
  receive: () => Promise<WebSocketReceiveEvent>,
  send: (event: SendEvent) => Promise<void>,
) => Promise<unknown>;

function application(handler: Handler): AsgiApplication {
  return async (scope, receive, send) => {
    await handler(scope as WebSocketScope, receive as () => Promise<WebSocketReceiveEvent>, send);
  };
}

/** Accepts, and gives every message back. */
const echo = application(async (_scope, receive, send) => {
  await receive();
  await send({ type: "websocket.accept" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    await send({ ...event, type: "websocket.send" });
  }
});

async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ resolved: true }),
    (error) => error as Record<string, unknown>,
  );
}

describe.each([
  ["in process", inProcess],
  ["over a socket", overSocket],
])("%s", (_way, serve) => {
  test("W1 connect comes first, and nothing is answered before the application does", async () => {
    const order: string[] = [];
    const site = await serve(
      application(async (_scope, receive, send) => {
        order.push((await receive()).type);
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push("accept");
        await send({ type: "websocket.accept" });
        await receive();
      }),
    );
    const socket = await site.open("/");
    order.push("open");
    expect(order).toEqual(["websocket.connect", "accept", "open"]);
    await socket.close();
  });

  test("the scope has what a request's has, and the subprotocols", async () => {
    const scopes: WebSocketScope[] = [];
    const site = await serve(
      application(async (scope, receive, send) => {
        scopes.push(scope);
        await receive();
        await send({ type: "websocket.accept", subprotocol: scope.subprotocols[1] as string });
        await receive();
      }),
    );
    const headers = { origin: "https://a.example", cookie: "a=b" };
    const socket = await site.open("/a%20b/%C3%A9?x=%31", { subprotocols: ["v1", "v2"], headers });
    expect(socket.subprotocol).toBe("v2");
    const [scope] = scopes as [WebSocketScope];
    expect(scope).toMatchObject({
      type: "websocket",
      httpVersion: "1.1",
      scheme: "ws",
      path: "/a b/é",
      rawPath: "/a%20b/%C3%A9",
      queryString: "x=%31",
      subprotocols: ["v1", "v2"],
    });
    expect(Object.fromEntries(scope.headers)).toMatchObject(headers);
    expect({ ...scope }.headers).toBe(scope.headers);
    expect("method" in scope).toBe(false);
    await socket.close();
  });

  test.each([
    ["Sec-WebSocket-Protocol", "v1", 'goes in "subprotocol"'],
    ["Connection", "close", "it is the server's"],
    ["x-a", "1\r\nx-b: 2", "printable ASCII"],
    ["x a", "1", "pairs of strings"],
  ])("W2 accept may not have the header %s: %j", async (name, value, message) => {
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept", headers: [[name, value]] });
      }),
    );
    expect(await rejection(site.open("/"))).toMatchObject({ status: 500 });
    expect(String(site.errors[0])).toContain(message);
  });

  test("W2 a subprotocol that was not offered is an error", async () => {
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept", subprotocol: "v3" });
      }),
    );
    expect(await rejection(site.open("/", { subprotocols: ["v1"] }))).toMatchObject({ status: 500 });
    expect(String(site.errors[0])).toContain('names the subprotocol "v3"; the client offers v1');
  });

  test("W3 close before accept is 403, an exception or an early return 500", async () => {
    const site = await serve(
      application(async ({ path }, receive, send) => {
        await receive();
        if (path === "/close") await send({ type: "websocket.close" });
        if (path === "/throw") throw new TypeError("broken");
      }),
    );
    expect(await rejection(site.open("/close"))).toMatchObject({ status: 403 });
    expect(site.errors).toEqual([]);
    expect(await rejection(site.open("/throw"))).toMatchObject({ status: 500 });
    expect(await rejection(site.open("/return"))).toMatchObject({ status: 500 });
    expect(site.errors[0]).toEqual(new TypeError("broken"));
  });

  test("W4 W5 texts stay texts and bytes bytes, empty ones too", async () => {
    const site = await serve(echo);
    const socket = await site.open("/");
    for (const data of ["hé 🙂", "", new Uint8Array([0, 255]), new Uint8Array()]) {
      await socket.send(data);
      expect(await socket.receive()).toEqual(data);
    }
    await socket.close();
  });

  test.each([
    ["both", { text: "a", bytes: new Uint8Array([1]) }],
    ["neither", {}],
    ["something else", { text: 5 }],
  ])("W5 send with %s is an error", async (_name, data) => {
    const errors: unknown[] = [];
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        await send({ type: "websocket.send", ...(data as object) }).catch((error) => errors.push(error));
        await send({ type: "websocket.send", text: "still here" });
      }),
    );
    const socket = await site.open("/");
    expect(await socket.receive()).toBe("still here");
    expect(String(errors[0])).toContain("either a text or bytes");
    await socket.close();
  });

  test("W6 the application's close has its code and reason; 1000 where none is given", async () => {
    const site = await serve(
      application(async ({ path }, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        await send({ type: "websocket.close", ...(path === "/why" && { code: 4001, reason: "bye" }) });
      }),
    );
    const why = await site.open("/why");
    expect(await rejection(why.receive())).toMatchObject({ closeCode: 4001, reason: "bye" });
    const plain = await site.open("/plain");
    expect(await rejection(plain.receive())).toMatchObject({ closeCode: 1000, reason: "" });
  });

  test.each([[999], [1005], [1006], [2000], [5000], [1.5]])("W6 the code %s is an error", async (code) => {
    const errors: unknown[] = [];
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        await send({ type: "websocket.close", code }).catch((error) => errors.push(error));
        await send({ type: "websocket.close", reason: "x".repeat(124) }).catch((error) => errors.push(error));
      }),
    );
    const socket = await site.open("/");
    expect(await rejection(socket.receive())).toMatchObject({ closeCode: 1000 });
    expect(errors.map(String)).toEqual([
      expect.stringContaining(`found ${code}`),
      expect.stringContaining("123 bytes"),
    ]);
  });

  test("W7 W8 the client's close is told, again and again, and nothing can be sent after it", async () => {
    const seen: unknown[] = [];
    const done = Promise.withResolvers<void>();
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        seen.push(await receive(), await receive());
        await send({ type: "websocket.send", text: "late" }).catch((error) => seen.push(error.code));
        done.resolve();
        // One that escapes is no error of the application's.
        await send({ type: "websocket.send", text: "later" });
      }),
    );
    const socket = await site.open("/");
    await socket.close(4005, "done");
    await done.promise;
    const end = { type: "websocket.disconnect", code: 4005, reason: "done" };
    expect(seen).toEqual([end, end, "client_disconnected"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(site.errors.filter((error) => (error as { code?: string }).code !== "client_disconnected")).toEqual([]);
  });

  test("W11 an application that returns closes with 1000, one that throws with 1011", async () => {
    const site = await serve(
      application(async ({ path }, receive, send) => {
        await receive();
        await send({ type: "websocket.accept" });
        await send({ type: "websocket.send", text: "one" });
        if (path === "/throw") throw new TypeError("broken");
      }),
    );
    const returning = await site.open("/");
    expect(await returning.receive()).toBe("one");
    expect(await rejection(returning.receive())).toMatchObject({ closeCode: 1000 });
    const throwing = await site.open("/throw");
    expect(await throwing.receive()).toBe("one");
    expect(await rejection(throwing.receive())).toMatchObject({ closeCode: 1011 });
    expect(site.errors).toEqual([new TypeError("broken")]);
  });

  test.each<[string, SendEvent[]]>([
    ["a message before accept", [{ type: "websocket.send", text: "a" }]],
    ["an event of HTTP", [{ type: "http.response.start", status: 200 }]],
    ["accept twice", [{ type: "websocket.accept" }, { type: "websocket.accept" }]],
    [
      "a message after close",
      [{ type: "websocket.accept" }, { type: "websocket.close" }, { type: "websocket.send", text: "" }],
    ],
    ["a response after accept", [{ type: "websocket.accept" }, { type: "websocket.http.response.start", status: 400 }]],
    ["a body first", [{ type: "websocket.http.response.body", body: "" }]],
  ])("C6 %s is an error", async (_name, events) => {
    const site = await serve(
      application(async (_scope, receive, send) => {
        await receive();
        for (const event of events) await send(event);
      }),
    );
    const socket = await site.open("/").catch(() => undefined);
    if (socket !== undefined) await rejection(socket.receive());
    await expect.poll(() => site.errors).toHaveLength(1);
    expect(site.errors[0]).toMatchObject({ code: "asgi_protocol" });
  });

  test("websocket.http.response answers the handshake", async () => {
    const site = await serve(
      application(async ({ extensions }, receive, send) => {
        expect(extensions).toHaveProperty(["websocket.http.response"]);
        await receive();
        const headers = [["x-why", "closed"]] as const;
        await send({ type: "websocket.http.response.start", status: 401, headers });
        await send({ type: "websocket.http.response.body", body: "log ", moreBody: true });
        await send({ type: "websocket.http.response.body", body: new TextEncoder().encode("in") });
        await expect(send({ type: "websocket.accept" })).rejects.toThrow("answered with a response");
      }),
    );
    const refused = await rejection(site.open("/"));
    expect(refused).toMatchObject({ status: 401, body: "log in" });
    expect(site.errors).toEqual([]);
  });
});
