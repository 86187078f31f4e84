import { Pool, type PoolEnvironment, type PoolWorker } from "../../src/supervisors/pool.ts";

/** A worker of a pool in a test: what it was told. */
export class FakeWorker implements PoolWorker {
  readonly id: number;
  state: "booting" | "ready" | "draining" | "killed" | "gone" = "booting";

  constructor(id: number) {
    this.id = id;
  }

  drain(): void {
    if (this.state === "ready") this.state = "draining";
  }

  stop(): void {
    if (this.state !== "gone") this.state = "killed";
  }

  kill(): void {
    if (this.state !== "gone") this.state = "killed";
  }
}

/** A pool with a clock that is turned by hand; each rule that it breaks is thrown. */
export class PoolModel {
  readonly pool: Pool<FakeWorker>;
  readonly workers: FakeWorker[] = [];
  readonly news: string[] = [];
  /** How many there should be, as it was asked for. */
  wanted: number;
  now = 0;
  exitCode: number | undefined;
  #timers: { at: number; run: () => void }[] = [];

  constructor(wanted: number, make: typeof Pool<FakeWorker> = Pool) {
    const environment: PoolEnvironment<FakeWorker> = {
      start: () => {
        if (this.exitCode !== undefined) throw new Error("a worker was started after the end");
        const worker = new FakeWorker(this.workers.length + 1);
        this.workers.push(worker);
        return worker;
      },
      now: () => this.now,
      after: (milliseconds, run) => {
        const timer = { at: this.now + milliseconds, run };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((each) => each !== timer);
        };
      },
      started: () => void this.news.push("started"),
      reloaded: (error) => void this.news.push(error === undefined ? "reloaded" : `not reloaded: ${error}`),
      waits: (milliseconds) => void this.news.push(`waits ${milliseconds}`),
      ended: (exitCode) => {
        this.exitCode = exitCode;
      },
    };
    this.wanted = wanted;
    this.pool = new make(wanted, environment);
    this.pool.run();
  }

  resize(change: number): void {
    this.wanted = Math.max(1, this.wanted + change);
    this.pool.resize(this.wanted);
  }

  in(state: FakeWorker["state"]): FakeWorker[] {
    return this.workers.filter((worker) => worker.state === state);
  }

  becomeReady(worker: FakeWorker | undefined): void {
    if (worker?.state !== "booting") return;
    worker.state = "ready";
    this.pool.becameReady(worker);
  }

  fail(worker: FakeWorker | undefined, exitCode = 3): void {
    if (worker?.state !== "booting") return;
    this.pool.failed(worker, { message: "it threw", exitCode });
    worker.state = "gone";
    this.pool.exited(worker);
  }

  end(worker: FakeWorker | undefined): void {
    if (worker === undefined || worker.state === "gone") return;
    if (worker.state === "booting") {
      this.fail(worker);
      return;
    }
    worker.state = "gone";
    this.pool.exited(worker);
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** What is killed or has finished is gone, what boots is ready, until nothing changes. */
  settle(): void {
    for (let round = 0; round < 200; round++) {
      for (const worker of [...this.in("killed"), ...this.in("draining")]) this.end(worker);
      for (const worker of this.in("booting")) this.becomeReady(worker);
      this.pass(2_000);
      if (this.in("killed").length + this.in("draining").length + this.in("booting").length === 0) return;
    }
    throw new Error("the pool does not come to rest");
  }
}
