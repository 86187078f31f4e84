import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { dirname, extname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Bind, type HeldBind, parseBind } from "../bind.ts";
import { DEFAULT_HOST, DEFAULT_PORT } from "../config.ts";
import type { WorkerInfo } from "./hooks.ts";
import {
  FIRST_BIND_FD,
  REPORT_FD,
  type SupervisorMessage,
  type ThreadMessage,
  type WorkerMessage,
} from "./messages.ts";
import type { PoolWorker } from "./pool.ts";
import type { ServeOptions } from "./settings.ts";

/** What a supervisor hears of a worker. */
export interface WorkerEvents {
  message(worker: WorkerProcess, message: WorkerMessage): void;
  report(worker: WorkerProcess, message: ThreadMessage): void;
  exited(worker: WorkerProcess, how: string): void;
}

/** How long after the time for its requests a worker that drains is killed, in milliseconds. */
const OVERTIME = 2_000;
/** How long a worker that is to end at once may take for its application's shutdown. */
const STOP_TIME = 3_000;

/** A process that serves; the supervisor's side of it. */
export class WorkerProcess implements PoolWorker, WorkerInfo {
  readonly id: number;
  readonly #child: ChildProcess;
  readonly #options: ServeOptions;
  #killing: NodeJS.Timeout | undefined;
  /** Whether other workers go on when this one drains. */
  patient = true;
  ready = false;
  /** Whether it has said, or been found, not to boot. */
  failed = false;
  /** Whether it was told to end. */
  leaving = false;
  over = false;

  constructor(id: number, options: ServeOptions, held: readonly HeldBind[], events: WorkerEvents) {
    this.id = id;
    this.#options = options;
    const file = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);
    // A debugger of the supervisor has its port for itself.
    const execArgv = process.execArgv.filter((word) => !word.startsWith("--inspect"));
    // File numbers are not passed on by Windows: there the worker takes the addresses itself.
    const passed = process.platform === "win32" ? [] : held.map(({ fd }) => fd);
    this.#child = spawn(process.execPath, [...execArgv, file], {
      cwd: options.cwd,
      env: { ...process.env, ...compileCache() },
      stdio: ["ignore", "inherit", "inherit", "ipc", "pipe", ...passed],
      serialization: "json",
    });
    this.#child.on("message", (message: WorkerMessage) => {
      if (message.type === "ready") this.ready = true;
      events.message(this, message);
    });
    const report = this.#child.stdio[REPORT_FD] as Readable | null | undefined;
    if (report) {
      report.on("error", () => undefined);
      createInterface(report).on("line", (line) => events.report(this, JSON.parse(line) as ThreadMessage));
    }
    // Also comes where the process could not be started; "exit" then does not.
    this.#child.once("error", (error) => this.#child.pid === undefined && events.exited(this, error.message));
    this.#child.once("exit", (code, signal) => {
      this.over = true;
      clearTimeout(this.#killing);
      events.exited(this, signal === null ? `code ${code}` : describeSignal(signal));
    });
    const bind: readonly Bind[] =
      passed.length > 0
        ? passed.map((_, index) => ({ type: "fd", fd: FIRST_BIND_FD + index }))
        : options.bind.map((text) => parseBind(text, { host: DEFAULT_HOST, port: DEFAULT_PORT }));
    this.tell({ type: "start", id, options, bind });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: SupervisorMessage): void {
    // Its end is told by "exit".
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  drain(): void {
    this.leaving = true;
    this.tell({ type: "drain", patient: this.patient });
    this.#killAfter(this.#options.gracefulTimeout * 1000 + OVERTIME);
  }

  stop(): void {
    this.leaving = true;
    this.tell({ type: "stop" });
    this.#killAfter(STOP_TIME);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #killAfter(milliseconds: number): void {
    clearTimeout(this.#killing);
    this.#killing = setTimeout(() => this.kill(), milliseconds);
  }
}

/** What this process has compiled need not be compiled again by those that it starts. */
function compileCache(): { NODE_COMPILE_CACHE?: string } {
  const directory = getCompileCacheDir();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) };
}

function describeSignal(signal: NodeJS.Signals): string {
  return signal === "SIGABRT" ? "SIGABRT, as Node does where its memory is full" : signal;
}
