import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A process of a scenario, and the lines that it has written so far. */
export class Child {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  stderr = "";

  constructor(task: "transfers" | "writes" | "jobs", url: string, number = 0) {
    const words = ["--conditions=@tsjango/source", join(import.meta.dirname, "child.ts"), task, url, String(number)];
    this.process = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    const lines = createInterface({ input: this.process.stdout! });
    lines.on("line", (line) => this.lines.push(line));
    this.process.stderr?.on("data", (data) => {
      this.stderr += data;
    });
    this.ended = Promise.all([once(this.process, "exit"), once(lines, "close")]).then(([[code]]) => code);
  }

  /** Waits for its first line. */
  async started(): Promise<void> {
    while (this.lines.length === 0 && this.process.exitCode === null) await new Promise((turn) => setTimeout(turn, 5));
    if (this.lines.length === 0) throw new Error(`The process ended with ${this.process.exitCode}: ${this.stderr}`);
  }

  /** Kills it, as the system does that has no memory left. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}
