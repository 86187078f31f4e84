import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

/** What a contender's module exports as `start`: it runs in a process of its own. */
export interface Contender {
  /** Does `count` operations. Left out by a server, which is loaded from outside at `url`. */
  run?(count: number): Promise<void>;
  readonly url?: string;
  /** Name and version of what is measured. */
  readonly version: string;
  stop(): Promise<void>;
}

/** A benchmark: contenders that do the same work, the first of them being what the others are compared with. */
export interface Benchmark {
  readonly title: string;
  /** Name → the contender's module. */
  readonly contenders: Readonly<Record<string, URL>>;
  /** Operations in each round, the same for all. */
  readonly count: number;
  readonly rounds?: number;
  /** Loads a server with `count` requests; needed where contenders have a `url`. */
  readonly load?: (url: string, count: number) => Promise<void>;
}

interface Sample {
  wall: number;
  cpu: number;
  rss: number;
}

class Runner {
  readonly name: string;
  readonly samples: Sample[] = [];
  url: string | undefined;
  version = "";
  readonly #process: ChildProcess;
  #pending: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;

  constructor(name: string, module: URL) {
    this.name = name;
    this.#process = fork(fileURLToPath(new URL("contender.ts", import.meta.url)), [module.href], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#process.on("message", (answer: { error?: string }) => {
      if (answer.error) this.#pending?.reject(new Error(`${name}: ${answer.error}`));
      else this.#pending?.resolve(answer);
    });
    this.#process.on("exit", (code) => this.#pending?.reject(new Error(`${name} ended with ${code}`)));
  }

  async ready(): Promise<void> {
    const { url, version } = await this.#ask<{ url?: string; version: string }>({ start: true });
    this.url = url;
    this.version = version;
  }

  async round(benchmark: Benchmark, count: number, keep: boolean): Promise<void> {
    const before = await this.#ask<{ cpu: number; rss: number }>({ usage: true });
    const start = performance.now();
    if (this.url === undefined) await this.#ask({ run: count });
    else if (benchmark.load) await benchmark.load(this.url, count);
    else throw new Error(`${this.name} is a server, and "${benchmark.title}" has no load`);
    const wall = performance.now() - start;
    const after = await this.#ask<{ cpu: number; rss: number }>({ usage: true });
    if (keep) this.samples.push({ wall, cpu: after.cpu - before.cpu, rss: after.rss });
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.send({ stop: true });
    await exit;
  }

  #ask<T = unknown>(question: object): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending = { resolve, reject };
    this.#process.send(question);
    return promise as Promise<T>;
  }
}

/**
 * Runs the contenders in turn, A B C A B C …, and prints medians and, as the figure that a noisy machine allows, the
 * median of same-round ratios to the first contender with their quartiles. Returns those medians by name.
 */
export async function compare(benchmark: Benchmark): Promise<Map<string, { wall: number; cpu: number }>> {
  const rounds = benchmark.rounds ?? 15;
  const runners = Object.entries(benchmark.contenders).map(([name, module]) => new Runner(name, module));
  try {
    for (const runner of runners) await runner.ready();
    for (const runner of runners) await warmUp(runner, benchmark);
    for (let round = 0; round < rounds; round++) {
      for (const runner of runners) await runner.round(benchmark, benchmark.count, true);
    }
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()));
  }
  const [base] = runners as [Runner, ...Runner[]];
  console.log(`\n## ${benchmark.title}`);
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; ${rounds} rounds of ${benchmark.count}\n`,
  );
  console.log("| contender | µs wall | µs CPU | RSS MB | wall ÷ first (quartiles) | CPU ÷ first (quartiles) |");
  console.log("|---|--:|--:|--:|--:|--:|");
  const result = new Map<string, { wall: number; cpu: number }>();
  for (const runner of runners) {
    const ratio = (key: "wall" | "cpu") =>
      runner.samples.map((sample, i) => sample[key] / (base.samples[i] as Sample)[key]);
    const each = (key: "wall" | "cpu") =>
      (
        (quantile(
          runner.samples.map((sample) => sample[key]),
          0.5,
        ) *
          1000) /
        benchmark.count
      ).toFixed(1);
    const shown = (values: number[]) =>
      `**${quantile(values, 0.5).toFixed(2)}** (${quantile(values, 0.25).toFixed(2)}–${quantile(values, 0.75).toFixed(2)})`;
    const rss = Math.round(
      quantile(
        runner.samples.map((sample) => sample.rss),
        0.5,
      ) /
        2 ** 20,
    );
    console.log(
      `| ${runner.name} ${runner.version} | ${each("wall")} | ${each("cpu")} | ${rss} | ${shown(ratio("wall"))} | ${shown(ratio("cpu"))} |`,
    );
    result.set(runner.name, { wall: quantile(ratio("wall"), 0.5), cpu: quantile(ratio("cpu"), 0.5) });
  }
  return result;
}

/** How long a contender runs before it is measured, in ms: the engine compiles what is hot meanwhile, for each of them. */
const WARM_UP = 1000;

async function warmUp(runner: Runner, benchmark: Benchmark): Promise<void> {
  const start = performance.now();
  do await runner.round(benchmark, benchmark.count, false);
  while (performance.now() - start < WARM_UP);
}

/** The q-quantile of some values, by linear interpolation. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  return low + ((sorted[Math.ceil(position)] ?? low) - low) * (position % 1);
}
