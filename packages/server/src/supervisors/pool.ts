/** A worker, as a pool sees it. What happens to it is told to the pool by `ready`, `failed`, `exited` and `retire`. */
export interface PoolWorker {
  /** Finishes its requests and ends. */
  drain(): void;
  /** Ends without waiting for requests. */
  stop(): void;
  kill(): void;
}

/** What a pool acts through; times are milliseconds of a clock that never goes back. */
export interface PoolEnvironment<W extends PoolWorker> {
  start(): W;
  now(): number;
  /** Calls back after a time; returns what takes it back. */
  after(milliseconds: number, run: () => void): () => void;
  /** All workers that there should be are ready, for the first time. */
  started(): void;
  /** A reload is over: all workers run what was loaded last, or the new ones did not boot and the old ones go on. */
  reloaded(error?: string): void;
  /** How long the next start waits, and why. */
  waits(milliseconds: number): void;
  /** Every worker has ended after `end`. */
  ended(exitCode: number): void;
}

/** Why a worker did not become ready. */
export interface BootFailure {
  readonly message: string;
  readonly exitCode: number;
}

/** How long a worker must have served for its end to count as an accident, in milliseconds. */
const STEADY = 1_000;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
/** Boot failures at the start after which there is no hope. */
const MOST_FAILURES = 5;

interface Member {
  state: "booting" | "ready" | "leaving";
  generation: number;
  readyAt: number;
  /** To be replaced by another: it has served long enough, or grown too large. */
  retired: boolean;
  /** Started beside the wanted number, to take the place of another. */
  spare: boolean;
}

/**
 * Decides when workers start and end, so that there are as many ready ones as wanted: those that die are replaced, at
 * once or after growing delays; those to be replaced leave one by one, each when its successor is ready.
 */
export class Pool<W extends PoolWorker> {
  readonly #environment: PoolEnvironment<W>;
  readonly #members = new Map<W, Member>();
  #wanted: number;
  #generation = 1;
  #reloading = false;
  #started = false;
  #announced = false;
  #failures = 0;
  /** When a worker last ended too soon. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #cancelDelay: (() => void) | undefined;
  #exitCode: number | undefined;

  constructor(wanted: number, environment: PoolEnvironment<W>) {
    this.#wanted = wanted;
    this.#environment = environment;
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Workers that take requests. */
  get ready(): number {
    return this.#in("ready").length;
  }

  get ending(): boolean {
    return this.#exitCode !== undefined;
  }

  /** Every worker that runs, also those that leave. */
  workers(): W[] {
    return [...this.#members.keys()];
  }

  /** Starts and ends what is missing or too much; at the start one worker goes ahead, so that a failure shows once. */
  run(): void {
    if (this.#exitCode !== undefined || this.#cancelDelay !== undefined) return;
    const regular = this.#regular();
    const missing = this.#wanted - regular.length;
    const most = this.#everReady() ? missing : Math.min(missing, 1 - this.#in("booting").length);
    for (let index = 0; index < most; index++) this.#start(false);
    for (const [worker] of this.#superfluous(regular, -missing)) this.#drain(worker);
    if (missing <= 0) this.#replaceOne();
    this.#report();
  }

  resize(wanted: number): void {
    this.#wanted = Math.max(1, wanted);
    this.run();
  }

  /** Has every worker replaced. */
  reload(): void {
    this.#generation++;
    this.#reloading = true;
    this.#failures = 0;
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
    // What still boots may have read some of the old and some of the new.
    for (const [worker] of this.#in("booting")) this.#kill(worker);
    this.run();
  }

  /** Has a worker replaced; it serves until its successor is ready. */
  retire(worker: W): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    member.retired = true;
    this.run();
  }

  becameReady(worker: W): void {
    const member = this.#members.get(worker);
    if (member?.state !== "booting") return;
    member.state = "ready";
    member.readyAt = this.#environment.now();
    if (member.spare) {
      member.spare = false;
      const [outdated] = this.#outdated();
      if (outdated !== undefined) this.#drain(outdated[0]);
    }
    this.run();
  }

  /** A worker did not boot; it ends by itself or is killed. */
  failed(worker: W, failure: BootFailure): void {
    const member = this.#members.get(worker);
    if (member?.state !== "booting" || this.#exitCode !== undefined) return;
    member.state = "leaving";
    this.#failures++;
    if (!this.#everReady() && (failure.exitCode !== 3 || this.#failures >= MOST_FAILURES)) {
      this.end("drain", failure.exitCode);
      return;
    }
    if (member.spare && this.#reloading) {
      this.#reloading = false;
      // The old ones go on as if they had been asked for.
      for (const each of this.#members.values()) each.generation = this.#generation;
      this.#environment.reloaded(failure.message);
      this.run();
      return;
    }
    this.#delay();
  }

  exited(worker: W): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    this.#members.delete(worker);
    if (this.#exitCode !== undefined) {
      if (this.#members.size === 0) this.#environment.ended(this.#exitCode);
      return;
    }
    if (member.state === "ready") {
      const now = this.#environment.now();
      if (now - member.readyAt >= STEADY) this.#failures = 0;
      // Those that end together count as one: what ended them is no sign that their successors will end, too.
      else if (member.readyAt > this.#failedAt) {
        this.#failures++;
        this.#failedAt = now;
      }
      // A successor that boots already takes its place.
      const spare = [...this.#members.values()].find((each) => each.spare);
      if (spare !== undefined) spare.spare = false;
      // The first is replaced at once.
      if (this.#failures > 1) {
        this.#delay();
        return;
      }
    }
    this.run();
  }

  /** Ends all workers; `how` of a later call wins over that of an earlier one. */
  end(how: "drain" | "stop" | "kill", exitCode: number): void {
    const first = this.#exitCode === undefined;
    this.#exitCode ??= exitCode;
    this.#cancelDelay?.();
    for (const [worker, { state }] of [...this.#members]) {
      // What still boots has nothing to finish.
      if (how === "kill" || state === "booting") this.#kill(worker);
      else if (how === "stop") worker.stop();
      else if (state === "ready") this.#drain(worker);
    }
    if (first && this.#members.size === 0) this.#environment.ended(exitCode);
  }

  #in(state: Member["state"]): [W, Member][] {
    return [...this.#members].filter(([, member]) => member.state === state);
  }

  /** Those that count: not those that leave, nor one that is to take another's place. */
  #regular(): [W, Member][] {
    return [...this.#members].filter(([, member]) => member.state !== "leaving" && !member.spare);
  }

  #outdated(): [W, Member][] {
    return this.#in("ready").filter(([, member]) => member.retired || member.generation < this.#generation);
  }

  #everReady(): boolean {
    if (!this.#started && this.ready > 0) this.#started = true;
    return this.#started;
  }

  /** Those to end where there are too many: first what is to be replaced, then the oldest. */
  #superfluous(regular: [W, Member][], count: number): [W, Member][] {
    if (count <= 0) return [];
    const outdated = new Set(this.#outdated().map(([worker]) => worker));
    const order = ([worker, { state }]: [W, Member]) => (state === "booting" ? 0 : outdated.has(worker) ? 1 : 2);
    return [...regular].sort((a, b) => order(a) - order(b)).slice(0, count);
  }

  #replaceOne(): void {
    const busy = [...this.#members.values()].some((member) => member.state === "booting");
    if (!busy && this.#outdated().length > 0) this.#start(true);
  }

  #start(spare: boolean): void {
    const worker = this.#environment.start();
    this.#members.set(worker, {
      state: "booting",
      generation: this.#generation,
      readyAt: 0,
      retired: false,
      spare,
    });
  }

  #drain(worker: W): void {
    const member = this.#members.get(worker) as Member;
    if (member.state === "booting") this.#kill(worker);
    else {
      member.state = "leaving";
      worker.drain();
    }
  }

  #kill(worker: W): void {
    (this.#members.get(worker) as Member).state = "leaving";
    worker.kill();
  }

  #delay(): void {
    const milliseconds = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (this.#failures - 1));
    this.#cancelDelay?.();
    this.#cancelDelay = this.#environment.after(milliseconds, () => {
      this.#cancelDelay = undefined;
      this.run();
    });
    this.#environment.waits(milliseconds);
  }

  #report(): void {
    if (this.ready < this.#wanted) return;
    if (!this.#announced) {
      this.#announced = true;
      this.#environment.started();
    }
    const old = this.#in("ready").some(([, member]) => member.generation < this.#generation);
    if (!this.#reloading || old) return;
    this.#reloading = false;
    this.#environment.reloaded();
  }
}
