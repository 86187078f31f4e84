import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Where and how a command runs. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a command ended, and what it said (both streams, in order). */
export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** A running command; disposing of it kills it with all its children. */
export class RunningCommand implements AsyncDisposable {
  output = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(words: readonly string[], options: CommandOptions) {
    const [command = "", ...args] = words;
    this.#child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk;
      });
    }
    this.#ended = once(this.#child, "close").then(([code]) => code as number | null);
    this.#ended.catch((error) => {
      this.output += String(error);
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** The output once it matches; fails with the output when the command ends before, or after `milliseconds`. */
  async printed(pattern: RegExp, milliseconds = 60_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      const ended = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new Error(
          `${ended ? "It ended" : "Time ran out"} without printing ${pattern}. It printed:\n${this.output}`,
        );
      }
      await sleep(20);
    }
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Signals the command itself, as a process manager does, and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Outcome> {
    this.#child.kill(signal);
    return { code: await this.#ended, output: this.output };
  }

  /** Signals all of its processes at once, as Ctrl-C in a terminal does, and waits for its end. */
  async interrupt(): Promise<Outcome> {
    process.kill(-this.pid, "SIGINT");
    return { code: await this.#ended, output: this.output };
  }

  /** Whether a process of its group still runs. */
  isGroupAlive(): boolean {
    try {
      return process.kill(-this.pid, 0);
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // Nothing of it is left.
    }
    await this.#ended;
  }
}

/** Runs a command to its end. */
export async function run(words: readonly string[], options: CommandOptions): Promise<Outcome> {
  await using command = new RunningCommand(words, options);
  return { code: await command.ended(), output: command.output };
}

/** Runs a command that has to succeed; its output. */
export async function succeed(words: readonly string[], options: CommandOptions): Promise<string> {
  const { code, output } = await run(words, options);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${output}`);
  return output;
}
