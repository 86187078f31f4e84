import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { describe, expect, onTestFinished, test } from "vitest";
import { connectionsWithin } from "../src/open-files.ts";
import { files, makeCertificate } from "./support/certificate.ts";
import { serving } from "./support/websocket-clients.ts";

const application: AsgiApplication = async (scope, receive, send) => {
  if (scope.type !== "http") return;
  for (let more = scope.path === "/read"; more; ) {
    const event = await receive();
    more = event.type === "http.request" && event.moreBody === true;
  }
  await send({ type: "http.response.start", status: 200 });
  await send({ type: "http.response.body", body: scope.rootPath });
};

function open(url: string, options: object = {}): Socket & { text: string } {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", ...options });
  onTestFinished(() => void socket.destroy());
  const kept = Object.assign(socket, { text: "" });
  socket.on("error", () => undefined);
  socket.on("data", (data) => {
    kept.text += data;
  });
  return kept;
}

/** Resolves with the time until the server has closed. */
async function closedAfter(socket: Socket): Promise<number> {
  const start = performance.now();
  await once(socket, "close");
  return performance.now() - start;
}

describe("N061 N062 a client that says nothing, or too slowly", () => {
  const limits = { headersTimeout: 300, keepAliveTimeout: 200 };

  test("is told 408 and let go within its time", async () => {
    const { url } = await serving(application, { limits });
    const silent = open(url);
    expect(await closedAfter(silent)).toBeLessThan(1_500);
    const dripping = open(url);
    const drip = setInterval(() => dripping.write("x"), 50);
    dripping.write("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    expect(await closedAfter(dripping)).toBeLessThan(1_500);
    clearInterval(drip);
    expect(dripping.text).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("is let go where a body drips; one that comes at the least rate is waited for", async () => {
    const { url } = await serving(application, { limits: { slowBodyGrace: 0, minBodyRate: 500 } });
    const head = "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n";
    const dripping = open(url);
    dripping.write(head);
    const drip = setInterval(() => dripping.write("x"), 100);
    const steady = open(url);
    steady.write(head);
    const flow = setInterval(() => steady.write("x".repeat(200)), 100);
    expect(await closedAfter(dripping)).toBeLessThan(3_500);
    expect(dripping.text).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
    await expect.poll(() => steady.text, { timeout: 5_000 }).toMatch(/^HTTP\/1\.1 200 /);
    clearInterval(flow);
  });

  test("is let go between two requests", async () => {
    const { url } = await serving(application, { limits });
    const idle = open(url);
    idle.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(idle, "data");
    // Node adds a second to it.
    expect(await closedAfter(idle)).toBeLessThan(2_500);
  });
});

test("a client that reads nothing of its answer is let go; one that reads slowly gets all of it", async () => {
  const ended: string[] = [];
  const { url } = await serving(
    async (scope, _receive, send) => {
      if (scope.type !== "http") return;
      const body = new Uint8Array(20_000_000);
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body, moreBody: true })
        .then(() => send({ type: "http.response.body" }))
        .then(() => ended.push(`${scope.path} whole`))
        .catch((error) => ended.push(`${scope.path} ${error.code}`));
    },
    { limits: { sendTimeout: 2_000 } },
  );
  const asleep = open(url);
  asleep.write("GET /asleep HTTP/1.1\r\nHost: x\r\n\r\n");
  asleep.pause();
  const slow = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void slow.destroy());
  slow.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  // 20 MB in about 4 s, by one write of the server's.
  let length = 0;
  while (length < 20_000_000) {
    const chunk: Buffer | null = slow.read(500_000) ?? slow.read();
    length += chunk?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  await expect.poll(() => ended.toSorted(), { timeout: 3_000 }).toEqual(["/asleep client_disconnected", "/slow whole"]);
}, 15_000);

test("N067 a client that closes its half has left: its view ends, and nothing is held or reported", async () => {
  const seen: string[] = [];
  const { url, errors, server } = await serving(async (scope, receive) => {
    if (scope.type !== "http") return;
    await receive();
    seen.push((await receive()).type);
  });
  const socket = open(url, { allowHalfOpen: true });
  socket.end("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(socket, "end");
  await expect.poll(() => seen).toEqual(["http.disconnect"]);
  expect([socket.text, errors]).toEqual(["", []]);
  const start = performance.now();
  await server.close({ gracePeriod: 5_000 });
  expect(performance.now() - start).toBeLessThan(1_000);
});

describe("N069 more connections than are taken", () => {
  test("get 503, until others have gone", async () => {
    const { url } = await serving(application, { limits: { maxConnections: 3 } });
    const idle = [open(url), open(url), open(url)];
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    const refused = open(url);
    await once(refused, "close");
    expect(refused.text).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/);
    for (const socket of idle) socket.destroy();
    await expect.poll(async () => (await fetch(url).catch(() => undefined))?.status, { timeout: 5_000 }).toBe(200);
  });

  test("over TLS are closed", async () => {
    const { cert, key } = makeCertificate();
    const { url } = await serving(application, { limits: { maxConnections: 1 }, tls: files({ cert, key }) });
    const idle = open(url);
    await once(idle, "connect");
    await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = open(url);
    expect(await closedAfter(refused)).toBeLessThan(1_000);
  });

  test("are never more than the process may open", () => {
    expect(connectionsWithin(16_384, undefined)).toBe(16_384);
    expect(connectionsWithin(16_384, 1_024)).toBe(896);
    expect(connectionsWithin(16_384, 64)).toBe(32);
    expect(connectionsWithin(100, 1_000_000)).toBe(100);
  });
});

test("N073 a connection gathers no listeners over a thousand requests", async () => {
  const sockets = new Set<Socket>();
  const counts = new Set<number>();
  const net = await import("node:net");
  const { server } = await serving(application);
  const front = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    server.accept(socket);
  });
  onTestFinished(() => void front.close());
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const socket = open(`http://127.0.0.1:${(front.address() as { port: number }).port}/`);
  const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  for (let round = 0; round < 1_000; round++) {
    socket.write(request);
    await once(socket, "data");
    const [served] = sockets as Set<Socket> & Iterable<Socket>;
    if (round > 0)
      counts.add(
        (served as Socket).eventNames().reduce((sum, name) => sum + (served as Socket).listenerCount(name), 0),
      );
  }
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  socket.destroy();
});

test("N071 an application that throws, or waits for a promise that fails, is told 500, and the process goes on", async () => {
  const { url, errors } = await serving(async (scope) => {
    if (scope.type !== "http") return;
    await Promise.all([Promise.reject(new TypeError("one")), Promise.reject(new TypeError("two"))]);
  });
  expect((await fetch(url)).status).toBe(500);
  expect((await fetch(url)).status).toBe(500);
  expect(errors).toHaveLength(2);
});

test("the root path and the header Server are told", async () => {
  const { url } = await serving(application, { rootPath: "/app", serverHeader: "tea/1" });
  const response = await fetch(url);
  expect([await response.text(), response.headers.get("server")]).toEqual(["/app", "tea/1"]);
  const plain = await serving(application);
  expect((await fetch(plain.url)).headers.get("server")).toBeNull();
});
