import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  freePort,
  giveToServer,
  linkLibraries,
  programs,
  serverUser,
} from "../../../packages/orm/tests/support/embedded-postgres.ts";

const run = promisify(execFile);

/** A PostgreSQL server of a scenario's own, which it may stop, kill and freeze. */
export class PostgresServer implements AsyncDisposable {
  readonly #directory: string;
  readonly #port: number;
  readonly #settings: readonly string[];

  private constructor(directory: string, port: number, settings: readonly string[]) {
    this.#directory = directory;
    this.#port = port;
    this.#settings = settings;
  }

  /** Makes and starts one; `settings` as `postgres -c` takes them: `max_connections=20`. */
  static async start(...settings: string[]): Promise<PostgresServer> {
    linkLibraries();
    const directory = mkdtempSync(join(tmpdir(), "tsjango-reliability-pg-"));
    giveToServer(directory);
    const server = new PostgresServer(directory, await freePort(), settings);
    const password = join(directory, "password");
    writeFileSync(password, "postgres", { mode: 0o644 });
    await server.#program("initdb", "-U", "postgres", `--pwfile=${password}`, "-A", "scram-sha-256", "--no-sync");
    await server.start();
    return server;
  }

  get url(): string {
    return `postgres://postgres:postgres@127.0.0.1:${this.#port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = [
      "listen_addresses=127.0.0.1",
      `port=${this.#port}`,
      `unix_socket_directories=${this.#directory}`,
      "fsync=off",
      ...this.#settings,
    ];
    await this.#program(
      "pg_ctl",
      "-w",
      "-l",
      join(this.#directory, "log"),
      "-o",
      settings.map((each) => `-c ${each}`).join(" "),
      "start",
    );
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#program("pg_ctl", "-w", "-m", "immediate", "stop");
  }

  /** Stops all of its processes in their tracks: connections stay open, and nothing answers. */
  async freeze(): Promise<void> {
    for (const pid of await this.#processes()) process.kill(pid, "SIGSTOP");
  }

  async thaw(): Promise<void> {
    for (const pid of await this.#processes()) process.kill(pid, "SIGCONT");
  }

  async #processes(): Promise<number[]> {
    const [first = ""] = readFileSync(join(this.#directory, "data/postmaster.pid"), "utf8").split("\n");
    const { stdout } = await run("ps", ["-o", "pid=", "--ppid", first]);
    return [Number(first), ...stdout.trim().split(/\s+/).map(Number)];
  }

  async #program(name: "initdb" | "pg_ctl", ...words: string[]): Promise<void> {
    await run(join(programs, name), ["-D", join(this.#directory, "data"), ...words], {
      ...serverUser(),
      cwd: this.#directory,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thaw().catch(() => undefined);
    await this.kill().catch(() => undefined);
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
