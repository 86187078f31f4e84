import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { type Limits, MAX_PIPELINED_REQUESTS } from "./config.ts";
import { refuseConnection } from "./refuse-connection.ts";

/** Milliseconds in which the first request of a new connection is on its way. */
const FRESH = 200;

interface Turn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly run: () => void;
}

/** One connection: its requests are run one at a time, in order. */
class Connection {
  readonly socket: Socket;
  readonly since: number = performance.now();
  #current: Turn | undefined;
  readonly #waiting: Turn[] = [];
  #used = false;
  #ended = false;
  /** What the client is told when its last good request has been answered. */
  #refusal: Error | undefined;
  /** Seconds that the current request's body has been waited for, and what the socket had read before. */
  #waited = 0;
  #readBefore = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Whether it has had a request. */
  get used(): boolean {
    return this.#used;
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  add(turn: Turn): void {
    this.#used = true;
    // Sent after a request that ends the connection: never run.
    if (this.#ended) return;
    if (this.#current === undefined) {
      this.#start(turn);
      return;
    }
    this.#waiting.push(turn);
    if (this.#waiting.length >= MAX_PIPELINED_REQUESTS) this.socket.pause();
  }

  #start(turn: Turn): void {
    this.#current = turn;
    this.#waited = 0;
    this.#readBefore = this.socket.bytesRead;
    turn.run();
  }

  /** The current response is closed. */
  next(): void {
    this.#current = undefined;
    if (this.socket.destroyed || this.socket.writableEnded) {
      this.drop();
      return;
    }
    const turn = this.#waiting.shift();
    if (turn !== undefined) {
      this.#start(turn);
      if (this.#waiting.length === 0) this.socket.resume();
    } else if (this.#refusal !== undefined) refuseConnection(this.socket, this.#refusal);
  }

  /** Takes no further requests, and forgets those that wait. */
  drop(): void {
    this.#ended = true;
    this.#waiting.length = 0;
  }

  /** Has the client know that the connection ends, where the head is not written yet. */
  announceEnd(): void {
    const turn = this.#waiting.at(-1) ?? this.#current;
    if (turn !== undefined) turn.response.shouldKeepAlive = false;
  }

  /** What came is no HTTP. Requests before it are answered first; one that it is a part of cannot be. */
  refuse(error: Error): void {
    const last = this.#waiting.at(-1) ?? this.#current;
    this.#ended = true;
    if (last === undefined) refuseConnection(this.socket, error);
    else if (last.response.writableEnded) this.socket.destroySoon();
    else if (last.request.complete) this.#refusal = error;
    else refuseConnection(this.socket, error, this.#current?.response);
  }

  /** Called each second: ends a request whose body comes too slowly to be waited for. */
  checkPace(limits: Limits): void {
    const turn = this.#current;
    // What lies unread is the application's to wait for.
    if (turn === undefined || turn.request.complete || turn.request.readableLength > 0) return;
    this.#waited++;
    const read = this.socket.bytesRead - this.#readBefore;
    if (this.#waited <= limits.slowBodyGrace || read / this.#waited >= limits.minBodyRate) return;
    const error = Object.assign(new Error("The body came too slowly."), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
    refuseConnection(this.socket, error, turn.response);
  }
}

/**
 * The open connections of a server, and which of them are at work. node:http keeps such a list only for servers that
 * listen themselves; this one also counts connections handed over from another process.
 */
export class Connections {
  readonly #open = new Map<Socket, Connection>();
  readonly #keepAlive: boolean;
  readonly #limits: Limits;
  #pace: NodeJS.Timeout | undefined;
  #closing = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(server: Server, options: { readonly keepAlive: boolean; readonly limits: Limits }) {
    this.#keepAlive = options.keepAlive;
    this.#limits = options.limits;
    server.on("connection", (socket: Socket) => this.#add(socket));
    server.on("clientError", (error: Error, socket: Socket) => {
      const connection = this.#open.get(socket);
      if (connection === undefined) refuseConnection(socket, error);
      else connection.refuse(error);
    });
  }

  /** Runs a request when those before it on its connection are answered; counts it until its response is closed. */
  run(request: IncomingMessage, response: ServerResponse, run: () => void): void {
    const connection = this.#open.get(request.socket);
    if (connection === undefined) return;
    if (this.#closing || !this.#keepAlive) response.shouldKeepAlive = false;
    response.once("close", () => {
      connection.next();
      if (this.#closing && !connection.busy) connection.socket.destroySoon();
    });
    connection.add({ request, response, run });
  }

  /**
   * Lets go of a connection that becomes something else; its limits are no longer kept here. False where requests before
   * that are not answered yet: then it is refused in its turn.
   */
  release(socket: Socket): boolean {
    const connection = this.#open.get(socket);
    if (connection === undefined) return true;
    if (connection.busy) {
      connection.refuse(new Error("A request for an upgrade came before the one ahead of it was answered."));
      return false;
    }
    this.#remove(socket, connection);
    return true;
  }

  /**
   * Closes idle connections now and busy ones after their response; after `gracePeriod` milliseconds, all. With
   * `patient`, idle ones are closed after their next response or their time: a client that is just sending does not find
   * its connection gone. A later call may shorten the time and end the patience.
   */
  async close(gracePeriod: number, patient: boolean): Promise<void> {
    this.#closing = true;
    if (this.#open.size === 0) return;
    this.#emptied ??= Promise.withResolvers();
    for (const connection of this.#open.values()) {
      if (connection.busy) connection.announceEnd();
      else if (!patient) this.#closeIdle(connection);
    }
    const timer = setTimeout(() => this.#destroyAll(), gracePeriod);
    await this.#emptied.promise;
    clearTimeout(timer);
  }

  /** A connection that has just come may have a request under way: it is answered before the end. */
  #closeIdle(connection: Connection): void {
    const { socket } = connection;
    const wait = FRESH - (performance.now() - connection.since);
    if (connection.used || wait <= 0) socket.destroySoon();
    else setTimeout(() => connection.busy || socket.destroySoon(), wait);
  }

  #add(socket: Socket): void {
    const connection = new Connection(socket);
    this.#open.set(socket, connection);
    this.#pace ??= setInterval(() => this.#checkPace(), 1000).unref();
    socket.once("close", () => this.#remove(socket, connection));
  }

  #remove(socket: Socket, connection: Connection): void {
    connection.drop();
    if (!this.#open.delete(socket) || this.#open.size > 0) return;
    clearInterval(this.#pace);
    this.#pace = undefined;
    this.#emptied?.resolve();
  }

  #checkPace(): void {
    for (const connection of this.#open.values()) connection.checkPace(this.#limits);
  }

  #destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
