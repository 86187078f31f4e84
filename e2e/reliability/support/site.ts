import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { DEFAULT_SETTINGS, type ServeOptions } from "../../../packages/server/src/index.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const SERVE = join(ROOT, "packages/server/tests/support/serve.ts");

/** The site of the scenarios, served from a directory of its own; ended with all its processes by `dispose`. */
export class Site implements AsyncDisposable {
  readonly directory: string;
  readonly child: ChildProcess;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stdout = "";
  stderr = "";

  private constructor(
    directory: string,
    options: Partial<ServeOptions>,
    execArgv: readonly string[] = [],
    within: readonly string[] = [],
  ) {
    this.directory = directory;
    const all: ServeOptions = {
      ...DEFAULT_SETTINGS,
      application: "./site.ts:application",
      cwd: directory,
      configFile: undefined,
      bind: ["127.0.0.1:0"],
      accessLog: false,
      ...options,
    };
    const words = [
      ...within,
      process.execPath,
      "--conditions=@tsjango/source",
      ...execArgv,
      SERVE,
      JSON.stringify(all),
    ];
    this.child = spawn(words[0] as string, words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.on("data", (data) => {
      this.stdout += data;
    });
    this.child.stderr?.on("data", (data) => {
      this.stderr += data;
    });
    this.exit = once(this.child, "exit").then(([code, signal]) => ({ code, signal }));
  }

  /** Serves, and waits until all workers are ready. */
  static async serve(
    options: Partial<ServeOptions> = {},
    execArgv: readonly string[] = [],
    /** What the server is a program of. */
    within: readonly string[] = [],
  ): Promise<Site> {
    const site = new Site(await Site.make(), options, execArgv, within);
    await site.until(() => site.url !== "");
    return site;
  }

  /** Serves with an edited site, and waits for nothing. */
  static async start(options: Partial<ServeOptions>, edit: (source: string) => string): Promise<Site> {
    const directory = await Site.make();
    const file = join(directory, "site.ts");
    await writeFile(file, edit(await readFile(file, "utf8")));
    return new Site(directory, options);
  }

  private static async make(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "tsjango-reliability-"));
    await copyFile(join(import.meta.dirname, "application.ts"), join(directory, "site.ts"));
    await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
    return directory;
  }

  get url(): string {
    return /Serving .* at (http:\S+)/.exec(this.stdout)?.[1] ?? "";
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Waits until `read` gives something true. */
  async until<T>(read: () => T | Promise<T>, seconds = 30, what = "what it should"): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const value = await read();
      if (value) return value;
      if (performance.now() > end) {
        throw new Error(
          `The server did not do ${what} in ${seconds} s.\nstdout: ${this.stdout}\nstderr: ${this.stderr}`,
        );
      }
      await sleep(10);
    }
  }

  /** The ids of its workers, as the system knows them. */
  async workers(): Promise<number[]> {
    const children = await readFile(`/proc/${this.pid}/task/${this.pid}/children`, "utf8").catch(() => "");
    return children.trim().split(" ").filter(Boolean).map(Number);
  }

  async edit(from: string, to: string): Promise<void> {
    const file = join(this.directory, "site.ts");
    const text = await readFile(file, "utf8");
    if (!text.includes(from)) throw new Error(`the site does not hold ${from}`);
    await writeFile(file, text.replace(from, to));
  }

  /** A request over a connection of its own. */
  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(new URL(path, this.url), { headers: { connection: "close" } });
    return { status: response.status, text: await response.text() };
  }

  /** Whether connections are accepted. */
  accepts(): Promise<boolean> {
    return new Promise((answer) => {
      const socket = connect(this.port, "127.0.0.1", () => answer(true)).once("error", () => answer(false));
      socket.once("connect", () => socket.destroy());
    });
  }

  /** The ids in the ledger, each with how often it is there. */
  ledger(): Set<string> {
    const database = new Database(join(this.directory, "ledger.sqlite3"), { readonly: true });
    try {
      return new Set(database.prepare("SELECT id FROM ledger").pluck().all() as string[]);
    } finally {
      database.close();
    }
  }

  forgetLedger(): void {
    const database = new Database(join(this.directory, "ledger.sqlite3"), { timeout: 10_000 });
    database.exec("DELETE FROM ledger");
    database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const workers = await this.workers();
    this.child.kill("SIGKILL");
    for (const pid of workers) kill(pid);
    await this.exit;
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
