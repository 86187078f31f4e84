import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import {
  type AsgiApplication,
  type HeaderPairs,
  handleNodeRequest,
  type Refusal,
  readWebSocketRequest,
  type Send,
  WebSocketExchange,
  type WebSocketResponse,
  type WebSocketScope,
  type WebSocketTransport,
} from "@tsjango/core/asgi";
import { type WebSocket, WebSocketServer } from "ws";
import type { WebSocketLimits } from "../config.ts";
import { SocketTransport } from "./websocket-transport.ts";

/** What WebSockets are run with. */
export interface WebSocketOptions {
  readonly application: AsgiApplication;
  readonly limits: WebSocketLimits;
  readonly rootPath: string;
  /** The lifespan's state, or undefined where it is empty. */
  state(): Record<string, unknown> | undefined;
  /** Entries of `scope.extensions` for a connection. */
  extensions(socket: Socket): Readonly<Record<string, unknown>> | undefined;
  /** Called once a handshake is answered. */
  readonly onAnswered: ((request: IncomingMessage, status: number, milliseconds: number) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/** The WebSocket connections of a server. */
export class WebSockets {
  readonly #options: WebSocketOptions;
  readonly #server: WebSocketServer;
  readonly #open = new Set<Connection>();
  /** Milliseconds between two looks at all connections; one timer serves them all. */
  readonly #tick: number;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(options: WebSocketOptions) {
    const { maxMessageSize, deflate, closeTimeout, pingInterval, pingTimeout } = options.limits;
    this.#tick = Math.min(1000, Math.max(10, Math.ceil(Math.min(pingInterval, pingTimeout) / 4)));
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: maxMessageSize,
      perMessageDeflate: deflate,
      // Not in the types of ws yet.
      ...({ closeTimeout } as object),
      // Several messages of one packet do not wait for one another's turn.
      allowSynchronousEvents: true,
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes a connection over whose client has asked for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { application, rootPath, onAnswered, onError } = this.#options;
    socket.setTimeout(0);
    // A client that is gone is told by "close".
    socket.on("error", () => socket.destroy());
    const start = performance.now();
    const answered = (status: number) => onAnswered?.(request, status, performance.now() - start);
    const scope: WebSocketScope | Refusal = this.#closing
      ? { status: 503, reason: "The server is stopping." }
      : readWebSocketRequest(request, {
          rootPath,
          state: this.#options.state(),
          extensions: this.#options.extensions(socket),
        });
    if ("reason" in scope) {
      answered(scope.status);
      answer(request, socket, scope.status, `${scope.reason}\n`);
      return;
    }
    const connection = new Connection(this.#server, { request, socket, head }, scope, answered, onError);
    this.#add(connection);
    void connection.run(application, this.#options.limits).then(() => this.#delete(connection));
  }

  /** Closes all, as the server restarts; after `gracePeriod` milliseconds cuts those that are left. */
  async close(gracePeriod: number): Promise<void> {
    this.#closing = true;
    if (this.#open.size === 0) return;
    this.#emptied ??= Promise.withResolvers();
    for (const connection of this.#open) connection.goAway();
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.cut();
      // An application that does not end by itself is not waited for.
      this.#emptied?.resolve();
    }, gracePeriod);
    await this.#emptied.promise;
    clearTimeout(timer);
  }

  #add(connection: Connection): void {
    this.#open.add(connection);
    this.#timer ??= setInterval(() => {
      for (const each of this.#open) each.tick(this.#tick);
    }, this.#tick).unref();
  }

  #delete(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#emptied?.resolve();
  }
}

interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

/** One connection, from its handshake to its end. */
class Connection implements WebSocketTransport {
  readonly #server: WebSocketServer;
  readonly #handshake: Handshake;
  readonly #exchange: WebSocketExchange;
  readonly #answered: (status: number) => void;
  readonly #onError: (error: unknown) => void;
  readonly #closed = Promise.withResolvers<void>();
  #transport: SocketTransport | undefined;
  #limits: WebSocketLimits | undefined;
  /** Takes the events of the application's own answer. */
  #response: { readonly send: Send; end(): void } | undefined;

  constructor(
    server: WebSocketServer,
    handshake: Handshake,
    scope: WebSocketScope,
    answered: (status: number) => void,
    onError: (error: unknown) => void,
  ) {
    this.#server = server;
    this.#handshake = handshake;
    this.#answered = answered;
    this.#onError = onError;
    this.#exchange = new WebSocketExchange(scope, this);
    const { socket } = handshake;
    socket.once("close", () => {
      // An open one tells the code itself.
      if (this.#transport === undefined) this.#exchange.disconnected(1006, "");
      this.#closed.resolve();
    });
    socket.on("readable", this.#watch);
  }

  /** Sees the end of a client that leaves before its handshake is answered; what it has sent stays unread. */
  readonly #watch = (): void => {
    const { socket } = this.#handshake;
    // Reading nothing has the end told.
    if (socket.readableLength === 0) socket.once("end", this.#left).read();
  };

  readonly #left = (): void => {
    if (this.#transport === undefined && this.#response === undefined) this.#handshake.socket.destroy();
  };

  /** Resolves when both the application and the connection have ended. */
  async run(application: AsgiApplication, limits: WebSocketLimits): Promise<void> {
    this.#limits = limits;
    await this.#exchange.run(application, this.#onError);
    this.#response?.end();
    await this.#closed.promise;
  }

  accept(subprotocol: string | undefined, headers: HeaderPairs): void {
    const { request, socket, head } = this.#handshake;
    socket.off("readable", this.#watch);
    const { options } = this.#server;
    options.handleProtocols = () => subprotocol ?? false;
    const addHeaders = (lines: string[]) => lines.push(...headers.map(([name, value]) => `${name}: ${value}`));
    this.#server.once("headers", addHeaders);
    // All of it happens in this call.
    this.#server.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      this.#transport = new SocketTransport(webSocket, this.#exchange, this.#limits as WebSocketLimits);
    });
    this.#server.off("headers", addHeaders);
    this.#answered(101);
  }

  refuse(status: 403 | 500): void {
    if (this.#response !== undefined) return;
    this.#answered(status);
    const { request, socket } = this.#handshake;
    answer(request, socket, status, status === 403 ? "Forbidden\n" : "Internal Server Error\n");
  }

  respond(event: WebSocketResponse): Promise<void> {
    const { type, ...rest } = event;
    if (type === "websocket.http.response.start") {
      this.#answered((event as { status: number }).status);
      this.#response = respond(this.#handshake);
      return this.#response.send({ ...(rest as { status: number }), type: "http.response.start" });
    }
    return (this.#response as { send: Send }).send({ ...rest, type: "http.response.body" });
  }

  send(data: string | Uint8Array): Promise<void> {
    return (this.#transport as SocketTransport).send(data);
  }

  close(code: number, reason: string): void {
    this.#transport?.close(code, reason);
  }

  taken(): void {
    this.#transport?.taken();
  }

  tick(elapsed: number): void {
    this.#transport?.tick(elapsed);
  }

  goAway(): void {
    const { request, socket } = this.#handshake;
    this.#exchange.disconnected(1012, "Service Restart");
    if (this.#transport !== undefined) this.#transport.close(1012, "Service Restart");
    else if (this.#response === undefined) answer(request, socket, 503, "The server is stopping.\n");
  }

  cut(): void {
    this.#handshake.socket.destroy();
  }
}

/** Answers a handshake by HTTP, and ends the connection. */
function answer(request: IncomingMessage, socket: Socket, status: number, text: string): void {
  const response = responseOn(request, socket);
  const headers = ["content-type", "text/plain; charset=utf-8", "content-length", String(Buffer.byteLength(text))];
  if (status === 426) headers.push("sec-websocket-version", "13");
  response.writeHead(status, headers).end(text);
}

/** node:http has let go of the connection; this writes to it once more. */
function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.destroySoon();
  });
  return response;
}

/** Has the rules of every response apply to the application's own answer. */
function respond({ request, socket }: Handshake): { readonly send: Send; end(): void } {
  const started = Promise.withResolvers<Send>();
  const ended = Promise.withResolvers<void>();
  const denial: AsgiApplication = (_scope, _receive, send) => {
    started.resolve(send);
    return ended.promise;
  };
  // What goes wrong is thrown by send, and told by the application's run.
  void handleNodeRequest(denial, request, responseOn(request, socket), { onError: () => undefined });
  return { send: async (event) => (await started.promise)(event), end: () => ended.resolve() };
}
