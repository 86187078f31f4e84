import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { AsgiApplication, Receive, Send } from "@tsjango/core/asgi";
import Database from "better-sqlite3";

// The site of the scenarios. It is copied into a directory of its own, where its version is edited and the ledger lies.
const VERSION = "version 1";
const database = new Database(new URL("ledger.sqlite3", import.meta.url).pathname, { timeout: 10_000 });
database.pragma("journal_mode = WAL");
database.pragma("synchronous = NORMAL");
database.exec("CREATE TABLE IF NOT EXISTS ledger (id TEXT PRIMARY KEY) WITHOUT ROWID");
const insert = database.transaction((id: string) => {
  database.prepare("INSERT INTO ledger (id) VALUES (?)").run(id);
});
const leaked: Buffer[] = [];
const kept: unknown[] = [];

function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** A function with a name to be found in a stack. */
function blockTheLoop(milliseconds: number): void {
  spin(milliseconds);
}

async function bodyOf(receive: Receive): Promise<string> {
  let text = "";
  for (;;) {
    const event = await receive();
    if (event.type !== "http.request") return text;
    text += Buffer.from(event.body ?? []).toString();
    if (event.moreBody !== true) return text;
  }
}

const views: Readonly<Record<string, (number: number, receive: Receive) => unknown>> = {
  "/": () => VERSION,
  "/pid": () => String(process.pid),
  "/slow": async (milliseconds) => {
    await sleep(milliseconds);
    return VERSION;
  },
  "/hang": () => sleep(3_600_000),
  "/spin": (milliseconds) => spin(milliseconds),
  "/block": (milliseconds) => blockTheLoop(milliseconds),
  "/leak": (kilobytes) => leaked.push(Buffer.alloc(kilobytes * 1024, 1)),
  "/fill": () => {
    for (;;) kept.push({ numbers: Array.from({ length: 1000 }, (_, index) => index + kept.length) });
  },
  /** A process whose parent ends before it does. */
  "/orphan": () => void spawn("sh", ["-c", "sleep 0.2 &"], { stdio: "ignore" }),
  "/throw": () =>
    void setTimeout(() => {
      throw new Error("thrown in a timer");
    }, 1),
  "/reject": () => void Promise.reject(new Error("nobody catches this")),
  "/ledger": async (_number, receive) => insert(await bodyOf(receive)),
};

async function stream(send: Send): Promise<void> {
  await send({ type: "http.response.start", status: 200, headers: [["content-type", "text/plain"]] });
  for (let piece = 0; piece < 3; piece++) {
    await sleep(2);
    await send({ type: "http.response.body", body: `piece ${piece}\n`, moreBody: true });
  }
  await send({ type: "http.response.body" });
}

export const application: AsgiApplication = async (scope, receive, send) => {
  if (scope.type === "lifespan") {
    for (;;) {
      const { type } = await receive();
      if (type === "lifespan.shutdown") console.log(`shutdown of ${process.pid}`);
      await send({ type: `${type as "lifespan.startup"}.complete` });
      if (type === "lifespan.shutdown") return;
    }
  }
  if (scope.type !== "http") throw new Error("only http here");
  if (scope.path === "/stream") return stream(send);
  const answer = await views[scope.path]?.(Number(scope.queryString || "0"), receive);
  const body = typeof answer === "string" ? answer : "ok";
  const headers: [string, string][] = [
    ["content-type", "text/plain"],
    ["content-length", String(body.length)],
  ];
  await send({ type: "http.response.start", status: scope.path in views ? 200 : 404, headers });
  await send({ type: "http.response.body", body });
};
