import { applicationShutdown, applicationStartup } from "@tsjango/core/handlers";
import { urls } from "@tsjango/core/urls";
import { defineApp } from "@tsjango/kernel/apps";
import { describe, expect, test } from "vitest";
import { makeSite } from "../support/site.ts";

const asgi = { version: "3.0", specVersion: "2.0" } as const;

async function lifespan(application: Awaited<ReturnType<typeof makeSite>>["application"], ...types: string[]) {
  const sent: unknown[] = [];
  const queue = types.map((type) => ({ type }));
  await application(
    { type: "lifespan", asgi },
    async () => (queue.shift() ?? new Promise(() => {})) as never,
    async (event) => {
      sent.push(event);
    },
  );
  return sent;
}

describe("lifespan", () => {
  test("startup and shutdown are told to receivers, and the apps are closed", async () => {
    const log: string[] = [];
    const app = defineApp({ name: "pool", close: () => void log.push("close") });
    const { application } = await makeSite(urls(), { installedApps: [app] });
    const off = [
      applicationStartup.connect(() => log.push("startup")),
      applicationShutdown.connect(() => log.push("shutdown")),
    ];
    expect(await lifespan(application, "lifespan.startup", "lifespan.shutdown")).toEqual([
      { type: "lifespan.startup.complete" },
      { type: "lifespan.shutdown.complete" },
    ]);
    expect(log).toEqual(["startup", "shutdown", "close"]);
    for (const disconnect of off) disconnect();
  });

  test("a receiver that throws fails the startup, with its message", async () => {
    const { application, logged } = await makeSite(urls());
    const off = applicationStartup.connect(() => {
      throw new Error("no database");
    });
    expect(await lifespan(application, "lifespan.startup")).toEqual([
      { type: "lifespan.startup.failed", message: "Error: no database" },
    ]);
    expect(logged[0]).toContain("no database");
    off();
  });
});

test("a WebSocket is refused where the server takes no answer of its own, with close", async () => {
  const { application } = await makeSite(urls());
  const sent: unknown[] = [];
  const scope = {
    type: "websocket",
    asgi,
    scheme: "ws",
    path: "/",
    rawPath: "/",
    rootPath: "",
    headers: [["host", "localhost"]],
  } as never;
  await application(
    scope,
    async () => ({ type: "websocket.connect" }),
    async (event) => void sent.push(event),
  );
  expect(sent).toEqual([{ type: "websocket.close" }]);
});

test("another scope type throws", async () => {
  const { application } = await makeSite(urls());
  const call = application(
    { type: "mqtt" } as never,
    async () => ({}) as never,
    async () => {},
  );
  await expect(call).rejects.toThrow("tsjango knows the ASGI scopes http, websocket and lifespan, not mqtt.");
});
