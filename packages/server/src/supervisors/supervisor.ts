import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { inspect } from "node:util";
import type { HeldBind } from "../bind.ts";
import { ServerError } from "../exceptions.ts";
import { type Addresses, startSuccessor, takeAddresses } from "./hand-over.ts";
import type { ServeHooks, SupervisorInfo } from "./hooks.ts";
import { importHooks } from "./import-hooks.ts";
import { BEHIND_INIT } from "./init.ts";
import type { ThreadMessage, WorkerMessage } from "./messages.ts";
import { surviveClosedOutput } from "./output.ts";
import { writePidFile } from "./pid-file.ts";
import { Pool, type PoolEnvironment } from "./pool.ts";
import { tlsOf } from "./server-config.ts";
import type { ServeOptions, ServeOutput } from "./settings.ts";
import { onSignals } from "./signals.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Reads the options anew, as they are when a reload is asked for. */
export type ReadOptions = () => Promise<ServeOptions>;

/**
 * Serves an application with worker processes that share the listening sockets, which this process holds: those queued on
 * them are lost with no worker. Resolves with the exit code after SIGINT, SIGQUIT or SIGTERM, or when no worker boots.
 * @throws ServerError where it cannot start.
 */
export async function supervise(options: ServeOptions, output: ServeOutput, reread?: ReadOptions): Promise<number> {
  surviveClosedOutput();
  const hooks = await importHooks(options.configFile);
  await hooks.onStarting?.({ pid: process.pid, workers: countOf(options), options });
  if (process.platform === "win32" && countOf(options) > 1) {
    throw new ServerError("Workers cannot share an address on Windows. Serve with one worker.");
  }
  const addresses = await takeAddresses(options.bind, tlsOf(options) === undefined ? "http" : "https");
  return new Supervisor(options, hooks, addresses, output, reread ?? (async () => options)).run();
}

function countOf({ workers }: ServeOptions): number {
  return workers === "auto" ? availableParallelism() : workers;
}

class Supervisor {
  #options: ServeOptions;
  #hooks: ServeHooks;
  readonly #addresses: Addresses;
  readonly #output: ServeOutput;
  readonly #reread: ReadOptions;
  readonly #pool: Pool<WorkerProcess>;
  readonly #done = Promise.withResolvers<number>();
  #lastId = 0;
  #lastFailure = "";
  #reloads = 0;
  #handingOver = false;
  /** Whether all workers were ready once. */
  #serving = false;
  #code: number | undefined;
  #urls: readonly string[];
  #held: readonly HeldBind[];
  #removePidFile: () => void = () => undefined;

  constructor(
    options: ServeOptions,
    hooks: ServeHooks,
    addresses: Addresses,
    output: ServeOutput,
    reread: ReadOptions,
  ) {
    this.#options = options;
    this.#hooks = hooks;
    this.#addresses = addresses;
    this.#output = output;
    this.#reread = reread;
    this.#held = addresses.held;
    this.#urls = addresses.held.map(({ url }) => url);
    this.#pool = new Pool(countOf(options), this.#environment());
  }

  async run(): Promise<number> {
    const { pidFile } = this.#options;
    onSignals({
      drain: (signal) => this.#drain(signal),
      stop: (signal) => this.#stop(signal),
      force: (signal) => this.#force(signal),
      reload: () => void this.#reload(),
      more: () => this.#resize(this.#pool.wanted + 1),
      fewer: () => this.#resize(this.#pool.wanted - 1),
      reopenLogs: () => this.#reopenLogs(),
      handOver: () => void this.#handOver(),
    });
    // Node would go on to exit with nothing but stopped listeners to wait for.
    const alive = setInterval(() => undefined, 2 ** 30);
    try {
      if (pidFile !== undefined) this.#removePidFile = writePidFile(pidFile, this.#addresses.predecessor?.pid);
      this.#pool.run();
      const code = await this.#done.promise;
      await this.#hook("onExit", () => this.#hooks.onExit?.(this.#info));
      this.#code = code;
      return code;
    } finally {
      clearInterval(alive);
      this.#removePidFile();
      this.#release();
    }
  }

  /** Lets go of the addresses, so that connections are refused rather than left to wait. A successor keeps them. */
  #release(): void {
    if (!this.#handingOver) for (const held of this.#held) held.release();
    this.#held = [];
  }

  #environment(): PoolEnvironment<WorkerProcess> {
    return {
      start: () => this.#start(),
      now: () => performance.now(),
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
      started: () => this.#started(),
      reloaded: (error) => {
        if (error === undefined) this.#output.log("Reloaded: all workers run what was loaded last.");
        else this.#output.error(`The reload failed, and the workers go on with what they have: ${error}`);
      },
      waits: (milliseconds) => this.#output.error(`The next worker starts in ${milliseconds} ms.`),
      ended: (exitCode) => this.#done.resolve(exitCode),
    };
  }

  get #info(): SupervisorInfo {
    return { pid: process.pid, workers: this.#pool.wanted, options: this.#options };
  }

  #start(): WorkerProcess {
    const id = ++this.#lastId;
    void this.#hook("preFork", () => this.#hooks.preFork?.(this.#info, { id, pid: undefined }));
    const worker = new WorkerProcess(id, this.#options, this.#held, {
      message: (from, message) => this.#heard(from, message),
      report: (from, message) => this.#blocked(from, message),
      exited: (from, how) => this.#exited(from, how),
    });
    const { startupTimeout } = this.#options;
    if (startupTimeout > 0) {
      setTimeout(() => {
        if (worker.ready || worker.over) return;
        this.#failed(worker, `It was not ready after ${startupTimeout} s (--startup-timeout).`, 3);
        worker.kill();
      }, startupTimeout * 1000).unref();
    }
    return worker;
  }

  #heard(worker: WorkerProcess, message: WorkerMessage): void {
    if (message.type === "ready") {
      if (this.#urls.length === 0 || process.platform === "win32") this.#urls = message.urls;
      if (this.#serving) this.#output.log(`Worker ${worker.pid} serves.`);
      this.#pool.becameReady(worker);
    } else if (message.type === "says") this.#output.error(message.text);
    else if (message.type === "failed") this.#failed(worker, message.message, message.exitCode);
    else {
      this.#output.log(`Worker ${worker.pid} is replaced after ${message.reason}.`);
      this.#pool.retire(worker);
    }
  }

  #failed(worker: WorkerProcess, message: string, exitCode: number): void {
    if (worker.failed) return;
    worker.failed = true;
    if (!this.#pool.ending) {
      const again = message === this.#lastFailure ? "in the same way" : message;
      this.#output.error(exitCode === 3 ? `A worker failed to boot: ${again}` : message);
      this.#lastFailure = message;
    }
    this.#pool.failed(worker, { message: message.split("\n", 1)[0] ?? "", exitCode });
  }

  #blocked(worker: WorkerProcess, { milliseconds, stack, requests = [] }: ThreadMessage): void {
    const open = requests.length === 0 ? "" : ` Requests in flight: ${requests.join(", ")}.`;
    const shown = stack === undefined ? " It is in native code, which shows no stack." : ` It is here:\n${stack}`;
    this.#output.error(
      `Worker ${worker.pid} has been blocked for ${(milliseconds / 1000).toFixed(1)} s (--timeout) and is killed.${open}${shown}`,
    );
    worker.kill();
    void this.#hook("workerAbort", () => this.#hooks.workerAbort?.(this.#info, worker, stack));
  }

  #exited(worker: WorkerProcess, how: string): void {
    if (!worker.ready) this.#failed(worker, `It ended with ${how} before it was ready.`, 3);
    else if (!worker.leaving && !this.#pool.ending) this.#output.error(`Worker ${worker.pid} ended with ${how}.`);
    this.#pool.exited(worker);
    void this.#hook("childExit", () => this.#hooks.childExit?.(this.#info, worker));
  }

  #started(): void {
    this.#serving = true;
    const { application } = this.#options;
    const count = this.#pool.wanted;
    const urls = this.#urls.join(" and ");
    this.#output.log(
      `Serving ${application} at ${urls} with ${count} ${count === 1 ? "worker" : "workers"}. Quit with Ctrl-C.`,
    );
    this.#addresses.predecessor?.serving();
    void this.#hook("whenReady", () => this.#hooks.whenReady?.(this.#info));
  }

  #drain(signal: NodeJS.Signals): void {
    const { drainDelay, gracefulTimeout } = this.#options;
    const after = drainDelay === 0 ? "" : ` Connections are accepted for ${drainDelay} s more.`;
    this.#output.log(`${signal}: ending. Requests in flight may take ${gracefulTimeout} s.${after}`);
    for (const worker of this.#pool.workers()) worker.tell({ type: "unready" });
    if (drainDelay > 0) setTimeout(() => this.#end("drain"), drainDelay * 1000);
    else this.#end("drain");
  }

  #stop(signal: NodeJS.Signals): void {
    this.#output.log(`${signal}: ending at once.`);
    this.#end("stop");
  }

  #force(signal: NodeJS.Signals): void {
    // Nothing is left to be ended but this process.
    if (this.#code !== undefined) process.exit(this.#code);
    this.#output.log(`${signal} again: killing what is left.`);
    this.#pool.end("kill", 0);
  }

  #end(how: "drain" | "stop"): void {
    for (const worker of this.#pool.workers()) worker.patient = false;
    this.#pool.end(how, 0);
    this.#release();
  }

  async #reload(): Promise<void> {
    if (this.#pool.ending) return;
    this.#output.log("Reloading.");
    await this.#hook("onReload", () => this.#hooks.onReload?.(this.#info));
    try {
      const options = await this.#reread();
      this.#hooks = await importHooks(options.configFile, ++this.#reloads);
      if (options.bind.join() !== this.#options.bind.join()) {
        this.#output.error("New addresses are taken at a restart, or by SIGUSR2; the old ones stay.");
      }
      this.#options = { ...options, bind: this.#options.bind };
    } catch (error) {
      const reason = error instanceof ServerError ? error.message : inspect(error);
      this.#output.error(`The reload failed, and the workers go on with what they have: ${reason}`);
      return;
    }
    this.#resize(countOf(this.#options));
    this.#pool.reload();
  }

  #resize(count: number): void {
    const before = this.#pool.wanted;
    if (count < 1 || count === before || this.#pool.ending) return;
    this.#output.log(`${count} ${count === 1 ? "worker" : "workers"}, after ${before}.`);
    this.#pool.resize(count);
    void this.#hook("nworkersChanged", () => this.#hooks.nworkersChanged?.(this.#info, count, before));
  }

  #reopenLogs(): void {
    for (const worker of this.#pool.workers()) worker.tell({ type: "reopenLogs" });
  }

  async #handOver(): Promise<void> {
    if (this.#handingOver || this.#pool.ending) return;
    if (process.env[BEHIND_INIT] !== undefined) {
      this.#output.error("A container ends with its first server: it is not handed over. Use SIGHUP for new code.");
      return;
    }
    this.#handingOver = true;
    this.#output.log("Starting a successor.");
    await this.#hook("preExec", () => this.#hooks.preExec?.(this.#info));
    startSuccessor(this.#options.bind, this.#held, {
      serving: (pid) => {
        this.#output.log(`Process ${pid} serves now; this one, ${process.pid}, finishes its requests and ends.`);
        this.#end("drain");
      },
      failed: (how) => {
        this.#handingOver = false;
        this.#output.error(`The successor ended with ${how} before it served; this process goes on.`);
      },
    });
  }

  /** Runs a hook; what it throws is logged. */
  async #hook(name: string, run: (() => unknown) | undefined): Promise<void> {
    try {
      await run?.();
    } catch (error) {
      this.#output.error(`The hook ${name} failed: ${inspect(error)}`);
    }
  }
}
