import { type ChildProcess, fork } from "node:child_process";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { getCompileCacheDir } from "node:module";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { dirname, extname, join } from "node:path";
import type { CommandOutput } from "@tsjango/kernel/management";
import { listenError, urlOf } from "@tsjango/server";
import type { HostAndPort } from "../terminal/address.ts";
import type { BootError } from "./boot-error.ts";
import { errorPage } from "./error-page.ts";
import type { ChildMessage, SupervisorMessage } from "./messages.ts";

/** Milliseconds that a replaced child gets to finish its requests. */
const GRACE = 3_000;

type Site =
  | { readonly state: "starting" | "ready"; readonly child: ChildProcess }
  | { readonly state: "failed"; readonly error: BootError };

/**
 * Owns the development server's listening socket and runs no code of the project: each connection is handed to the
 * child that runs it now. While one starts, connections wait; when it fails to start, they are answered with the error.
 */
export class Supervisor {
  readonly #cwd: string;
  readonly #output: CommandOutput;
  readonly #children = new Set<ChildProcess>();
  readonly #server = createTcpServer({ pauseOnConnect: true }, (socket) => this.#dispatch(socket));
  readonly #errors = createHttpServer((request, response) => this.#answerError(request, response));
  /** This process's ends of connections that a child has not confirmed yet; they would outlive a child that crashes. */
  readonly #handing = new Map<number, { readonly socket: Socket; readonly child: ChildProcess }>();
  #lastId = 0;
  readonly #shownError = new Set<Socket>();
  #waiting: Socket[] = [];
  /** Requests that wait to learn whether the site starts. */
  #unsettled: (() => void)[] = [];
  #site: Site | undefined;
  #stopping = false;

  constructor(cwd: string, output: CommandOutput) {
    this.#cwd = cwd;
    this.#output = output;
  }

  /** Takes the address; resolves with the URL. Throws `AddressUnavailable`. */
  listen({ host, port }: HostAndPort): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error) => reject(listenError(error, host, port)));
      this.#server.listen({ host, port }, () => resolve(urlOf(host, (this.#server.address() as AddressInfo).port)));
    });
  }

  /** Starts the project in a new process; the one that ran before finishes its requests and ends. */
  restart(): void {
    if (this.#stopping) return;
    if (this.#site?.state === "starting") this.#site.child.kill("SIGKILL");
    else if (this.#site?.state === "ready") this.#retire(this.#site.child, GRACE);
    const file = join(import.meta.dirname, `child${extname(import.meta.filename)}`);
    const child = fork(file, [this.#cwd, String(GRACE)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, ...compileCache() },
    });
    this.#children.add(child);
    this.#site = { state: "starting", child };
    child.on("message", (message: ChildMessage) => this.#told(child, message));
    child.once("exit", (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
    child.once("error", (error) => this.#ended(child, error.message));
  }

  /** Ends children and connections; what is in flight gets `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    this.#stopping = true;
    this.#server.close();
    this.#errors.close();
    for (const socket of this.#shownError) socket.destroy();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    await Promise.all(
      [...this.#children].map((child) => {
        const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        this.#retire(child, grace);
        return ended;
      }),
    );
  }

  /** Ends all children now. */
  kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  #told(child: ChildProcess, message: ChildMessage): void {
    if (message.type === "accepted") this.#handed(message.id);
    if (message.type === "accepted" || !this.#runs(child)) return;
    if (message.type === "failed") this.#fail(message.error);
    else if (message.type === "news") for (const line of message.lines) this.#output.log(line);
    else {
      this.#site = { state: "ready", child };
      this.#settle();
    }
  }

  #ended(child: ChildProcess, how: string): void {
    this.#children.delete(child);
    if (this.#runs(child) && !this.#stopping) {
      const message = `The process of the site ended by itself (${how}). It starts again when a file is saved.`;
      this.#fail({ name: "Ended", message, text: message, frame: undefined });
    }
    for (const [id, { child: to }] of this.#handing) if (to === child) this.#handed(id);
  }

  /** Closes this process's end of a connection; the child's stays open. */
  #handed(id: number): void {
    this.#handing.get(id)?.socket.destroy();
    this.#handing.delete(id);
  }

  #runs(child: ChildProcess): boolean {
    return this.#site !== undefined && this.#site.state !== "failed" && this.#site.child === child;
  }

  #fail(error: BootError): void {
    this.#site = { state: "failed", error };
    this.#output.error(this.#output.style("red", error.text));
    this.#settle();
  }

  #settle(): void {
    for (const socket of this.#waiting.splice(0)) this.#dispatch(socket);
    for (const answer of this.#unsettled.splice(0)) answer();
  }

  #dispatch(socket: Socket): void {
    if (socket.destroyed) return;
    const site = this.#site;
    if (site?.state === "failed") {
      this.#shownError.add(socket);
      socket.once("close", () => this.#shownError.delete(socket));
      this.#errors.emit("connection", socket);
      socket.resume();
    } else if (site?.state === "ready" && site.child.connected) {
      const id = ++this.#lastId;
      this.#handing.set(id, { socket, child: site.child });
      const message: SupervisorMessage = { type: "connection", id };
      site.child.send(message, socket, { keepOpen: true }, (error) => error !== null && this.#handed(id));
    } else {
      // One that resets while it waits is no event of ours.
      socket.on("error", () => socket.destroy());
      this.#waiting.push(socket);
    }
  }

  /**
   * Answers on a connection that came while the site had failed. A browser opens connections ahead of its requests, so
   * by now the site may run again: then the client is sent to the same address over a new connection.
   */
  #answerError(request: IncomingMessage, response: ServerResponse): void {
    const site = this.#site;
    if (site?.state === "starting") {
      this.#unsettled.push(() => this.#answerError(request, response));
    } else if (site?.state === "failed") {
      const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", connection: "close" };
      response.writeHead(500, headers).end(errorPage(site.error));
    } else {
      response.writeHead(307, { location: (request.url ?? "/").replace(/^\/+/, "/"), connection: "close" }).end();
    }
  }

  #retire(child: ChildProcess, grace: number): void {
    const message: SupervisorMessage = { type: "drain" };
    if (child.connected) child.send(message, (error) => error !== null && child.kill("SIGKILL"));
    else child.kill("SIGKILL");
    const timer = setTimeout(() => child.kill("SIGKILL"), grace);
    child.once("exit", () => clearTimeout(timer));
  }
}

/** The compile cache of this process, for a child: unchanged modules need not be compiled at each restart. */
function compileCache(): { NODE_COMPILE_CACHE?: string } {
  const directory = getCompileCacheDir();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) };
}
