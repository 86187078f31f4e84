import { inspect } from "node:util";
import { ServerError } from "../exceptions.ts";
import { importApplication } from "../import-application.ts";
import { LogFile } from "../log-file.ts";
import { createServer, type Server } from "../server.ts";
import { withHealth } from "./health.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { ServeHooks, WorkerInfo } from "./hooks.ts";
import { importHooks } from "./import-hooks.ts";
import { REPORT_FD, type SupervisorMessage, type WorkerMessage } from "./messages.ts";
import { surviveClosedOutput } from "./output.ts";
import { Requests } from "./requests.ts";
import { serverConfigOf } from "./server-config.ts";
import type { ServeOptions } from "./settings.ts";

type Start = Extract<SupervisorMessage, { type: "start" }>;

// The entry of a worker process: its supervisor sends what to serve, and when to end.
const requests = new Requests(say);
let server: Server | undefined;
let accessLog: LogFile | undefined;
let options: ServeOptions | undefined;
let hooks: ServeHooks = {};
let self: WorkerInfo = { id: 0, pid: process.pid };
let ready = false;
let retired = false;
let ending: Promise<void> | undefined;

surviveClosedOutput();
process.on("message", (message: SupervisorMessage) => {
  if (message.type === "start") void start(message).catch(fail);
  else if (message.type === "drain") void drain(message.patient);
  else if (message.type === "unready") ready = false;
  else if (message.type === "stop") void stop();
  else if (message.type === "reopenLogs") reopenLogs();
});
// The supervisor is gone: the address is to be free for another.
process.on("disconnect", () => void drain(false));
process.on("SIGTERM", () => void drain(true));
// These reach a whole process group, from a terminal; the supervisor decides. SIGUSR1 would open Node's inspector.
for (const signal of ["SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGTTIN", "SIGTTOU"] as const) {
  if (process.platform !== "win32") process.on(signal, () => undefined);
}
process.on("uncaughtException", (error, origin) => {
  if (server === undefined) {
    void fail(error);
    return;
  }
  const what = origin === "unhandledRejection" ? "Unhandled rejection" : "Uncaught exception";
  const open = requests.describe();
  const during = open.length === 0 ? "" : `, while it answered ${open.slice(0, 10).join(", ")}`;
  say(`${what} in worker ${process.pid}${during}; it finishes its requests and is replaced.\n${inspect(error)}`);
  retire(what.toLowerCase());
});

async function start({ id, options: given, bind }: Start): Promise<void> {
  options = given;
  self = { id, pid: process.pid };
  hooks = await importHooks(options.configFile);
  await hooks.postFork?.(self);
  const imported = await importApplication(options.application, options.cwd);
  const watched = requests.watch(imported, self, hooks);
  const application = options.health === undefined ? watched : withHealth(watched, options.health, () => ready);
  accessLog = options.accessLog ? new LogFile(options.accessLogFile) : undefined;
  server = createServer(application, {
    ...serverConfigOf(options, bind),
    accessLog: accessLog && ((line) => accessLog?.write(line)),
    onError: (error) => say(`The application failed in worker ${process.pid}: ${inspect(error)}`),
  });
  await server.start();
  await hooks.postWorkerInit?.(self);
  await server.listen();
  if (options.timeout > 0) startHeartbeat(options.timeout * 1000, REPORT_FD, () => requests.describe());
  watchLimits(options);
  ready = true;
  await tell({ type: "ready", urls: server.urls });
}

async function fail(error: unknown): Promise<void> {
  const { exitCode = 3 } = (error ?? {}) as { exitCode?: number };
  await tell({ type: "failed", message: describe(error), exitCode });
  process.exit(exitCode);
}

/** A message of ours, and where it came from. */
function describe(error: unknown): string {
  if (!(error instanceof ServerError)) return inspect(error);
  return error.cause === undefined || error.exitCode !== 3
    ? error.message
    : `${error.message}\n${inspect(error.cause)}`;
}

function tell(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Has the supervisor put a line into the log of the server. */
function say(text: string): void {
  if (process.connected) void tell({ type: "says", text });
  else console.error(text);
}

/** Asks to be replaced; once. */
function retire(reason: string): void {
  if (retired) return;
  retired = true;
  void tell({ type: "retire", reason });
}

function watchLimits({ maxRequests, maxRequestsJitter, maxMemory, maxMemoryJitter }: ServeOptions): void {
  if (maxRequests > 0) {
    const most = maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1));
    requests.onRequest = () => requests.total >= most && retire(`${requests.total} requests`);
  }
  if (maxMemory > 0) {
    const most = maxMemory + Math.random() * maxMemoryJitter;
    const check = () => {
      const { rss } = process.memoryUsage;
      const bytes = rss();
      if (bytes > most) retire(`${Math.round(bytes / 2 ** 20)} MB of memory`);
    };
    setInterval(check, 500).unref();
  }
}

/** Takes no more connections, finishes what it has, and ends. */
function drain(patient: boolean): Promise<void> {
  ready = false;
  if (server === undefined || options === undefined) process.exit(0);
  const time = options.gracefulTimeout;
  if (ending === undefined) {
    setTimeout(() => tellUnfinished(time), time * 1000).unref();
    ending = close(server, time * 1000, patient);
  } else if (!patient) void server.close({ gracePeriod: time * 1000 });
  return ending;
}

function reopenLogs(): void {
  try {
    accessLog?.reopen();
  } catch (error) {
    say((error as Error).message);
  }
  // The signal is sent to the supervisor alone; the application may have logs of its own.
  process.emit("SIGUSR1", "SIGUSR1");
}

/** Ends without waiting for requests. */
async function stop(): Promise<void> {
  ready = false;
  if (server === undefined) process.exit(0);
  await hooks.workerInt?.(self);
  if (ending === undefined) ending = close(server, 0, false);
  else void server.close({ gracePeriod: 0 });
  return ending;
}

async function close(open: Server, gracePeriod: number, patient: boolean): Promise<void> {
  await open.close({ gracePeriod, patient });
  await accessLog?.written();
  await hooks.workerExit?.(self);
  process.exit(0);
}

function tellUnfinished(seconds: number): void {
  const open = requests.describe();
  if (open.length === 0) return;
  say(`Worker ${process.pid} cuts requests that did not finish in ${seconds} s: ${open.join(", ")}`);
}
