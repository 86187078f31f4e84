import { once } from "node:events";
import { connect } from "node:net";
import type { AsgiApplication, SendEvent, WebSocketReceiveEvent } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ServerConfig } from "../../src/index.ts";
import { serving } from "../support/websocket-clients.ts";

/** Accepts, notes what comes, and echoes. */
function noting(events: WebSocketReceiveEvent[], then?: (send: (event: SendEvent) => Promise<void>) => Promise<void>) {
  const application: AsgiApplication = async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    if (then !== undefined) return then(send);
    for (;;) {
      const event = (await receive()) as WebSocketReceiveEvent;
      events.push(event);
      if (event.type !== "websocket.receive") return;
      await send({ ...event, type: "websocket.send" });
    }
  };
  return application;
}

async function open(application: AsgiApplication, config: ServerConfig = {}, options = {}) {
  const site = await serving(application, config);
  const socket = new WebSocket(site.url.replace("http", "ws"), options);
  socket.on("error", () => undefined);
  await once(socket, "open");
  return { ...site, socket };
}

async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, "close");
  return { code, reason: String(reason) };
}

function handshake(lines: readonly string[] = [], version = "13"): string {
  const own = [`Sec-WebSocket-Version: ${version}`, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  return ["GET /x HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", ...own, ...lines, "", ""].join(
    "\r\n",
  );
}

async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(text);
  let answer = "";
  for await (const data of socket) {
    answer += data;
    if (answer.startsWith("HTTP/1.1 101")) break;
  }
  return answer;
}

describe("the end is told", () => {
  test.each([
    ["a close with a code", (socket: WebSocket) => socket.close(4002, "why"), { code: 4002, reason: "why" }],
    ["a close without", (socket: WebSocket) => socket.close(), { code: 1005, reason: "" }],
    ["a connection that breaks", (socket: WebSocket) => socket.terminate(), { code: 1006, reason: "" }],
  ])("W7 of %s", async (_name, end, expected) => {
    const events: WebSocketReceiveEvent[] = [];
    const { socket } = await open(noting(events));
    end(socket);
    await expect.poll(() => events).toEqual([{ type: "websocket.disconnect", ...expected }]);
  });

  test("to an application that has not answered the handshake yet", async () => {
    const events: string[] = [];
    const site = await serving(async (_scope, receive) => {
      events.push((await receive()).type);
      events.push((await receive()).type);
    });
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1");
    const closed = once(socket.resume(), "close");
    socket.write(handshake());
    await expect.poll(() => events).toEqual(["websocket.connect"]);
    socket.end();
    await expect.poll(() => events).toEqual(["websocket.connect", "websocket.disconnect"]);
    await closed;
    await expect.poll(() => site.errors).toEqual([]);
  });

  test("W7 of the server with 1012, and it waits for the applications", async () => {
    const events: WebSocketReceiveEvent[] = [];
    const { socket, server } = await open(noting(events));
    const closed = closing(socket);
    await server.close({ gracePeriod: 5_000 });
    expect(events).toEqual([{ type: "websocket.disconnect", code: 1012, reason: "Service Restart" }]);
    expect(await closed).toEqual({ code: 1012, reason: "Service Restart" });
  });

  test("a client that ignores the end of the server is cut off after the grace period", async () => {
    const site = await serving(noting([]));
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1");
    socket.on("error", () => undefined).write(handshake());
    await once(socket, "data");
    const start = performance.now();
    await site.server.close({ gracePeriod: 100 });
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("W9 keep-alive", () => {
  const websocket = { pingInterval: 60, pingTimeout: 60 };

  test("a client that does not answer a ping is closed with 1011", async () => {
    const events: WebSocketReceiveEvent[] = [];
    const { socket } = await open(noting(events), { websocket }, { autoPong: false });
    expect(await closing(socket)).toMatchObject({ code: expect.toBeOneOf([1006, 1011]) });
    expect(events).toEqual([{ type: "websocket.disconnect", code: 1011, reason: "keepalive ping timeout" }]);
  });

  test("one that answers, or speaks, stays; 0 never asks", async () => {
    const { socket } = await open(noting([]), { websocket });
    let pings = 0;
    socket.on("ping", () => pings++);
    await expect.poll(() => pings).toBeGreaterThan(3);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const quiet = await open(noting([]), { websocket: { ...websocket, pingInterval: 0 } }, { autoPong: false });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(quiet.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("a busy event loop is not taken for a silent client", async () => {
    const { socket } = await open(noting([]), { websocket });
    await once(socket, "ping");
    const end = performance.now() + 500;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("W10 what is not taken", () => {
  test("a message that is too long: 1009, before it is read whole", async () => {
    const events: WebSocketReceiveEvent[] = [];
    const { socket } = await open(noting(events), { websocket: { maxMessageSize: 1000 } });
    socket.send("x".repeat(1000));
    expect(String((await once(socket, "message"))[0])).toHaveLength(1000);
    socket.send("x".repeat(1001));
    expect(await closing(socket)).toMatchObject({ code: 1009 });
    await expect.poll(() => events.at(-1)).toMatchObject({ type: "websocket.disconnect", code: 1009 });
  });

  test("a text that is not UTF-8: 1007; a frame that is not masked: 1002", async () => {
    for (const [frame, code] of [
      [Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), 1007],
      [Buffer.from([0x81, 0x01, 0x61]), 1002],
    ] as const) {
      const events: WebSocketReceiveEvent[] = [];
      const { socket } = await open(noting(events));
      (socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(frame);
      expect(await closing(socket)).toMatchObject({ code });
      await expect.poll(() => events.at(-1)).toMatchObject({ type: "websocket.disconnect", code });
    }
  });

  test("fragments are one message", async () => {
    const events: WebSocketReceiveEvent[] = [];
    const { socket } = await open(noting(events));
    socket.send("a", { fin: false });
    socket.send("b", { fin: false });
    socket.send("c", { fin: true });
    expect(String((await once(socket, "message"))[0])).toBe("abc");
    expect(events).toEqual([{ type: "websocket.receive", text: "abc" }]);
  });
});

describe("a handshake is checked as strictly as any request", () => {
  test.each([
    ["another version", handshake([], "8"), 426],
    ["no key", handshake().replace(/Sec-WebSocket-Key.*\r\n/, ""), 400],
    ["a short key", handshake().replace("dGhl", "dG"), 400],
    ["two keys", handshake(["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), 400],
    ["a subprotocol twice", handshake(["Sec-WebSocket-Protocol: a, b, a"]), 400],
    ["an empty subprotocol", handshake(["Sec-WebSocket-Protocol: a,,b"]), 400],
    ["two hosts", handshake(["Host: y"]), 400],
    ["no host", handshake().replace("Host: x\r\n", ""), 400],
    ["two origins", handshake(["Origin: http://x", "Origin: http://y"]), 400],
    ["a target that is not encoded", handshake().replace("/x", "/{x}"), 400],
    ["a path that is not UTF-8", handshake().replace("/x", "/%ff"), 400],
    ["a long target", handshake().replace("/x", `/${"x".repeat(8200)}`), 414],
    ["101 headers", handshake(Array.from({ length: 101 }, (_, index) => `X-${index}: 1`)), 431],
  ])("%s", async (_name, text, status) => {
    let called = 0;
    const site = await serving(async () => void called++);
    const answer = await raw(site.url, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/^connection: close\r$/im);
    if (status === 426) expect(answer).toMatch(/^sec-websocket-version: 13\r$/im);
    expect([called, site.errors]).toEqual([0, []]);
  });

  test.each([
    ["h2c", handshake().replace("Upgrade: websocket", "Upgrade: h2c")],
    ["POST", handshake().replace("GET", "POST")],
    ["one with a body", handshake(["Content-Length: 3"]).concat("abc")],
  ])("%s is no WebSocket but an ordinary request", async (_name, text) => {
    const types: string[] = [];
    const site = await serving(async (scope, _receive, send) => {
      types.push(scope.type);
      await send({ type: "http.response.start", status: 200, headers: [["connection", "close"]] });
      await send({ type: "http.response.body", body: "ordinary" });
    });
    expect(await raw(site.url, text)).toMatch(/^HTTP\/1\.1 200 [\s\S]*ordinary$/);
    expect(types).toEqual(["http"]);
  });

  test("one that comes before the answer to the request ahead of it is refused after that", async () => {
    const types: string[] = [];
    const site = await serving(async (scope, _receive, send) => {
      types.push(scope.type);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "first" });
    });
    const answer = await raw(site.url, `GET / HTTP/1.1\r\nHost: x\r\n\r\n${handshake()}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*firstHTTP\/1\.1 400 /);
    expect(types).toEqual(["http"]);
  });

  test("after a request that is answered it may come on the same connection", async () => {
    const site = await serving(async (scope, receive, send) => {
      if (scope.type === "websocket") {
        await receive();
        return send({ type: "websocket.accept", headers: [["x-room", "7"]] });
      }
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "first" });
    });
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(String((await once(socket, "data"))[0])).toContain("first");
    socket.write(handshake());
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1\.1 101 [\s\S]*x-room: 7\r\n/);
    socket.destroy();
  });
});

describe("what is too fast for one end", () => {
  test("waits in the client where the application is slow, in memory that has an end", async () => {
    const sizes: number[] = [];
    const release = Promise.withResolvers<void>();
    const { socket } = await open(async (_scope, receive, send) => {
      await receive();
      await send({ type: "websocket.accept" });
      await release.promise;
      for (let index = 0; index < 200; index++) {
        const event = (await receive()) as { bytes: Uint8Array };
        sizes.push(event.bytes.byteLength);
      }
    });
    for (let index = 0; index < 200; index++) socket.send(Buffer.alloc(100_000, index));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // 20 MB were sent; what is not in the buffers of the system is still the client's.
    expect(socket.bufferedAmount).toBeGreaterThan(5_000_000);
    release.resolve();
    expect(await closing(socket)).toMatchObject({ code: 1000 });
    expect(sizes).toEqual(Array(200).fill(100_000));
  });

  test("waits in the application where the client is slow", async () => {
    let sent = 0;
    const { socket } = await open(
      noting([], async (send) => {
        for (; sent < 200; sent++) await send({ type: "websocket.send", bytes: new Uint8Array(100_000) });
      }),
    );
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = sent;
    expect(before).toBeLessThan(150);
    socket.resume();
    expect(await closing(socket)).toMatchObject({ code: 1000 });
    expect(sent).toBe(200);
  });

  test("a client that leaves too much unread is dropped where the application does not wait", async () => {
    const outcome = Promise.withResolvers<unknown>();
    const { socket } = await open(
      noting([], async (send) => {
        const sends = Array.from({ length: 400 }, () =>
          send({ type: "websocket.send", bytes: new Uint8Array(100_000) }),
        );
        outcome.resolve((await Promise.allSettled(sends)).filter(({ status }) => status === "rejected").length);
      }),
      { websocket: { maxUnsent: 1_000_000 } },
    );
    socket.pause();
    expect(await outcome.promise).toBeGreaterThan(200);
  });
});

test("messages are compressed only where the server is told to", async () => {
  const plain = await open(noting([]));
  expect(plain.socket.extensions).toBe("");
  const { socket } = await open(noting([]), { websocket: { deflate: true } });
  expect(socket.extensions).toContain("permessage-deflate");
  socket.send("x".repeat(5_000));
  expect(String((await once(socket, "message"))[0])).toHaveLength(5_000);
  // A bomb is measured when it is unpacked.
  const bomb = await open(noting([]), { websocket: { deflate: true, maxMessageSize: 10_000 } });
  bomb.socket.send(Buffer.alloc(10_000_000));
  expect(await closing(bomb.socket)).toMatchObject({ code: 1009 });
});
