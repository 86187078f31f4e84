import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const BIN = join(import.meta.dirname, "bin.ts");
const MODULES = resolve(import.meta.dirname, "../../../../node_modules");

/** A copy of the fixture project in a temporary directory, removed when the test's scope ends. */
export class Site implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<Site> {
    const directory = await mkdtemp(join(tmpdir(), "tsjango-cli-"));
    await cp(join(import.meta.dirname, "../fixtures/site"), directory, { recursive: true });
    await symlink(MODULES, join(directory, "node_modules"));
    return new Site(directory);
  }

  /** Replaces text in a file of the project, as an editor saves it. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.directory, file);
    const text = await readFile(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    await writeFile(path, text.replace(from, to));
  }

  /** Writes a file of the project, and the directories that it lies in. */
  async write(file: string, text: string): Promise<void> {
    const path = join(this.directory, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}

/** Gives a command a terminal of its own, and passes on what is typed and shown. */
export const TERMINAL = [
  "python3",
  "-c",
  "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
];

/** `tsjango …` in a process of its own; killed when the test's scope ends. */
export class Running implements AsyncDisposable {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  /** @param around A command that runs the one that it is given. */
  constructor(cwd: string, words: readonly string[], env: Record<string, string> = {}, around: readonly string[] = []) {
    const [command = "", ...rest] = [...around, process.execPath, ...process.execArgv, BIN, ...words];
    this.child = spawn(command, rest, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, PORT: undefined, NODE_ENV: undefined, ...env },
      stdio: [around.length > 0 ? "pipe" : "ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (data) => {
      this.stdout += data;
    });
    this.child.stderr?.on("data", (data) => {
      this.stderr += data;
    });
    this.exit = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  /** Waits until `read` gives something. */
  async until<T>(
    read: () => T | undefined | null | false | Promise<T | undefined | null | false>,
    limit = 30_000,
  ): Promise<T> {
    const end = Date.now() + limit;
    for (;;) {
      const value = await read();
      if (value) return value;
      if (Date.now() > end || this.child.exitCode !== null) {
        throw new Error(`The process did not get there.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The processes that it has started; Linux only. */
  children(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === this.child.pid)
      .map(Number);
  }

  url(): Promise<string> {
    return this.until(() => /http:\/\/\S+/.exec(`${this.stdout}${this.stderr}`)?.[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exit;
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // Ended meanwhile.
    return undefined;
  }
}

/** Runs `tsjango …` to its end. */
export async function run(cwd: string, words: readonly string[], env: Record<string, string> = {}) {
  const running = new Running(cwd, words, env);
  try {
    const { code } = await running.exit;
    return { code, stdout: running.stdout, stderr: running.stderr };
  } finally {
    await running[Symbol.asyncDispose]();
  }
}

/** Whether a process exists. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** GET over a fresh connection. */
export async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { headers: { connection: "close" } });
  return { status: response.status, text: await response.text() };
}
