import { AsyncLocalStorage } from "node:async_hooks";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import core from "../../../packages/core/src/app.ts";
import { getAsgiApplication } from "../../../packages/core/src/application.ts";
import {
  currentRequest,
  EventStreamResponse,
  HttpResponse,
  JsonResponse,
} from "../../../packages/core/src/http/index.ts";
import { path, urls } from "../../../packages/core/src/urls/index.ts";
import { websocket } from "../../../packages/core/src/websockets/index.ts";
import { settingsDefiner } from "../../../packages/kernel/src/conf/index.ts";
import { createServer, type ServerConfig } from "../../../packages/server/src/index.ts";

// A site in one process, for the scenarios of many connections; its argument is the server's configuration as JSON.

/** What has been told, each with what follows it: whoever listens holds its place in the list. */
interface Told {
  readonly data: string;
  readonly next: Promise<Told>;
}
let tell = Promise.withResolvers<Told>();

function broadcast(data: string): void {
  const { resolve } = tell;
  tell = Promise.withResolvers();
  resolve({ data, next: tell.promise });
}

let listeners = 0;

async function* events(signal: AbortSignal) {
  listeners++;
  const gone = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  gone.catch(() => undefined);
  try {
    for (let next = tell.promise; ; ) {
      const told = await Promise.race([next, gone]);
      next = told.next;
      yield { data: told.data };
    }
  } finally {
    listeners--;
  }
}

const users = new AsyncLocalStorage<string>();

/** Who the code that runs now works for, after everything that could lose it. */
async function whoAmI(name: string): Promise<string[]> {
  const seen: string[] = [];
  const look = () => void seen.push(`${users.getStore()} ${currentRequest()?.query.get("user")}`);
  look();
  await sleep(Math.random() * 20);
  look();
  await Promise.all([sleep(1).then(look), new Promise((resolve) => setImmediate(resolve)).then(look)]);
  await new Promise<void>((resolve) => process.nextTick(() => resolve(look())));
  return seen.filter((each) => each !== `${name} ${name}`);
}

const urlpatterns = urls(
  path("", () => new HttpResponse("ok")),
  path("events/", (request) => new EventStreamResponse(events(request.signal), { keepAlive: 0 })),
  path("who/", (request) => {
    const name = request.query.get("user") ?? "";
    return users.run(name, async () => new JsonResponse({ name, strangers: await whoAmI(name) }));
  }),
  path(
    "socket/",
    websocket(async (socket) => {
      for await (const message of socket) await socket.send(message);
    }),
  ),
);

const settings = settingsDefiner([core])({
  baseDir: import.meta.dirname,
  secretKey: "for scenarios",
  allowedHosts: ["127.0.0.1"],
  rootUrlconf: async () => ({ urlpatterns }),
});
const config = JSON.parse(process.argv[2] as string) as ServerConfig;
const server = createServer(await getAsgiApplication(settings), { port: 0, onError: console.error, ...config });
process.send?.(await server.listen());

type Collect = (options?: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;
const { gc } = globalThis as { gc?: Collect };

process.on("message", async (message: { broadcast?: string; close?: number; rest?: true }) => {
  if (message.broadcast !== undefined) broadcast(message.broadcast);
  if (message.close !== undefined) await server.close({ gracePeriod: message.close });
  for (let round = 0; round < 3; round++) {
    await sleep(20);
    gc?.();
  }
  // V8 gives memory back to the system by and by when there is nothing to do; this does not wait for it.
  if (message.rest) gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  const { heapUsed, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed, rss, files: readdirSync("/proc/self/fd").length, listeners });
});
