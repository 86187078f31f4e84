import { once } from "node:events";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { describe, expect, test } from "vitest";
import { createServer, type ServerConfig } from "../src/index.ts";
import { application, withLifespan } from "./support/application.ts";
import { use } from "./support/use.ts";

async function listening(app = application as Parameters<typeof createServer>[0], config: ServerConfig = {}) {
  const server = createServer(app, { port: 0, onError: () => undefined, ...config });
  const url = await server.listen();
  return { server, url, [Symbol.asyncDispose]: () => server.close({ gracePeriod: 500 }) };
}

async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(text);
  let answer = "";
  for await (const data of socket) answer += data;
  return answer;
}

describe("requests", () => {
  test("are answered by the application, and logged with status and time", async () => {
    const lines: string[] = [];
    const site = use(await listening(application, { accessLog: (line) => lines.push(line) }));
    const response = await fetch(`${site.url}a%20b?x=1`);
    expect(await response.text()).toBe("path /a b");
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^127\.0\.0\.1 - "GET \/a%20b\?x=1 HTTP\/1\.1" 200 \d+ ms$/);
  });

  test("without a Host header, or with heads beyond 16 KiB, are refused", async () => {
    const site = use(await listening());
    expect(await raw(site.url, "GET / HTTP/1.1\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(17_000)}\r\n\r\n`;
    expect(await raw(site.url, long)).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("share a connection, unless the server is told otherwise", async () => {
    const head = "GET /a HTTP/1.1\r\nhost: x\r\n\r\n";
    const last = "GET /b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    const shared = use(await listening());
    expect(await raw(shared.url, head + last)).toMatch(/path \/a[\s\S]*path \/b$/);
    const single = use(await listening(application, { keepAlive: false }));
    const answer = await raw(single.url, head + last);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).not.toContain("path /b");
  });
});

describe("close", () => {
  test("lets a request in flight finish and refuses new connections", async () => {
    const site = await listening();
    const slow = fetch(`${site.url}slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = site.server.close();
    await expect(fetch(site.url)).rejects.toThrow();
    const response = await slow;
    expect([response.status, await response.text()]).toEqual([200, "path /slow"]);
    expect(response.headers.get("connection")).toBe("close");
    await closed;
  });

  test("answers a request that is under way on a new connection", async () => {
    const site = await listening();
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1");
    await once(socket, "connect");
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = site.server.close();
    socket.write("GET /late HTTP/1.1\r\nhost: x\r\n\r\n");
    let answer = "";
    for await (const data of socket) answer += data;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*path \/late$/i);
    await closed;
  });

  test("with patience, keeps a connection whose answer has begun until one can say that it ends", async () => {
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const application: AsgiApplication = async (_scope, _receive, send) => {
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: "begun ", moreBody: true });
      begun.resolve();
      await goOn.promise;
      await send({ type: "http.response.body", body: "ended" });
    };
    const server = createServer(application, { port: 0, lifespan: "off" });
    const url = new URL(await server.listen());
    const socket = connect(Number(url.port), "127.0.0.1");
    let received = "";
    socket.on("data", (data) => {
      received += data;
    });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await begun.promise;
    const closed = server.close({ patient: true });
    goOn.resolve();
    await expect.poll(() => received).toContain("ended");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await Promise.all([closed, once(socket, "end")]);
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(received.match(/connection: close/gi)).toHaveLength(1);
  });

  test("closes idle connections at once", async () => {
    const site = await listening();
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1").resume();
    await once(socket, "connect");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = Date.now();
    await Promise.all([site.server.close({ gracePeriod: 5_000 }), once(socket, "close")]);
    expect(Date.now() - before).toBeLessThan(1_000);
  });

  test("cuts requests that outlast the grace period", async () => {
    const site = await listening();
    const slow = fetch(`${site.url}slow`);
    const failed = expect(slow).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await site.server.close({ gracePeriod: 20 });
    await failed;
  });
});

describe("the lifespan", () => {
  test("starts before the first request, gives its state to requests, and ends after the last", async () => {
    const events: string[] = [];
    const site = await listening(withLifespan(events));
    expect(await (await fetch(`${site.url}state`)).json()).toEqual({ pool: "open" });
    await site.server.close();
    expect(events).toEqual(["lifespan.startup", "request", "lifespan.shutdown"]);
  });

  test("that fails to start refuses with exit code 3 and the reason", async () => {
    const failing = withLifespan([], { failStartup: "no database" });
    const error = await listening(failing).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "boot_failed", exitCode: 3 });
    expect(String(error)).toContain("no database");
  });

  test.each([
    ["a shutdown before the startup", ["lifespan.shutdown.complete"]],
    ["a startup that is complete twice", ["lifespan.startup.complete", "lifespan.startup.complete"]],
    ["an unknown event", ["lifespan.pause"]],
    ["no event", [undefined]],
  ])("refuses %s", async (_what, types) => {
    let thrown: unknown;
    const app = (async (scope, receive, send) => {
      if (scope.type !== "lifespan") return application(scope, receive, send);
      await receive();
      try {
        for (const type of types) await send({ type } as never);
      } catch (error) {
        thrown = error;
        throw error;
      }
    }) as Parameters<typeof createServer>[0];
    const site = await listening(app, { lifespan: "auto" }).catch(() => undefined);
    await expect.poll(() => String(thrown)).toContain("Got invalid state transition on lifespan protocol");
    await site?.server.close();
  });

  test("gives each request a copy of the state: shared objects, own keys", async () => {
    const app = (async (scope, receive, send) => {
      if (scope.type === "lifespan") return withLifespan([])(scope, receive, send);
      const state = (scope as { state: Record<string, unknown> }).state;
      const seen = Object.keys(state).join();
      state["own"] = 1;
      await send({ type: "http.response.start", status: 200 });
      await send({ type: "http.response.body", body: seen });
    }) as Parameters<typeof createServer>[0];
    const site = use(await listening(app));
    const text = async () => (await fetch(site.url)).text();
    expect([await text(), await text()]).toEqual(["pool", "pool"]);
  });

  test("is optional with auto and required with on", async () => {
    const site = use(await listening(application));
    expect((await fetch(site.url)).status).toBe(200);
    await expect(listening(application, { lifespan: "on" })).rejects.toThrow("only http here");
  });
});

test("a taken port is named, with what to do", async () => {
  const other = createTcpServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const server = createServer(application as Parameters<typeof createServer>[0], { port });
  const error = await server.listen().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "address_unavailable", exitCode: 1 });
  expect((error as Error).message).toBe(
    `Port ${port} is already in use on 127.0.0.1. Stop the other process, or choose another with --port/--bind.`,
  );
  other.close();
});

test("a connection accepted elsewhere is served, and counted when closing", async () => {
  const server = createServer(application as Parameters<typeof createServer>[0]);
  await server.start();
  const front = createTcpServer({ pauseOnConnect: true }, (socket: Socket) => server.accept(socket));
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const url = `http://127.0.0.1:${(front.address() as { port: number }).port}/`;
  expect(await (await fetch(url)).text()).toBe("path /");
  const slow = fetch(`${url}slow`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await server.close();
  expect(await (await slow).text()).toBe("path /slow");
  front.close();
});
