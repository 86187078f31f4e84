import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DEFAULT_SETTINGS, type ServeOptions } from "../../src/index.ts";

/** A serving process with what it has written; killed when the test's scope ends. */
export class ServingProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  /** As `exit`, but does not wait for those who share its output. */
  readonly over: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(workers: number, options: Partial<ServeOptions> = {}, env: Record<string, string> = {}) {
    const all: ServeOptions = {
      ...DEFAULT_SETTINGS,
      application: "application:application",
      cwd: import.meta.dirname,
      configFile: undefined,
      bind: ["127.0.0.1:0"],
      workers,
      gracefulTimeout: 2,
      accessLog: false,
      ...options,
    };
    const script = join(import.meta.dirname, "serve.ts");
    this.child = spawn(process.execPath, [...process.execArgv, script, JSON.stringify(all)], {
      env: { ...process.env, ...env },
    });
    this.child.stdout?.on("data", (data) => {
      this.stdout += data;
    });
    this.child.stderr?.on("data", (data) => {
      this.stderr += data;
    });
    this.over = once(this.child, "exit").then(([code, signal]) => ({ code, signal }));
    this.exit = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  /** Waits until `read` gives something. */
  async until<T>(read: () => T | undefined | null | false): Promise<T> {
    const end = Date.now() + 40_000;
    for (;;) {
      const value = read();
      if (value) return value;
      if (Date.now() > end || this.child.exitCode !== null) {
        throw new Error(`The process did not get there.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  url(): Promise<string> {
    return this.until(() => /Serving .* at (http:\S+)/.exec(this.stdout)?.[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exit;
  }
}
