import core from "@tsjango/core/app";
import { getAsgiApplication } from "@tsjango/core/application";
import type { AsgiApplication } from "@tsjango/core/asgi";
import { currentRequest, HttpResponse, PermissionDenied } from "@tsjango/core/http";
import { include, path, reverseFor, urls } from "@tsjango/core/urls";
import { group, WebSocketClosed, type WebSocketConnection, websocket } from "@tsjango/core/websockets";
import { currentContext } from "@tsjango/kernel/async";
import { settingsDefiner } from "@tsjango/kernel/conf";
import { redirectLogs } from "@tsjango/kernel/logging";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { inProcess, overSocket, serving } from "../support/websocket-clients.ts";

const seen: unknown[] = [];
const sockets: WebSocketConnection[] = [];
let application: AsgiApplication;

/** Typed by its route: `room` is a string. */
const chat = path(
  "chat/<slug:room>/",
  websocket(async (socket, { room }) => {
    const members = group(`chat.${room}`);
    members.add(socket);
    await socket.accept();
    members.send(`${members.size} here`);
    for await (const message of socket) members.send(message, { except: socket });
  }),
  { name: "chat" },
);

async function echo(socket: WebSocketConnection): Promise<void> {
  sockets.push(socket);
  for await (const message of socket) await socket.send(message);
}

const urlpatterns = urls(
  chat,
  path("echo/", websocket(echo)),
  path("plain/", () => new HttpResponse("plain")),
  path(
    "add/",
    websocket(async (socket) => {
      for await (const { a, b } of socket.json(z.object({ a: z.number(), b: z.number() }))) {
        await socket.sendJson({ sum: a + b });
      }
    }),
  ),
  path(
    "who/<int:n>/",
    websocket(async (socket, { n }) => {
      await socket.accept({ subprotocol: socket.subprotocols[0] ?? "", headers: { "X-Who": "me" } });
      const { request } = socket;
      const { host, query, scheme } = request;
      const { route } = request.resolverMatch as { route: string };
      const same = currentRequest() === request;
      const name = currentContext()?.name;
      await socket.sendJson({
        host,
        scheme,
        n,
        a: query.get("a"),
        cookie: request.cookies.get("id"),
        route,
        same,
        name,
      });
    }),
    { name: "who" },
  ),
  path(
    "denied/",
    websocket(() => {
      throw new PermissionDenied("members only");
    }),
  ),
  path(
    "late/",
    websocket(async (socket) => {
      await socket.send("hello");
      throw new PermissionDenied("members only");
    }),
  ),
  path(
    "broken/",
    websocket(async (socket) => {
      await socket.receive();
      throw new TypeError("broken view");
    }),
  ),
  path(
    "silent/",
    websocket(() => undefined),
  ),
  path("open/", websocket(echo, { anyOrigin: true })),
  path(
    "ticks/",
    websocket(async (socket) => {
      try {
        for (;;) {
          await socket.send("tick");
          await new Promise((resolve, reject) => {
            setTimeout(resolve, 20_000).unref();
            socket.signal.addEventListener("abort", () => reject(socket.signal.reason), { once: true });
          });
        }
      } finally {
        seen.push("ended", socket.end);
      }
    }),
  ),
  path("nested/", include(urls(path("echo/", websocket(echo), { name: "echo" })), { namespace: "nested" })),
);

beforeAll(async () => {
  const settings = settingsDefiner([core])({
    baseDir: import.meta.dirname,
    secretKey: "for tests",
    allowedHosts: ["localhost", "127.0.0.1"],
    csrfTrustedOrigins: ["https://*.trusted.example"],
    rootUrlconf: async () => ({ urlpatterns }),
  });
  application = await getAsgiApplication(settings);
  return redirectLogs(() => undefined);
});
beforeEach(() => {
  seen.length = 0;
  sockets.length = 0;
});

describe.each([
  ["in process", inProcess],
  ["over a socket", overSocket],
])("a WebSocket view, %s", (way, serve) => {
  test("echoes texts and bytes until the client leaves", async () => {
    const site = await serve(application);
    const socket = await site.open("/echo/");
    for (const data of ["one", new Uint8Array([2, 3])]) {
      await socket.send(data);
      expect(await socket.receive()).toEqual(data);
    }
    await socket.close(4000, "enough");
    await expect.poll(() => sockets[0]?.end).toEqual({ code: 4000, reason: "enough" });
    await expect(sockets[0]?.receive()).rejects.toBeInstanceOf(WebSocketClosed);
    expect(site.errors).toEqual([]);
  });

  test("a chat: everybody of the room hears what one says, and whoever leaves is forgotten", async () => {
    const site = await serve(application);
    const anna = await site.open("/chat/tea/");
    expect(await anna.receive()).toBe("1 here");
    const bert = await site.open("/chat/tea/");
    expect([await anna.receive(), await bert.receive()]).toEqual(["2 here", "2 here"]);
    const other = await site.open("/chat/coffee/");
    expect(await other.receive()).toBe("1 here");
    await anna.send("hi");
    expect(await bert.receive()).toBe("hi");
    await bert.close();
    await expect.poll(() => group("chat.tea").size).toBe(1);
    await anna.close();
    await other.close();
    await expect.poll(() => group("chat.coffee").size).toBe(0);
  });

  test("has the handshake as a request, in its context, with the parameters of its route", async () => {
    const site = await serve(application);
    const socket = await site.open("/who/7/?a=b", { subprotocols: ["v1"], headers: { cookie: "id=5" } });
    expect(socket.subprotocol).toBe("v1");
    expect(JSON.parse(String(await socket.receive()))).toEqual({
      host: way === "in process" ? "localhost" : expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      scheme: "http",
      n: 7,
      a: "b",
      cookie: "5",
      route: "who/<int:n>/",
      same: true,
      name: "who",
    });
    await expect(socket.receive()).rejects.toMatchObject({ closeCode: 1000 });
  });

  test("takes JSON by a schema; what does not fit closes with 4400", async () => {
    const site = await serve(application);
    const socket = await site.open("/add/");
    await socket.send('{"a":1,"b":2}');
    expect(await socket.receive()).toBe('{"sum":3}');
    await socket.send('{"a":"1"}');
    await expect(socket.receive()).rejects.toMatchObject({ closeCode: 4400, reason: "RequestValidationError" });
    const second = await site.open("/add/");
    await second.send("{");
    await expect(second.receive()).rejects.toMatchObject({ closeCode: 4400, reason: "BadRequest" });
  });

  test.each([
    ["/nowhere/", 404],
    ["/plain/", 404],
    ["/denied/", 403],
    ["/silent/", 403],
  ])("%s refuses the handshake with %i", async (target, status) => {
    const site = await serve(application);
    await expect(site.open(target)).rejects.toMatchObject({ status });
    expect(site.errors).toEqual([]);
  });

  test("a host that is not the site's is refused with 400", async () => {
    const site = await serve(application);
    await expect(site.open("/echo/", { headers: { host: "evil.example" } })).rejects.toMatchObject({ status: 400 });
  });

  test("pages of other sites may not open one, unless the view or the settings say so", async () => {
    const site = await serve(application);
    const from = (origin: string) => ({ headers: { origin, host: "localhost:80" } });
    for (const origin of ["https://evil.example", "null", "http://localhost:81", "https://localhost"]) {
      await expect(site.open("/echo/", from(origin))).rejects.toMatchObject({ status: 403 });
    }
    for (const origin of ["http://localhost", "https://a.trusted.example"]) {
      await (await site.open("/echo/", from(origin))).close();
    }
    await (await site.open("/open/", from("https://evil.example"))).close();
  });

  test("one that throws after it was accepted closes with 4403, or 1011", async () => {
    const site = await serve(application);
    const late = await site.open("/late/");
    expect(await late.receive()).toBe("hello");
    await expect(late.receive()).rejects.toMatchObject({ closeCode: 4403, reason: "PermissionDenied" });
    const broken = await site.open("/broken/");
    await broken.send("now");
    await expect(broken.receive()).rejects.toMatchObject({ closeCode: 1011 });
  });

  test("one that only sends learns of the end by its signal", async () => {
    const site = await serve(application);
    const socket = await site.open("/ticks/");
    expect(await socket.receive()).toBe("tick");
    await socket.close(1001);
    await expect.poll(() => seen).toEqual(["ended", { code: 1001, reason: "" }]);
    expect(site.errors).toEqual([]);
  });

  test("is included, and reversed, as others are", async () => {
    const site = await serve(application);
    const url = reverseFor(() => urlpatterns)("nested:echo");
    expect(url).toBe("/nested/echo/");
    await (await site.open(url)).close();
  });
});

test("a plain request of its URL is answered with 426", async () => {
  const { url } = await serving(application);
  const response = await fetch(`${url}echo/`);
  expect([response.status, response.headers.get("upgrade")]).toEqual([426, "websocket"]);
});

test("a slow member of a group does not hold up the others, and is dropped", async () => {
  const { url } = await serving(application, { websocket: { maxUnsent: 200_000 } });
  const { WebSocket } = await import("ws");
  const open = () =>
    new Promise<InstanceType<typeof WebSocket>>((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}chat/slow/`).on("error", () => undefined);
      socket.once("message", () => resolve(socket));
    });
  const [speaker, listener, sleeper] = [await open(), await open(), await open()];
  sleeper.pause();
  let heard = 0;
  listener.on("message", (data: Buffer) => {
    if (data.length > 1000) heard++;
  });
  for (let round = 0; round < 150; round++) {
    speaker.send("x".repeat(50_000));
    await expect.poll(() => heard, { interval: 1 }).toBe(round + 1);
  }
  await expect.poll(() => group("chat.slow").size).toBe(2);
  for (const socket of [speaker, listener, sleeper]) socket.terminate();
});
