import type { Socket } from "node:net";
import { createServer, type Server } from "@tsjango/server";
import { requireProject } from "../prepare.ts";
import { describeBootError } from "./boot-error.ts";
import { type DependencyNotes, noteDependencies, preload } from "./dependencies.ts";
import { developmentApplication } from "./development-application.ts";
import { firstAnswer } from "./first-answer.ts";
import { freeMemory } from "./free-memory.ts";
import { loadSite } from "./load-site.ts";
import type { ChildMessage, SiteOptions, SupervisorMessage } from "./messages.ts";

// The entry of a process of the development server. It loads dependencies and stands by; told to go, it loads the project
// and answers the connections that the supervisor accepted. A change of a file ends it, and another takes its place.
const options: SiteOptions = JSON.parse(process.argv[2] as string);
/** Milliseconds after its start in which a site has its first requests. */
const SETTLED = 3_000;
let server: Server | undefined;
let site: ReturnType<typeof developmentApplication> | undefined;
let notes: DependencyNotes | undefined;
let build = "";
let going = false;

// Ctrl-C reaches the whole process group; the supervisor decides. Without a supervisor there is nothing to do.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void drain());
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", (error) => void fail(error));
process.on("message", (message: SupervisorMessage, handle: unknown) => {
  if (message.type === "preload") void standBy(message.urls);
  else if (message.type === "go") void go();
  else if (message.type === "build") build = message.build;
  else if (message.type === "drain") void drain();
  else accept(message, handle as Socket | undefined);
});

function accept({ id, head }: { id: number; head: string }, socket: Socket | undefined): void {
  void tell({ type: "accepted", id });
  // Undefined where the client has gone on the way.
  if (socket === undefined) return;
  if (head !== "") socket.unshift(Buffer.from(head, "latin1"));
  server?.accept(socket);
}

function tell(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Tells why it ends; who waits for an answer gets to see it. */
async function fail(thrown: unknown): Promise<never> {
  const error = describeBootError(thrown);
  tellDependencies();
  await Promise.all([tell({ type: "failed", error }), site?.answerAll(error)]);
  return process.exit(1);
}

function tellDependencies(): void {
  if (notes !== undefined) void tell({ type: "dependencies", urls: notes.urls() });
}

async function standBy(urls: readonly string[]): Promise<void> {
  await preload(urls, () => going);
  if (going) return;
  const { warmUp } = await import("./warm-up.ts");
  await warmUp();
  if (!going) freeMemory();
}

async function drain(): Promise<void> {
  await server?.close({ gracePeriod: options.grace });
  process.exit(0);
}

async function go(): Promise<void> {
  going = true;
  try {
    const project = await requireProject(options.cwd);
    notes = noteDependencies(project.directory, tellDependencies);
    const loaded = await loadSite(project);
    site = developmentApplication(loaded, {
      project,
      entry: options.entry,
      build: () => (options.refresh ? build : undefined),
    });
    // One request a connection: a client that is about to send the next on one that a save has closed would see an error.
    const { application, answered } = firstAnswer(site.application);
    server = createServer(application, { keepAlive: false });
    await server.start();
    await tell({ type: "ready", rereadDirectories: loaded.rereadDirectories });
    // Who waits for the save to show comes first.
    await answered();
    tellDependencies();
    await tell({ type: "news", report: loaded.report, notices: await loaded.notices() });
    setTimeout(freeMemory, SETTLED).unref();
  } catch (error) {
    await fail(error);
  }
}
