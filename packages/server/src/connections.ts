import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { closeInStages } from "@tsjango/core/asgi";
import { type Limits, MAX_PIPELINED_REQUESTS } from "./config.ts";
import { refuseConnection } from "./refuse-connection.ts";

/** Milliseconds in which the first request of a new connection is on its way. */
const FRESH = 200;

/** What runs a request; `expectContinue` where its client waits for "100 Continue". */
export type Run = (request: IncomingMessage, response: ServerResponse, expectContinue: boolean) => void;

interface Turn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly expectContinue: boolean;
}

/** Where a socket keeps its connection: found with each request, without a search. */
const CONNECTION = Symbol("tsjango.connection");

type ServedSocket = Socket & { [CONNECTION]?: Connection | undefined };

/** One connection: its requests are run one at a time, in order. */
class Connection {
  readonly socket: Socket;
  readonly since: number = performance.now();
  readonly #run: Run;
  #current: Turn | undefined;
  readonly #waiting: Turn[] = [];
  #used = false;
  #ended = false;
  /** Whether the server closes: the connection does so when nothing is left to be answered. */
  #ending: boolean;
  /** Whether it waits with that for an answer that can say so: one whose head has gone could not. */
  #patient = false;
  /** What the client is told when its last good request has been answered. */
  #refusal: Error | undefined;
  /** The turn whose end is listened for. */
  #watched: Turn | undefined;
  /** What waited to be sent a second ago, and for how many seconds nothing of it has gone. */
  #unread = 0;
  #stalled = 0;
  /** Whose body is waited for, for how many seconds, and what the socket had read before. */
  #paced: Turn | undefined;
  #waited = 0;
  #readBefore = 0;

  constructor(socket: Socket, run: Run, ending: boolean) {
    this.socket = socket;
    this.#run = run;
    this.#ending = ending;
  }

  /** Whether it has had a request. */
  get used(): boolean {
    return this.#used;
  }

  /** What is being answered. */
  get #active(): Turn | undefined {
    if (this.#current?.response.closed === true) this.#current = undefined;
    return this.#current;
  }

  get busy(): boolean {
    return this.#active !== undefined;
  }

  add(turn: Turn): void {
    this.#used = true;
    const active = this.#active;
    // Sent after a request that ends the connection: never run.
    if (this.#ended || this.#isClosed()) return;
    if (active === undefined) {
      this.#start(turn);
      return;
    }
    this.#waiting.push(turn);
    this.#watch(active);
    if (this.#waiting.length >= MAX_PIPELINED_REQUESTS) this.socket.pause();
  }

  #isClosed(): boolean {
    return this.socket.destroyed || this.socket.writableEnded;
  }

  #start(turn: Turn): void {
    this.#current = turn;
    if (this.#ending || this.#waiting.length > 0 || this.#refusal !== undefined) this.#watch(turn);
    this.#run(turn.request, turn.response, turn.expectContinue);
  }

  /** Nobody listens for the end of a response before something waits for it: most requests come after it. */
  #watch(turn: Turn): void {
    if (this.#watched === turn) return;
    this.#watched = turn;
    turn.response.once("close", () => this.#next());
  }

  /** The current response is closed. */
  #next(): void {
    this.#current = this.#watched = undefined;
    if (this.#isClosed()) {
      this.drop();
      return;
    }
    const turn = this.#waiting.shift();
    if (turn !== undefined) {
      this.#start(turn);
      if (this.#waiting.length === 0) this.socket.resume();
    } else if (this.#refusal !== undefined) refuseConnection(this.socket, this.#refusal);
    else if (this.#ending && !this.#patient) destroySoon.call(this.socket);
  }

  /** Takes no further requests, and forgets those that wait. */
  drop(): void {
    this.#ended = true;
    this.#waiting.length = 0;
  }

  /** The server closes: has the client know it, where the head is not written yet. */
  end(patient: boolean): void {
    this.#ending = true;
    this.#patient = patient;
    const active = this.#active;
    if (active === undefined) return;
    this.#watch(active);
    const { response } = this.#waiting.at(-1) ?? active;
    if (!response.headersSent) response.shouldKeepAlive = false;
  }

  /** What came is no HTTP. Requests before it are answered first; one that it is a part of cannot be. */
  refuse(error: Error): void {
    const active = this.#active;
    const last = this.#waiting.at(-1) ?? active;
    this.#ended = true;
    if (active === undefined || last === undefined) refuseConnection(this.socket, error);
    else if (last.response.writableEnded) closeInStages(this.socket);
    else if (last.request.complete) {
      this.#refusal = error;
      this.#watch(active);
    } else refuseConnection(this.socket, error, active.response);
  }

  /** Ends the connection of a client that takes nothing of what it is sent. */
  #checkReader({ sendTimeout }: Limits): void {
    // libuv's own count: Node's falls only when a write is done to its end, however long it is.
    const { writeQueueSize: unread = 0 } = (this.socket as { _handle?: { writeQueueSize?: number } })._handle ?? {};
    const moved = unread === 0 || unread !== this.#unread;
    this.#unread = unread;
    this.#stalled = moved ? 0 : this.#stalled + 1;
    if (this.#stalled * 1000 >= sendTimeout) this.socket.destroy();
  }

  /** Called each second: ends a request whose body comes too slowly to be waited for. */
  checkPace(limits: Limits): void {
    this.#checkReader(limits);
    const turn = this.#active;
    // What lies unread is the application's to wait for.
    if (turn === undefined || turn.request.complete || turn.request.readableLength > 0) return;
    if (this.#paced !== turn) {
      this.#paced = turn;
      this.#waited = 0;
      this.#readBefore = this.socket.bytesRead;
      return;
    }
    this.#waited++;
    const read = this.socket.bytesRead - this.#readBefore;
    if (this.#waited <= limits.slowBodyGrace || read / this.#waited >= limits.minBodyRate) return;
    const error = Object.assign(new Error("The body came too slowly."), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
    refuseConnection(this.socket, error, turn.response);
  }
}

const outside = AsyncLocalStorage.snapshot();
const { setTimeout: setSocketTimeout, destroySoon } = Socket.prototype;

/**
 * A socket's timer is set when an answer is done, and would keep what its request was answered in (its context, all that
 * hangs on it) as long as the connection waits for another.
 */
function setTimeoutOutside(this: Socket, milliseconds: number, callback?: () => void): Socket {
  return outside(() => setSocketTimeout.call(this, milliseconds, callback));
}

/** What node:http calls after the last answer of a connection, behind which more may come. */
function destroyInStages(this: Socket): void {
  closeInStages(this);
}

interface ConnectionOptions {
  readonly keepAlive: boolean;
  readonly limits: Limits;
  readonly run: Run;
}

/**
 * The open connections of a server, and which of them are at work. node:http keeps such a list only for servers that
 * listen themselves; this one also counts connections handed over from another process.
 */
export class Connections {
  readonly #open = new Set<Connection>();
  readonly #keepAlive: boolean;
  readonly #limits: Limits;
  readonly #run: Run;
  #pace: NodeJS.Timeout | undefined;
  #closing = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(server: Server, options: ConnectionOptions) {
    this.#keepAlive = options.keepAlive;
    this.#limits = options.limits;
    this.#run = options.run;
    server.on("connection", (socket: Socket) => this.#add(socket));
    server.on("clientError", (error: Error, socket: Socket) => {
      const connection = (socket as ServedSocket)[CONNECTION];
      if (connection === undefined) refuseConnection(socket, error);
      else connection.refuse(error);
    });
  }

  /** Runs a request when those before it on its connection are answered; counts it until its response is closed. */
  take(request: IncomingMessage, response: ServerResponse, expectContinue: boolean): void {
    const connection = (request.socket as ServedSocket)[CONNECTION];
    if (connection === undefined) return;
    if (this.#closing || !this.#keepAlive) response.shouldKeepAlive = false;
    connection.add({ request, response, expectContinue });
  }

  /**
   * Lets go of a connection that becomes something else; its limits are no longer kept here. False where requests before
   * that are not answered yet: then it is refused in its turn.
   */
  release(socket: Socket): boolean {
    const connection = (socket as ServedSocket)[CONNECTION];
    if (connection === undefined) return true;
    if (connection.busy) {
      connection.refuse(new Error("A request for an upgrade came before the one ahead of it was answered."));
      return false;
    }
    this.#remove(connection);
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
    for (const connection of this.#open) {
      connection.end(patient);
      if (!connection.busy && !patient) this.#closeIdle(connection);
    }
    const timer = setTimeout(() => this.#destroyAll(), gracePeriod);
    await this.#emptied.promise;
    clearTimeout(timer);
  }

  /** A connection that has just come may have a request under way: it is answered before the end. */
  #closeIdle(connection: Connection): void {
    const { socket } = connection;
    const wait = FRESH - (performance.now() - connection.since);
    if (connection.used || wait <= 0) destroySoon.call(socket);
    else setTimeout(() => connection.busy || destroySoon.call(socket), wait);
  }

  #add(socket: Socket): void {
    const connection = new Connection(socket, this.#run, this.#closing);
    (socket as ServedSocket)[CONNECTION] = connection;
    socket.setTimeout = setTimeoutOutside;
    socket.destroySoon = destroyInStages;
    this.#open.add(connection);
    this.#pace ??= setInterval(() => this.#checkPace(), 1000).unref();
    socket.once("close", () => this.#remove(connection));
  }

  #remove(connection: Connection): void {
    connection.drop();
    (connection.socket as ServedSocket)[CONNECTION] = undefined;
    if (!this.#open.delete(connection) || this.#open.size > 0) return;
    clearInterval(this.#pace);
    this.#pace = undefined;
    this.#emptied?.resolve();
  }

  #checkPace(): void {
    for (const connection of this.#open) connection.checkPace(this.#limits);
  }

  #destroyAll(): void {
    for (const { socket } of this.#open) socket.destroy();
  }
}
