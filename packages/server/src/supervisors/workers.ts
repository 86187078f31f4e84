import cluster, { type Worker } from "node:cluster";
import { extname, join } from "node:path";
import { performance } from "node:perf_hooks";
import type { ServeOptions, ServeOutput } from "./serve-options.ts";
import { onStopSignals } from "./stop-signals.ts";
import type { SupervisorMessage, WorkerMessage } from "./worker.ts";

/** A worker that lived this long resets the delay before its successor, in milliseconds. */
const STEADY = 10_000;
const LONGEST_DELAY = 30_000;

/**
 * Serves with `count` processes that share the listening socket; a worker that dies is replaced, at once and then with
 * growing delays, and connections queued on the socket go to the others. Resolves with the exit code after SIGINT or
 * SIGTERM (a second one kills), or when a worker does not boot at the start.
 */
export function serveWithWorkers(count: number, options: ServeOptions, output: ServeOutput): Promise<number> {
  return new Workers(count, options, output).run();
}

class Workers {
  readonly #count: number;
  readonly #options: ServeOptions;
  readonly #output: ServeOutput;
  readonly #workers = new Map<Worker, { readonly since: number; ready: boolean }>();
  readonly #done = Promise.withResolvers<number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #booted = false;
  #exitCode: number | undefined;
  #quickDeaths = 0;

  constructor(count: number, options: ServeOptions, output: ServeOutput) {
    this.#count = count;
    this.#options = options;
    this.#output = output;
  }

  async run(): Promise<number> {
    // Workers accept from one shared socket: what is queued on it is not lost with a worker.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    const exec = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);
    cluster.setupPrimary({ exec, args: [JSON.stringify(this.#options)] });
    const off = onStopSignals(
      () => this.#stop(0),
      () => this.#kill(),
    );
    for (let index = 0; index < this.#count; index++) this.#fork();
    try {
      return await this.#done.promise;
    } finally {
      off();
    }
  }

  #fork(): void {
    const worker = cluster.fork();
    const info = { since: performance.now(), ready: false };
    this.#workers.set(worker, info);
    worker.on("message", (message: WorkerMessage) => {
      if (message.type === "ready") {
        info.ready = true;
        this.#ready(message.url);
      } else this.#failed(message.message, message.exitCode);
    });
    worker.once("exit", (code, signal) => this.#exited(worker, signal ?? `code ${code}`));
  }

  #ready(url: string): void {
    if (this.#booted || [...this.#workers.values()].some(({ ready }) => !ready)) return;
    this.#booted = true;
    const { application } = this.#options;
    this.#output.log(`Serving ${application} at ${url} with ${this.#count} workers. Quit with Ctrl-C.`);
  }

  #failed(message: string, exitCode: number): void {
    if (this.#exitCode !== undefined) return;
    this.#output.error(exitCode === 3 ? `A worker failed to boot: ${message}` : message);
    if (!this.#booted) this.#stop(exitCode);
  }

  #exited(worker: Worker, how: string): void {
    const info = this.#workers.get(worker);
    this.#workers.delete(worker);
    if (this.#exitCode !== undefined) {
      if (this.#workers.size === 0) this.#finish();
      return;
    }
    if (!this.#booted) {
      this.#failed(`It ended with ${how} before it was ready.`, 3);
      if (this.#workers.size === 0) this.#finish();
      return;
    }
    const steady = info !== undefined && performance.now() - info.since > STEADY;
    this.#quickDeaths = steady ? 0 : this.#quickDeaths + 1;
    const delay =
      this.#quickDeaths <= this.#count ? 0 : Math.min(LONGEST_DELAY, 500 * 2 ** (this.#quickDeaths - this.#count));
    this.#output.error(
      `Worker ${worker.process.pid} ended with ${how}; ${delay === 0 ? "starting another" : `another starts in ${delay} ms`}.`,
    );
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fork();
    }, delay);
    this.#timers.add(timer);
  }

  #stop(exitCode: number): void {
    if (this.#exitCode !== undefined) return;
    this.#exitCode = exitCode;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const message: SupervisorMessage = { type: "drain" };
    for (const [worker, { ready }] of this.#workers) {
      // One that is still booting has nothing to finish.
      if (ready && worker.isConnected()) worker.send(message, () => undefined);
      else worker.process.kill("SIGKILL");
    }
    // Draining is the workers' own work; one that hangs beyond its grace period is killed.
    const timer = setTimeout(() => this.#kill(), this.#options.gracePeriod + 2_000);
    this.#timers.add(timer);
    if (this.#workers.size === 0) this.#finish();
  }

  #kill(): void {
    for (const worker of this.#workers.keys()) worker.process.kill("SIGKILL");
  }

  #finish(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#done.resolve(this.#exitCode ?? 3);
  }
}
