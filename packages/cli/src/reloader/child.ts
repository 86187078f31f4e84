import type { Socket } from "node:net";
import { createServer, type Server } from "@tsjango/server";
import { describeBootError } from "./boot-error.ts";
import { loadSite } from "./load-site.ts";
import type { ChildMessage, SupervisorMessage } from "./messages.ts";

// The entry of the development server's child: it loads the project and answers the connections that the supervisor
// accepted. A change of a file ends it, and another takes its place.
const [, , cwd, grace] = process.argv as [string, string, string, string];
let server: Server | undefined;

// Ctrl-C reaches the whole process group; the supervisor decides. Without a supervisor there is nothing to do.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void drain());
process.on("disconnect", () => process.exit(0));
process.on("message", (message: SupervisorMessage, handle: unknown) => {
  if (message.type === "drain") void drain();
  else {
    void tell({ type: "accepted", id: message.id });
    // Undefined where the client has gone on the way.
    if (handle !== undefined) server?.accept(handle as Socket);
  }
});
process.on("uncaughtException", fail);

function tell(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

async function fail(error: unknown): Promise<never> {
  await tell({ type: "failed", error: describeBootError(error) });
  return process.exit(1);
}

async function drain(): Promise<void> {
  await server?.close({ gracePeriod: Number(grace) });
  process.exit(0);
}

try {
  const site = await loadSite(cwd);
  // One request a connection: a client that is about to send the next on one that a save has closed would see an error.
  const accessLog = (line: string) => void process.stdout.write(`${line}\n`);
  server = createServer(site.application, { accessLog, keepAlive: false });
  await server.start();
  await tell({ type: "ready" });
  await tell({ type: "news", lines: [site.report, ...(await site.notices())] });
} catch (error) {
  await fail(error);
}
