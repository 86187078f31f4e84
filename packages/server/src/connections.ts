import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";

/** Milliseconds in which the first request of a new connection is on its way. */
const FRESH = 200;

/**
 * The open connections of a server, and which of them are at work. node:http keeps such a list only for servers that
 * listen themselves; this one also counts connections handed over from another process.
 */
export class Connections {
  readonly #active = new Map<Socket, Set<ServerResponse>>();
  /** Connections that have not had a request yet, with the time they came. */
  readonly #fresh = new Map<Socket, number>();
  readonly #keepAlive: boolean;
  #closing = false;
  #empty: (() => void) | undefined;

  constructor(server: Server, keepAlive: boolean) {
    this.#keepAlive = keepAlive;
    server.on("connection", (socket: Socket) => this.#add(socket));
  }

  /** Counts a request as in flight until its response is closed. */
  begin(response: ServerResponse): void {
    const { socket } = response;
    const responses = socket === null ? undefined : this.#active.get(socket);
    if (socket === null || responses === undefined) return;
    responses.add(response);
    this.#fresh.delete(socket);
    if (this.#closing || !this.#keepAlive) response.shouldKeepAlive = false;
    response.once("close", () => {
      responses.delete(response);
      if (this.#closing && responses.size === 0) socket.destroySoon();
    });
  }

  /** Closes idle connections now and busy ones after their response; after `gracePeriod` milliseconds, all. */
  async close(gracePeriod: number): Promise<void> {
    this.#closing = true;
    if (this.#active.size === 0) return;
    const emptied = new Promise<void>((resolve) => {
      this.#empty = resolve;
    });
    for (const [socket, responses] of this.#active) {
      if (responses.size === 0) this.#closeIdle(socket, responses);
      // Where the head is not written yet, it tells the client that the connection ends.
      for (const response of responses) response.shouldKeepAlive = false;
    }
    const timer = setTimeout(() => this.#destroyAll(), gracePeriod);
    await emptied;
    clearTimeout(timer);
  }

  /** A connection that has just come may have a request under way: it is answered before the end. */
  #closeIdle(socket: Socket, responses: ReadonlySet<ServerResponse>): void {
    const wait = FRESH - (performance.now() - (this.#fresh.get(socket) ?? 0));
    if (!this.#fresh.has(socket) || wait <= 0) socket.destroySoon();
    else setTimeout(() => responses.size === 0 && socket.destroySoon(), wait);
  }

  #add(socket: Socket): void {
    this.#fresh.set(socket, performance.now());
    this.#active.set(socket, new Set());
    socket.once("close", () => {
      this.#active.delete(socket);
      this.#fresh.delete(socket);
      if (this.#active.size === 0) this.#empty?.();
    });
  }

  #destroyAll(): void {
    for (const socket of this.#active.keys()) socket.destroy();
  }
}
