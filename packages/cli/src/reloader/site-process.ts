import { type ChildProcess, fork } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import type { Socket } from "node:net";
import { dirname, extname, join } from "node:path";
import type { ChildMessage, SiteOptions, SupervisorMessage } from "./messages.ts";

/** What a supervisor wants to know of a process of the site. */
export interface SiteListener {
  told(message: Exclude<ChildMessage, { type: "accepted" }>): void;
  /** `how` it ended: "exit code 1", "SIGKILL". */
  ended(how: string): void;
}

/**
 * What V8 keeps for young objects, in MB of each half. By its own choice it takes four times as much while modules are loaded,
 * does not give it back, and is no faster for it.
 */
const YOUNG = "--max-semi-space-size=4";

/** A process that runs the site, or stands by to do so. */
export class SiteProcess {
  /** Resolves when it has ended. */
  readonly end: Promise<void>;
  readonly #child: ChildProcess;
  /** This process's ends of connections that the other has not confirmed yet; they would outlive one that crashes. */
  readonly #handing = new Map<number, Socket>();
  #lastId = 0;

  constructor(options: SiteOptions, listener: SiteListener) {
    const file = join(import.meta.dirname, `child${extname(import.meta.filename)}`);
    this.#child = fork(file, [JSON.stringify(options)], {
      execArgv: [...process.execArgv, YOUNG],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, ...compileCache() },
    });
    this.#child.on("message", (message: ChildMessage) => {
      if (message.type === "accepted") this.#handed(message.id);
      else listener.told(message);
    });
    this.end = new Promise((resolve) => {
      const ended = (how: string) => {
        for (const id of this.#handing.keys()) this.#handed(id);
        listener.ended(how);
        resolve();
      };
      this.#child.once("exit", (code, signal) => ended(signal ?? `exit code ${code}`));
      this.#child.once("error", (error) => this.#child.pid === undefined && ended(error.message));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether connections can be handed to it. */
  get connected(): boolean {
    return this.#child.connected;
  }

  preload(urls: readonly string[]): void {
    this.#tell({ type: "preload", urls });
  }

  go(): void {
    this.#tell({ type: "go" });
  }

  setBuild(build: string): void {
    this.#tell({ type: "build", build });
  }

  /** Has it answer on a connection, of which `head` has been read. */
  hand(socket: Socket, head: Buffer): void {
    const id = ++this.#lastId;
    this.#handing.set(id, socket);
    const message: SupervisorMessage = { type: "connection", id, head: head.toString("latin1") };
    this.#child.send(message, socket, { keepOpen: true }, (error) => error !== null && this.#handed(id));
  }

  /** Has it finish its requests and end, within `grace` milliseconds. */
  retire(grace: number): void {
    this.#tell({ type: "drain" });
    const timer = setTimeout(() => this.kill(), grace);
    void this.end.then(() => clearTimeout(timer));
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #tell(message: SupervisorMessage): void {
    const failed = () => {
      if (message.type === "drain") this.kill();
    };
    if (this.#child.connected) this.#child.send(message, (error) => error !== null && failed());
    else failed();
  }

  /** Closes this process's end of a connection; the other's stays open. */
  #handed(id: number): void {
    this.#handing.get(id)?.destroy();
    this.#handing.delete(id);
  }
}

/** The compile cache of this process, for a child: unchanged modules need not be compiled at each restart. */
function compileCache(): { NODE_COMPILE_CACHE?: string } {
  const directory = getCompileCacheDir();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) };
}
