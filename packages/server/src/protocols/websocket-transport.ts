import { ClientDisconnected, type WebSocketExchange } from "@tsjango/core/asgi";
import type { WebSocket } from "ws";
import type { WebSocketLimits } from "../config.ts";

/** Bytes that may be on their way before the application waits. */
const HIGH_WATER_MARK = 64 * 1024;
/** Messages, and their size, that wait for the application before no more are read. */
const MAX_WAITING = 32;
const MAX_WAITING_SIZE = 1024 * 1024;

/** What ws calls a client's mistakes, and the codes that it closes with. */
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_INVALID_UTF8: 1007,
};
const PROTOCOL_ERROR = 1002;

/** Carries an open WebSocket: back-pressure both ways, keep-alive, and an end for those that are too slow. */
export class SocketTransport {
  readonly #socket: WebSocket;
  readonly #exchange: WebSocketExchange;
  readonly #limits: WebSocketLimits;
  #paused = false;
  /** Milliseconds since the last sign of life, or, where one was asked for, since then. */
  #quiet = 0;
  #pinged = false;

  constructor(socket: WebSocket, exchange: WebSocketExchange, limits: WebSocketLimits) {
    this.#socket = socket;
    this.#exchange = exchange;
    this.#limits = limits;
    socket.on("message", (data: Buffer, isBinary) => this.#received(isBinary ? data : data.toString("utf8")));
    socket.on("pong", () => this.#alive());
    socket.on("ping", () => this.#alive());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A connection that breaks off is no mistake of the protocol: it is told as 1006.
      if (error.code?.startsWith("WS_ERR_") === true) {
        exchange.disconnected(CODES[error.code] ?? PROTOCOL_ERROR, error.message);
      }
    });
    socket.on("close", (code, reason) => exchange.disconnected(code, reason.toString()));
  }

  #alive(): void {
    this.#quiet = 0;
    this.#pinged = false;
  }

  #received(data: string | Uint8Array): void {
    this.#alive();
    this.#exchange.put(data);
    if (this.#exchange.waiting < MAX_WAITING && this.#exchange.waitingSize < MAX_WAITING_SIZE) return;
    this.#paused = true;
    this.#socket.pause();
  }

  /** The application has taken a message: there is room for others. */
  taken(): void {
    if (!this.#paused || this.#exchange.waiting > MAX_WAITING / 2) return;
    this.#paused = false;
    this.#alive();
    this.#socket.resume();
  }

  send(data: string | Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return Promise.reject(gone());
    // One message may be larger than the limit; a second one waits behind it only where the application does.
    if (socket.bufferedAmount > this.#limits.maxUnsent) {
      this.#exchange.disconnected(1008, "The client reads too slowly.");
      socket.terminate();
      return Promise.reject(gone());
    }
    const written = Promise.withResolvers<void>();
    socket.send(data, (error) => (error ? written.reject(gone()) : written.resolve()));
    if (socket.bufferedAmount >= HIGH_WATER_MARK) return written.promise;
    // What breaks off later is told by the next message, and by the end.
    written.promise.catch(ignore);
    return Promise.resolve();
  }

  close(code: number, reason: string): void {
    // Messages that nobody will take must not keep the other side's answer from being read.
    this.#socket.resume();
    this.#socket.close(code, reason);
  }

  /**
   * Called every `elapsed` milliseconds: asks a quiet client whether it is there, and ends one that does not say so. What
   * a busy event loop has missed of that time does not count: the answer may lie unread.
   */
  tick(elapsed: number): void {
    const { pingInterval, pingTimeout } = this.#limits;
    if (pingInterval === 0 || this.#paused || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#quiet += elapsed;
    if (!this.#pinged && this.#quiet >= pingInterval) {
      this.#pinged = true;
      this.#quiet = 0;
      this.#socket.ping(ignore);
    } else if (this.#pinged && this.#quiet > pingTimeout) {
      const reason = "keepalive ping timeout";
      this.#exchange.disconnected(1011, reason);
      this.#socket.close(1011, reason);
      this.#socket.terminate();
    }
  }
}

function ignore(): void {}

function gone(): ClientDisconnected {
  return new ClientDisconnected("The client closed the WebSocket.");
}
