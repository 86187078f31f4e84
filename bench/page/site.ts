import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { freePort } from "../../e2e/helpers/http.ts";

/** A site that is measured: how it is started, in which directory. */
export interface SiteCommand {
  readonly name: string;
  readonly directory: URL;
  readonly command: (port: number) => readonly [file: string, ...words: string[]];
  readonly env: (port: number, database: string) => Readonly<Record<string, string>>;
}

/** A server in processes of its own, as its users start it. */
export class Site {
  readonly name: string;
  readonly url: string;
  readonly #process: ChildProcess;
  #output = "";

  private constructor(name: string, url: string, child: ChildProcess) {
    this.name = name;
    this.url = url;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (this.#output += data));
  }

  static async start({ name, directory, command, env }: SiteCommand, database: string): Promise<Site> {
    const port = await freePort();
    const [file, ...words] = command(port);
    const child = spawn(file, words, {
      cwd: directory,
      env: { PATH: process.env["PATH"], TZ: "UTC", ...env(port, database) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const site = new Site(name, `http://127.0.0.1:${port}`, child);
    for (let asked = 0; ; asked++) {
      const status = await fetch(site.url).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) return site;
      if (status !== 0 || child.exitCode !== null || asked > 400) {
        await site.stop();
        throw new Error(`${name} answers ${status}: ${site.#output}`);
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Seconds of CPU that all its processes have used, user and system; to 10 ms. Linux only. */
  cpu(): number {
    return this.#processes().reduce((sum, pid) => {
      const fields = statOf(pid);
      return sum + (Number(fields[11]) + Number(fields[12])) / 100;
    }, 0);
  }

  /** Megabytes of memory of all its processes, each page shared among those that use it (PSS). */
  memory(): number {
    const sizes = this.#processes().map((pid) => {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024;
    });
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 5000);
    await once(this.#process, "close");
    clearTimeout(timer);
  }

  /** The server and its workers, itself first. */
  #processes(): number[] {
    const parents = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(statOf(Number(name))[1])] as const);
    const found = [this.#process.pid as number];
    for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
    return found;
  }
}

/** The words of `/proc/PID/stat` behind the name, from the state on; none for a process that ended. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
