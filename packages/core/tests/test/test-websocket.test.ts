import type { AsgiApplication, WebSocketReceiveEvent, WebSocketScope } from "@tsjango/core/asgi";
import { Client, WebSocketClosed } from "@tsjango/core/test";
import { urls } from "@tsjango/core/urls";
import { expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

/** Answers what it is told to, and notes what reaches it. */
function application(heard: WebSocketReceiveEvent[] = []): AsgiApplication {
  return async (scope, receive, send) => {
    const { subprotocols, path, headers } = scope as WebSocketScope;
    if (path === "/refused/") return send({ type: "websocket.close", code: 4003, reason: "no" });
    if (path === "/silent/") return void (await new Promise(() => {}));
    if (path === "/crash/") throw new TypeError("broken socket");
    await receive();
    await send({ type: "websocket.accept", subprotocol: subprotocols[0] ?? null });
    for (;;) {
      const event = (await receive()) as WebSocketReceiveEvent;
      heard.push(event);
      if (event.type !== "websocket.receive") return;
      if (event.text === "quit") return send({ type: "websocket.close", code: 4001, reason: "bye" });
      if (event.text === "fail") throw new TypeError("broken later");
      if (event.text === "cookie") {
        await send({ type: "websocket.send", text: new Headers(headers as [string, string][]).get("cookie") });
      } else if (event.text !== "nothing") await send({ ...event, type: "websocket.send" });
    }
  };
}

test("texts, bytes and JSON go both ways, until the client leaves", async () => {
  const heard: WebSocketReceiveEvent[] = [];
  const client = new Client(application(heard));
  client.cookies.set("user", "jane");
  const socket = await client.websocket("/chat/?room=1", { subprotocols: ["chat"] });
  expect(socket.subprotocol).toBe("chat");
  await socket.send("hello");
  await socket.send(new Uint8Array([1, 2]));
  await socket.sendJson({ a: 1 });
  await socket.send("cookie");
  expect(await socket.receive()).toBe("hello");
  expect(await socket.receive()).toEqual(new Uint8Array([1, 2]));
  expect(await socket.receiveJson()).toEqual({ a: 1 });
  expect(await socket.receive()).toBe("user=jane");
  await socket.close(1001, "leaving");
  expect(heard.at(-1)).toEqual({ type: "websocket.disconnect", code: 1001, reason: "leaving" });
  await expect(socket.send("late")).rejects.toThrow("This end of the WebSocket is closed");
});

test("a refusal says its code", async () => {
  const client = new Client(application());
  const refusal = await client.websocket("/refused/").catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WebSocketClosed);
  expect(refusal).toMatchObject({
    message: "The application refused the WebSocket of /refused/.",
    closeCode: 4003,
    reason: "no",
  });
});

test("the application's close and its errors end the waiting", async () => {
  const client = new Client(application());
  const closed = await client.websocket("/");
  await closed.send("quit");
  await expect(closed.receive()).rejects.toThrow("The application closed the WebSocket (code 4001).");
  await closed.close();
  const broken = await client.websocket("/");
  await broken.send("fail");
  await expect(broken.receive()).rejects.toThrow(new TypeError("broken later"));
  await expect(broken.close()).rejects.toThrow(new TypeError("broken later"));
  await expect(client.websocket("/crash/")).rejects.toThrow(new TypeError("broken socket"));
});

test("nothing waits for ever", async () => {
  const client = new Client(application());
  const socket = await client.websocket("/", { timeout: 20 });
  await socket.send("nothing");
  await expect(socket.receive()).rejects.toThrow("No message came within 20 ms.");
  await socket.close();
  await expect(client.websocket("/silent/", { timeout: 20 })).rejects.toThrow(
    "The application did nothing for 20 ms before it accepted the WebSocket of /silent/.",
  );
});

test("a project's application refuses WebSockets, as it has no views for them", async () => {
  const { application: site } = await makeSite(urls());
  await expect(new Client(site).websocket("/chat/")).rejects.toThrow("The application refused the WebSocket");
});
