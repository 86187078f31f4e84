import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { BootError } from "./boot-error.ts";
import { errorPage } from "./error-page.ts";
import { readOn } from "./first-bytes.ts";
import { EVENTS_PATH, OWN_PATH, REFRESH_SCRIPT, SCRIPT_PATH } from "./refresh-script.ts";

/**
 * What the supervisor answers itself: errors while there is no site, and the script and the events that refresh pages,
 * so that a page's connection outlives the processes of the site.
 */
export class OwnPages {
  readonly #http = createServer((request, response) => this.#answer(request, response));
  readonly #sockets = new Set<Socket>();
  readonly #errors = new WeakMap<Socket, BootError>();
  readonly #streams = new Set<ServerResponse>();
  readonly #refresh: boolean;
  #build = "";

  constructor(refresh: boolean) {
    this.#refresh = refresh;
    this.#http.keepAliveTimeout = 1;
  }

  /** Whether a request that starts like this is answered here, whatever the site is at. */
  isOwn(head: Buffer): boolean {
    return this.#refresh && head.subarray(0, 4 + OWN_PATH.length).toString("latin1") === `GET ${OWN_PATH}`;
  }

  /** Answers on a connection, of which `head` has been read: with an error, or with an own page. */
  accept(socket: Socket, head: Buffer, error?: BootError): void {
    if (error !== undefined) this.#errors.set(socket, error);
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.unshift(head);
    this.#http.emit("connection", socket);
    socket.resume();
    readOn(socket);
  }

  /** Tells open pages of a build; those that show another load again. */
  setBuild(build: string): void {
    this.#build = build;
    for (const stream of this.#streams) stream.write(buildEvent(build));
  }

  close(): void {
    this.#http.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader("cache-control", "no-store");
    const path = request.url?.split("?", 1)[0];
    if (this.#refresh && path === EVENTS_PATH) this.#follow(response);
    else if (this.#refresh && path === SCRIPT_PATH) {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(REFRESH_SCRIPT);
    } else this.#answerError(request, response);
  }

  #answerError(request: IncomingMessage, response: ServerResponse): void {
    const error = this.#errors.get(request.socket);
    response.setHeader("connection", "close");
    if (error === undefined) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is no such page.\n");
    } else if (/\bapplication\/json\b/.test(request.headers.accept ?? "")) {
      const { name, message } = error;
      response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: { name, message } }));
    } else {
      const page = errorPage(error, this.#refresh ? this.#build : undefined);
      response.writeHead(500, { "content-type": "text/html; charset=utf-8" }).end(page);
    }
  }

  #follow(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`retry: 500\n\n${buildEvent(this.#build)}`);
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
  }
}

function buildEvent(build: string): string {
  return `event: build\ndata: ${build}\n\n`;
}
